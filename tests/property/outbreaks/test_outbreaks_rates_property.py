"""The exact interval keeps its promise: for any true mean it covers at least 95 counts in 100."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from wardkeeper.outbreaks.rates import poisson_interval

COUNT = st.integers(0, 5000)


@given(mean=st.floats(0.01, 200))
def test_the_interval_covers_the_true_mean_at_least_95_times_in_100(mean):
    counts = np.arange(0, 500)
    lower, upper = poisson_interval(counts, counts)
    covers = (lower <= mean) & (mean <= upper)
    assert poisson.pmf(counts, mean)[covers].sum() >= 0.95 - 1e-9


@given(low=COUNT, width=st.integers(0, 50))
def test_an_interval_count_spans_the_intervals_of_all_it_may_be(low, width):
    possible = np.arange(low, low + width + 1)
    lower, upper = poisson_interval(np.array([low]), np.array([low + width]))
    each_lower, each_upper = poisson_interval(possible, possible)
    assert lower[0] == each_lower.min()
    assert upper[0] == each_upper.max()
    assert (np.diff(each_lower) > 0).all()
