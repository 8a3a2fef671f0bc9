"""Whatever is asked and whatever is recorded: nothing is allowed by accident, and deciding never fails."""

from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from governance_facts import (
    ANALYST,
    CONTROL,
    CREW,
    DPO,
    FACTS,
    FIRE,
    FOR_FLOOD,
    LIST,
    NOW,
    PLANNER,
    RESIDENTS,
    STANDING,
    VOLUNTEER,
    WHY,
    failed_checks,
    flood,
    opening,
    standing,
)
from wardkeeper.governance.agreements import Agreement
from wardkeeper.governance.decide import LASTS, Facts, Operation, Phase, Request, Tier, decide, open_fields
from wardkeeper.governance.operations import OPERATIONS
from wardkeeper.governance.purposes import WALLED_OFF
from wardkeeper.governance.tiers import floor
from wardkeeper.kernel.columns import LIST as LIST_COLUMNS
from wardkeeper.kernel.decisions import Finding, Outcome
from wardkeeper.kernel.ids import DecisionId, Login
from wardkeeper.kernel.people import Actor, Role

ORGANISATIONS = ["trafford-council", "gm-fire", "red-cross", "mountain-rescue"]
LIST_NAMES = sorted(column.name for column in LIST_COLUMNS)
MANDATES = st.sampled_from(
    [
        STANDING,
        FOR_FLOOD,
        replace(STANDING, review_by=None),
        replace(STANDING, review_by=date(2026, 11, 1)),
        replace(STANDING, gateways=("copi-2020",)),
        replace(STANDING, purposes=frozenset({"public-health"})),
        replace(FOR_FLOOD, ends=date(2026, 11, 21), starts=date(2026, 11, 1)),
        replace(FOR_FLOOD, destroyed_at=NOW),
    ]
)
AGREEMENTS = st.sampled_from(
    [
        *FACTS.agreements,
        replace(FIRE, version=2, review_by=date(2026, 11, 1)),
        replace(FIRE, version=3, span=replace(FIRE.span, end=date(2026, 11, 21))),
        replace(FIRE, version=4, fields={**FIRE.fields, Tier.NAMES: frozenset()}),
        replace(FIRE, version=5, purpose="emergency-planning"),
        replace(FIRE, version=6, areas=frozenset({"E08000003"})),
    ]
)

actors = st.builds(
    lambda organisation, roles: Actor(Login("somebody"), "Somebody", organisation, frozenset(roles)),
    st.sampled_from(ORGANISATIONS),
    st.sets(st.sampled_from(Role), max_size=3),
)
incidents = st.none() | st.builds(
    lambda phase, hazard, role, in_force, days: flood(
        phase=phase,
        hazard=hazard,
        declared_by_role=role,
        mandate_in_force=in_force,
        started_at=NOW - timedelta(days=days),
    ),
    st.sampled_from(Phase),
    st.sampled_from(["flood", "heat"]),
    st.sampled_from([Role.PLANNER, Role.DIRECTOR, Role.ANALYST]),
    st.booleans(),
    st.integers(0, 3),
)
requests = st.builds(
    Request,
    actor=actors,
    purpose=st.sampled_from([*FACTS.purposes, "curiosity"]),
    operation=st.sampled_from(Operation),
    datasets=st.sets(st.sampled_from([LIST, RESIDENTS])).map(frozenset),
    fields=st.sets(st.sampled_from([*LIST_NAMES, "nhs_number", "objected_on", "shoe_size"]), max_size=6).map(frozenset),
    tier=st.sampled_from(Tier),
    incident=incidents,
    hazard=st.sampled_from(["", "flood", "heat"]),
    necessity=st.sampled_from(["", WHY]),
    areas=st.sampled_from([frozenset(), frozenset({"E08000009"}), frozenset({"E08000003"})]),
)
facts = st.builds(
    lambda mandates, agreements: replace(FACTS, mandates=mandates, agreements=tuple(agreements)),
    st.fixed_dictionaries({LIST: st.lists(MANDATES, max_size=3).map(tuple), RESIDENTS: st.just((STANDING,))}),
    st.lists(AGREEMENTS, max_size=3),
)


ALLOWED = [
    opening(PLANNER),
    opening(CREW),
    opening(CREW, tier=Tier.FLAGS, incident=flood(phase=Phase.EXPECTED)),
    opening(CONTROL, operation=Operation.EXPORT),
    opening(VOLUNTEER, tier=Tier.FLAGS),
    opening(DPO, operation=Operation.CLOSE, tier=Tier.COUNTS, incident=flood(phase=Phase.RECOVERY)),
    standing(PLANNER, Operation.FIND, tier=Tier.FLAGS, fields=frozenset({"address", "factor"})),
    standing(ANALYST, Operation.LINK, tier=Tier.NAMES, fields=frozenset({"given", "nhs_number", "objected_on"})),
]


@st.composite
def near(draw):
    """A request that is allowed on the demonstration's documents, with at most two of its parts changed."""
    request, other = draw(st.sampled_from(ALLOWED)), draw(requests)
    parts = draw(st.sets(st.sampled_from([field.name for field in fields(Request)]), max_size=2))
    return replace(request, **{part: getattr(other, part) for part in parts})


@st.composite
def nearly(draw):
    """The demonstration's facts, with at most one part changed."""
    other = draw(facts)
    parts = draw(st.sets(st.sampled_from(["mandates", "agreements"]), max_size=1))
    return replace(FACTS, **{part: getattr(other, part) for part in parts})


asked = requests | near()
recorded_facts = facts | nearly()


def ask(request, recorded, now=NOW):
    return decide(request, recorded, now, DecisionId("dec-1"))


@given(asked, recorded_facts)
def test_g2_deciding_never_fails_and_always_gives_reasons(request, recorded):
    decision = ask(request, recorded)
    assert decision.reasons
    assert all(reason.check >= 0 for reason in decision.reasons), "no check fell over"
    assert decision.allows or decision.failed


@given(requests, st.sampled_from([field.name for field in fields(Request)]))
def test_g2_deciding_never_fails_even_on_nonsense(request, field):
    assume(field not in {"actor", "fields", "datasets"})
    decision = ask(replace(request, **{field: object()}), FACTS)
    assert isinstance(decision.outcome, Outcome)


@given(asked, recorded_facts)
def test_g2_an_allowance_has_every_check_behind_it(request, recorded):
    decision = ask(request, recorded)
    if decision.allows:
        assert not decision.failed
        assert decision.datasets == request.datasets
        assert NOW < decision.until <= NOW + LASTS
        assert all(recorded.mandates[dataset] for dataset in request.datasets)
    else:
        assert not decision.datasets
        assert not decision.fields


@given(asked, recorded_facts, st.data())
def test_g2_removing_a_permission_never_turns_a_refusal_into_an_allowance(request, recorded, data):
    if ask(request, recorded).allows:
        return
    less = _less(recorded, data)
    assert not ask(request, less).allows


def _less(recorded: Facts, data) -> Facts:
    """The same facts with one permission taken away."""
    without = data.draw(st.sampled_from(["purpose", "gateway", "agreement", "organisation", "area", "mandates"]))
    match without:
        case "purpose":
            return replace(recorded, purposes=_drop(recorded.purposes, data))
        case "gateway":
            return replace(recorded, gateways=_drop(recorded.gateways, data))
        case "organisation":
            return replace(recorded, organisations=_drop(recorded.organisations, data))
        case "mandates":
            return replace(recorded, mandates=_drop(recorded.mandates, data))
        case "area":
            return replace(recorded, jurisdiction=frozenset())
        case _:
            index = data.draw(st.integers(0, max(0, len(recorded.agreements) - 1)))
            return replace(recorded, agreements=recorded.agreements[:index] + recorded.agreements[index + 1 :])


def _drop(mapping, data):
    gone = data.draw(st.sampled_from(sorted(mapping)))
    return {key: value for key, value in mapping.items() if key != gone}


@given(asked, recorded_facts, st.sampled_from(Role))
def test_g2_taking_a_role_away_never_opens_anything(request, recorded, role):
    fewer = replace(request, actor=replace(request.actor, roles=request.actor.roles - {role}))
    if not ask(request, recorded).allows:
        assert not ask(fewer, recorded).allows


@given(asked, recorded_facts, st.sampled_from(["purpose", "operation", "organisation", "dataset", "field"]))
def test_g2_whatever_is_unknown_is_never_allowed(request, recorded, unknown):
    changed = {
        "purpose": {"purpose": "curiosity"},
        "operation": {"operation": "gossip"},
        "organisation": {"actor": replace(request.actor, organisation="mountain-rescue")},
        "dataset": {"datasets": request.datasets | {"diaries"}},
        "field": {"fields": request.fields | {"shoe_size"}},
    }[unknown]
    assert not ask(replace(request, **changed), recorded).allows


@given(asked, recorded_facts)
def test_g9_a_walled_off_purpose_is_never_allowed(request, recorded):
    walled = sorted(slug for slug, purpose in FACTS.purposes.items() if purpose.group in WALLED_OFF)
    for purpose in walled:
        assert ask(replace(request, purpose=purpose), recorded).outcome is Outcome.REFUSE


@given(asked, recorded_facts)
def test_g10_names_need_an_emergency_or_a_machines_work(request, recorded):
    decision = ask(request, recorded)
    named = {name for name in decision.fields if floor(name) is Tier.NAMES}
    if decision.allows and named:
        emergency = request.incident is not None and request.incident.phase in (Phase.EXPECTED, Phase.ACTIVE)
        machine = OPERATIONS[request.operation].standing_tier is Tier.NAMES
        assert emergency or (machine and request.actor.organisation == "trafford-council")
        assert request.actor.roles != {Role.VOLUNTEER}


@given(asked, recorded_facts)
def test_partners_get_no_more_than_some_agreement_promises(request, recorded):
    decision = ask(request, recorded)
    if decision.allows and request.actor.organisation != "trafford-council":
        assert any(decision.fields <= _promised(agreement, request) for agreement in recorded.agreements)


@given(asked, recorded_facts)
def test_partners_read_only_what_is_sealed_for_their_incident(request, recorded):
    decision = ask(request, recorded)
    if decision.allows and request.actor.organisation != "trafford-council":
        for dataset in decision.datasets:
            assert any(mandate.incident == decision.incident for mandate in recorded.mandates[dataset])


def _promised(agreement: Agreement, request: Request) -> frozenset[str]:
    roles = request.actor.roles
    return frozenset().union(*(agreement.fields_for(request.actor.organisation, role, request.tier) for role in roles))


@given(near(), st.integers(-40 * 86_400, 40 * 86_400))
def test_g5_no_allowance_outlives_a_permission(request, seconds):
    now = NOW + timedelta(seconds=seconds)
    decision = ask(request, FACTS, now)
    if decision.allows and not OPERATIONS[request.operation].after_end:
        last = decision.until - timedelta(microseconds=1)
        assert all(mandate.in_force(last) for name in decision.datasets for mandate in FACTS.mandates[name])


@given(asked, recorded_facts)
def test_what_is_offered_is_within_the_tier_and_allowed_when_the_rest_is(request, recorded):
    offered = open_fields(request, recorded, NOW)
    assert all(request.tier.covers(floor(name)) for name in offered)
    assert 8 not in failed_checks(ask(replace(request, fields=offered), recorded)) or not _only_fields_differ(request)


def _only_fields_differ(request: Request) -> bool:
    return any(replace(request, fields=allowed.fields) == allowed for allowed in ALLOWED)


@given(asked, recorded_facts)
def test_what_is_not_built_is_never_passed(request, recorded):
    for reason in ask(request, recorded).reasons:
        if reason.check in {10, 12, 14, 15, 16, 18, 21, 22}:
            assert reason.finding is Finding.NOT_ASSESSED
