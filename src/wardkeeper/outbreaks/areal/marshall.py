"""Empirical Bayes rates: each area's raw rate is drawn towards a common one, the more so the fewer people live there.

Marshall RJ (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics 40: 283-294.
The common rate's mean and variance are found by moments, over all areas (global) or over each area and its neighbours
(local). With a gamma distribution of that mean and variance an area's rate has a gamma posterior, whose mean is Marshall's
estimate. The interval treats the common mean and variance as known, as empirical Bayes does, and is a little too narrow.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array
from scipy.special import gammainc, gammaincinv

from wardkeeper.outbreaks.areal.graphs import Graph
from wardkeeper.outbreaks.hidden import expect_between

Numbers = NDArray[np.float64]

MOST_ROUNDS = 200
STEADY = 1e-10
HALF = 0.5
"""Jeffreys' addition to the cases behind a common rate that areas do not vary about."""


@dataclass(frozen=True, eq=False)
class GammaRates:
    """Posterior of each area's rate (cases a person): a gamma distribution, and Marshall's estimate itself."""

    estimate: Numbers
    shape: Numbers
    exposure: Numbers

    def quantile(self, level: float) -> Numbers:
        """Posterior quantile."""
        found: Numbers = gammaincinv(self.shape, level) / self.exposure
        return found

    def above(self, rate: Numbers | float) -> Numbers:
        """Posterior chance that the rate is above `rate`."""
        chance: Numbers = 1 - gammainc(self.shape, self.exposure * rate)
        return chance

    def sd(self) -> Numbers:
        """Posterior standard deviation."""
        deviation: Numbers = np.sqrt(self.shape) / self.exposure
        return deviation


def smooth_globally(low: Numbers, high: Numbers, people: Numbers) -> GammaRates:
    """Draw rates towards that of all areas. Counts from `low` to `high`, and people above 0, one an area."""
    return _with_hidden(low, high, people, lambda cases: _global_moments(cases, people))


def smooth_locally(low: Numbers, high: Numbers, people: Numbers, graph: Graph) -> GammaRates:
    """Draw rates towards that of the area with its neighbours. An area without any keeps its own."""
    around = csr_array(graph.borders + eye_array(graph.size))
    return _with_hidden(low, high, people, lambda cases: _local_moments(cases, people, around))


@dataclass(frozen=True, eq=False)
class _Moments:
    """Mean and variance of the common rate, and the cases and people it rests on: one an area."""

    mean: Numbers
    variance: Numbers
    cases: Numbers
    people: Numbers


def _global_moments(cases: Numbers, people: Numbers) -> _Moments:
    ones = np.ones(len(cases))
    mean = cases.sum() / people.sum()
    spread = (people * (cases / people - mean) ** 2).sum() / people.sum()
    variance = max(spread - mean / people.mean(), 0.0)
    return _Moments(mean * ones, variance * ones, cases.sum() * ones, people.sum() * ones)


def _local_moments(cases: Numbers, people: Numbers, around: csr_array) -> _Moments:
    """Take moments over each neighbourhood; each area departs from the mean of its own neighbourhood."""
    whole, all_cases, members = around @ people, around @ cases, around @ np.ones(len(cases))
    mean = all_cases / whole
    spread = around @ (people * (cases / people - mean) ** 2) / whole
    return _Moments(mean, np.maximum(spread - mean * members / whole, 0.0), all_cases, whole)


def _with_hidden(low: Numbers, high: Numbers, people: Numbers, moments: Callable[[Numbers], "_Moments"]) -> GammaRates:
    """Put each hidden count's expected value in its place, and smooth, until neither changes (Dempster and others 1977)."""
    hidden = low < high
    cases = (low + high) / 2
    for _ in range(MOST_ROUNDS):
        found = _posterior(cases, people, moments(cases))
        if not hidden.any():
            break
        expected = expect_between(low[hidden], high[hidden], (found.estimate * people)[hidden])[0]
        moved = np.abs(expected - cases[hidden]).max()
        cases[hidden] = expected
        if moved < STEADY:
            break
    return _widen(found, low, high, people) if hidden.any() else found


def _posterior(cases: Numbers, people: Numbers, common: _Moments) -> GammaRates:
    varies = common.variance > 0
    safe = np.where(varies, common.variance, 1.0)
    shape = np.where(varies, common.mean**2 / safe + cases, common.cases + HALF)
    exposure = np.where(varies, common.mean / safe + people, common.people)
    return GammaRates(np.where(varies, shape / exposure, common.mean), shape, exposure)


def _widen(found: GammaRates, low: Numbers, high: Numbers, people: Numbers) -> GammaRates:
    """Add what is not known of hidden counts to the posterior's variance, keeping its mean."""
    mean = np.maximum(found.estimate, 1e-300)
    missing = np.zeros_like(mean)
    hidden = low < high
    missing[hidden] = expect_between(low[hidden], high[hidden], (mean * people)[hidden])[1]
    # One case more or less moves the mean by one over the exposure.
    variance = found.shape / found.exposure**2 + missing / found.exposure**2
    average = found.shape / found.exposure
    return GammaRates(found.estimate, average**2 / variance, average / variance)
