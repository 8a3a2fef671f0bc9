from datetime import UTC, datetime

import pytest

from wardkeeper.kernel import columns
from wardkeeper.kernel.areas import AreaKind, area_kind
from wardkeeper.kernel.columns import SENSITIVITY, Column, Sensitivity
from wardkeeper.kernel.decisions import Decision, Finding, Outcome, Reason
from wardkeeper.kernel.hazards import HAZARD_TITLES, Hazard
from wardkeeper.kernel.people import Actor, Role


def every_table():
    return [
        value
        for value in vars(columns).values()
        if isinstance(value, tuple) and value and all(isinstance(one, Column) for one in value)
    ]


def test_a_column_has_one_class_wherever_it_stands():
    for table in every_table():
        for column in table:
            assert SENSITIVITY[column.name] is column.sensitivity


def test_every_column_says_what_it_means():
    assert all(column.meaning for table in every_table() for column in table)


def test_every_class_of_column_is_used():
    assert set(SENSITIVITY.values()) == set(Sensitivity)


def test_every_hazard_has_words():
    assert set(HAZARD_TITLES) == set(Hazard)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("E08000009", AreaKind.DISTRICT),
        ("E01006112", AreaKind.LSOA),
        ("W02000001", AreaKind.MSOA),
        ("E00030771", AreaKind.OUTPUT_AREA),
        ("S01000001", None),
        ("E0800000", None),
        ("", None),
    ],
)
def test_an_area_code_tells_its_kind(code, kind):
    assert area_kind(code) is kind


def test_an_actor_has_any_of_the_roles_asked_for():
    actor = Actor("a", "A", "council", frozenset({Role.PLANNER}))
    assert actor.has(Role.DPO, Role.PLANNER)
    assert not actor.has(Role.DPO)


def decision(outcome, *reasons):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Decision("d", outcome, "a", "council", "p", "read", frozenset(), frozenset(), None, now, now, reasons)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_two_outcomes_allow(outcome):
    assert decision(outcome).allows is (outcome in {Outcome.ALLOW, Outcome.ALLOW_WITH_CONDITIONS})


def test_a_decision_tells_what_failed_what_warned_and_the_smallest_change():
    failed = Reason(1, "purpose", Finding.FAILED, "debt", "UK GDPR 5(1)(b)", "a new purpose")
    silent = Reason(2, "other", Finding.FAILED, "x", "y")
    warned = Reason(11, "review", Finding.WARNED, "late", "agreement")
    refused = decision(Outcome.REFUSE, failed, silent, warned)
    assert refused.failed == (failed, silent)
    assert refused.warned == (warned,)
    assert refused.nearest_miss == "a new purpose"
