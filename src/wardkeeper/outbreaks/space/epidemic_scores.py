"""Scores of counts under a negative binomial expectation: of a count, and of a count that is only known to an interval.

Tango T, Takahashi K, Kohriyama K (2011), A space-time scan statistic for detecting emerging outbreaks, Biometrics 67:
106-115. With mean m and variance m w, w = 1 + m / theta, the score of a count x for the log of a common factor is
(x - m) / w, and its information is m / w. Of a hidden count only its interval is known: its score is the mean of the
scores of the counts it may be, and the information is the variance of what is seen, hidden or not. It is less than
m / w by as much as hiding takes away. Nothing is set to 0 or 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEAST_MEAN = 1e-9


@dataclass(frozen=True, slots=True)
class Hiding:
    """The counts that are not published, both ends included; `low` above `high` when all are."""

    low: int = 1
    high: int = 0

    @classmethod
    def of(cls, low: Numbers, high: Numbers) -> "Hiding":
        """Find the commonest interval among hidden cells."""
        hidden = low < high
        if not hidden.any():
            return cls()
        pairs, counts = np.unique(np.stack([low[hidden], high[hidden]]), axis=1, return_counts=True)
        least, most = pairs[:, counts.argmax()]
        return cls(int(least), int(most))


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """Of a negative binomial count: its chance to lie in an interval, and its mean and variance there."""

    chance: Numbers
    mean: Numbers
    variance: Numbers


def inside(low: Numbers, high: Numbers, mean: Numbers, theta: float) -> Inside:
    """Give chance, mean and variance within intervals; arrays of one shape. `theta` is the dispersion (large: Poisson)."""
    mean = np.maximum(mean, LEAST_MEAN)
    failing = theta / (theta + mean)
    each = np.exp(theta * np.log(failing))
    sums = np.zeros((3, *mean.shape))
    for count in range(int(np.max(high, initial=-1)) + 1):
        held = np.where((low <= count) & (count <= high), each, 0.0)
        sums += np.stack([held, count * held, count * count * held])
        each = each * (count + theta) / (count + 1) * (1 - failing)
    chance = np.maximum(sums[0], np.finfo(float).tiny)
    middle = sums[1] / chance
    return Inside(sums[0], middle, np.maximum(sums[2] / chance - middle**2, 0.0))


def complete(low: Numbers, high: Numbers, mean: Numbers, theta: float) -> Numbers:
    """Give the counts, each hidden one as the mean of what it may be under the expectation."""
    counts = low.astype(np.float64)
    hidden = low < high
    if hidden.any():
        counts[hidden] = inside(low[hidden], high[hidden], mean[hidden], theta).mean
    return counts


def score(low: Numbers, high: Numbers, mean: Numbers, theta: float, hiding: Hiding) -> tuple[Numbers, Numbers]:
    """Give the score and the information of each cell; arrays of one shape. Both are 0 where `mean` is."""
    weight = 1 + mean / theta
    scores = (complete(low, high, mean, theta) - mean) / weight
    information = mean / weight
    if hiding.low <= hiding.high:
        ends = (np.full(mean.shape, float(end)) for end in (hiding.low, hiding.high))
        least, most = ends
        lost = inside(least, most, mean, theta)
        information = np.maximum(information - lost.chance * lost.variance / weight**2, 0.0)
    known = mean > 0
    return np.where(known, scores, 0.0), np.where(known, information, 0.0)


def score_of_hidden(mean: Numbers, theta: float, hiding: Hiding) -> Numbers:
    """Give the score that a hidden cell has under each expectation."""
    low, high = (np.full(mean.shape, float(end)) for end in (hiding.low, max(hiding.high, 0)))
    return (inside(low, high, mean, theta).mean - mean) / (1 + mean / theta)


def find_theta(low: Numbers, high: Numbers, mean: Numbers, hiding: Hiding) -> float:
    """Find the dispersion by moments: the squared scores then sum to the information they have on average.

    Solved by bisection over the range that whole data can tell apart.
    """
    known = mean > 0
    cells = low[known], high[known], mean[known]
    least, most = MOMENTS
    if not known.any() or _excess(*cells, most, hiding) <= 0:
        return most
    for _ in range(STEPS):
        middle = float(np.sqrt(least * most))
        if _excess(*cells, middle, hiding) > 0:
            most = middle
        else:
            least = middle
    return float(np.sqrt(least * most))


MOMENTS = 0.1, 1000.0
STEPS = 20


def _excess(low: Numbers, high: Numbers, mean: Numbers, theta: float, hiding: Hiding) -> float:
    scores, information = score(low, high, mean, theta, hiding)
    held = information > 0
    return float(np.mean(scores[held] ** 2 / information[held])) - 1 if held.any() else 0.0
