"""Who may do what, and why not: a flood along the Mersey, declared by a planner, on the demonstration's own documents.

Each line is a request, its answer, and the words somebody reads. "names", "flags" and "counts" are tiers: people's
names with their homes and needs; homes and needs without names; figures by area.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from governance_facts import (
    ANALYST,
    COMMUNICATIONS,
    CONTROL,
    CREW,
    DIRECTOR,
    DPO,
    PLANNER,
    PUBLIC_HEALTH,
    RESIDENTS,
    STANDING,
    STRANGER,
    VOLUNTEER,
    answer,
    flood,
    opening,
    person,
    standing,
)
from wardkeeper.governance.decide import Operation, Phase, Tier
from wardkeeper.governance.wording import explain
from wardkeeper.kernel.decisions import Outcome
from wardkeeper.kernel.people import Role

ALLOW, REFUSE, HUMAN = (
    Outcome.ALLOW,
    Outcome.REFUSE,
    Outcome.NEEDS_A_HUMAN,
)
BEFORE = None
EXPECTED, DURING, AFTER, CLOSED = (
    flood(phase=phase) for phase in (Phase.EXPECTED, Phase.ACTIVE, Phase.RECOVERY, Phase.CLOSED)
)

NONE_DECLARED = "no incident has been declared"
STOOD_DOWN = "the incident was stood down, and access ended with it"
NOT_THEIR_ROLE = "none of the requester's roles may do this"


@pytest.mark.parametrize(
    ("who", "incident", "tier", "outcome", "words"),
    [
        # The fire service's crew, under its agreement for floods
        (CREW, BEFORE, Tier.NAMES, REFUSE, NONE_DECLARED),
        (CREW, BEFORE, Tier.FLAGS, REFUSE, "outside an incident partners may see counts only"),
        (CREW, EXPECTED, Tier.NAMES, ALLOW, "allowed"),
        (CREW, DURING, Tier.NAMES, ALLOW, "allowed"),
        (CREW, AFTER, Tier.NAMES, REFUSE, STOOD_DOWN),
        (CREW, CLOSED, Tier.NAMES, REFUSE, STOOD_DOWN),
        (CONTROL, DURING, Tier.NAMES, ALLOW, "allowed"),
        # The Red Cross, whose agreement promises no names
        (VOLUNTEER, DURING, Tier.FLAGS, ALLOW, "allowed"),
        (VOLUNTEER, DURING, Tier.NAMES, REFUSE, "this role may see flags, not names"),
        (person("red-cross", Role.CONTROL), DURING, Tier.NAMES, HUMAN, "the agreement does not promise names"),
        # Somebody who came to help, on no list
        (STRANGER, DURING, Tier.NAMES, HUMAN, "nobody has listed the organisation 'mountain-rescue'"),
        (STRANGER, BEFORE, Tier.NAMES, REFUSE, NONE_DECLARED),
        # The authority's own staff
        (PLANNER, BEFORE, Tier.NAMES, REFUSE, NONE_DECLARED),
        (PLANNER, DURING, Tier.NAMES, ALLOW, "allowed"),
        (PLANNER, AFTER, Tier.NAMES, REFUSE, STOOD_DOWN),
        (DIRECTOR, DURING, Tier.FLAGS, ALLOW, "allowed"),
        (DIRECTOR, DURING, Tier.NAMES, REFUSE, "this role may see flags, not names"),
        (DPO, DURING, Tier.NAMES, REFUSE, NOT_THEIR_ROLE),
        (ANALYST, DURING, Tier.NAMES, REFUSE, NOT_THEIR_ROLE),
        (COMMUNICATIONS, DURING, Tier.NAMES, REFUSE, NOT_THEIR_ROLE),
    ],
)
def test_opening_an_incidents_list(who, incident, tier, outcome, words):
    decision = answer(opening(who, incident=incident, tier=tier))
    assert decision.outcome is outcome
    assert words in explain(decision)


@pytest.mark.parametrize(
    ("who", "operation", "incident", "outcome", "words"),
    [
        (CREW, Operation.TAKE_CHECK, DURING, ALLOW, "allowed"),
        (CREW, Operation.RECORD_CHECK, DURING, ALLOW, "allowed"),
        (VOLUNTEER, Operation.RECORD_CHECK, DURING, ALLOW, "allowed"),
        (CREW, Operation.RECORD_CHECK, AFTER, REFUSE, STOOD_DOWN),
        (CREW, Operation.EXPORT, DURING, REFUSE, NOT_THEIR_ROLE),
        (CONTROL, Operation.EXPORT, DURING, ALLOW, "allowed"),
        (PLANNER, Operation.EXPORT, DURING, ALLOW, "allowed"),
        (PLANNER, Operation.EXPORT, AFTER, REFUSE, STOOD_DOWN),
        (PLANNER, Operation.STAND_DOWN, DURING, ALLOW, "allowed"),
        (DIRECTOR, Operation.STAND_DOWN, EXPECTED, ALLOW, "allowed"),
        (CREW, Operation.STAND_DOWN, DURING, REFUSE, "only the authority's own staff may do this"),
        (DPO, Operation.STAND_DOWN, DURING, REFUSE, NOT_THEIR_ROLE),
        (PLANNER, Operation.CLOSE, DURING, REFUSE, "the incident is still under way; stand it down first"),
        (PLANNER, Operation.CLOSE, AFTER, ALLOW, "allowed"),
        (DPO, Operation.CLOSE, AFTER, ALLOW, "allowed"),
        (DIRECTOR, Operation.CLOSE, AFTER, REFUSE, NOT_THEIR_ROLE),
        (DPO, Operation.DESTROY, CLOSED, ALLOW, "allowed"),
        (PLANNER, Operation.PREPARE, DURING, ALLOW, "allowed"),
        (PLANNER, Operation.PREPARE, AFTER, REFUSE, STOOD_DOWN),
    ],
)
def test_working_an_incident(who, operation, incident, outcome, words):
    request = opening(who, incident=incident, operation=operation, tier=Tier.COUNTS, fields=frozenset({"check_id"}))
    decision = answer(request)
    assert decision.outcome is outcome
    assert words in explain(decision)


@pytest.mark.parametrize(
    ("who", "operation", "purpose", "outcome", "words"),
    [
        (ANALYST, Operation.LOAD, "emergency-planning", ALLOW, "allowed"),
        (ANALYST, Operation.LINK, "emergency-planning", ALLOW, "allowed"),
        (ANALYST, Operation.VIEW_QUARANTINE, "emergency-planning", ALLOW, "allowed"),
        (ANALYST, Operation.REVIEW_PAIRS, "emergency-planning", ALLOW, "allowed"),
        (ANALYST, Operation.VIEW_RESIDENT, "emergency-planning", ALLOW, "allowed"),
        (ANALYST, Operation.FIND_RESIDENT, "emergency-planning", ALLOW, "allowed"),
        (PLANNER, Operation.FIND_RESIDENT, "emergency-planning", REFUSE, NOT_THEIR_ROLE),
        (PLANNER, Operation.REVIEW_PAIRS, "emergency-planning", REFUSE, NOT_THEIR_ROLE),
        (PLANNER, Operation.VIEW_RESIDENT, "emergency-planning", REFUSE, NOT_THEIR_ROLE),
        (PLANNER, Operation.LOAD, "emergency-planning", REFUSE, NOT_THEIR_ROLE),
        (PLANNER, Operation.VIEW_QUARANTINE, "emergency-planning", REFUSE, NOT_THEIR_ROLE),
        (PLANNER, Operation.FIND, "emergency-planning", ALLOW, "allowed"),
        (
            PLANNER,
            Operation.FIND,
            "emergency-response",
            REFUSE,
            "'responding to an emergency' is for an emergency only",
        ),
        (CREW, Operation.FIND, "emergency-planning", REFUSE, "only the authority's own staff may do this"),
        (PLANNER, Operation.VIEW_SOURCES, "emergency-planning", ALLOW, "allowed"),
        (PUBLIC_HEALTH, Operation.VIEW_OUTBREAK, "public-health", ALLOW, "allowed"),
        (COMMUNICATIONS, Operation.VIEW_OUTBREAK, "public-health", ALLOW, "allowed"),
        (DPO, Operation.VIEW_OUTBREAK, "public-health", REFUSE, NOT_THEIR_ROLE),
        (COMMUNICATIONS, Operation.PLAN_MESSAGES, "public-health", ALLOW, "allowed"),
        (PLANNER, Operation.PLAN_MESSAGES, "public-health", REFUSE, NOT_THEIR_ROLE),
        (DPO, Operation.VIEW_ACTIVITY, "administration", REFUSE, "not compatible"),
    ],
)
def test_quiet_times_on_residents(who, operation, purpose, outcome, words):
    decision = answer(standing(who, operation, purpose=purpose))
    assert decision.outcome is outcome
    assert words in explain(decision)


@pytest.mark.parametrize(
    ("who", "operation", "outcome"),
    [
        (DPO, Operation.VIEW_ACTIVITY, ALLOW),
        (DIRECTOR, Operation.VIEW_ACTIVITY, ALLOW),
        (PLANNER, Operation.VIEW_ACTIVITY, ALLOW),
        (ANALYST, Operation.VIEW_ACTIVITY, REFUSE),
        (ANALYST, Operation.ADMINISTER, ALLOW),
        (DPO, Operation.ADMINISTER, ALLOW),
        (PLANNER, Operation.ADMINISTER, REFUSE),
        (CREW, Operation.ADMINISTER, REFUSE),
    ],
)
def test_running_wardkeeper_touches_no_resident(who, operation, outcome):
    decision = answer(standing(who, operation, purpose="administration", datasets=frozenset()))
    assert decision.outcome is outcome


@pytest.mark.parametrize(
    ("purpose", "title"),
    [
        ("debt-recovery", "debt recovery"),
        ("fraud", "fraud investigation"),
        ("enforcement", "enforcement"),
        ("immigration", "immigration control"),
    ],
)
@pytest.mark.parametrize("operation", list(Operation))
@pytest.mark.parametrize("incident", [BEFORE, DURING])
def test_g9_emergency_data_is_never_open_to_debt_fraud_enforcement_or_immigration(purpose, title, operation, incident):
    everything = person("trafford-council", *Role)
    request = replace(opening(everything), purpose=purpose, operation=operation, incident=incident)
    decision = answer(request)
    assert decision.outcome is REFUSE
    assert f"use '{title}' is not compatible with the purpose this was collected for" in explain(decision)
    assert "nothing short of a new purpose, notice and basis would allow it" in decision.nearest_miss


def test_g3_the_refusal_reads_as_a_sentence():
    decision = answer(standing(PLANNER, Operation.VIEW_SOURCES, purpose="debt-recovery"))
    assert explain(decision).startswith("refused: use 'debt recovery' is not compatible with the purpose this was")
    assert decision.failed[0].nearest_miss == "nothing short of a new purpose, notice and basis would allow it"
    assert decision.failed[0].cites == "UK GDPR Article 5(1)(b); rule G9"


NOTICE = replace(
    STANDING,
    title="the shielding file",
    gateways=("demo-health-notice",),
    ends=date(2027, 3, 31),
    review_by=None,
    purposes=frozenset({"public-health"}),
    source="shielding",
)
COVID_NOTICE = replace(NOTICE, gateways=("copi-2020",), starts=date(2020, 4, 1), ends=date(2022, 6, 30))


@pytest.mark.parametrize(
    ("mandate", "at", "outcome", "words"),
    [
        (NOTICE, datetime(2027, 3, 31, 22, 59, 55, tzinfo=UTC), ALLOW, "allowed"),
        (NOTICE, datetime(2027, 3, 31, 23, 0, tzinfo=UTC), REFUSE, "'the shielding file' ended on 31 March 2027"),
        (
            replace(NOTICE, ends=date(2030, 1, 1)),
            datetime(2027, 4, 1, 9, 0, tzinfo=UTC),
            REFUSE,
            "ended on 31 March 2027",
        ),
        (COVID_NOTICE, datetime(2022, 6, 30, 22, 0, tzinfo=UTC), ALLOW, "allowed"),
        (COVID_NOTICE, datetime(2022, 6, 30, 23, 0, tzinfo=UTC), REFUSE, "ended on 30 June 2022"),
        (
            COVID_NOTICE,
            datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
            REFUSE,
            "record another legal power, or delete the data",
        ),
    ],
)
def test_g5_a_health_notice_ends_on_the_second(mandate, at, outcome, words):
    request = standing(ANALYST, Operation.LINK, purpose="public-health", tier=Tier.NAMES, fields=frozenset({"factor"}))
    decision = answer(request, at, mandates={RESIDENTS: (mandate,)})
    assert decision.outcome is outcome
    assert words in explain(decision)


@pytest.mark.parametrize(
    "unbuilt",
    [
        "the impact assessment is approved and current",
        "the data is fresh enough",
        "nothing is passed on unless allowed",
        "the sensitivity marking is present",
        "the source's own restrictions are kept",
        "a notice is published for re-use",
        "the conditions of emergency access",
        "small numbers are protected",
    ],
)
def test_a_check_not_built_yet_shows_as_not_assessed(unbuilt):
    told = next(reason for reason in answer(opening(CREW)).reasons if reason.rule == unbuilt)
    assert (told.finding, told.fact) == ("not assessed", "not built yet")
