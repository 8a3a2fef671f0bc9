"""Cases by day in, R by window out: how many people one infected person goes on to infect.

from wardkeeper.outbreaks import GammaInterval, estimate_r

cases = [1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12]
windows = estimate_r(cases, GammaInterval(mean=2.6, sd=1.5), window=7)
print(windows.select("start", "end", "mean", "q025", "q975"))
"""

import numpy as np
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import GammaInterval, KnownInterval, UncertainInterval, estimate_r
from wardkeeper.outbreaks.reproduction import Prior, infectiousness
from wardkeeper.outbreaks.serial_intervals import discretise

CASES = [1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12]
NEXT_DAY = KnownInterval((0.0, 1.0))
FLU = GammaInterval(mean=2.6, sd=1.5)


def test_the_example_above():
    windows = estimate_r(CASES, FLU, window=7)
    assert windows.height == 7
    first = windows.row(0, named=True)
    assert (first["start"], first["end"]) == (2, 8)
    assert (first["mean"], first["q025"], first["q975"]) == pytest.approx((1.7358, 1.0287, 2.6248), abs=1e-4)


def test_by_hand_where_everybody_infects_on_the_next_day():
    # Days 2 and 3 have 4 and 8 cases, those before them 2 and 4: shape 1 + 12, rate 1/5 + 6.
    row = estimate_r([2, 4, 8], NEXT_DAY, window=2).row(0, named=True)
    assert (row["mean"], row["sd"]) == pytest.approx((13 / 6.2, 13**0.5 / 6.2))


def test_r_is_not_told_of_windows_that_end_within_the_mean_serial_interval():
    after_three_days = KnownInterval((0.0, 0.0, 0.0, 1.0))
    found = estimate_r([5, 0, 0, 5, 5, 6], after_three_days, window=1)
    assert found.select("end", "mean").rows()[:3] == [(2, None), (3, None), (4, pytest.approx((1 + 5) / (0.2 + 5)))]


def test_infectiousness_weighs_earlier_cases_by_the_serial_interval():
    assert infectiousness([10, 0, 4, 0], KnownInterval((0.0, 0.5, 0.3, 0.2))).tolist() == [0, 5, 3, 4]


@pytest.mark.parametrize(("mean", "sd"), [(0, 5), (5, 0), (5, 1e-200), (5, 1e200), (1e300, 5), (float("nan"), 5)])
def test_a_prior_that_nobody_can_reckon_with_is_refused(mean, sd):
    with pytest.raises(BadInput, match="The prior of R needs a mean and a standard deviation from 1e-06 to 1,000,000"):
        Prior(mean, sd)


def test_without_cases_the_prior_is_the_answer_and_says_nothing_of_r_being_low():
    row = estimate_r(np.zeros(10), FLU).row(0, named=True)
    assert (row["mean"], row["sd"]) == (5.0, 5.0)
    assert estimate_r(np.zeros(10), FLU, prior=Prior(2.0, 1.0)).row(0, named=True)["mean"] == 2.0


def test_imported_cases_infect_others_and_are_nobodys_fault_here():
    all_local = estimate_r([2, 4, 8], NEXT_DAY, window=2).row(0, named=True)["mean"]
    some = estimate_r([2, 4, 8], NEXT_DAY, window=2, imported=[2, 3, 0]).row(0, named=True)["mean"]
    assert some == pytest.approx((1 + 9) / 6.2)
    assert some < all_local


def test_many_series_are_answered_together_as_each_alone():
    both = estimate_r([CASES, CASES[::-1]], FLU)
    assert both["series"].unique().to_list() == [0, 1]
    alone = estimate_r(CASES[::-1], FLU)
    assert both.filter(both["series"] == 1).drop("series").equals(alone.drop("series"))


def test_an_uncertain_serial_interval_widens_the_answer_and_is_the_same_for_the_same_seed():
    unsure = UncertainInterval(2.6, 1.5, mean_sd=1.0, sd_sd=0.5)
    first, again = (estimate_r(CASES, unsure, seed=7) for _ in range(2))
    other = estimate_r(CASES, unsure, seed=8)
    assert first.equals(again)
    assert not first.equals(other)
    sure = estimate_r(CASES, FLU)
    assert (first["q975"] - first["q025"] > sure["q975"] - sure["q025"]).all()


def test_an_interval_without_any_doubt_left_is_the_plain_one():
    sure = estimate_r(CASES, FLU)
    same = estimate_r(CASES, UncertainInterval(2.6, 1.5, mean_sd=0.0, draws=3))
    for column in ("mean", "sd", "q025", "median", "q975"):
        assert np.allclose(sure[column], same[column], rtol=1e-9)


def test_the_limits_of_an_uncertain_interval_are_two_deviations_away_unless_given():
    assert UncertainInterval(4.0, 2.0, mean_sd=0.5, sd_sd=0.25).limits == ((3.0, 5.0), (1.5, 2.5))
    assert UncertainInterval(4.0, 2.0, mean_sd=0.5, mean_limits=(3.5, None)).limits[0] == (3.5, 5.0)
    # A mean is never drawn at or below the least deviation.
    assert UncertainInterval(2.6, 1.5, mean_sd=5.0).limits[0][0] == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"mean_sd": -1.0}, "deviations of 0 or more"),
        ({"mean_sd": float("nan")}, "deviations of 0 or more"),
        ({"mean_sd": 1.0, "mean_limits": (3.0, 4.0)}, "do not hold its own mean"),
        ({"mean_sd": 1.0, "mean_limits": (1.0, 4.0)}, "least standard deviation is not below"),
    ],
)
def test_an_uncertain_interval_that_cannot_be_is_refused(settings, says):
    with pytest.raises(BadInput, match=says):
        UncertainInterval(2.6, 1.5, **settings)


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ((0.2, 0.8), "begins with 0.2"),
        ((0.0, 0.5, 0.3), "add up to 0.8"),
        ((0.0, 1.5, -0.5), "none below 0"),
        ((0.0,), "needs a share for day 0"),
    ],
)
def test_a_serial_interval_that_cannot_be_is_refused(shares, says):
    with pytest.raises(BadInput, match=says):
        KnownInterval(shares)


@pytest.mark.parametrize(("mean", "sd"), [(1.0, 1.0), (0.5, 1.0), (2.0, 0.0), (float("nan"), 1.0)])
def test_a_gamma_interval_needs_a_mean_above_a_day_and_a_deviation(mean, sd):
    with pytest.raises(BadInput, match="cannot be used"):
        GammaInterval(mean, sd)


@pytest.mark.parametrize(
    ("cases", "window", "says"),
    [
        ([3, -1, 4, 5], 2, "Cases of day 2 of series 1 are below 0"),
        ([3, float("nan"), 4, 5], 2, "Cases of day 2 of series 1 are not known"),
        ([3, 1, 4], 0, "A window cannot be of 0 days"),
        ([3, 1], 2, "2 days are too few for a window of 2 days"),
    ],
)
def test_cases_that_cannot_be_used_are_refused(cases, window, says):
    with pytest.raises(BadInput, match=says):
        estimate_r(cases, FLU, window=window)


def test_the_discretised_gamma_adds_up_to_nearly_1_with_nothing_on_day_0():
    shares = discretise(2.6, 1.5, 40)
    assert shares[0] == 0
    assert shares.sum() == pytest.approx(1, abs=1e-8)
    # The whole day nearest keeps the mean: the web appendix's discretisation is unbiased.
    assert shares @ np.arange(40) == pytest.approx(2.6, abs=1e-6)
