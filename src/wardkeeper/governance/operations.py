"""Operations: what can be asked for, and which role of which organisation may do it, when, and how deep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from wardkeeper.governance.purposes import Group
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.people import Role


class Operation(StrEnum):
    """Everything that needs a decision."""

    LOAD = "load"
    LINK = "link"
    PREPARE = "prepare"
    FIND = "find"
    VIEW_SOURCES = "view-sources"
    VIEW_QUARANTINE = "view-quarantine"
    FIX_ROWS = "fix-rows"
    SEND_CORRECTIONS = "send-corrections"
    REVIEW_PAIRS = "review-pairs"
    VIEW_LINKING = "view-linking"
    VIEW_RESIDENT = "view-resident"
    FIND_RESIDENT = "find-resident"
    COMPARE = "compare"
    EXPORT_FACTS = "export-facts"
    DECLARE = "declare"
    OPEN_LIST = "open-list"
    TAKE_CHECK = "take-check"
    RECORD_CHECK = "record-check"
    REVEAL = "reveal"
    EXPORT = "export"
    STAND_DOWN = "stand-down"
    CLOSE = "close"
    DESTROY = "destroy"
    LOAD_CASES = "load-cases"
    VIEW_OUTBREAK = "view-outbreak"
    VIEW_COINCIDENCES = "view-coincidences"
    RAISE_ALERTS = "raise-alerts"
    DECIDE_ALERT = "decide-alert"
    PLAN_MESSAGES = "plan-messages"
    SUBMIT_CAMPAIGN = "submit-campaign"
    APPROVE_CAMPAIGN = "approve-campaign"
    END_CAMPAIGN = "end-campaign"
    SEND_MESSAGES = "send-messages"
    VIEW_CAMPAIGNS = "view-campaigns"
    LOAD_SERVICES = "load-services"
    VIEW_SERVICES = "view-services"
    ADMINISTER = "administer"
    VIEW_ACTIVITY = "view-activity"


class Phase(StrEnum):
    """Where an incident stands; NONE is "no incident"."""

    NONE = "none"
    EXPECTED = "expected"
    ACTIVE = "active"
    RECOVERY = "recovery"
    CLOSED = "closed"


EMERGENCY_PHASES = frozenset({Phase.EXPECTED, Phase.ACTIVE})
ANY_PHASE = frozenset(Phase)
BEFORE_STAND_DOWN = EMERGENCY_PHASES | {Phase.NONE}

Rights = Mapping[Role, Tier]


@dataclass(frozen=True, slots=True)
class Row:
    """Who may do one operation, and when.

    `own` and `partner` give the deepest tier per role of the authority and of a partner. `groups` are the families
    of purpose it is for, `standing_tier` the deepest tier without an emergency. `flag` is the field that must be read
    along, so that an objection shows. `after_end` lets it touch data whose permission has ended, in order to end it.
    """

    own: Rights
    groups: frozenset[Group]
    phases: frozenset[Phase]
    partner: Rights = field(default_factory=dict)
    standing_tier: Tier = Tier.FLAGS
    necessity: bool = False
    flag: str = ""
    after_end: bool = False


def _rights(tier: Tier, *roles: Role) -> dict[Role, Tier]:
    return dict.fromkeys(roles, tier)


_PLANNER, _ANALYST, _DPO, _DIRECTOR = Role.PLANNER, Role.ANALYST, Role.DPO, Role.DIRECTOR
_RESPONDER, _CONTROL, _VOLUNTEER = Role.RESPONDER, Role.CONTROL, Role.VOLUNTEER
_PUBLIC_HEALTH, _COMMUNICATIONS = Role.PUBLIC_HEALTH, Role.COMMUNICATIONS
_COUNTS, _FLAGS, _NAMES = Tier.COUNTS, Tier.FLAGS, Tier.NAMES
_EMERGENCY = frozenset({Group.EMERGENCY})
_HEALTH = frozenset({Group.HEALTH})
_WORK = _EMERGENCY | _HEALTH
_DESK = _WORK | {Group.ADMINISTRATION}

_WORKING_A_LIST = Row(
    own=_rights(_NAMES, _PLANNER, _CONTROL, _RESPONDER),
    partner=_rights(_NAMES, _RESPONDER, _CONTROL) | {_VOLUNTEER: _FLAGS},
    groups=_EMERGENCY,
    phases=EMERGENCY_PHASES,
)

OPERATIONS: Mapping[Operation, Row] = MappingProxyType(
    {
        # Loading and linking are done by a machine on whole rows; only rows to fix are read by a person.
        Operation.LOAD: Row(_rights(_NAMES, _ANALYST), _WORK, ANY_PHASE, standing_tier=_NAMES),
        Operation.LINK: Row(_rights(_NAMES, _ANALYST), _WORK, ANY_PHASE, standing_tier=_NAMES),
        Operation.PREPARE: Row(_rights(_NAMES, _PLANNER, _ANALYST, _DIRECTOR), _EMERGENCY, BEFORE_STAND_DOWN),
        Operation.FIND: Row(_rights(_FLAGS, _PLANNER, _ANALYST), _EMERGENCY, BEFORE_STAND_DOWN),
        Operation.VIEW_SOURCES: Row(_rights(_COUNTS, _PLANNER, _ANALYST, _DPO, _DIRECTOR), _DESK, ANY_PHASE),
        Operation.VIEW_QUARANTINE: Row(_rights(_NAMES, _ANALYST), _WORK, ANY_PHASE, standing_tier=_NAMES),
        Operation.FIX_ROWS: Row(_rights(_NAMES, _ANALYST), _WORK, ANY_PHASE, standing_tier=_NAMES),
        # A source's own values go back to its owner, who gave them: to nobody else, and nothing of another source.
        Operation.SEND_CORRECTIONS: Row(_rights(_NAMES, _ANALYST), _WORK, ANY_PHASE, standing_tier=_NAMES),
        # Only pairs that a person must tell apart, and single residents to explain, are read by name outside an emergency.
        Operation.REVIEW_PAIRS: Row(_rights(_NAMES, _ANALYST), _WORK, ANY_PHASE, standing_tier=_NAMES),
        Operation.VIEW_LINKING: Row(_rights(_COUNTS, _ANALYST, _DPO, _DIRECTOR, _PLANNER), _DESK, ANY_PHASE),
        Operation.VIEW_RESIDENT: Row(_rights(_NAMES, _ANALYST), _WORK, ANY_PHASE, standing_tier=_NAMES),
        Operation.FIND_RESIDENT: Row(_rights(_NAMES, _ANALYST), _WORK, ANY_PHASE, standing_tier=_NAMES),
        # Anybody who plans may know how many are missing from a list; who they are takes an incident.
        Operation.COMPARE: Row(
            own=_rights(_NAMES, _PLANNER, _CONTROL, _PUBLIC_HEALTH) | _rights(_COUNTS, _ANALYST, _DPO, _DIRECTOR),
            groups=_WORK,
            phases=BEFORE_STAND_DOWN,
            flag="objected_on",
        ),
        Operation.EXPORT_FACTS: Row(
            _rights(_NAMES, _PLANNER, _CONTROL), _EMERGENCY, BEFORE_STAND_DOWN, necessity=True, flag="objected_on"
        ),
        Operation.DECLARE: Row(
            _rights(_COUNTS, _PLANNER, _DIRECTOR),
            _EMERGENCY,
            frozenset({Phase.NONE, Phase.EXPECTED}),
            necessity=True,
        ),
        Operation.OPEN_LIST: Row(
            own=_rights(_NAMES, _PLANNER, _CONTROL) | {_DIRECTOR: _FLAGS},
            partner=_rights(_NAMES, _RESPONDER, _CONTROL) | {_VOLUNTEER: _FLAGS},
            groups=_EMERGENCY,
            phases=EMERGENCY_PHASES,
            necessity=True,
            flag="objected",
        ),
        Operation.TAKE_CHECK: _WORKING_A_LIST,
        Operation.RECORD_CHECK: _WORKING_A_LIST,
        # One named officer at a time, for one door, with a reason: the only way to a protected person's address (G17).
        Operation.REVEAL: Row(_rights(_NAMES, _CONTROL), _EMERGENCY, EMERGENCY_PHASES, necessity=True),
        Operation.EXPORT: Row(
            own=_rights(_NAMES, _PLANNER, _CONTROL),
            partner=_rights(_NAMES, _CONTROL),
            groups=_EMERGENCY,
            phases=EMERGENCY_PHASES,
            necessity=True,
            flag="objected",
        ),
        Operation.STAND_DOWN: Row(_rights(_FLAGS, _PLANNER, _DIRECTOR), _EMERGENCY, EMERGENCY_PHASES),
        Operation.CLOSE: Row(_rights(_FLAGS, _PLANNER, _DPO), _EMERGENCY, frozenset({Phase.RECOVERY}), after_end=True),
        Operation.DESTROY: Row(
            _rights(_COUNTS, _PLANNER, _DPO),
            _DESK,
            frozenset({Phase.NONE, Phase.RECOVERY, Phase.CLOSED}),
            after_end=True,
        ),
        Operation.LOAD_CASES: Row(_rights(_NAMES, _ANALYST, _PUBLIC_HEALTH), _HEALTH, ANY_PHASE, standing_tier=_NAMES),
        Operation.VIEW_OUTBREAK: Row(
            _rights(_COUNTS, _PUBLIC_HEALTH, _ANALYST, _PLANNER, _COMMUNICATIONS), _HEALTH, ANY_PHASE
        ),
        Operation.RAISE_ALERTS: Row(_rights(_COUNTS, _PUBLIC_HEALTH, _ANALYST), _HEALTH, ANY_PHASE),
        # A named public-health lead, and nobody else, accepts an alert: no campaign rests on one before that.
        Operation.DECIDE_ALERT: Row(_rights(_COUNTS, _PUBLIC_HEALTH), _HEALTH, ANY_PHASE),
        # Two cases with one postcode are nearly names: for those who follow them up, and nobody else.
        Operation.VIEW_COINCIDENCES: Row(_rights(_FLAGS, _PUBLIC_HEALTH, _ANALYST), _HEALTH, ANY_PHASE),
        # A message file goes to a sending service, not to a reader, and cannot go without where to send it.
        Operation.PLAN_MESSAGES: Row(
            _rights(_NAMES, _COMMUNICATIONS, _PUBLIC_HEALTH), _WORK, ANY_PHASE, standing_tier=_NAMES, flag="objected_on"
        ),
        Operation.SUBMIT_CAMPAIGN: Row(_rights(_COUNTS, _COMMUNICATIONS, _PUBLIC_HEALTH), _WORK, ANY_PHASE),
        # A named public-health lead, and nobody else, lets messages go out; who made them is refused by the campaign.
        Operation.APPROVE_CAMPAIGN: Row(_rights(_COUNTS, _PUBLIC_HEALTH), _WORK, ANY_PHASE),
        Operation.END_CAMPAIGN: Row(
            _rights(_COUNTS, _COMMUNICATIONS, _PUBLIC_HEALTH, _DPO, _DIRECTOR), _WORK, ANY_PHASE
        ),
        # Numbers go to a sending service, under the approval, and are shown to nobody.
        Operation.SEND_MESSAGES: Row(
            _rights(_NAMES, _COMMUNICATIONS, _PUBLIC_HEALTH), _WORK, ANY_PHASE, standing_tier=_NAMES, flag="objected_on"
        ),
        Operation.VIEW_CAMPAIGNS: Row(
            _rights(_COUNTS, _COMMUNICATIONS, _PUBLIC_HEALTH, _PLANNER, _DPO, _DIRECTOR), _WORK, ANY_PHASE
        ),
        # A directory of services is about nobody: any of the authority's people may look something up in it.
        Operation.LOAD_SERVICES: Row(_rights(_COUNTS, _ANALYST, _PLANNER, _COMMUNICATIONS), _DESK, ANY_PHASE),
        Operation.VIEW_SERVICES: Row(_rights(_COUNTS, *Role), _DESK, ANY_PHASE),
        Operation.ADMINISTER: Row(
            _rights(_COUNTS, _ANALYST, _DPO, _DIRECTOR), frozenset({Group.ADMINISTRATION}), ANY_PHASE
        ),
        Operation.VIEW_ACTIVITY: Row(
            _rights(_COUNTS, _DPO, _DIRECTOR, _PLANNER), frozenset({Group.ADMINISTRATION}), ANY_PHASE
        ),
    }
)

ENTITLED_TO_DECLARE = frozenset(OPERATIONS[Operation.DECLARE].own)
"""Roles whose declaration opens an emergency."""


def deepest(rights: Rights, roles: frozenset[Role]) -> Tier | None:
    """Give the deepest tier any of the roles has; `None` when none may do it at all."""
    return max((rights[role] for role in roles if role in rights), key=lambda tier: tier.depth, default=None)
