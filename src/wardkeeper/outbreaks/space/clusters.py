"""Clusters: the most likely zones that share no area, and how sure we are of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.space.gumbel import gumbel_chance
from wardkeeper.outbreaks.space.search import Best, Question
from wardkeeper.outbreaks.space.steps import Span

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

NO_CLUSTER = 0.9999
"""From such a fitted p-value on, a zone that no simulated maximum stays below is not worth telling of."""

ENOUGH_TO_TELL = 99
"""Simulated maxima needed to say so."""

FINE = 10
"""From so many simulated ratios as great on, their share is as good a p-value as the fitted one."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A zone (and span of days) with more cases than expected. `areas` has the centre first, then the nearest.

    `llr` is the log likelihood ratio. `p` is its rank among the simulated maxima; `p_gumbel` comes from a Gumbel
    distribution fitted to them and can be smaller than one in their number. `recurrence_days`, of prospective scans,
    is how long one waits for such a cluster by chance. `population` is null where none was given; `radius` is in the
    coordinates' unit (km on a globe).
    """

    areas: tuple[str, ...]
    observed: int
    expected: float
    relative_risk: float | None
    llr: float
    p: float
    p_gumbel: float
    recurrence_days: float | None
    start: date | None
    end: date | None
    population: float | None
    radius: float


@dataclass(frozen=True, eq=False)
class Layout:
    """What places in the arrays stand for: the ids of the areas there, and coordinates [places] an axis.

    `steps` are the spans of days (none: no time), `people` [places] who live there (None: not given).
    """

    ids: tuple[tuple[str, ...], ...]
    axes: tuple[Numbers, ...]
    steps: tuple[Span, ...]
    people: Numbers | None

    @property
    def areas(self) -> int:
        """The number of areas."""
        return sum(map(len, self.ids))

    def names(self, places: NDArray[np.int32]) -> tuple[str, ...]:
        """Give the ids of the areas of places, in their order."""
        return tuple(name for place in places for name in self.ids[place])

    def people_in(self, areas: NDArray[np.int32]) -> float | None:
        """Give the people of areas (places); none where no population was given."""
        return None if self.people is None else float(self.people[areas].sum())

    def radius(self, areas: NDArray[np.int32]) -> float:
        """Give how far the last of a zone's areas lies from the first, its centre."""
        centre, away = areas[0], areas[-1]
        return sqrt(sum(float(axis[centre] - axis[away]) ** 2 for axis in self.axes))


def lay_out(
    ids: Sequence[str], axes: Sequence[Numbers], places: Whole, steps: Sequence[Span], people: Numbers | None
) -> Layout:
    """Lay out areas by the place [areas] that each is in; `axes` and `people` are theirs."""
    firsts, numbers = np.unique(places, return_index=True, return_counts=True)[1:]
    order = np.argsort(places, kind="stable")
    ends = numbers.cumsum()
    names = [tuple(ids[area] for area in order[end - number : end]) for end, number in zip(ends, numbers, strict=True)]
    living = None if people is None else np.bincount(places, people).astype(np.float64)
    return Layout(tuple(names), tuple(axis[firsts] for axis in axes), tuple(steps), living)


@dataclass(frozen=True, eq=False)
class Picked:
    """A chosen zone: its areas (places, the centre first), its window of steps, and its ratio."""

    areas: NDArray[np.int32]
    window: tuple[int, int]
    ratio: float


def pick_apart(best: Best, question: Question) -> list[Picked]:
    """Take the centres' zones in order of their ratio, leaving out each that shares an area with one taken before."""
    taken = np.zeros(len(best.ratios), dtype=bool)
    picked = []
    # Two centres often have the same zone, and sums that differ in the last digit: then the first in the table counts.
    for centre in np.argsort(-np.round(best.ratios, 9), kind="stable"):
        if best.ratios[centre] <= 0:
            break
        areas = question.zones.about(int(centre))[: best.sizes[centre]]
        if not taken[areas].any():
            taken[areas] = True
            picked.append(Picked(areas, question.windows[best.windows[centre]], float(best.ratios[centre])))
    return picked


def describe(picked: Picked, question: Question, layout: Layout, maxima: Numbers, interval: float | None) -> Cluster:
    """Put a chosen zone into figures. `interval` is the days between prospective scans; none for the others."""
    first, last = picked.window
    observed = int(question.counts[first:last, picked.areas].sum())
    expected = float(question.expected[first:last, picked.areas].sum())
    rank, fitted = rank_among(picked.ratio, maxima), gumbel_chance(picked.ratio, maxima)
    likely = fitted if rank * (len(maxima) + 1) < FINE else rank
    return Cluster(
        areas=layout.names(picked.areas),
        observed=observed,
        expected=expected,
        relative_risk=risk_against_rest(observed, expected, question.cases),
        llr=picked.ratio,
        p=rank,
        p_gumbel=fitted,
        recurrence_days=None if interval is None else interval / max(likely, 1e-300),
        start=layout.steps[first][0] if layout.steps else None,
        end=layout.steps[last - 1][1] if layout.steps else None,
        population=layout.people_in(picked.areas),
        radius=layout.radius(picked.areas),
    )


def is_worth_telling(cluster: Cluster, maxima: Numbers) -> bool:
    """Tell whether chance leaves room for a cluster at all."""
    return cluster.p < 1 or cluster.p_gumbel < NO_CLUSTER or len(maxima) < ENOUGH_TO_TELL


def rank_among(ratio: float, maxima: Numbers) -> float:
    """Give the Monte Carlo p-value (Dwass 1957): the share as great, the real data counted among them.

    Simulated ratios within rounding of it count as equal.
    """
    return (1 + int((maxima >= ratio * (1 - 1e-10)).sum())) / (1 + len(maxima))


def risk_against_rest(observed: float, expected: float, total: float) -> float | None:
    """Give the risk inside over the risk outside; none where nothing is found or expected on the other side."""
    if observed >= total or expected >= total or expected == 0:
        return None
    return (observed / expected) / ((total - observed) / (total - expected))
