"""Checks 8 to 22 without 13, one fact changed at a time in a flood that is allowed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from governance_facts import (
    COMMUNICATIONS,
    CREW,
    DIRECTOR,
    DPO,
    FIRE,
    FOR_FLOOD,
    LIST,
    NOW,
    PLANNER,
    RESIDENTS,
    STANDING,
    VOLUNTEER,
    answer,
    flood,
    opening,
    person,
    reason,
    standing,
    with_agreement,
    with_mandates,
)
from wardkeeper.governance.decide import Operation, Phase, Tier
from wardkeeper.kernel.decisions import Finding, Outcome
from wardkeeper.kernel.people import Role
from wardkeeper.kernel.spans import day_end

PASSED, FAILED, WARNED, NOT_ASSESSED = Finding.PASSED, Finding.FAILED, Finding.WARNED, Finding.NOT_ASSESSED


def said(decision, check):
    found = reason(decision, check)
    return found.finding, found.fact


# 8: fields and tiers


def test_fields_within_the_agreement_pass():
    found = reason(answer(opening(CREW)), 8)
    assert (found.finding, found.fact) == (PASSED, "within the fields agreed, and needed for the hazard")
    assert found.cites == "agreement fire-flood version 1, fields"


def test_a_field_nobody_knows_is_refused():
    decision = answer(opening(PLANNER, fields=frozenset({"shoe_size"})))
    assert said(decision, 8) == (FAILED, "'shoe_size' is not a known field")


@pytest.mark.parametrize("tier", [Tier.FLAGS, Tier.NAMES])
def test_g10_outside_an_incident_partners_see_counts_only(tier):
    decision = answer(opening(CREW, tier=tier, incident=None))
    assert said(decision, 8) == (FAILED, "outside an incident partners may see counts only")


def test_g10_outside_an_incident_a_planner_sees_no_names():
    fields = frozenset({"given"})
    names = answer(standing(PLANNER, Operation.PREPARE, tier=Tier.NAMES, fields=fields))
    flags = answer(standing(PLANNER, Operation.FIND, tier=Tier.FLAGS, fields=frozenset({"address"})))
    assert said(names, 8) == (FAILED, "outside an incident this role may see flags only")
    assert flags.outcome is Outcome.ALLOW


@pytest.mark.parametrize("phase", [Phase.EXPECTED, Phase.ACTIVE])
def test_g10_an_expected_or_active_incident_opens_names(phase):
    assert answer(opening(CREW, incident=flood(phase=phase))).outcome is Outcome.ALLOW


def test_g10_a_name_does_not_slip_in_at_a_lower_tier():
    decision = answer(opening(CREW, tier=Tier.FLAGS, fields=frozenset({"objected", "names", "phones"})))
    assert said(decision, 8) == (FAILED, "'names', 'phones' tells more than flags")


def test_volunteers_never_see_names():
    request = replace(opening(VOLUNTEER), fields=frozenset({"objected", "names"}))
    assert said(answer(request), 8) == (FAILED, "this role may see flags, not names")
    assert answer(opening(VOLUNTEER, tier=Tier.FLAGS)).outcome is Outcome.ALLOW


def test_a_director_sees_flags():
    assert answer(opening(DIRECTOR, tier=Tier.FLAGS)).allows
    assert not answer(opening(DIRECTOR)).allows


def test_a_role_that_may_not_ask_has_no_tier():
    assert said(answer(opening(DPO)), 8) == (NOT_ASSESSED, "nothing may be seen here: see checks 0 and 20")


def test_a_source_the_agreement_does_not_name_needs_a_human():
    decision = answer(opening(CREW), agreements=with_agreement(sources={}))
    assert said(decision, 8) == (FAILED, "the agreement does not name the source 'adult-social-care'")
    assert decision.outcome is Outcome.NEEDS_A_HUMAN


def test_a_tier_the_agreement_does_not_promise_needs_a_human():
    flags_only = (replace(FIRE.recipients[0], tier=Tier.FLAGS),)
    decision = answer(opening(CREW), agreements=with_agreement(recipients=flags_only))
    assert said(decision, 8) == (FAILED, "the agreement does not promise names")
    assert decision.outcome is Outcome.NEEDS_A_HUMAN


def test_a_field_the_agreement_does_not_promise_needs_a_human():
    fields = {**FIRE.fields, Tier.NAMES: frozenset({"names"})}
    decision = answer(opening(CREW), agreements=with_agreement(fields=fields))
    assert said(decision, 8) == (FAILED, "the agreement does not promise 'birth_years', 'phones'")
    assert "ask without 'birth_years', 'phones'" in reason(decision, 8).nearest_miss
    assert decision.outcome is Outcome.NEEDS_A_HUMAN


def test_g10_a_field_the_hazard_does_not_need_is_refused():
    trigger = replace(FIRE.triggers["flood"], withheld=frozenset({"birth_years"}))
    agreements = with_agreement(triggers={"flood": trigger})
    decision = answer(opening(CREW), agreements=agreements)
    assert said(decision, 8) == (FAILED, "'birth_years' is not needed in a flood")
    assert decision.outcome is Outcome.REFUSE


def test_without_an_agreement_there_is_nothing_to_compare():
    assert said(answer(opening(CREW), agreements=()), 8)[0] is NOT_ASSESSED


# open_fields


@pytest.mark.parametrize(
    ("actor", "tier", "names"),
    [(CREW, Tier.NAMES, True), (CREW, Tier.FLAGS, False), (PLANNER, Tier.NAMES, True), (VOLUNTEER, Tier.NAMES, False)],
)
def test_the_fields_worth_asking_for_are_allowed_when_asked_for(actor, tier, names):
    request = opening(actor, tier=tier)
    assert ("names" in request.fields) is names
    asked = replace(request, tier=Tier.NAMES if names else Tier.FLAGS)
    assert answer(asked).outcome is Outcome.ALLOW


def test_nobody_is_offered_what_they_may_not_see():
    assert opening(DPO).fields == frozenset()
    assert opening(person("mountain-rescue", Role.RESPONDER)).fields == frozenset()


# 9: area


def test_an_area_outside_the_authority_is_refused():
    decision = answer(opening(PLANNER, incident=flood(area_codes=frozenset({"E08000009", "E08000003"}))))
    assert said(decision, 9) == (FAILED, "area E08000003 is outside the authority")
    asked = answer(standing(PLANNER, Operation.FIND, areas=frozenset({"E08000003"})))
    assert said(asked, 9) == (FAILED, "area E08000003 is outside the authority")


def test_an_incident_without_an_area_is_refused():
    decision = answer(opening(PLANNER, incident=flood(area_codes=frozenset())))
    assert said(decision, 9) == (FAILED, "the incident has no area")


def test_an_area_the_agreement_does_not_cover_is_refused():
    decision = answer(opening(CREW), agreements=with_agreement(areas=frozenset({"E08000003"})))
    assert said(decision, 9) == (FAILED, "the agreement does not cover this area")


def test_what_is_not_tied_to_an_area_passes():
    assert said(answer(standing(PLANNER, Operation.FIND)), 9) == (PASSED, "this is not tied to an area")
    assert said(answer(opening(CREW)), 9) == (PASSED, "the area is within the authority")


@pytest.mark.parametrize("actor", [CREW, PLANNER])
def test_a_crew_reads_its_incidents_list_and_nothing_wider(actor):
    decision = answer(opening(actor, datasets=frozenset({RESIDENTS})))
    assert said(decision, 9) == (FAILED, "'residents' reaches beyond the incident's area")
    assert decision.outcome is Outcome.REFUSE


def test_making_the_list_reads_the_residents():
    request = opening(PLANNER, operation=Operation.PREPARE, datasets=frozenset({LIST, RESIDENTS}))
    assert answer(request).outcome is Outcome.ALLOW


# 11: dates of the agreement


def ended_on(day):
    return with_agreement(span=replace(FIRE.span, end=day), review_by=day)


def test_g5_an_agreement_that_ends_during_an_incident_warns_loudly_and_is_extended():
    incident = flood(started_at=NOW - timedelta(days=1))
    decision = answer(opening(CREW, incident=incident), agreements=ended_on(date(2026, 11, 21)))
    finding, fact = said(decision, 11)
    assert finding is WARNED
    assert "ENDED on 21 November 2026, during this incident" in fact
    assert decision.outcome is Outcome.ALLOW_WITH_CONDITIONS
    assert decision.until > NOW


def test_g5_a_crew_is_not_cut_off_at_midnight():
    midnight = day_end(date(2026, 11, 22))
    agreements = ended_on(date(2026, 11, 22))
    before = answer(opening(CREW), midnight - timedelta(seconds=2), agreements=agreements)
    after = answer(opening(CREW), midnight, agreements=agreements)
    assert before.outcome is Outcome.ALLOW
    assert before.until == midnight, "decided again at midnight, so that the warning shows"
    assert after.outcome is Outcome.ALLOW_WITH_CONDITIONS


def test_g11_an_agreement_that_ended_before_the_incident_needs_a_human():
    decision = answer(opening(CREW), agreements=ended_on(date(2026, 11, 1)))
    assert said(decision, 11) == (FAILED, "agreement fire-flood version 1 ended on 1 November 2026")
    assert decision.outcome is Outcome.NEEDS_A_HUMAN


def test_an_agreement_that_has_not_started_is_not_in_date():
    later = with_agreement(span=replace(FIRE.span, start=date(2026, 12, 1)))
    assert said(answer(opening(CREW), agreements=later), 11) == (
        FAILED,
        "agreement fire-flood version 1 starts on 1 December 2026",
    )


def test_g11_an_overdue_review_warns_in_an_emergency():
    overdue = with_agreement(review_by=date(2026, 11, 21))
    finding, fact = said(answer(opening(CREW), agreements=overdue), 11)
    assert finding is WARNED
    assert fact.startswith("the review of agreement fire-flood version 1 was due by 21 November 2026")


def test_an_overdue_review_is_missing_paper_in_quiet_times():
    overdue = with_agreement(review_by=date(2026, 11, 21))
    assert said(answer(opening(CREW, incident=None), agreements=overdue), 11) == (
        FAILED,
        "the review of agreement fire-flood version 1 was due by 21 November 2026",
    )


def test_the_dates_of_no_agreement_cannot_be_read():
    assert said(answer(opening(CREW), agreements=()), 11)[0] is NOT_ASSESSED


def test_the_best_of_several_agreements_is_used():
    old = replace(FIRE, version=1, span=replace(FIRE.span, end=date(2026, 11, 1)))
    new = replace(FIRE, version=2)
    for order in ((old, new), (new, old)):
        decision = answer(opening(CREW), agreements=order)
        assert decision.outcome is Outcome.ALLOW
        assert "version 2" in reason(decision, 11).fact


# 17: necessity


@pytest.mark.parametrize("words", ["", "   ", "...", "123"])
def test_names_are_not_opened_without_saying_why(words):
    decision = answer(opening(CREW, necessity=words))
    assert said(decision, 17) == (FAILED, "nobody has said why this is necessary")
    assert decision.outcome is Outcome.NEEDS_A_HUMAN


def test_a_statement_is_not_asked_for_where_nothing_is_opened():
    assert said(answer(standing(PLANNER, Operation.FIND)), 17)[0] is PASSED


# 19: objections


def test_g19_objections_are_read_along_so_that_an_officer_decides():
    blind = answer(opening(CREW, tier=Tier.FLAGS, fields=frozenset({"address"})))
    assert said(blind, 19) == (FAILED, "objections would not be read along")
    assert reason(blind, 19).nearest_miss == "ask for 'objected' too"
    assert said(answer(opening(CREW)), 19)[0] is PASSED


def test_g19_messages_read_objections_too():
    request = standing(
        COMMUNICATIONS,
        Operation.PLAN_MESSAGES,
        purpose="public-health",
        tier=Tier.NAMES,
        fields=frozenset({"phone", "language"}),
    )
    assert said(answer(request), 19)[0] is FAILED
    assert answer(replace(request, fields=request.fields | {"objected_on"})).outcome is Outcome.ALLOW


def test_counts_contact_nobody():
    decision = answer(opening(CREW, tier=Tier.COUNTS, fields=frozenset({"rank"})))
    assert said(decision, 19) == (PASSED, "this contacts nobody")


# 20: after stand-down


@pytest.mark.parametrize("operation", [Operation.OPEN_LIST, Operation.TAKE_CHECK, Operation.RECORD_CHECK])
@pytest.mark.parametrize("phase", [Phase.RECOVERY, Phase.CLOSED])
@pytest.mark.parametrize("actor", [CREW, PLANNER])
def test_g18_stand_down_ends_operational_access(operation, phase, actor):
    decision = answer(opening(actor, operation=operation, incident=flood(phase=phase)))
    assert decision.outcome is Outcome.REFUSE
    assert said(decision, 20) == (FAILED, "the incident was stood down, and access ended with it")
    assert decision.failed[0].check == 20, "the first reason told is the one that matters"


def test_g18_closing_waits_for_stand_down():
    mandates = {LIST: (FOR_FLOOD, STANDING)}
    request = opening(PLANNER, operation=Operation.CLOSE, tier=Tier.COUNTS, fields=frozenset({"reference"}))
    assert said(answer(request, mandates=mandates), 20) == (FAILED, "the incident is still under way")
    after = replace(request, incident=flood(phase=Phase.RECOVERY))
    assert answer(after, mandates=with_mandates(FOR_FLOOD)).outcome is Outcome.ALLOW


def test_nothing_to_stand_down_in_quiet_times():
    assert said(answer(standing(PLANNER, Operation.FIND)), 20) == (PASSED, "nothing here has been stood down")


# the rest


@pytest.mark.parametrize("check", [10, 12, 14, 15, 16, 18, 21, 22])
def test_what_is_not_built_is_not_assessed_and_never_passed(check):
    assert said(answer(opening(CREW)), check) == (NOT_ASSESSED, "not built yet")
