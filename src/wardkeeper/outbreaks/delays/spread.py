"""How wrong past nowcasts turned out, by the day of this one, and so how wide its intervals must be.

The error's variance grows with the count twice over: by chance (in proportion) and by shocks that hit a whole day (by
its square). Both are fitted to past errors by weighted least squares. The errors, divided by that spread, give the
quantiles: conformal prediction over the recent past (Vovk V, Gammerman A, Shafer G (2005), Algorithmic Learning in a
Random World). What still changes between the settled and the final delay is added.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

PROBABILITIES = (0.05, 0.25, 0.75, 0.95)
NORMAL = np.array([-1.6449, -0.6745, 0.6745, 1.6449])
"""The same quantiles of the normal distribution, for when too few past errors are known."""

LEAST_ERRORS = 20
LEAST_CHANCE = 0.2
FIRST_CHANCE, FIRST_SHOCK = 2.0, 0.01
"""The variance before anything is known: twice Poisson's, and shocks of a tenth."""


@dataclass(frozen=True, eq=False)
class Spread:
    """Variance of an error at size m (count + 1): chance × m + shock × m². `quantiles` are of errors over its root."""

    chance: float
    shock: float
    quantiles: Numbers
    learned: bool

    def around(self, estimate: Numbers, *, late: float, caution: float) -> Numbers:
        """Give the bounds [area, 4] at PROBABILITIES. `late` is the chance part of changes after the settled delay."""
        size = estimate + 1
        root = np.sqrt((self.chance + late) * size + self.shock * size**2)
        return np.maximum(estimate[:, None] + caution * root[:, None] * self.quantiles, 0.0)


FIRST = Spread(FIRST_CHANCE, FIRST_SHOCK, NORMAL, learned=False)


def learn_spread(estimates: Numbers, came: Numbers) -> Spread:
    """Learn from past estimates and what came of them (equal shapes; NaN where not known yet)."""
    known = ~np.isnan(came + estimates)
    size, error = estimates[known] + 1, (came - estimates)[known]
    if len(size) < LEAST_ERRORS:
        return FIRST
    chance, shock = _fit(error**2 / size, size)
    scaled = error / np.sqrt(chance * size + shock * size**2)
    return Spread(chance, shock, np.quantile(scaled, PROBABILITIES), learned=True)


def _fit(ratio: Numbers, size: Numbers) -> tuple[float, float]:
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
    return chance, shock
