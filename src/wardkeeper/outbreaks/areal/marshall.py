"""Empirical Bayes rates: each area's raw rate is drawn towards a common one, the more so the fewer people live there.

Marshall RJ (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics 40: 283-294.
The common rate's mean and variance are found by moments, over all areas (global) or over each area and its neighbours
(local). With a gamma distribution of that mean and variance an area's rate has a gamma posterior, whose mean is Marshall's
estimate. The interval treats the common mean and variance as known, as empirical Bayes does, and is a little too narrow.
"""

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
    cases, missing = expect_counts(low, high, people)
    return _widen(_posterior(cases, people, _global_moments(cases, missing, people)), missing)


def smooth_locally(low: Numbers, high: Numbers, people: Numbers, graph: Graph) -> GammaRates:
    """Draw rates towards that of the area with its neighbours; an area without any is drawn towards all areas.

    What hidden counts may be is judged from all areas: a neighbourhood where all are hidden cannot tell.
    """
    around = csr_array(graph.borders + eye_array(graph.size))
    cases, missing = expect_counts(low, high, people)
    near, far = _local_moments(cases, missing, people, around), _global_moments(cases, missing, people)
    common = _Moments(
        *(
            np.where(graph.alone, getattr(far, name), getattr(near, name))
            for name in ("mean", "variance", "cases", "people")
        )
    )
    return _widen(_posterior(cases, people, common), missing)


def expect_counts(low: Numbers, high: Numbers, people: Numbers) -> tuple[Numbers, Numbers]:
    """Give each count, or a hidden one's expected value, and its remaining variance (0 if not hidden).

    The expected value and the rates of all areas are found in turn until neither changes (Dempster AP, Laird NM, Rubin DB
    (1977), Maximum likelihood from incomplete data via the EM algorithm, Journal of the Royal Statistical Society B 39: 1-38).
    """
    hidden = low < high
    cases, missing = (low + high) / 2, np.zeros(len(low))
    if not hidden.any():
        return cases, missing
    for _ in range(MOST_ROUNDS):
        rate = _posterior(cases, people, _global_moments(cases, missing, people)).estimate
        expected, variance = expect_between(low[hidden], high[hidden], (rate * people)[hidden])
        moved = np.abs(expected - cases[hidden]).max()
        cases[hidden], missing[hidden] = expected, variance
        if moved < STEADY:
            break
    return cases, missing


@dataclass(frozen=True, eq=False)
class _Moments:
    """Mean and variance of the common rate, and the cases and people it rests on: one an area."""

    mean: Numbers
    variance: Numbers
    cases: Numbers
    people: Numbers


def _global_moments(cases: Numbers, missing: Numbers, people: Numbers) -> _Moments:
    ones = np.ones(len(cases))
    mean = cases.sum() / people.sum()
    spread = (people * (cases / people - mean) ** 2 + missing / people).sum() / people.sum()
    variance = max(spread - mean / people.mean(), 0.0)
    return _Moments(mean * ones, variance * ones, cases.sum() * ones, people.sum() * ones)


def _local_moments(cases: Numbers, missing: Numbers, people: Numbers, around: csr_array) -> _Moments:
    """Take moments over each neighbourhood, the area itself among its neighbours.

    Of the two local variants in use, this is the one in which each area departs from the mean of its own neighbourhood,
    not from that of the neighbourhood it is looked at in; the mean is by people. R's spdep::EBlocal gives the same (to
    4e-15 on the sudden infant deaths of North Carolina).
    """
    whole, all_cases, members = around @ people, around @ cases, around @ np.ones(len(cases))
    mean = all_cases / whole
    spread = around @ (people * (cases / people - mean) ** 2 + missing / people) / whole
    return _Moments(mean, np.maximum(spread - mean * members / whole, 0.0), all_cases, whole)


def _posterior(cases: Numbers, people: Numbers, common: _Moments) -> GammaRates:
    # Without a case in the whole neighbourhood its rate is 0, and only how many people that rests on is known.
    varies = (common.variance > 0) & (common.mean > 0)
    safe = np.where(varies, common.variance, 1.0)
    shape = np.where(varies, common.mean**2 / safe + cases, common.cases + HALF)
    exposure = np.where(varies, common.mean / safe + people, common.people)
    return GammaRates(np.where(varies, shape / exposure, common.mean), shape, exposure)


def _widen(found: GammaRates, missing: Numbers) -> GammaRates:
    """Add what is not known of hidden counts to the posterior's variance, keeping its mean."""
    # One case more or less moves the mean by one over the exposure.
    share = found.shape / (found.shape + missing)
    return GammaRates(found.estimate, found.shape * share, found.exposure * share)
