"""Finding homes: ranked, with reasons, without names; refused for other purposes and other people."""

import json
from datetime import timedelta

import polars as pl
import pytest

from wardkeeper.demo import cast
from wardkeeper.kernel.errors import NotFound, Refused
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.needs.coverage import Freshness
from wardkeeper.places.outlines import parse
from wardkeeper.usecases.find_homes import SHOWN_WITHOUT_NAMES, find_homes

FIREWALLED = ["debt-recovery", "fraud", "enforcement", "immigration"]


def test_a_planner_gets_homes_ranked_without_names(house, town):
    found = find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline)
    assert found.lines.columns == SHOWN_WITHOUT_NAMES
    assert not {"names", "phones", "birth_years"} & set(found.lines.columns)
    assert found.lines["rank"].to_list() == list(range(1, found.lines.height + 1))
    assert found.lines["score"].drop_nulls().is_sorted(descending=True)
    assert found.lines.height > 20


def test_every_home_says_why_and_how_old_the_fact_is(house, town):
    lines = find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline).lines
    assert (lines["needs"].list.len() > 0).all()
    assert (lines.filter(~pl.col("ring_control"))["reasons"].list.len() > 0).all()
    of_source = lines.filter(pl.col("sources").str.contains("adult-social-care")).row(0, named=True)
    assert any("Adult social care, " in reason and "ago)" in reason for reason in of_source["reasons"])


def test_homes_outside_the_outline_are_left_out(house, town):
    lines = find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline).lines.drop_nulls("address")
    flooded = town.homes.filter("in_flood").select("address", "postcode")
    listed = lines.select("address", "postcode")
    on_the_list = town.homes.select("address", "postcode").join(listed, on=["address", "postcode"], how="semi")
    assert on_the_list.join(flooded, on=["address", "postcode"], how="anti").is_empty()


def test_coverage_names_every_source_and_goes_late_with_time(house, town):
    coverage = find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline).coverage
    assert len(coverage) == 7
    house.clock.move(timedelta(days=40))
    later = find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline).coverage
    care = next(line for line in later if line.source == "adult-social-care")
    assert care.state is Freshness.LATE
    assert "adult" in care.title.lower()


@pytest.mark.parametrize("purpose", FIREWALLED)
def test_g9_the_firewall_refuses_with_its_reason(house, town, purpose):
    with pytest.raises(Refused) as raised:
        find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline, purpose=purpose)
    reason = next(one for one in raised.value.decision.failed if one.check == 1)
    assert "is not compatible with the purpose this was collected for" in reason.fact
    assert "rule G9" in reason.cites
    assert reason.nearest_miss == "nothing short of a new purpose, notice and basis would allow it"


def test_a_purpose_nobody_published_is_refused(house, town):
    with pytest.raises(Refused, match="is not on the published list"):
        find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline, purpose="curiosity")


@pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER], ids=["crew", "volunteer"])
def test_g10_a_partner_is_refused_outside_an_incident(house, town, actor):
    with pytest.raises(Refused) as raised:
        find_homes(house, actor, Hazard.FLOOD, town.outline)
    assert raised.value.message == "Refused: only the authority's own staff may do this."


@pytest.mark.parametrize("actor", [cast.DPO, cast.DIRECTOR, cast.PUBLIC_HEALTH], ids=["dpo", "director", "health"])
def test_staff_without_the_role_are_refused(house, town, actor):
    with pytest.raises(Refused, match="none of the requester's roles may do this"):
        find_homes(house, actor, Hazard.FLOOD, town.outline)


def test_g12_a_refusal_is_on_the_ledger_and_reads_nothing(house, town):
    before = house.store.ledger_size()
    with pytest.raises(Refused):
        find_homes(house, cast.CREW, Hazard.FLOOD, town.outline)
    (leaf,) = (json.loads(leaf) for leaf in house.store.leaves(before))
    assert (leaf["type"], leaf["login"], leaf["detail"]["outcome"]) == ("decision.made", cast.CREW.login, "refuse")
    assert leaf["detail"]["datasets"] == []


def test_g12_a_finding_is_on_the_ledger_as_counts(house, town):
    before = house.store.ledger_size()
    found = find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline)
    decided, read, listed = (json.loads(leaf) for leaf in house.store.leaves(before))
    assert [decided["type"], read["type"], listed["type"]] == ["decision.made", "data.read", "list.found"]
    assert listed["detail"] == {"hazard": "flood", "homes": found.lines.height}
    assert decided["decision"] == read["decision"] == listed["decision"]


def test_a_hazard_without_rules_says_which_there_are(house, town):
    with pytest.raises(NotFound) as raised:
        find_homes(house, cast.PLANNER, Hazard.POWER_CUT, town.outline)
    assert raised.value.message == "There are no need rules for “power-cut”."
    assert raised.value.next.endswith("There are rules for: flood.")


def small_square(home, metres):
    """An outline of so many metres a side about a point some way from a home, in the same small area."""
    half = metres / 111_320 / 2
    x, y = home["longitude"], home["latitude"]
    ring = [
        [x - half, y - half],
        [x + half, y - half],
        [x + half, y + half],
        [x - half, y + half],
        [x - half, y - half],
    ]
    return parse(json.dumps({"type": "Polygon", "coordinates": [ring]}))


def test_g17_a_small_outline_does_not_lead_to_a_hidden_door(house, town):
    hidden = town.home(town.planted.fled_home)
    near = town.homes.filter((pl.col("lsoa") == hidden["lsoa"]) & (pl.col("uprn") != hidden["uprn"]))
    told = [
        find_homes(house, cast.PLANNER, Hazard.FLOOD, small_square(home, 30)).lines["ring_control"].sum()
        for home in near.head(12).iter_rows(named=True)
    ]
    assert min(told) >= 1


def test_g17_a_hidden_line_tells_only_that_it_is_there(house, town):
    lines = find_homes(house, cast.PLANNER, Hazard.FLOOD, town.outline).lines.filter("ring_control")
    assert lines.height >= 2
    assert lines["needs"].to_list() == [["Ring Control first"]] * lines.height
    assert lines.select("score", "people", "sources", "oldest_on", "address", "postcode").null_count().row(0) == (
        (lines.height,) * 6
    )
    assert lines["reasons"].list.len().sum() == 0
