"""The fit of many series at once against a plain one: one series at a time, a full design matrix and least squares."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.outbreaks import farrington
from wardkeeper.outbreaks.series.histories import Histories
from wardkeeper.outbreaks.series.settings import Farrington
from wardkeeper.outbreaks.series.years import Baseline, Years, find_baseline, find_centres

WEEKS = 230


def histories(counts: np.ndarray, population: np.ndarray | None = None) -> Histories:
    dates = tuple(date(2015, 1, 5) + timedelta(days=7 * at) for at in range(counts.shape[1]))
    return Histories(tuple(f"s{at}" for at in range(len(counts))), dates, counts, counts, population)


def fit_plainly(y: np.ndarray, design: np.ndarray, offset: np.ndarray, weights: np.ndarray) -> tuple:
    """Iteratively reweighted least squares, each step solved by orthogonal decomposition."""
    mean = y + 0.1
    eta, before = np.log(mean), np.inf
    for _ in range(25):
        working = weights * mean
        root = np.sqrt(working)
        target = eta - offset + (y - mean) / mean
        found, *_ = np.linalg.lstsq(design * root[:, None], target * root, rcond=None)
        eta = design @ found + offset
        mean = np.exp(eta)
        logs = np.where(y > 0, y * np.log(np.where(y > 0, y, 1) / mean), 0)
        deviance = 2 * (weights * (logs - (y - mean))).sum()
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            break
        before = deviance
    return found, mean, working, np.linalg.inv(design.T @ (design * working[:, None]))


def answer_plainly(y: np.ndarray, offset: np.ndarray, baseline: Baseline, row: int, chosen: Farrington) -> tuple:
    """Expected count (before the offset of the time looked at), its standard error, phi, and the slope."""
    levels = (baseline.levels[:, None] == np.arange(1, baseline.levels.max() + 1)).astype(float)
    design = np.column_stack([np.ones(len(y)), levels, baseline.rows - row])
    if not chosen.trend:
        design = design[:, :-1]
    weights, freedom = np.ones(len(y)), len(y) - design.shape[1]
    found, mean, working, covariance = fit_plainly(y, design, offset, weights)
    if chosen.reweight:
        phi = max(1, (working * ((y - mean) / mean) ** 2).sum() / freedom)
        leverage = working * np.einsum("ij,jk,ik->i", design, covariance, design)
        scaled = 1.5 * (y ** (2 / 3) * mean ** (-1 / 6) - mean**0.5) / np.sqrt(phi * (1 - leverage))
        weights = np.where(scaled > chosen.weights_threshold, 1 / np.maximum(scaled, 1e-9) ** 2, 1)
        weights *= len(y) / weights.sum()
        found, mean, working, covariance = fit_plainly(y, design, offset, weights)
    phi = max(1, (working * ((y - mean) / mean) ** 2).sum() / freedom)
    # R's flexible fit weighs the residuals of its standard errors by prior weights alone, where it has any.
    spread = ((weights if chosen.reweight else working) * ((y - mean) / mean) ** 2).sum() / freedom
    return np.exp(found[0]), np.sqrt(spread * covariance[0, 0]), phi, found[-1]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    level=st.floats(0.7, 30),
    periods=st.sampled_from([1, 4, 10]),
    trend=st.booleans(),
    reweight=st.booleans(),
    people=st.booleans(),
)
def test_many_series_at_once_are_fitted_as_one_at_a_time_would_be(seed, level, periods, trend, reweight, people):
    random = np.random.default_rng(seed)
    counts = random.poisson(level * random.gamma(3, 1 / 3, (4, WEEKS))).astype(np.int64)
    population = random.uniform(50, 150, (4, WEEKS)) if people else None
    chosen = Farrington(
        b=3, trend=trend, reweight=reweight, no_periods=periods, p_threshold_trend=1, limit54=(0, 4), threshold_method="muan",
        past_weeks_not_included=20, population_offset=people,
    )  # fmt: skip
    history, row = histories(counts, population), WEEKS - 1
    found = farrington(history, chosen, first=WEEKS)
    centres = find_centres(history, row, 3, Years.DATES)
    baseline = find_baseline(centres, half=3, levels=periods, left_out=20)
    for at, one in enumerate(found.iter_rows(named=True)):
        if trend and one["trend"] is None:
            continue  # it expected more than was ever seen, and was fitted again without a trend
        y = counts[at, baseline.rows].astype(float)
        offset = np.log(population[at, baseline.rows]) if people else np.zeros(len(y))
        mean, error, phi, slope = answer_plainly(y, offset, baseline, row, chosen)
        mean *= population[at, row] if people else 1
        assert one["expected"] == pytest.approx(mean, rel=1e-6)
        assert one["phi"] == pytest.approx(phi, rel=1e-6)
        assert one["mu0"] == pytest.approx(mean * np.exp(1.6448536269514722 * error), rel=1e-6)
        if trend:
            assert one["trend"] == pytest.approx(slope, rel=1e-5, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), threshold=st.sampled_from(["delta", "nbPlugin", "muan"]))
def test_a_series_is_judged_the_same_in_company_as_alone(seed, threshold):
    random = np.random.default_rng(seed)
    counts = random.poisson(random.gamma(1, 2, (5, 1)) * np.ones((1, WEEKS))).astype(np.int64)
    options = {"b": 3, "no_periods": 10, "threshold_method": threshold, "first": WEEKS - 3}
    together = farrington(histories(counts), **options)
    for at in range(5):
        alone = farrington(histories(counts[at : at + 1]), **options)
        shared = together[at * 4 : at * 4 + 4]
        assert alone.drop("series").equals(shared.drop("series"))


@given(row=st.integers(170, 600), half=st.integers(0, 5), levels=st.integers(1, 12), left_out=st.integers(0, 60))
def test_a_baseline_never_holds_what_it_must_leave_out_and_covers_each_year_once(row, half, levels, left_out):
    history = histories(np.zeros((1, 601), np.int64))
    centres = find_centres(history, row, 3, Years.DATES)
    baseline = find_baseline(centres, half=half, levels=levels, left_out=left_out)
    assert len(set(baseline.rows)) == len(baseline.rows)
    assert baseline.rows.min() == centres[0] - half
    assert baseline.rows.max() < row - left_out
    windows = {at for centre in centres for at in range(centre - half, centre + half + 1) if at < row - left_out}
    assert windows == set(baseline.rows[baseline.levels == 0])
    if levels > 1 and left_out == 0:
        sizes = np.bincount(baseline.levels)[1:]
        assert sizes.max() - sizes.min() <= len(centres) - 1
