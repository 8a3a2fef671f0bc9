"""What happened lately: moves by tenure, deaths by age, and dates that fit together."""

import polars as pl
import pytest

from wardkeeper.demo.histories import DEATH_DAYS, MOVES_PER_YEAR, YEARS_BACK


@pytest.mark.parametrize("tenure", ["outright", "mortgage", "social", "private"])
def test_households_move_as_often_as_their_tenure_does(whole, tenure):
    hidden = whole.planted.hidden
    heads = whole.people.filter(
        (pl.col("place") == 0) & (pl.col("tenure") == tenure) & ~pl.col("person_id").is_in(hidden)
    )
    expected = 1 - (1 - MOVES_PER_YEAR[tenure]) ** YEARS_BACK
    assert heads["moved"].mean() == pytest.approx(expected, abs=0.015)


def test_a_household_moves_together(middling):
    families = middling.people.filter(~pl.col("role").is_in(["communal"]) & ~pl.col("protected"))
    moves = families.group_by("household").agg(pl.col("in_since").n_unique(), pl.col("moved").n_unique())
    assert moves["in_since"].max() == 1
    assert moves["moved"].max() == 1


def test_those_who_moved_lately_moved_within_three_years(middling, today):
    days = middling.people.filter("moved").select((pl.lit(today) - pl.col("in_since")).dt.total_days()).to_series()
    assert days.min() >= 1
    assert days.max() <= YEARS_BACK * 366


def test_those_who_did_not_move_have_been_there_longer(middling, today):
    settled = middling.people.filter(~pl.col("moved"))
    days = settled.select((pl.lit(today) - pl.col("in_since")).dt.total_days()).to_series()
    assert days.min() >= YEARS_BACK * 365


def test_about_half_of_movers_came_from_within_the_district(whole):
    heads = whole.people.filter((pl.col("place") == 0) & pl.col("moved") & (pl.col("role") != "communal"))
    assert heads["former_uprn"].is_not_null().mean() == pytest.approx(0.55, abs=0.03)


def test_many_in_care_homes_left_a_home_that_still_knows_them(whole):
    residents = whole.people.filter(pl.col("role") == "communal")
    assert residents["former_uprn"].is_not_null().mean() == pytest.approx(0.4, abs=0.05)


def test_the_old_die_more_often_than_the_young(whole):
    died = whole.people.select("age", died=pl.col("died_on").is_not_null())
    young = died.filter(pl.col("age") < 40)["died"].mean()
    old = died.filter(pl.col("age") >= 80)["died"].mean()
    assert young < 0.002
    assert 0.05 < old < 0.2


def test_the_dead_died_within_the_days_registers_lag(whole, today):
    days = whole.people.drop_nulls("died_on").select((pl.lit(today) - pl.col("died_on")).dt.total_days()).to_series()
    assert days.min() >= 5
    assert days.max() < DEATH_DAYS
