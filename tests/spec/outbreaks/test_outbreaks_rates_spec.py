"""Counts and people in, rates per 100,000 with exact 95% intervals out."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import chi2

from wardkeeper.outbreaks.rates import NO_POPULATION, SUPPRESSED, add_rates, poisson_interval


def rated(low: int, high: int, population: int | None) -> dict:
    frame = pl.DataFrame(
        {"low": [low], "high": [high], "population": [population]}, schema_overrides={"population": pl.Int64}
    )
    return add_rates(frame).row(0, named=True)


# Garwood's limits as printed in tables of exact Poisson intervals.
@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [
        (0, 0.0, 3.6889),
        (1, 0.0253, 5.5716),
        (2, 0.2422, 7.2247),
        (5, 1.6235, 11.6683),
        (10, 4.7954, 18.3904),
        (100, 81.3640, 121.6272),
    ],
)
def test_the_interval_is_the_exact_one(count, lower, upper):
    low, high = poisson_interval(np.array([count]), np.array([count]))
    assert (low[0], high[0]) == pytest.approx((lower, upper), abs=5e-4)


def test_the_interval_agrees_with_quantiles_of_chi_squared():
    counts = np.arange(1, 500)
    low, high = poisson_interval(counts, counts)
    assert np.allclose(low, chi2.ppf(0.025, 2 * counts) / 2, rtol=1e-10)
    assert np.allclose(high, chi2.ppf(0.975, 2 * counts + 2) / 2, rtol=1e-10)


def test_a_rate_is_cases_per_100_000_people():
    row = rated(5, 5, 10_000)
    assert (row["rate"], row["rate_note"]) == (50.0, "")
    assert (row["rate_low"], row["rate_high"]) == pytest.approx((16.235, 116.683), abs=5e-3)


def test_a_suppressed_count_has_no_rate_but_an_interval_from_its_smallest_to_its_largest():
    row = rated(1, 2, 10_000)
    assert (row["rate"], row["rate_note"]) == (None, SUPPRESSED)
    assert (row["rate_low"], row["rate_high"]) == pytest.approx((0.253, 72.247), abs=5e-3)


@pytest.mark.parametrize("population", [None, 0])
def test_without_people_there_is_no_rate_and_the_reason_is_given(population):
    row = rated(5, 5, population)
    assert (row["rate"], row["rate_low"], row["rate_high"], row["rate_note"]) == (None, None, None, NO_POPULATION)
