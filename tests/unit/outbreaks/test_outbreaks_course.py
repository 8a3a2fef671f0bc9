"""The course of an outbreak: weeks added up, and growth in words."""

from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.outbreaks.counts import ESTIMATES, Counts
from wardkeeper.outbreaks.course import course_of, say_course
from wardkeeper.outbreaks.growth import Direction

LAST = date(2020, 6, 12)


def counts_of(*areas, high=None, incomplete=0, **estimates):
    """Counts of areas, one list of weekly cases each, the oldest week first; the last `incomplete` weeks are so."""
    weeks = len(areas[0])
    rows = [
        {
            "area": f"E0{area}",
            "week_end": LAST - timedelta(weeks=weeks - 1 - week),
            "low": low,
            "high": (high or areas)[area][week],
            "population": 1000,
            "incomplete": week >= weeks - incomplete,
            **{name: estimates[name][week] if estimates else None for name in ESTIMATES},
        }
        for area, cases in enumerate(areas)
        for week, low in enumerate(cases)
    ]
    return Counts(pl.DataFrame(rows, schema_overrides=dict.fromkeys(ESTIMATES, pl.Float64)), 5)


def test_the_weeks_of_all_areas_are_added():
    weeks = course_of(counts_of([1, 2, 3], [10, 20, 30])).weeks
    assert weeks["low"].to_list() == [11, 22, 33]
    assert weeks["week_end"].to_list()[-1] == LAST
    assert weeks["areas"].to_list() == [2, 2, 2]


def test_some_areas_alone_can_be_asked_for():
    assert course_of(counts_of([1, 2, 3], [10, 20, 30]), ["E01"]).weeks["low"].to_list() == [10, 20, 30]


def test_hidden_counts_stay_a_range():
    weeks = course_of(counts_of([0, 5], [0, 7], high=([2, 5], [2, 7]))).weeks
    assert weeks.select("low", "high", "hidden").rows() == [(0, 4, 2), (12, 12, 0)]


def test_cases_that_double_each_week_are_said_to():
    found = course_of(counts_of([20, 40, 80, 160, 320]))
    assert found.growth.direction is Direction.GROWING
    assert found.growth.doubling_days == pytest.approx(7, rel=0.01)
    assert say_course(found.growth).startswith("Cases are rising by about 100% a week (likely")
    assert "double in about 7 days" in say_course(found.growth)


def test_cases_that_halve_each_week_are_said_to():
    words = say_course(course_of(counts_of([320, 160, 80, 40, 20])).growth)
    assert words.startswith("Cases are falling by about 50% a week")
    assert "halve in about 7 days" in words


def test_level_cases_are_not_clear_either_way():
    assert "not clear whether cases rise or fall" in say_course(course_of(counts_of([50, 52, 49, 51, 50])).growth)


def test_a_week_that_waits_for_late_reports_is_not_read_as_a_fall():
    found = course_of(counts_of([20, 40, 80, 160, 320, 3], incomplete=1))
    assert found.growth.last == LAST - timedelta(weeks=1)
    assert found.growth.doubling_days == pytest.approx(7, rel=0.01)


def test_with_an_estimate_of_late_reports_the_newest_week_counts():
    estimate = {
        "estimate": [None] * 4 + [320.0],
        "estimate_low": [None] * 4 + [300.0],
        "estimate_high": [None] * 4 + [340.0],
    }
    found = course_of(counts_of([20, 40, 80, 160, 3], incomplete=1, **estimate))
    assert found.weeks["estimate"].to_list() == [None, None, None, None, 320.0]
    assert found.growth.last == LAST
    assert found.growth.doubling_days == pytest.approx(7, rel=0.05)


def test_an_area_without_an_estimate_adds_what_was_counted_of_it():
    first = counts_of([10], incomplete=1, estimate=[12.0], estimate_low=[11.0], estimate_high=[14.0]).frame
    second = first.with_columns(
        area=pl.lit("E09"), low=pl.lit(4), high=pl.lit(4), **{name: pl.lit(None, pl.Float64) for name in ESTIMATES}
    )
    weeks = course_of(Counts(pl.concat([first, second.select(first.columns).cast(first.schema)]), 5)).weeks
    assert weeks.select(ESTIMATES).row(0) == (16.0, 15.0, 18.0)


def test_fewer_weeks_say_so():
    found = course_of(counts_of([20, 40, 80, 160]))
    assert found.growth is None
    assert "too few" in say_course(found.growth)


def test_next_to_no_cases_have_no_growth():
    assert say_course(course_of(counts_of([0, 0, 1, 0, 1])).growth) == "There are too few cases to say how they grow."


def test_a_week_that_is_missing_in_between_gives_no_growth():
    frame = counts_of([20, 40, 80, 160, 320, 640]).frame
    gap = frame.filter(pl.col("week_end") != LAST - timedelta(weeks=2))
    assert course_of(Counts(gap, 5)).growth is None
