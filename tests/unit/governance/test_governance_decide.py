from dataclasses import replace
from datetime import date, timedelta

import pytest

from governance_facts import (
    CREW,
    FACTS,
    FIRE,
    FLOOD,
    FOR_FLOOD,
    LIST,
    NOW,
    PLANNER,
    STANDING,
    STRANGER,
    answer,
    failed_checks,
    opening,
    person,
    reason,
    with_agreement,
    with_mandates,
)
from wardkeeper.governance.decide import LASTS, open_fields
from wardkeeper.governance.wording import explain
from wardkeeper.kernel.decisions import Finding, Outcome
from wardkeeper.kernel.spans import day_end


def test_a_decision_names_exactly_what_was_asked_and_allowed():
    request = opening(CREW)
    decision = answer(request)
    assert decision.allows
    assert decision.datasets == {LIST}
    assert decision.fields == request.fields
    assert decision.incident == FLOOD.id
    assert (decision.login, decision.organisation) == ("gm-fire-person", "gm-fire")
    assert (decision.purpose, decision.operation) == ("emergency-response", "open-list")
    assert decision.decided_at == NOW


def test_g2_a_refusal_names_nothing_that_may_be_read():
    decision = answer(opening(CREW, incident=None))
    assert decision.outcome is Outcome.REFUSE
    assert decision.datasets == frozenset()
    assert decision.fields == frozenset()
    assert decision.until == decision.decided_at


def test_g2_default_deny_with_nothing_recorded():
    decision = answer(
        opening(CREW), purposes={}, gateways={}, mandates={}, agreements=(), organisations={}, jurisdiction=frozenset()
    )
    assert decision.outcome is Outcome.REFUSE
    assert {1, 4, 9, 13} <= failed_checks(decision)


def test_g2_an_error_while_deciding_means_refuse():
    decision = answer(opening(CREW), NOW.replace(tzinfo=None))
    assert decision.outcome is Outcome.REFUSE
    assert decision.failed[0].fact == "the request could not be decided (ValueError)"
    assert decision.datasets == frozenset()


def test_g2_an_operation_nobody_knows_is_refused():
    assert answer(opening(PLANNER, operation="gossip")).outcome is Outcome.REFUSE


def test_g3_every_check_gives_its_reason_in_order():
    decision = answer(opening(CREW))
    assert [found.check for found in decision.reasons] == list(range(23))
    assert all(found.rule and found.fact and found.cites for found in decision.reasons)


def test_g3_a_refusal_tells_the_smallest_change_that_would_allow_it():
    decision = answer(opening(CREW, incident=None))
    assert "declare or expect an incident here" in decision.nearest_miss
    assert all(found.nearest_miss for found in decision.failed)


def test_g5_a_decision_lasts_seconds():
    assert answer(opening(CREW)).until == NOW + LASTS
    assert timedelta() < LASTS <= timedelta(seconds=10)


def test_g5_a_decision_never_outlives_the_permission():
    ends = date(2026, 11, 22)
    late = day_end(ends) - timedelta(seconds=1)
    decision = answer(opening(CREW), late, mandates=with_mandates(replace(FOR_FLOOD, ends=ends), STANDING))
    assert decision.allows
    assert decision.until == day_end(ends)


def test_g11_urgent_is_not_emergency():
    quiet = answer(opening(STRANGER, incident=None, necessity="This is very urgent."))
    assert quiet.outcome is Outcome.REFUSE


def test_g11_missing_law_outweighs_missing_paper():
    decision = answer(opening(CREW, hazard="heat"), agreements=())
    assert {2, 4} <= failed_checks(decision)
    assert decision.outcome is Outcome.REFUSE


def test_a_warning_makes_an_allowance_conditional():
    decision = answer(opening(CREW), agreements=with_agreement(review_by=date(2026, 11, 1)))
    assert decision.outcome is Outcome.ALLOW_WITH_CONDITIONS
    assert [found.check for found in decision.warned] == [11]
    assert explain(decision).startswith("allowed, with a warning: the review of agreement fire-flood")


def test_the_agreement_that_offers_most_is_the_one_to_ask_under():
    less = replace(FIRE, version=2, fields={**FIRE.fields, next(reversed(FIRE.fields)): frozenset()})
    from_both = [open_fields_of(order) for order in ((FIRE, less), (less, FIRE))]
    assert from_both[0] == from_both[1] == opening(CREW).fields


def open_fields_of(agreements):

    return open_fields(opening(CREW), replace(FACTS, agreements=agreements), NOW)


def test_several_roles_add_up():
    both = person("gm-fire", *CREW.roles, *PLANNER.roles)
    assert answer(opening(both)).allows


@pytest.mark.parametrize("check", range(23))
def test_no_reason_holds_a_name_of_the_person_asking(check):
    found = reason(answer(opening(CREW)), check)
    assert CREW.name not in found.fact
    assert found.finding in Finding
