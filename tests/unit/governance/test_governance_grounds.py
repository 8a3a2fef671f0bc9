"""Checks 0 to 7 and 13, one fact changed at a time in a flood that is allowed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from governance_facts import (
    ANALYST,
    COMMUNICATIONS,
    CREW,
    DIRECTOR,
    DPO,
    FACTS,
    FIRE,
    FOR_FLOOD,
    LIST,
    NOW,
    PLANNER,
    RESIDENTS,
    STANDING,
    STRANGER,
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
from wardkeeper.governance.gateways import Basis, Condition, LawfulBasis
from wardkeeper.governance.organisations import Category
from wardkeeper.kernel.decisions import Finding, Outcome
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.mandates import MandateKind
from wardkeeper.kernel.people import Role

PASSED, FAILED, WARNED, NOT_ASSESSED = Finding.PASSED, Finding.FAILED, Finding.WARNED, Finding.NOT_ASSESSED


def said(decision, check):
    found = reason(decision, check)
    return found.finding, found.fact


def with_party(**changes):
    """The fire service's agreement, with the fire service's own part changed."""
    ours, theirs = FIRE.parties
    return with_agreement(parties=(ours, replace(theirs, **changes)))


# 0: role


def test_a_role_may_do_it():
    assert said(answer(opening(CREW)), 0) == (PASSED, "the requester's role may do this")


def test_a_role_may_not():
    found = reason(answer(opening(person("gm-fire", Role.ANALYST))), 0)
    assert (found.finding, found.fact) == (FAILED, "none of the requester's roles may do this")
    assert found.nearest_miss == "ask somebody with the role control room, responder or volunteer"


def test_partners_may_not_do_what_only_the_authority_does():
    found = reason(answer(standing(CREW, Operation.LOAD)), 0)
    assert (found.finding, found.fact) == (FAILED, "only the authority's own staff may do this")


# 1: purpose


def test_g9_a_purpose_not_published_is_refused():
    decision = answer(opening(PLANNER, purpose="curiosity"))
    assert said(decision, 1) == (FAILED, "purpose 'curiosity' is not on the published list")


def test_g9_data_collected_for_an_incompatible_purpose_is_refused():
    for_planning = replace(STANDING, purposes=frozenset({"administration"}))
    decision = answer(standing(PLANNER, Operation.FIND), mandates=with_mandates(for_planning))
    expected = "use 'planning for emergencies' is not compatible with the purpose this was collected for"
    assert said(decision, 1) == (FAILED, expected)


def test_a_purpose_must_be_one_the_act_is_for():
    decision = answer(standing(PLANNER, Operation.FIND, purpose="public-health", datasets=frozenset()))
    assert said(decision, 1) == (FAILED, "purpose 'protecting public health' is not one this may be done for")
    assert reason(decision, 1).nearest_miss == "state a purpose for emergency"


def test_an_agreement_for_another_purpose_does_not_name_this_one():
    decision = answer(opening(CREW), agreements=with_agreement(purpose="emergency-planning"))
    finding, fact = said(decision, 1)
    assert finding is FAILED
    assert fact == "no agreement with 'gm-fire' names the purpose 'responding to an emergency'"
    assert decision.outcome is Outcome.NEEDS_A_HUMAN


def test_without_any_agreement_the_purpose_itself_is_listed():
    assert said(answer(opening(CREW), agreements=()), 1)[0] is PASSED


# 2: declaration


def test_no_incident_has_been_declared():
    assert said(answer(opening(CREW, incident=None)), 2) == (FAILED, "no incident has been declared")


def test_an_incident_declared_by_the_wrong_role_opens_nothing():
    decision = answer(opening(CREW, incident=flood(declared_by_role=Role.VOLUNTEER)))
    assert said(decision, 2) == (FAILED, "the incident was declared by a volunteer, who may not")


def test_the_hazard_must_be_the_incidents():
    assert said(answer(opening(CREW, hazard="heat")), 2) == (FAILED, "the incident is a flood, not a heat")


def test_a_hazard_not_named_is_the_incidents_own():
    assert said(answer(opening(CREW, hazard="")), 2)[0] is PASSED


def test_the_agreement_says_who_may_activate_it():
    trigger = replace(FIRE.triggers["flood"], activated_by=frozenset({Role.DIRECTOR}))
    agreements = with_agreement(triggers={"flood": trigger})
    assert said(answer(opening(CREW), agreements=agreements), 2)[0] is FAILED
    assert said(answer(opening(CREW, incident=flood(declared_by_role=Role.DIRECTOR)), agreements=agreements), 2) == (
        PASSED,
        "declared by a director, who may; the hazard matches",
    )


def declaring(actor, **changes):
    return standing(
        actor,
        Operation.DECLARE,
        **{"purpose": "emergency-response", "datasets": frozenset(), "necessity": "The river is rising.", **changes},
    )


@pytest.mark.parametrize("actor", [PLANNER, DIRECTOR])
def test_a_planner_or_director_may_declare(actor):
    decision = answer(declaring(actor))
    assert decision.outcome is Outcome.ALLOW
    assert said(decision, 3) == (PASSED, "this is the declaration itself")


@pytest.mark.parametrize("actor", [ANALYST, DPO, COMMUNICATIONS, CREW])
def test_nobody_else_may_declare(actor):
    assert answer(declaring(actor)).outcome is Outcome.REFUSE


def test_a_declaration_names_its_hazard():
    assert said(answer(declaring(PLANNER, hazard="")), 2) == (FAILED, "no hazard is named")


def test_an_expected_incident_may_be_declared_and_an_active_one_not_again():
    assert answer(declaring(PLANNER, incident=flood(phase=Phase.EXPECTED))).allows
    again = answer(declaring(PLANNER, incident=flood()))
    assert said(again, 20) == (FAILED, "the incident is already declared")


# 3: emergency or standing


def test_an_emergency_purpose_does_not_stand_without_one():
    decision = answer(standing(PLANNER, Operation.FIND, purpose="emergency-response"))
    assert said(decision, 3) == (FAILED, "'responding to an emergency' is for an emergency only")


def test_what_is_held_for_an_incident_is_not_for_quiet_times():
    decision = answer(standing(PLANNER, Operation.FIND), mandates=with_mandates(STANDING, FOR_FLOOD))
    assert said(decision, 3) == (FAILED, "'the Mersey flood' holds for its incident only")


def test_planning_stands_without_an_emergency():
    assert said(answer(standing(PLANNER, Operation.FIND)), 3) == (PASSED, "a standing purpose, without an emergency")


def test_after_stand_down_check_20_speaks():
    decision = answer(opening(CREW, incident=flood(phase=Phase.RECOVERY)))
    assert said(decision, 3) == (PASSED, "the emergency is over: check 20 says what may still be done")


# 4: party


def test_the_authority_needs_no_agreement_for_its_own_data():
    decision = answer(opening(PLANNER), agreements=())
    assert decision.outcome is Outcome.ALLOW
    assert said(decision, 4) == (PASSED, "the authority uses its own data: no agreement is needed")
    assert said(decision, 11) == said(decision, 4)


def test_g11_an_organisation_nobody_listed_needs_a_human_in_an_emergency():
    decision = answer(opening(STRANGER))
    assert said(decision, 4) == (FAILED, "nobody has listed the organisation 'mountain-rescue'")
    assert decision.outcome is Outcome.NEEDS_A_HUMAN
    assert "emergency access is not built yet" in reason(decision, 4).nearest_miss


def test_g11_a_listed_organisation_without_an_agreement_needs_a_human_in_an_emergency():
    decision = answer(opening(CREW), agreements=())
    assert said(decision, 4) == (FAILED, "no agreement with 'gm-fire' covers this use")
    assert decision.outcome is Outcome.NEEDS_A_HUMAN


def test_an_agreement_for_another_hazard_is_missing_paper_too():
    heat = flood(hazard="heat")
    assert answer(opening(CREW, incident=heat, hazard="heat")).outcome is Outcome.NEEDS_A_HUMAN


def test_the_category_on_paper_must_be_the_one_listed():
    decision = answer(opening(CREW), organisations={"gm-fire": Category.VOLUNTARY})
    assert said(decision, 4) == (FAILED, "the agreement does not have 'gm-fire' as voluntary")
    assert decision.outcome is Outcome.REFUSE


def test_the_agreement_must_name_the_role():
    control_only = (replace(FIRE.recipients[0], roles=frozenset({Role.CONTROL})),)
    decision = answer(opening(CREW), agreements=with_agreement(recipients=control_only))
    assert said(decision, 4) == (FAILED, "the agreement names none of the requester's roles")
    assert decision.outcome is Outcome.NEEDS_A_HUMAN


# 5: lawful basis


def test_a_lawful_basis_is_recorded_for_both():
    assert said(answer(opening(PLANNER)), 5) == (PASSED, "the authority's lawful basis is recorded")
    assert said(answer(opening(CREW)), 5) == (PASSED, "public-task is recorded for 'gm-fire'")


def test_a_public_authority_may_not_rest_on_recognised_legitimate_interests():
    basis = Basis(LawfulBasis.RECOGNISED_LEGITIMATE_INTERESTS, Condition.VITAL_INTERESTS)
    decision = answer(opening(CREW), agreements=with_party(basis=basis))
    expected = "'gm-fire' (category-1) may not rest its task on recognised-legitimate-interests"
    assert said(decision, 5) == (FAILED, expected)
    assert decision.outcome is Outcome.REFUSE


def test_data_held_under_a_power_for_something_else_has_no_basis_for_this():
    decision = answer(opening(PLANNER), mandates=with_mandates(replace(STANDING, gateways=("lgfa-1992",)), FOR_FLOOD))
    assert said(decision, 5) == (FAILED, "'adult social care, for planning' has no lawful basis for this purpose")


def test_without_an_agreement_a_power_open_to_the_organisation_is_named():
    finding, fact = said(answer(opening(CREW), agreements=()), 5)
    assert finding is PASSED
    assert fact.startswith("no agreement records a basis, but")


def test_missing_law_refuses_even_in_an_emergency():
    decision = answer(
        opening(CREW),
        agreements=(),
        organisations={"gm-fire": Category.HEALTH},
        gateways={"cca-2004": FACTS.gateways["cca-2004"]},
    )
    assert said(decision, 5) == (FAILED, "no legal power is open to 'gm-fire' for this")
    assert decision.outcome is Outcome.REFUSE


def test_the_basis_of_an_unknown_kind_of_organisation_is_not_known():
    assert said(answer(opening(STRANGER)), 5)[0] is NOT_ASSESSED


def test_no_data_needs_no_basis():
    assert said(answer(declaring(PLANNER)), 5) == (PASSED, "no personal data is touched")


# 6: special category


def test_special_category_fields_need_a_condition_of_the_authority():
    plain = replace(FACTS.gateways["cca-2004"], basis=Basis(LawfulBasis.PUBLIC_TASK))
    decision = answer(opening(PLANNER), gateways={**FACTS.gateways, "cca-2004": plain})
    assert said(decision, 6) == (FAILED, "'needs' has no Article 9 condition in force")


def test_a_condition_without_its_paragraph_is_none():
    half = Basis(LawfulBasis.PUBLIC_TASK, Condition.SUBSTANTIAL_PUBLIC_INTEREST)
    assert said(answer(opening(CREW), agreements=with_party(basis=half)), 6) == (
        FAILED,
        "'gm-fire' has no Article 9 condition for 'needs'",
    )


def test_conditions_recorded_on_both_sides_pass():
    assert said(answer(opening(PLANNER)), 6) == (PASSED, "a condition and its paragraph are recorded")
    assert said(answer(opening(CREW)), 6) == (PASSED, "9(2)(g) is recorded for 'gm-fire'")


def test_without_special_category_fields_no_condition_is_asked_for():
    decision = answer(opening(CREW, tier=Tier.COUNTS, fields=frozenset({"rank"})))
    assert said(decision, 6) == (PASSED, "no special-category field is asked for")


def test_without_an_agreement_the_partners_condition_is_not_assessed():
    decision = answer(opening(CREW), agreements=())
    assert said(decision, 6)[0] is NOT_ASSESSED


# 7: gateway


def test_a_power_that_has_ended_is_no_power():
    covid = replace(STANDING, gateways=("copi-2020",), purposes=frozenset({"public-health"}))
    decision = answer(
        standing(ANALYST, Operation.LOAD, purpose="public-health", tier=Tier.NAMES), mandates=with_mandates(covid)
    )
    assert said(decision, 7) == (FAILED, "the COVID-19 notices on patient information: ended on 30 June 2022")
    assert reason(decision, 7).nearest_miss == "record another legal power, or delete the data"


def test_one_power_in_force_is_enough():
    both = replace(STANDING, gateways=("copi-2020", "cca-2004"))
    assert said(answer(standing(PLANNER, Operation.FIND), mandates=with_mandates(both)), 7)[0] is PASSED


def test_an_unknown_power_is_no_power():
    unknown = replace(STANDING, gateways=("common-sense",))
    finding, fact = said(answer(standing(PLANNER, Operation.FIND), mandates=with_mandates(unknown)), 7)
    assert finding is FAILED
    assert fact == "'adult social care, for planning' names no legal power for this purpose and organisation"


def test_a_partners_power_is_cited():
    found = reason(answer(opening(CREW)), 7)
    assert found.finding is PASSED
    assert "regulations 45 to 54" in found.cites


@pytest.mark.parametrize("gateway", ["care-act-2014", "common-sense"])
def test_a_partner_may_not_rely_on_a_power_of_the_authoritys(gateway):
    assert said(answer(opening(CREW), agreements=with_party(gateway=gateway)), 7) == (
        FAILED,
        "'gm-fire' names no legal power for this purpose and organisation",
    )


def test_a_partners_power_must_have_started():
    before = NOW.replace(year=2026, month=2, day=4)
    agreement = FACTS.agreements[-1]
    assert agreement.slug == "red-cross-flood"
    early = replace(agreement, span=replace(agreement.span, start=date(2026, 1, 1)))
    request = opening(person("red-cross", Role.VOLUNTEER), tier=Tier.FLAGS)
    decision = answer(request, before, agreements=(early,))
    assert said(decision, 7) == (
        FAILED,
        "recognised legitimate interests: emergencies and safeguarding: starts on 5 February 2026",
    )


def test_no_data_and_no_partner_need_no_power():
    assert said(answer(declaring(PLANNER)), 7) == (PASSED, "no personal data is touched")


# 13: mandates


def test_g4_a_dataset_without_a_mandate_is_refused():
    decision = answer(standing(ANALYST, Operation.LOAD), mandates={})
    assert said(decision, 13) == (FAILED, "no permission is recorded for 'residents'")


def test_g4_a_mandate_without_an_end_is_refused():
    endless = replace(STANDING, review_by=None)
    decision = answer(standing(ANALYST, Operation.LOAD), mandates=with_mandates(endless))
    assert said(decision, 13) == (FAILED, "'adult social care, for planning' has no end")


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"ends": date(2026, 11, 21), "starts": date(2026, 11, 1)}, "'the Mersey flood' ended on 21 November 2026"),
        ({"starts": date(2026, 11, 23)}, "'the Mersey flood' starts on 23 November 2026"),
        ({"ended_at": NOW}, "'the Mersey flood' was ended on 22 November 2026"),
        ({"destroyed_at": NOW}, "what was held under 'the Mersey flood' is destroyed"),
        ({"incident": IncidentId("inc-other")}, "'the Mersey flood' is for another incident"),
    ],
)
def test_g5_a_mandate_not_in_force_stops_access(changes, fact):
    decision = answer(opening(CREW), mandates=with_mandates(replace(FOR_FLOOD, **changes), STANDING))
    assert said(decision, 13) == (FAILED, fact)
    assert decision.outcome is Outcome.REFUSE


def test_g5_an_incident_whose_mandate_has_ended_opens_nothing():
    decision = answer(opening(CREW, incident=flood(mandate_in_force=False)))
    assert said(decision, 13) == (FAILED, "the incident's permission has ended")


def test_g5_a_review_overdue_warns_in_an_emergency_and_refuses_in_quiet_times():
    overdue = replace(STANDING, review_by=date(2026, 10, 31))
    in_flood = answer(opening(CREW), mandates={LIST: (FOR_FLOOD, overdue)})
    quiet = answer(standing(PLANNER, Operation.FIND), mandates={RESIDENTS: (overdue,)})
    fact = "the review of 'adult social care, for planning' was due by 31 October 2026"
    assert said(in_flood, 13) == (WARNED, f"{fact}: review it as soon as the emergency allows")
    assert in_flood.outcome is Outcome.ALLOW_WITH_CONDITIONS
    assert said(quiet, 13) == (FAILED, fact)


def test_g5_an_end_outweighs_an_overdue_review():
    overdue = replace(STANDING, review_by=date(2026, 10, 31))
    gone = replace(FOR_FLOOD, destroyed_at=NOW)
    assert said(answer(opening(CREW), mandates={LIST: (overdue, gone)}), 13)[0] is FAILED


def closing(actor=DPO, **changes):
    request = opening(actor, incident=flood(phase=Phase.RECOVERY, mandate_in_force=False))
    fields = frozenset({"check_id", "reference", "needs", "outcome"})
    return replace(request, operation=Operation.CLOSE, tier=Tier.FLAGS, fields=fields, **changes)


def test_g18_closing_may_touch_what_has_ended_in_order_to_end_it():
    ended = replace(FOR_FLOOD, ended_at=NOW - timedelta(minutes=5))
    assert answer(closing(), mandates=with_mandates(ended, STANDING)).outcome is Outcome.ALLOW


def test_g18_closing_may_not_touch_what_is_destroyed():
    gone = replace(FOR_FLOOD, destroyed_at=NOW)
    assert said(answer(closing(), mandates=with_mandates(gone)), 13)[0] is FAILED


def test_a_lapsed_standing_dataset_may_be_destroyed_in_quiet_times():
    lapsed = replace(FOR_FLOOD, kind=MandateKind.INCIDENT, ended_at=NOW)
    request = standing(DPO, Operation.DESTROY, purpose="emergency-planning", hazard="")
    decision = answer(request, mandates=with_mandates(replace(lapsed, purposes=frozenset({"emergency-planning"}))))
    assert decision.outcome is Outcome.ALLOW
