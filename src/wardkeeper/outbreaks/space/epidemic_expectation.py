"""What an area's cases would be if it only followed the whole: its own recent share, times the whole's cases.

Neill DB (2009), Expectation-based scan statistics for monitoring spatial time series data, International Journal of
Forecasting 25: 498-517. Small numbers are shrunk towards the neighbours' (Marshall RJ (1991), Mapping disease and
mortality rates using empirical Bayes estimators, Applied Statistics 40: 283-294), and a hidden count is the mean of
what it may be under the expectation, found by turns (Dempster, Laird and Rubin 1977, the EM algorithm).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.space import epidemic_kernels as kernels
from wardkeeper.outbreaks.space.epidemic_scores import complete
from wardkeeper.outbreaks.space.zones import Zones

Numbers = NDArray[np.float64]

FIRST_THETA = 2.0
"""The dispersion that hidden counts are completed with: by moments it is 1 to 3 in weekly cases of small areas."""

TURNS = 6
LEAST_VARIANCE = 0.02


@dataclass(frozen=True, slots=True)
class Past:
    """Which weeks make the expectation: `weeks` of them before the window, each `half_life` older counting half."""

    weeks: int = 8
    half_life: float = 4.0


@dataclass(frozen=True, eq=False)
class Expectation:
    """For one window, areas by weeks: the cases expected (0 where nothing is known), and the counts completed."""

    mean: Numbers
    counts: Numbers


def expect(low: Numbers, high: Numbers, people: Numbers, near: Zones, *, window: int, past: Past) -> Expectation:
    """Expect the cases of the last `window` weeks from those before. All arrays areas by weeks, NaN where unknown.

    `people` [areas]; `near` holds each area with its nearest neighbours. Only the weeks given are looked at.
    """
    weeks = low.shape[1]
    first = max(0, weeks - window - past.weeks)
    before = weeks - window - first
    low, high = low[:, first:], high[:, first:]
    known = np.isfinite(low) & (people > 0)[:, None]
    low, high = np.where(known, low, 0.0), np.where(known, high, 0.0)
    fading = 0.5 ** ((before - 1 - np.arange(before)) / past.half_life)
    counts = np.where(low < high, (low + high) / 3, low)
    mean = np.zeros_like(counts)
    for turn in range(TURNS):
        exposure = np.where(known, people[:, None] * _share(counts, people, known), 0.0)
        own, at_risk = counts[:, :before] @ fading, exposure[:, :before] @ fading
        # The first turns only settle what hidden counts may be; the neighbours' rates are taken after that.
        ratio = (own + 1) / (at_risk + 1) if turn < 2 else _shrink(own, at_risk, exposure, before, fading, near)
        mean = ratio[:, None] * exposure
        counts = np.where(known, complete(low, high, mean, FIRST_THETA), 0.0)
    return Expectation(mean[:, before:], counts[:, before:])


def _share(counts: Numbers, people: Numbers, known: NDArray[np.bool_]) -> Numbers:
    """Give the whole's cases a head, week by week, among the areas that are known in that week."""
    heads = (people[:, None] * known).sum(axis=0)
    rates: Numbers = np.divide(counts.sum(axis=0), heads, out=np.zeros(counts.shape[1]), where=heads > 0)
    return rates


def _shrink(own: Numbers, at_risk: Numbers, exposure: Numbers, before: int, fading: Numbers, near: Zones) -> Numbers:
    """Shrink each area's ratio of cases to those of the whole towards its neighbours', by moments."""
    about = [kernels.sum_nearest(one, near.neighbours, near.starts) for one in (own, at_risk)]
    prior = (about[0] + 1) / (about[1] + 1)
    means = prior[:, None] * exposure[:, :before]
    chance = ((means + means**2 / FIRST_THETA) @ fading**2).sum()
    spread = ((own - prior * at_risk) ** 2).sum() - chance
    variance = max(LEAST_VARIANCE, spread / max(((prior * at_risk) ** 2).sum(), LEAST_VARIANCE))
    shape = 1 / variance
    ratios: Numbers = (shape + own) / (shape / prior + at_risk)
    return ratios
