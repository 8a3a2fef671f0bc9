"""How unlikely a ratio is among simulated maxima, beyond what their number can tell."""

from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def gumbel_chance(ratio: float, maxima: Numbers) -> float:
    """Give the p-value of one ratio, as `gumbel_chances` does."""
    return float(gumbel_chances(np.array([ratio]), maxima)[0])


def gumbel_chances(ratios: Numbers, maxima: Numbers) -> Numbers:
    """Give p-values from a Gumbel distribution with the mean and spread of the simulated maxima; 1 if they are all alike.

    Abrams AM, Kleinman K, Kulldorff M (2010), Gumbel based p-value approximations for spatial scan statistics,
    International Journal of Health Geographics 9: 61.
    """
    spread = float(maxima.std(ddof=1)) * sqrt(6) / pi if len(maxima) > 1 else 0.0
    if spread == 0:
        return np.ones(len(ratios))
    above = np.exp(-(ratios - float(maxima.mean())) / spread - float(np.euler_gamma))
    # 1 - exp(-x), exact for the smallest x.
    return np.asarray(-np.expm1(-above))
