"""How decisions are told on a screen, in plain English. Every outcome, finding, operation and phase has its words."""

from collections.abc import Mapping
from types import MappingProxyType

from wardkeeper.governance.operations import Operation, Phase
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.decisions import Decision, Finding, Outcome

OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.ALLOW: "allowed",
        Outcome.ALLOW_WITH_CONDITIONS: "allowed, with a warning",
        Outcome.REFUSE: "refused",
        Outcome.NEEDS_A_HUMAN: "not allowed without a named officer",
    }
)

FINDINGS: Mapping[Finding, str] = MappingProxyType(
    {
        Finding.PASSED: "Met",
        Finding.FAILED: "Not met",
        Finding.WARNED: "Met for now: somebody must act",
        Finding.NOT_ASSESSED: "Not assessed",
    }
)

OPERATIONS: Mapping[Operation, str] = MappingProxyType(
    {
        Operation.LOAD: "load a file",
        Operation.LINK: "join records about the same person",
        Operation.PREPARE: "prepare a list",
        Operation.FIND: "find homes by hazard",
        Operation.VIEW_SOURCES: "see the sources",
        Operation.VIEW_QUARANTINE: "see rows to fix",
        Operation.FIX_ROWS: "put rows right and load them",
        Operation.SEND_CORRECTIONS: "give a source's owner what was put right",
        Operation.REVIEW_PAIRS: "say whether two records are one person's",
        Operation.VIEW_LINKING: "see how good the joining is",
        Operation.VIEW_RESIDENT: "see why records were joined into a resident",
        Operation.FIND_RESIDENT: "find out whether a person is known",
        Operation.COMPARE: "find who is in one source and not in another",
        Operation.EXPORT_FACTS: "export facts about people in SAVVI's file",
        Operation.DECLARE: "declare an incident",
        Operation.OPEN_LIST: "open an incident's list",
        Operation.TAKE_CHECK: "take a check",
        Operation.RECORD_CHECK: "record a check",
        Operation.REVEAL: "see the address of a door where Control is rung first",
        Operation.EXPORT: "export an incident's list",
        Operation.STAND_DOWN: "stand an incident down",
        Operation.CLOSE: "close an incident",
        Operation.DESTROY: "destroy data",
        Operation.LOAD_CASES: "load cases of infection",
        Operation.VIEW_OUTBREAK: "see rates of infection",
        Operation.VIEW_COINCIDENCES: "see where cases coincide",
        Operation.RAISE_ALERTS: "look for clusters and raise alerts",
        Operation.DECIDE_ALERT: "accept or decline an alert",
        Operation.PLAN_MESSAGES: "plan messages",
        Operation.SUBMIT_CAMPAIGN: "submit a campaign for approval",
        Operation.APPROVE_CAMPAIGN: "approve or decline a campaign",
        Operation.END_CAMPAIGN: "stop or close a campaign",
        Operation.SEND_MESSAGES: "send an approved campaign",
        Operation.VIEW_CAMPAIGNS: "see campaigns and what became of their messages",
        Operation.LOAD_SERVICES: "load a directory of services",
        Operation.VIEW_SERVICES: "look up services",
        Operation.ADMINISTER: "manage people and settings",
        Operation.VIEW_ACTIVITY: "see the activity record",
    }
)

PHASES: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.NONE: "No incident",
        Phase.EXPECTED: "Expected",
        Phase.ACTIVE: "Active",
        Phase.RECOVERY: "Stood down",
        Phase.CLOSED: "Closed",
    }
)

TIERS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.COUNTS: "counts by area",
        Tier.FLAGS: "homes and what they need, without names",
        Tier.NAMES: "homes, needs and names",
    }
)


def explain(decision: Decision) -> str:
    """Give the answer in one sentence: each reason that stands in the way, then the smallest change that would help."""
    reasons = decision.failed or decision.warned
    facts = "; ".join(dict.fromkeys(reason.fact for reason in reasons))
    advice = "; ".join(dict.fromkeys(reason.nearest_miss for reason in decision.failed if reason.nearest_miss))
    return ": ".join(filter(None, (OUTCOMES[decision.outcome], "; ".join(filter(None, (facts, advice))))))
