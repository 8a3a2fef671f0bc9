"""The fast bounds over suppressed baselines against a plain search of every baseline the intervals allow."""

from itertools import product
from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.outbreaks.detectors import EarsSettings, find_bounds

INTERVAL = st.tuples(st.integers(0, 6), st.integers(0, 3)).map(lambda cell: (cell[0], cell[0] + cell[1]))
BASELINES = st.integers(2, 5).flatmap(
    lambda weeks: st.lists(st.lists(INTERVAL, min_size=weeks, max_size=weeks), min_size=1, max_size=4)
)


def search(baseline: list[tuple[int, int]], ears: EarsSettings) -> tuple[float, float]:
    """Try every whole-number baseline."""
    tries = product(*(range(low, high + 1) for low, high in baseline))
    uppers = [mean(weeks) + ears.factor * max(stdev(weeks), ears.min_sigma) for weeks in tries]
    return min(uppers), max(uppers)


@settings(max_examples=60)
@given(
    baselines=BASELINES,
    min_sigma=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    alpha=st.sampled_from([0.001, 0.01, 0.05, 0.3]),
)
def test_the_bounds_are_those_of_a_full_search(baselines, min_sigma, alpha):
    ears = EarsSettings(baseline=len(baselines[0]), alpha=alpha, min_sigma=min_sigma)
    cells = np.array(baselines, dtype=np.int64)

    bounds = find_bounds(cells[:, :, 0], cells[:, :, 1], ears)

    for row, baseline in enumerate(baselines):
        least, greatest = search(baseline, ears)
        assert bounds.least[row] == pytest.approx(least, abs=1e-9)
        assert bounds.greatest[row] == pytest.approx(greatest, abs=1e-9)


@given(baselines=BASELINES)
def test_hiding_counts_never_raises_an_alarm_that_the_true_counts_would_not(baselines):
    ears = EarsSettings(baseline=len(baselines[0]), min_sigma=1.0)
    cells = np.array(baselines, dtype=np.int64)
    low, high = cells[:, :, 0], cells[:, :, 1]
    hidden = find_bounds(low, high, ears)
    for truth in (low, high, (low + high) // 2):
        exact = find_bounds(truth, truth, ears)
        assert (exact.greatest <= hidden.greatest + 1e-9).all()
        assert (exact.least >= hidden.least - 1e-9).all()
        assert np.allclose(exact.least, exact.greatest)
