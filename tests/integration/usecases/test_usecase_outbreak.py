"""Cases and rates: who may, what is shown, and that a hidden count is never a nought."""

import json
from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.demo import cast
from wardkeeper.kernel.errors import NotFound, Refused
from wardkeeper.outbreaks.published import from_published
from wardkeeper.usecases.load_cases import Figures, load_figures
from wardkeeper.usecases.view_outbreak import view

WEEKS = [date(2026, 9, 5) + timedelta(weeks=week) for week in range(11)]


@pytest.fixture
def counts(town):
    """Published counts for two areas: one with a hidden week, one that shot up."""
    steady, risen = town.places().areas.frame["area"].sort().to_list()[:2]
    table = [(steady, week, "5") for week in WEEKS[:-1]] + [(steady, WEEKS[-1], "suppressed")]
    table += [(risen, week, "5") for week in WEEKS[:-1]] + [(risen, WEEKS[-1], "90")]
    frame = pl.DataFrame(
        [(area, f"{week}", cases) for area, week, cases in table],
        schema=["areaCode", "date", "newCasesBySpecimenDateRollingSum"],
        orient="row",
    )
    population = pl.DataFrame({"area": [steady, risen], "population": [1500, 1500]})
    return from_published(frame, as_of=date(2026, 11, 22), population=population)


def load_two(house, counts, actor=cast.PUBLIC_HEALTH):
    """Replace the town's figures, which have more areas and a newer week: both are the loader's word."""
    return load_figures(house, actor, Figures(counts, "Two areas, invented", older=True, restated=True))


def row(shown, code):
    return shown.areas.row(by_predicate=pl.col("code") == code, named=True)


def test_what_was_loaded_is_what_is_shown(house, counts):
    loaded = load_two(house, counts)
    shown = view(house, cast.PUBLIC_HEALTH, WEEKS[-1])
    assert (loaded.areas, loaded.weeks) == (2, 11)
    assert (shown.weeks, shown.source, shown.week) == (WEEKS, "Two areas, invented", WEEKS[-1])


def test_a_hidden_count_is_an_interval_and_never_a_nought(house, counts):
    load_two(house, counts)
    shown = view(house, cast.PUBLIC_HEALTH, WEEKS[-1])
    hidden = row(shown, counts.areas[0])
    assert hidden["suppressed"]
    assert hidden["low"] < hidden["high"]
    assert hidden["rate"] is None
    assert hidden["rate_low"] < hidden["rate_high"]
    assert any("not read as zero" in words for words in shown.missing)


def test_in_the_demonstration_too_no_hidden_count_has_a_rate(house):
    for week in view(house, cast.PUBLIC_HEALTH).weeks:
        hidden = view(house, cast.PUBLIC_HEALTH, week).areas.filter("suppressed")
        assert hidden["rate"].null_count() == hidden.height
        assert (hidden["high"] > 0).all()


def test_an_unusual_rise_comes_first_and_says_why(house, counts):
    load_two(house, counts)
    shown = view(house, cast.PUBLIC_HEALTH, WEEKS[-1])
    first = shown.areas.row(0, named=True)
    assert (first["code"], first["alarm"], shown.alarms) == (counts.areas[1], "raised", 1)
    assert "90" in first["why"]
    assert first["rate_low"] < first["rate"] < first["rate_high"]


def test_a_quiet_week_raises_nothing(house, counts):
    load_two(house, counts)
    assert view(house, cast.PUBLIC_HEALTH, WEEKS[-2]).alarms == 0


@pytest.mark.parametrize(
    "actor", [cast.PUBLIC_HEALTH, cast.ANALYST, cast.PLANNER], ids=["health", "analyst", "planner"]
)
def test_those_who_plan_may_look(house, actor):
    assert view(house, actor).areas.height > 0


@pytest.mark.parametrize(
    "actor", [cast.CREW, cast.VOLUNTEER, cast.DPO, cast.DIRECTOR], ids=["crew", "volunteer", "dpo", "director"]
)
def test_others_may_not(house, actor):
    with pytest.raises(Refused):
        view(house, actor)


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.CREW, cast.DPO], ids=["planner", "crew", "dpo"])
def test_who_may_not_load_changes_nothing(house, counts, actor):
    before = house.store.current("outbreaks/area-weeks")
    with pytest.raises(Refused):
        load_two(house, counts, actor)
    assert house.store.current("outbreaks/area-weeks") == before


@pytest.mark.parametrize("purpose", ["debt-recovery", "fraud", "enforcement", "immigration", "emergency-response"])
def test_g9_cases_are_for_public_health_only(house, purpose):
    with pytest.raises(Refused):
        view(house, cast.PUBLIC_HEALTH, purpose=purpose)


def test_a_week_that_is_not_held_says_which_are(house):
    with pytest.raises(NotFound) as raised:
        view(house, cast.PUBLIC_HEALTH, date(2001, 1, 6))
    assert raised.value.message == "There are no counts for the week ending 2001-01-06."
    assert raised.value.next.startswith("The nearest held ends on ")


def test_looking_is_on_the_ledger_with_the_number_of_rises(house, counts):
    load_two(house, counts)
    view(house, cast.PUBLIC_HEALTH, WEEKS[-1])
    leaf = json.loads(list(house.store.leaves())[-1])
    assert (leaf["type"], leaf["detail"]) == ("alarms.raised", {"week": "2026-11-14", "alarms": 1})
