"""How wrong past nowcasts turned out, by the day of this one, and so how wide its intervals must be.

The error's variance grows with the count twice over: by chance (in proportion) and by shocks that hit a whole day (by
its square). Both are fitted to past errors by weighted least squares. The errors, divided by that spread, give the
quantiles: conformal prediction over the recent past (Vovk V, Gammerman A, Shafer G (2005), Algorithmic Learning in a
Random World). What still changes between the settled and the final delay is added.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

PROBABILITIES = (0.05, 0.25, 0.75, 0.95)
NORMAL = np.array([-1.6449, -0.6745, 0.6745, 1.6449])
"""The same quantiles of the normal distribution, for when too few past errors are known."""

STUDENT = np.array([-2.1318, -0.7407, 0.7407, 2.1318])
"""The same quantiles of Student's distribution with four degrees of freedom: a month has four weeks side by side, and
totals of days that overlap tell little beyond those."""

LEAST_ERRORS = 20
LEAST_CHANCE = 0.2
FIRST_CHANCE, FIRST_SHOCK = 2.0, 0.01
"""The variance before anything is known: twice Poisson's, and shocks of a tenth."""


class Variance(NamedTuple):
    """Variance of an error at size m (count + 1): chance × m + shock × m²."""

    chance: float = 0.0
    shock: float = 0.0

    def at(self, size: Numbers) -> Numbers:
        """Give it for counts of that size."""
        return self.chance * size + self.shock * size**2


@dataclass(frozen=True, eq=False)
class Spread:
    """How wide errors spread. `quantiles` [4] at PROBABILITIES are of errors over the root of their variance."""

    variance: Variance
    quantiles: Numbers

    def around(self, estimate: Numbers, late: Variance) -> Numbers:
        """Give the bounds [area, 4] at PROBABILITIES. `late` is what changes after the settled delay add."""
        size = estimate + 1
        root = np.sqrt(self.variance.at(size) + late.at(size))
        return np.maximum(estimate[:, None] + root[:, None] * self.quantiles, 0.0)


def learn_spread(estimates: Numbers, came: Numbers, *, caution: float) -> Spread:
    """Learn from past estimates [day, area] and what came of them (NaN where not known yet).

    `caution` widens the quantiles counted off many areas' errors. A series alone, such as all areas together, has too
    few errors to count quantiles off: it has the wide ends of Student's distribution instead.
    """
    alone = estimates.shape[1] == 1
    known = ~np.isnan(came + estimates)
    size, error = estimates[known] + 1, (came - estimates)[known]
    if len(size) < LEAST_ERRORS:
        return Spread(Variance(FIRST_CHANCE, FIRST_SHOCK), STUDENT if alone else caution * NORMAL)
    variance = _fit(error**2 / size, size)
    scaled = error / np.sqrt(variance.at(size))
    if alone:
        return Spread(variance, STUDENT * float(np.sqrt((scaled**2).mean())))
    return Spread(variance, caution * np.quantile(scaled, PROBABILITIES))


def learn_late(settled: Numbers, final: Numbers) -> Variance:
    """Learn what changed from the settled to the final delay [day, area]: of a whole day together, and of each area."""
    known = ~np.isnan(settled + final)
    if not known.any():
        return Variance()
    size, miss = np.where(known, np.maximum(settled, 0.0) + 1, 0.0), np.where(known, final - settled, 0.0)
    whole = size.sum(axis=1)
    shared = np.divide(miss.sum(axis=1), whole, out=np.zeros_like(whole), where=whole > 0)
    own = (miss - shared[:, None] * size)[known]
    return Variance(float((own**2 / size[known]).mean()), float((shared[whole > 0] ** 2).mean()))


def _fit(ratio: Numbers, size: Numbers) -> Variance:
    """Fit ratio = chance + shock × size, each row weighing as its variance asks. Three rounds settle the weights."""
    chance, shock = 1.0, FIRST_SHOCK
    for _ in range(3):
        weight = 1 / (chance + shock * size) ** 2
        x, y = np.average(size, weights=weight), np.average(ratio, weights=weight)
        spread = float((weight * (size - x) ** 2).sum())
        slope = float((weight * (size - x) * (ratio - y)).sum()) / spread if spread > 0 else 0.0
        shock = max(slope, 0.0)
        chance = max(float(y - shock * x), LEAST_CHANCE)
        if chance == LEAST_CHANCE:
            shock = max(float((weight * size * (ratio - chance)).sum() / (weight * size**2).sum()), 0.0)
    return Variance(chance, shock)
