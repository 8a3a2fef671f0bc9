"""How unlikely many ratios are at once, and how wide a total's interval is before its errors are known."""

import numpy as np
import pytest

from wardkeeper.outbreaks.delays.spread import STUDENT, learn_spread
from wardkeeper.outbreaks.space.gumbel import gumbel_chance, gumbel_chances

MAXIMA = np.array([4.0, 5.5, 6.1, 7.3, 9.0])


def test_many_ratios_have_the_chances_each_has_alone():
    ratios = np.array([0.0, 5.0, 9.0, 60.0])
    assert gumbel_chances(ratios, MAXIMA).tolist() == [gumbel_chance(one, MAXIMA) for one in ratios]


@pytest.mark.parametrize("maxima", [np.full(9, 3.0), np.array([3.0])])
def test_maxima_that_are_all_alike_tell_nothing(maxima):
    assert gumbel_chances(np.array([1.0, 9.0]), maxima).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("days", [3, 19, 28])
def test_a_series_alone_has_wide_ends_however_few_errors_are_known(days):
    came = np.full((days, 1), 100.0) + np.arange(days)[:, None] % 3
    quantiles = learn_spread(np.full((days, 1), 100.0), came, caution=1.2).quantiles
    assert quantiles[3] / quantiles[2] == pytest.approx(STUDENT[3] / STUDENT[2])
