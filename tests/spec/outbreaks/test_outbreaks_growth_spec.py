"""Cases by day in, growth per day and days to double (or halve) out.

from wardkeeper.outbreaks import estimate_growth

cases = [round(20 * 1.05**day) for day in range(28)]
newest = estimate_growth(cases).tail(1)
print(newest.select("growth", "growth_low", "growth_high", "doubling_days", "direction"))
"""

import numpy as np
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import GammaInterval, KnownInterval, estimate_growth
from wardkeeper.outbreaks.growth import Direction, GrowthFit, reproduction_from_growth

DAYS = np.arange(28)
WEEKDAYS = np.array([1.0, 1.1, 1.2, 1.0, 0.9, 0.4, 0.5])[DAYS % 7]


def newest(cases, **more) -> dict:
    return estimate_growth(cases, **more).row(-1, named=True)


def test_the_example_above():
    row = newest([round(20 * 1.05**day) for day in range(28)])
    assert row["growth"] == pytest.approx(np.log(1.05), abs=1e-3)
    assert row["doubling_days"] == pytest.approx(14.2, abs=0.3)
    assert row["growth_low"] < np.log(1.05) < row["growth_high"]
    assert row["direction"] == Direction.GROWING


def test_falling_cases_halve_and_their_doubling_days_are_negative():
    row = newest(400 * np.exp(-0.06 * DAYS))
    assert row["direction"] == Direction.SHRINKING
    assert row["doubling_days"] == pytest.approx(-np.log(2) / 0.06)


def test_a_quiet_weekend_is_no_trend():
    row = newest(200 * WEEKDAYS)
    assert row["growth"] == pytest.approx(0, abs=1e-9)
    assert newest(200 * WEEKDAYS * np.exp(0.03 * DAYS))["growth"] == pytest.approx(0.03, abs=1e-8)


def test_where_growth_may_be_nothing_its_doubling_days_have_no_interval():
    row = newest([5, 7, 4, 6, 5, 8, 3] * 4)
    assert row["growth_low"] < 0 < row["growth_high"]
    assert (row["direction"], row["doubling_low"], row["doubling_high"]) == (Direction.NOT_CLEAR, None, None)


def test_too_few_cases_give_no_figure():
    row = newest([0] * 26 + [1, 1])
    assert (row["direction"], row["growth"], row["doubling_days"]) == (Direction.TOO_FEW, None, None)


def test_hidden_counts_enter_as_intervals_and_make_the_answer_less_sure():
    low = np.array([0] * 10 + [3, 4, 4, 5, 6, 6, 7, 9, 9, 11, 12])
    high = np.where(low == 0, 2, low)
    hidden, at_most, at_least = newest(low, high=high), newest(high), newest(low)
    assert at_most["growth"] < hidden["growth"] < at_least["growth"]
    exact = newest(np.where(low == 0, 1, low))
    assert hidden["growth_high"] - hidden["growth_low"] > exact["growth_high"] - exact["growth_low"]


def test_a_nowcasts_uncertain_days_weigh_less():
    cases = np.r_[np.full(20, 50.0), 150.0]
    sure, unsure = newest(cases), newest(cases, sd=np.r_[np.zeros(20), 100.0])
    assert abs(unsure["growth"]) < abs(sure["growth"])


def test_weeks_have_no_weekday_and_growth_is_still_per_day():
    row = newest(100 * np.exp(0.21 * np.arange(8)), fit=GrowthFit(window=8, step_days=7))
    assert row["growth"] == pytest.approx(0.03, abs=1e-9)


def test_growth_gives_r_by_the_serial_interval():
    assert reproduction_from_growth(0.0, GammaInterval(2.6, 1.5)) == pytest.approx(1)
    assert reproduction_from_growth(np.log(2), KnownInterval((0.0, 1.0))) == pytest.approx(2)


@pytest.mark.parametrize(
    ("cases", "says"),
    [
        ([1.0] * 10, "10 steps are too few"),
        ([1.0] * 25 + [-2.0], "below 0"),
        ([1.0] * 25 + [float("nan")], "not known"),
    ],
)
def test_cases_that_cannot_be_used_are_refused(cases, says):
    with pytest.raises(BadInput, match=says):
        estimate_growth(cases)
