"""Simulated cases: seeded, late, repeated now and then, with two clusters that stand out."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from wardkeeper.demo.cases import WEEKS, simulate
from weekly_counts import MARK, count_weeks

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def population(middling):
    return middling.count_people("lsoa")


@pytest.fixture(scope="module")
def cases(pack, population):
    return simulate(pack, population, seed=4, today=TODAY)


def test_the_line_list_has_the_agreed_columns(cases):
    assert cases.line_list.columns == ["case", "event_date", "report_date", "lsoa"]
    assert sum(cases.line_list.null_count().row(0)) == 0


def test_the_same_seed_gives_the_same_cases(pack, population, cases):
    assert_frame_equal(simulate(pack, population, seed=4, today=TODAY).line_list, cases.line_list)


def test_another_seed_gives_other_cases(pack, population, cases):
    assert not simulate(pack, population, seed=5, today=TODAY).line_list.equals(cases.line_list)


def test_cases_are_in_the_districts_areas(cases, population):
    assert set(cases.line_list["lsoa"]) <= set(population["area"])


def test_nothing_is_reported_before_it_happens_or_after_today(cases):
    assert (cases.line_list["report_date"] >= cases.line_list["event_date"]).all()
    assert cases.line_list["report_date"].max() <= TODAY


def test_reports_come_some_days_late_and_so_the_newest_days_are_thin(cases):
    delays = (cases.line_list["report_date"] - cases.line_list["event_date"]).dt.total_days()
    assert 2 < delays.mean() < 5
    back = (pl.lit(TODAY) - pl.col("event_date")).dt.total_days()
    newest = cases.line_list.filter(back < 2)
    before = cases.line_list.filter(back.is_between(7, 13))
    assert len(newest) / 2 < 0.7 * len(before) / 7


def test_a_few_cases_are_reported_twice(cases):
    repeats = len(cases.line_list) - cases.line_list["case"].n_unique()
    assert 0.01 < repeats / len(cases.line_list) < 0.05


def test_two_clusters_of_neighbouring_areas_are_planted(cases, population):
    now, before = cases.clusters
    assert not set(now.areas) & set(before.areas)
    assert set(now.areas) | set(before.areas) <= set(population["area"])
    assert (now.last_week_back, before.last_week_back) == (0, 12)


@pytest.mark.parametrize("number", [0, 1])
def test_a_cluster_stands_out_from_its_own_past(cases, number):
    cluster = cases.clusters[number]
    week = (pl.lit(TODAY) - pl.col("event_date")).dt.total_days() // 7
    inside = cases.line_list.filter(pl.col("lsoa").is_in(cluster.areas)).group_by(week=week).len()
    during = inside.filter(pl.col("week").is_between(cluster.last_week_back, cluster.first_week_back))["len"].mean()
    otherwise = inside.filter(pl.col("week") > cluster.first_week_back)["len"].mean()
    assert during > 2.5 * otherwise


def test_weeks_end_on_saturdays_and_each_area_has_each_week(cases, population):
    weekly = count_weeks(cases, population["area"].to_list(), suppressed=False)
    assert len(weekly) == len(population) * (WEEKS - 1)
    assert (weekly["week_end"].dt.weekday() == 6).all()
    assert weekly["week_end"].max() == date(2026, 11, 21)


def test_weekly_counts_count_each_case_once(cases, population):
    weekly = count_weeks(cases, population["area"].to_list(), suppressed=False)
    single = cases.line_list.unique("case").filter(pl.col("event_date") <= date(2026, 11, 21))
    oldest = weekly["week_end"].min()
    counted = single.filter(pl.col("event_date") > oldest - pl.duration(days=7))
    assert weekly["cases"].cast(pl.Int64).sum() == len(counted)


def test_suppression_hides_nought_to_two_and_nothing_else(cases, population):
    areas = population["area"].to_list()
    shown, open_counts = (count_weeks(cases, areas, suppressed=hide) for hide in (True, False))
    both = shown.join(open_counts, on=["area", "week_end"], suffix="_true")
    hidden = both.filter(pl.col("cases") == MARK)["cases_true"].cast(pl.Int64)
    seen = both.filter(pl.col("cases") != MARK)
    assert 0.1 < len(hidden) / len(both) < 0.9
    assert hidden.max() <= 2
    assert (seen["cases"] == seen["cases_true"]).all()
    assert seen["cases"].cast(pl.Int64).min() >= 3
