"""EARS and CUSUM with the library: a few weeks of counts in, the weeks that stand out.

from wardkeeper.outbreaks import cusum, ears

weeks = pl.date_range(date(2026, 8, 31), date(2026, 11, 2), "7d", eager=True)
series = pl.DataFrame({"date": weeks, "north": [4, 4, 4, 4, 4, 4, 4, 4, 4, 8]})
found = ears(series, method="C2", min_sigma=1)
"""

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from scipy.integrate import quad

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import cusum, ears


def weekly(cells: str) -> pl.DataFrame:
    written = cells.split()
    return pl.DataFrame(
        {"date": [date(2026, 8, 31) + timedelta(days=7 * at) for at in range(len(written))], "north": written}
    )


def last_of(found: pl.DataFrame) -> dict:
    return found.row(-1, named=True)


@pytest.mark.parametrize(
    ("method", "cells", "upper", "alarm"),
    [
        ("C1", "3 5 3 5 3 5 4   8", 4 + 3.0902323 * 1, True),
        ("C1", "3 5 3 5 3 5 4   7", 4 + 3.0902323 * 1, False),
        ("C2", "3 5 3 5 3 5 4   9 9   8", 4 + 3.0902323 * 1, True),
    ],
)
def test_a_count_is_compared_with_seven_weeks_before(method, cells, upper, alarm):
    row = last_of(ears(weekly(cells), method=method))
    assert row["alarm"] is alarm
    assert row["expected"] == pytest.approx(4)
    assert row["upper"] == pytest.approx(upper, abs=1e-6)


def test_c3_adds_up_what_the_two_weeks_before_had_too_many():
    # The weeks before lie 2 and 0 deviations above: an excess of 2 - 1 = 1.
    row = last_of(ears(weekly("4 4 4 4 4 4 4 4 4   6 4   4"), method="C3", min_sigma=1))
    assert row["upper"] == pytest.approx(4 + 1 * (1.9599640 - (2 - 1)))
    assert row["alarm"] is False


def test_the_default_chance_is_that_of_the_cdc():
    flat = weekly("4 4 4 4 4 4 4 4 4 4 4 4")
    factors = [last_of(ears(flat, method=method, min_sigma=1))["upper"] - 4 for method in ("C1", "C2", "C3")]
    assert factors == pytest.approx([3.0902323, 3.0902323, 1.9599640])


def test_hidden_counts_raise_an_alarm_only_if_it_stands_whatever_they_were():
    found = [last_of(ears(weekly("0-2 " * 9 + count), method="C2", min_sigma=1)) for count in ("3", "5", "6")]
    assert [(row["alarm"], row["possible"]) for row in found] == [(False, False), (False, True), (True, False)]
    with pytest.raises(BadInput, match="C3 needs exact counts"):
        ears(weekly("0-2 " * 12 + "6"), method="C3")


def test_cusum_adds_up_small_excesses():
    found = cusum(weekly("4 4 4 4 4   7 7 7 7"), first=6)
    # (7 - 4) / 2 = 1.5 is 0.46 more than k = 1.04, each week: 2.26 is reached only in the fifth.
    assert found["cusum"].to_list() == pytest.approx([0.46, 0.92, 1.38, 1.84])
    # The least count that would reach it: 4 + 2 (2.26 + 1.04 - sum), rounded up.
    assert found["upper"].to_list() == [11, 10, 9, 8]
    assert not found["alarm"].any()
    assert cusum(weekly("4 4 4 4 4   7 7 7 7"), first=6, h=1.5)["alarm"].to_list() == [False, False, False, True]


def test_rossis_bound_is_not_rounded():
    row = cusum(weekly("4 4 4 4 9"), first=5, trans="rossi").row(0, named=True)
    # (9 - 3 * 4 + 2 * 6) / 4 = 2.25
    assert row["cusum"] == pytest.approx(2.25 - 1.04)
    x = row["upper"]
    assert (x - 12 + 2 * (4 * x) ** 0.5) / 4 == pytest.approx(2.26 + 1.04)


@pytest.mark.parametrize(
    "trans", ["standard", "rossi", "anscombe", "anscombe2nd", "pearsonNegBin", "anscombeNegBin", "none"]
)
def test_a_count_above_the_bound_is_an_alarm_and_one_below_is_none(trans):
    options = {"trans": trans, "m": 4, "alpha": 0.2, "k": 5 if trans == "none" else 1.04}
    upper = cusum(weekly("4"), **options)["upper"][0]
    for count, alarm in ((int(upper) + 1, True), (max(int(upper - 1e-9) - 1, 0), False)):
        assert cusum(weekly(str(count)), **options)["alarm"].to_list() == [alarm]


def test_anscombes_residual_of_a_negative_binomial_is_the_integral_of_its_variance():
    found = cusum(weekly("0 3 14 60"), trans="anscombeNegBin", m=2.5, alpha=0.3, k=0, h=1e6)["cusum"].to_list()
    for (before, after), count in zip(pairwise([0.0, *found]), (0, 3, 14, 60), strict=True):
        integral, _ = quad(lambda t: (t + 0.3 * t**2) ** (-1 / 3), 2.5, count)
        residual = integral / (2.5 + 0.3 * 2.5**2) ** (1 / 6)
        assert after == pytest.approx(max(0, before + residual), rel=1e-7)


def test_a_season_can_be_expected():
    waves = weekly(" ".join(str(10 + 8 * (week % 52 < 26)) for week in range(208)))
    found = cusum(waves.with_columns(date=pl.col("date") - timedelta(days=7 * 200)), m="glm", first=157)
    halves = found["expected"].to_numpy().reshape(2, 26).mean(axis=1)
    assert halves == pytest.approx([18, 10], abs=2)


def test_a_season_is_expected_without_a_trend():
    rising = weekly(" ".join(str(week) for week in range(157)))
    found = cusum(rising, m="glm", first=157)
    # Three whole years from 0 to 155 cases: no trend is carried on to the 157th week.
    assert found["expected"].to_list() == pytest.approx([77.5], rel=0.2)


def test_where_nothing_was_ever_seen_nothing_is_expected():
    row = cusum(weekly("0 0 0 0 5"), first=5).row(0, named=True)
    assert (row["upper"], row["alarm"]) == (None, False)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ears(weekly("1 2 3")), "The history is too short: 7 rows are needed before the one looked at."),
        (lambda: ears(weekly("1 2 3"), method="C4"), "The setting method can't be “C4”."),
        (lambda: cusum(weekly("1 2 3")), "It isn't said at which row monitoring begins"),
        (lambda: cusum(weekly("1 2 3"), m="loess"), "The setting m must be a number above 0"),
        (lambda: cusum(weekly("1 2 3"), first=2, trans="pearsonNegBin"), "The setting alpha must be given"),
    ],
)
def test_what_can_not_be_done_is_said_in_words(call, says):
    with pytest.raises(BadInput) as refused:
        call()
    assert says in str(refused.value)
