"""The demonstration's contracts, agreements and law fit together: its own road is allowed, each step of it."""

from dataclasses import replace

import pytest

from governance_facts import (
    ANALYST,
    COMMUNICATIONS,
    CREW,
    FACTS,
    FOR_FLOOD,
    LIST,
    NOW,
    PLANNER,
    PUBLIC_HEALTH,
    RESIDENTS,
    TRAFFORD,
    VOLUNTEER,
    answer,
    opening,
    standing,
)
from wardkeeper.governance.decide import Operation, Tier
from wardkeeper.governance.wording import explain
from wardkeeper.kernel.columns import FACT, FACTOR, HOME, QUARANTINED, RECORD, RESIDENT
from wardkeeper.kernel.decisions import Outcome
from wardkeeper.sources.contract import parse
from wardkeeper.usecases.load_cases import cases_mandate

CONTRACTS = {path.stem: parse(path.read_text(), path.name) for path in sorted((TRAFFORD / "sources").glob("*.toml"))}
MANDATES = {name: contract.mandate for name, contract in CONTRACTS.items()}
EVERY = tuple(MANDATES.values())


def names_of(*tables):
    return frozenset(column.name for columns in tables for column in columns)


def told(request, mandates, dataset=RESIDENTS):
    decision = answer(replace(request, datasets=frozenset({dataset})), mandates={dataset: mandates})
    return decision.outcome, explain(decision)


@pytest.mark.parametrize("source", MANDATES)
def test_an_analyst_may_load_each_source_as_its_contract_says(source):
    request = standing(
        ANALYST, Operation.LOAD, tier=Tier.NAMES, fields=names_of(RECORD, FACTOR, QUARANTINED), hazard=""
    )
    assert told(request, (MANDATES[source],)) == (Outcome.ALLOW, "allowed")


@pytest.mark.parametrize("source", MANDATES)
def test_g4_each_source_has_an_end_and_a_power_in_force(source):
    mandate = MANDATES[source]
    assert mandate.has_an_end
    assert mandate.in_force(NOW)
    assert all(slug in FACTS.gateways for slug in mandate.gateways)


def test_an_analyst_may_link_them_all():
    request = standing(ANALYST, Operation.LINK, tier=Tier.NAMES, fields=names_of(RECORD, FACTOR, RESIDENT, HOME, FACT))
    assert told(request, EVERY) == (Outcome.ALLOW, "allowed")


def test_a_planner_may_find_homes_without_names_in_quiet_times():
    fields = frozenset({"home_id", "address", "objected_on", "factor"})
    assert told(standing(PLANNER, Operation.FIND, tier=Tier.FLAGS, fields=fields), EVERY)[0] is Outcome.ALLOW


@pytest.mark.parametrize(("who", "tier"), [(PLANNER, Tier.NAMES), (CREW, Tier.NAMES), (VOLUNTEER, Tier.FLAGS)])
def test_the_list_made_from_every_source_may_be_opened_in_a_flood(who, tier):
    assert told(opening(who, tier=tier), (FOR_FLOOD, *EVERY), LIST) == (Outcome.ALLOW, "allowed")


def test_the_agreements_name_every_source_there_is():
    for agreement in FACTS.agreements:
        assert set(agreement.sources) == set(CONTRACTS)


def test_messages_may_be_planned_for_public_health():
    fields = frozenset({"phone", "language", "address", "objected_on", "died_on"})
    request = standing(
        COMMUNICATIONS, Operation.PLAN_MESSAGES, purpose="public-health", tier=Tier.NAMES, fields=fields, hazard=""
    )
    assert told(request, EVERY)[0] is Outcome.ALLOW


@pytest.mark.parametrize(
    ("who", "operation", "tier"),
    [(ANALYST, Operation.LOAD_CASES, Tier.FLAGS), (PUBLIC_HEALTH, Operation.VIEW_OUTBREAK, Tier.COUNTS)],
)
def test_counts_of_cases_may_be_loaded_and_seen(who, operation, tier):
    fields = frozenset({"area", "week_end", "low", "high", "population"})
    request = standing(who, operation, purpose="public-health", tier=tier, fields=fields, hazard="")
    assert told(request, (cases_mandate(NOW.date()),))[0] is Outcome.ALLOW
