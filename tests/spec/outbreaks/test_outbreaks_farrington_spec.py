"""Farrington with the library: years of counts in, the weeks that stand out.

from wardkeeper.outbreaks import farrington

weeks = pl.date_range(date(2015, 1, 5), date(2020, 3, 2), "7d", eager=True)
series = pl.DataFrame({"date": weeks, "north": [4] * 269 + [9], "south": [4] * 270})
found = farrington(series, first=date(2020, 3, 2))
"""

from datetime import date, timedelta

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import farrington

WEEKS = 270
LAST = date(2015, 1, 5) + timedelta(days=7 * (WEEKS - 1))


def weekly(**series: list) -> pl.DataFrame:
    """A frame of weeks from 5 January 2015, as many as there are counts."""
    count = len(next(iter(series.values())))
    return pl.DataFrame({"date": [date(2015, 1, 5) + timedelta(days=7 * at) for at in range(count)], **series})


def last_week(counts: list, **options: object) -> dict:
    return farrington(weekly(cases=counts), first=LAST, **options).row(0, named=True)


def test_each_series_is_compared_with_its_own_earlier_years():
    found = farrington(weekly(north=[4] * 269 + [9], south=[4] * 270), first=LAST)
    assert found.select("series", "t", "date", "observed", "alarm").rows() == [
        ("north", 270, LAST, 9, True),
        ("south", 270, LAST, 4, False),
    ]


# Always 4 a week before: expected 4, no more spread than chance has (phi 1), and nothing uncertain about the mean.
@pytest.mark.parametrize(
    ("options", "upper"),
    [
        ({}, 4 * (1 + 2 / 3 * 1.6448536 / 2) ** 1.5),
        ({"alpha": 0.01}, 4 * (1 + 2 / 3 * 2.3263479 / 2) ** 1.5),
        ({"power_trans": "1/2"}, 4 * (1 + 1 / 2 * 1.6448536 / 2) ** 2),
        ({"power_trans": "none"}, 4 * (1 + 1.6448536 / 2)),
        ({"threshold_method": "nbPlugin"}, 8),  # Poisson: P(8 or fewer | 4) = 0.979, P(7 or fewer) = 0.949
        ({"threshold_method": "muan"}, 8),
        ({"no_periods": 10, "past_weeks_not_included": 26}, 4 * (1 + 2 / 3 * 1.6448536 / 2) ** 1.5),
        # The original bound is two-sided, and its mean of 35 weeks is never taken for surer than Poisson counts are.
        ({"method": "original"}, 4 * (1 + 2 / 3 * 1.9599640 * ((1 + 1 / 35) / 4) ** 0.5) ** 1.5),
    ],
)
def test_the_upper_bound_of_a_steady_series_can_be_worked_out_by_hand(options, upper):
    row = last_week([4] * 270, **options)
    assert row["expected"] == pytest.approx(4)
    assert row["phi"] == 1
    assert row["upper"] == pytest.approx(upper, rel=1e-6)
    assert not row["alarm"]


def test_no_bound_is_given_where_fewer_than_five_cases_were_seen_in_four_weeks():
    quiet = [4] * 266 + [0, 0, 0, 4]
    assert last_week(quiet)["upper"] is None
    assert last_week(quiet)["expected"] is None
    assert last_week(quiet, limit54=(4, 4))["upper"] == pytest.approx(7.706, abs=1e-3)
    # The original method says 0 there, as R's does.
    assert (last_week(quiet, method="original")["upper"], last_week(quiet, method="original")["alarm"]) == (0, False)


def test_the_weeks_just_before_count_as_well_where_fewer_are_left_out_than_the_window_is_wide():
    rising = [4] * 266 + [8, 8, 8, 4]
    plain = {"trend": False, "reweight": False}
    assert last_week(rising, **plain)["expected"] == pytest.approx(4)
    assert last_week(rising, past_weeks_not_included=1, **plain)["expected"] == pytest.approx((35 * 4 + 2 * 8) / 37)
    assert last_week(rising, past_weeks_not_included=0, **plain)["expected"] == pytest.approx((35 * 4 + 3 * 8) / 38)


def test_a_past_outbreak_loses_weight_so_that_it_does_not_hide_the_next():
    a_year_ago = [4] * 217 + [40] + [4] * 51 + [12]
    assert last_week(a_year_ago, reweight=False)["expected"] > last_week(a_year_ago)["expected"]
    assert last_week(a_year_ago)["upper"] < last_week(a_year_ago, reweight=False)["upper"]


def test_a_trend_is_kept_if_it_is_significant_and_expects_no_more_than_was_seen():
    falling = [round(60 * 0.99**week) for week in range(270)]
    assert last_week(falling)["trend"] == pytest.approx(-0.01, abs=2e-3)
    assert last_week(falling, trend=False)["trend"] is None
    assert last_week(falling[::-1])["trend"] is None, "a rise would expect more than was ever seen"


def test_counts_are_allowed_for_the_people_tested():
    twice = weekly(cases=[4] * 260 + [8] * 10).with_columns(tests=pl.Series([100.0] * 260 + [200.0] * 10))
    row = farrington(twice, first=LAST, population="tests").row(0, named=True)
    assert row["expected"] == pytest.approx(8)


def test_a_suppressed_count_raises_an_alarm_only_if_it_does_whatever_it_was():
    before = [str(4)] * 269
    found = [last_week([*before, cell]) for cell in ("5-9", "8-9", "0-2")]
    assert [(row["alarm"], row["possible"]) for row in found] == [(False, True), (True, False), (False, False)]
    assert found[0]["observed"] is None
    assert (found[0]["observed_low"], found[0]["observed_high"]) == (5, 9)


def test_a_suppressed_baseline_is_taken_at_the_middle_of_what_it_may_be():
    assert last_week(["0-2"] * 269 + ["9"])["expected"] == pytest.approx(1)


def test_a_series_without_any_case_gets_no_bound_and_no_alarm_until_cases_come():
    assert last_week([0] * 270)["alarm"] is False
    assert last_week([0] * 270)["upper"] is None
    new = last_week([0] * 269 + [6])
    assert new["alarm"] is True, "six cases of what was never seen"


def test_where_nothing_bounds_a_count_neither_a_score_nor_a_chance_is_told():
    row = last_week([0] * 260 + [3] * 10, threshold_method="muan", past_weeks_not_included=26, limit54=(0, 4))
    assert (row["upper"], row["score"], row["p"], row["alarm"]) == (None, None, None, False)


@pytest.mark.parametrize("threshold_method", ["delta", "nbPlugin", "muan"])
def test_parts_of_the_year_without_cases_are_no_obstacle(threshold_method):
    seasonal = [6 if week % 52 < 10 else 0 for week in range(269)] + [20]
    row = last_week(seasonal, no_periods=10, past_weeks_not_included=26, threshold_method=threshold_method)
    assert row["alarm"] is True


def test_a_year_back_is_found_by_dates_or_by_52_rows():
    # 312 weeks from a year's first week: six years of 52, so week 53 of 2015 must have been left out.
    file = weekly(cases=[week % 52 for week in range(312)])
    by_rows = farrington(file.with_columns(date=pl.col("date") - timedelta(days=7)), first=312, w=0, b=5, trend=False)
    assert by_rows["expected"].to_list() == pytest.approx([51])
    by_dates = farrington(file, first=312, w=0, b=5, trend=False, years="dates")
    assert by_dates["expected"].to_list() != pytest.approx([51])


def test_days_are_compared_with_the_same_days_of_earlier_years():
    days = pl.DataFrame({"date": [date(2015, 1, 1) + timedelta(days=at) for at in range(1900)], "cases": [4] * 1900})
    row = farrington(days, first=1900, b=5).row(0, named=True)
    assert row["upper"] == pytest.approx(7.706, abs=1e-3)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"first": 200}, "Row 200 has too short a history: 264 rows are needed before it."),
        ({"first": 271}, "There is no row 271."),
        ({"b": 9}, "The history is too short: 480 rows are needed before the one looked at."),
        (
            {"threshold_method": "nb"},
            "The setting threshold_method can't be “nb”. Choose one of delta, nbPlugin, muan.",
        ),
        ({"alpha": 0.0}, "The setting alpha must be above 0 and below 0.5."),
        ({"b": 3, "w": 25, "no_periods": 10}, "A year has too few rows for windows so wide and so many periods."),
        ({"b": 3, "w": 20, "no_periods": 13}, "Lessen w, or no_periods to 12: each part of a year needs a row."),
        ({"population_offset": True}, "The setting population_offset needs a population, or a number of tests."),
    ],
)
def test_what_can_not_be_done_is_said_in_words(options, says):
    with pytest.raises(BadInput) as refused:
        farrington(weekly(cases=[4] * 270), **options)
    assert says in str(refused.value)
