"""From an expected count to its upper bound, the chance of a count so high, and the exceedance score.

Farrington et al. (1996), sections 3.5 and 3.8 (delta, score); Noufaily et al. (2013), section 4 (negative binomial,
nbPlugin); Salmon M, Schumacher D, Höhle M (2016), Monitoring count time series in R, Journal of Statistical Software
70 (10), section 2 (muan: a quantile of the expected count's own distribution).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, gammainc, gammaincc, ndtr, ndtri

from wardkeeper.outbreaks.series.histories import Numbers

ALMOST = 1 - 64 * 2.220446049250313e-16
"""A cumulative probability this near to the one asked for reaches it: rounding must not push a quantile one up."""


UNBOUNDED = 1e12
"""A mean above this comes of a part of the year without any case: its uncertainty has no bound, and nor has the count."""


@dataclass(frozen=True, eq=False)
class Predicted:
    """The log of the expected count, its standard error, and the dispersion (1 or more): one each a series."""

    eta: Numbers
    error: Numbers
    phi: Numbers

    @property
    def expected(self) -> Numbers:
        """The expected count."""
        with np.errstate(over="ignore"):
            mean: Numbers = np.exp(self.eta)
        return mean


@dataclass(frozen=True, eq=False)
class Bound:
    """The upper bound, the mean behind it, where the score is measured from, and p-values by count."""

    upper: Numbers
    mean: Numbers
    origin: Numbers
    p_value: Callable[[Numbers], Numbers]

    def score(self, counts: Numbers) -> Numbers:
        """Give how far counts are on the way from the expected to the bound: above 1 is an alarm."""
        with np.errstate(divide="ignore", invalid="ignore"):
            scores: Numbers = (counts - self.origin) / (self.upper - self.origin)
        return scores


def bound_delta(found: Predicted, alpha: float, power: float) -> Bound:
    """Bound a count whose `power` is taken as normal, with the variance of both the count and its expectation.

    `mean`, as R gives it, is the exponential of a quantile of the expected count, not of its logarithm.
    """
    expected = found.expected
    error = expected * found.error
    quantile = -float(ndtri(alpha))
    deviation = np.sqrt((found.phi + error**2 / expected) / expected)

    def p_value(counts: Numbers) -> Numbers:
        chances: Numbers = ndtr(-((counts / expected) ** power - 1) / (power * deviation))
        return chances

    with np.errstate(over="ignore"):
        mean = np.exp(expected + quantile * error)
    upper = expected * (1 + power * quantile * deviation) ** (1 / power)
    return Bound(upper, mean, expected, p_value)


def bound_counts(found: Predicted, alpha: float, *, uncertain: bool) -> Bound:
    """Bound a count by a negative binomial quantile; if `uncertain`, about the upper quantile of its own mean.

    The score is measured from the logarithm of the expected count, as R does: an alarm is still a score above 1.
    """
    with np.errstate(over="ignore"):
        mean = np.exp(found.eta - float(ndtri(alpha)) * found.error) if uncertain else found.expected
    upper = _quantile(mean, found.phi, 1 - alpha)
    # Where nothing bounds the count, nothing is told of it: neither a score nor a chance.
    told = np.where(np.isfinite(upper), 0.0, np.nan)
    return Bound(upper, mean, found.eta + told, lambda counts: reach(counts, mean, found.phi) + told)


def reach(counts: Numbers, mean: Numbers, phi: Numbers) -> Numbers:
    """Give the chance of `counts` or more: negative binomial with variance phi × mean; Poisson where phi is 1."""
    spread = np.maximum(phi - 1, 1e-300)
    with np.errstate(over="ignore", invalid="ignore"):
        negative = betainc(np.maximum(counts, 1), mean / spread, (phi - 1) / phi)
    chance: Numbers = np.where(phi > 1, negative, gammainc(np.maximum(counts, 1), mean))
    return np.where(counts <= 0, 1.0, chance)


def _fall(counts: Numbers, mean: Numbers, phi: Numbers) -> Numbers:
    """Give the chance of `counts` or fewer."""
    spread = np.maximum(phi - 1, 1e-300)
    with np.errstate(over="ignore"):
        negative = betainc(mean / spread, counts + 1, 1 / phi)
    chance: Numbers = np.where(phi > 1, negative, gammaincc(counts + 1, mean))
    return chance


def _quantile(mean: Numbers, phi: Numbers, chance: float) -> Numbers:
    """Give the least count whose cumulative chance is `chance`, infinite where the mean is out of all bounds.

    Found by doubling, then halving, for all at once.
    """
    found = np.full(mean.shape, np.inf)
    sane = mean < UNBOUNDED
    found[sane] = _search(mean[sane], phi[sane], chance)
    return found


def _search(mean: Numbers, phi: Numbers, chance: float) -> Numbers:
    low, high = np.full(mean.shape, -1.0), np.ones(mean.shape)
    while (short := _fall(high, mean, phi) < chance * ALMOST).any():
        low, high = np.where(short, high, low), np.where(short, high * 2, high)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        short = _fall(np.maximum(middle, 0), mean, phi) < chance * ALMOST
        short &= middle >= 0
        open_ = high - low > 1
        low, high = np.where(open_ & short, middle, low), np.where(open_ & ~short, middle, high)
    return high
