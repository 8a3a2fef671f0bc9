"""The expectation-based negative binomial space-time scan: for epidemics, where every Poisson p-value is nought.

Tango T, Takahashi K, Kohriyama K (2011), A space-time scan statistic for detecting emerging outbreaks, Biometrics 67:
106-115. Neill DB (2009), Expectation-based scan statistics for monitoring spatial time series data, International
Journal of Forecasting 25: 498-517. Kulldorff M (2001), Prospective time periodic geographical disease surveillance
using a scan statistic, Journal of the Royal Statistical Society A 164: 61-72. P-values by the Gumbel distribution:
Abrams AM, Kleinman K, Kulldorff M (2010), Gumbel based p-value approximations for spatial scan statistics,
International Journal of Health Geographics 9: 61.

In an epidemic no two districts keep step, though nothing is amiss in either. So the statistic U / sqrt(I + s I²) of a
zone with score U and information I counts two kinds of chance: that of counts (I), and that of districts (s), both
found by moments. Without s the largest zones would always seem the surest.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.hidden import check_width
from wardkeeper.outbreaks.space import epidemic_kernels as kernels
from wardkeeper.outbreaks.space.epidemic_expectation import FIRST_THETA, Expectation, Past, expect
from wardkeeper.outbreaks.space.epidemic_scores import Hiding, complete, find_theta, score, score_of_hidden
from wardkeeper.outbreaks.space.gumbel import gumbel_chances
from wardkeeper.outbreaks.space.watching import Watch, unwatched
from wardkeeper.outbreaks.space.zones import Zones, find_zones

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

LEAST_P = 1e-12
"""A Gumbel tail says nothing of chances as small as this."""

LEAST_PAST = 2
"""Weeks needed before a window: one alone tells nothing of what is usual."""

BLOCK = 40
BLOCKS = 20
"""Areas in a district-sized block, fewer where there would not be this many blocks to learn from."""


USUAL = 0.95
"""The share of districts that chance is learnt from: the furthest above expectation may have outbreaks."""

REPLICATES_AT_ONCE = 20
"""Data sets drawn in one go: a second or less, so that progress can be told and a scan be stopped."""

WIDEST = 2000
"""Counts in a hidden interval: here they are added up over steps of time and places. Each is looked at."""

FAR, CLIPS = 3.0, 20
"""Deviations beyond which a district stands out from the rest; rounds of leaving such out."""


@dataclass(frozen=True, slots=True)
class Epidemic:
    """How to scan: windows of 1 to `longest` weeks that end now, against the weeks before; how p-values are found."""

    longest: int = 4
    past: Past = field(default_factory=Past)
    replicates: int = 99
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Ground:
    """Where is scanned: people by area, places [axes, areas], the zones searched, and each area's nearest for its shrinkage."""

    people: Numbers
    places: Numbers
    zones: Zones
    near: Zones


def lay_ground(
    people: Numbers, places: Numbers, *, share: float, within: NDArray[np.bool_] | None = None, near: int = 20
) -> Ground:
    """Find the zones of at most `share` of the people; with `within`, only of those areas."""
    count = len(people)
    nearest = find_zones(*places, measure=np.ones(count), share=min(1.0, near / count))
    if within is None or within.all():
        return Ground(people, places, find_zones(*places, measure=people, share=share), nearest)
    chosen = np.flatnonzero(within)
    part = find_zones(*places[:, chosen], measure=people[chosen], share=share)
    sizes = np.zeros(count, dtype=np.int64)
    sizes[chosen] = np.diff(part.starts)
    # Centres outside have no zone at all; those within keep their order.
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Ground(people, places, Zones(chosen[part.neighbours].astype(np.int32), starts), nearest)


@dataclass(frozen=True, eq=False)
class Outlook:
    """What the scan found of every centre, in each class of sizes (1, 2, 3 to 4, 5 to 8 … areas): arrays [classes, areas].

    `statistics` of the best zone (0: none), its `sizes` in areas and `windows` (0 is one week). `fits` has an expectation
    for each window of 1, 2, … weeks, `theta` and `spread` its dispersion between cells and between districts. `maxima`
    are the greatest statistics of data sets drawn from the expectation, [replicates, classes].
    """

    statistics: Numbers
    sizes: Whole
    windows: Whole
    fits: tuple[Expectation, ...]
    theta: Numbers
    spread: Numbers
    maxima: Numbers
    zones: Zones

    def zone(self, kind: int, centre: int) -> NDArray[np.int32]:
        """Give the places of the areas in a centre's best zone of a class, itself first."""
        return self.zones.about(centre)[: int(self.sizes[kind, centre])]

    def p_value(self, kind: int, statistic: float) -> float:
        """Give the chance that some zone of some class stands out as much: of its own class by Gumbel, times the classes."""
        return float(self.p_values(kind, np.array([statistic]))[0])

    def p_values(self, kind: int, statistics: Numbers) -> Numbers:
        """Give the same chance of each of many statistics of one class."""
        fitted = np.maximum(gumbel_chances(statistics, self.maxima[:, kind]), LEAST_P)
        chances: Numbers = np.minimum(1.0, fitted * self.maxima.shape[1])
        return chances


def look(low: Numbers, high: Numbers, ground: Ground, epidemic: Epidemic, watch: Watch = unwatched) -> Outlook:
    """Scan the newest weeks. `low` and `high` hold areas by weeks, oldest first, NaN where nothing is known.

    Raises BadInput for a hidden count that may be nearly anything, ValueError for fewer weeks than a window and what
    goes before it need.
    """
    check_width(low, high, WIDEST)
    weeks = low.shape[1]
    longest = min(epidemic.longest, weeks - LEAST_PAST)
    if longest < 1:
        raise ValueError(f"the scan needs {LEAST_PAST + 1} weeks or more, got {weeks}: give earlier weeks too")
    spans = range(1, longest + 1)
    fits = tuple(expect(low, high, ground.people, ground.near, window=one, past=epidemic.past) for one in spans)
    return _outlook(low, high, fits, ground, epidemic, watch)


def scan_epidemic(
    low: Numbers,
    high: Numbers,
    expected: Numbers | None,
    ground: Ground,
    epidemic: Epidemic,
    watch: Watch = unwatched,
) -> Outlook:
    """Scan against cases `expected` by somebody else, areas by steps; without these, against the areas' own past.

    `low` and `high` are as `expected`, the newest step last; all three may have a single step, for a scan in space
    alone. `lay_ground` makes the ground. Expected cases are scaled to the cases of each step: what stands out is
    where there are more than the expectation's share of the whole. `watch` is told the share of the replicates drawn.
    """
    if expected is None:
        return look(low, high, ground, epidemic, watch)
    check_width(low, high, WIDEST)
    counts = np.where(low < high, complete(low, high, expected, FIRST_THETA), low)
    totals = expected.sum(axis=0)
    scale = np.divide(counts.sum(axis=0), totals, out=np.zeros(len(totals)), where=totals > 0)
    spans = range(1, min(epidemic.longest, low.shape[1]) + 1)
    fits = tuple(Expectation((expected * scale)[:, -one:], counts) for one in spans)
    return _outlook(low, high, fits, ground, epidemic, watch)


def _outlook(
    low: Numbers, high: Numbers, fits: tuple[Expectation, ...], ground: Ground, epidemic: Epidemic, watch: Watch
) -> Outlook:
    """Score the windows of the newest weeks against their expectations, search all zones, and draw what chance gives."""
    hiding = _hiding(low, high)
    zones = ground.zones
    blocks = split_blocks(ground.places)
    scored = [_score(low, high, fit, hiding, blocks) for fit in fits]
    scores, information = (np.array([one[part] for one in scored]) for part in (0, 1))
    theta, spread = (np.array([one[part] for one in scored]) for part in (2, 3))
    classes = size_classes(int(np.diff(zones.starts).max(initial=1)))
    best = kernels.search(scores, information, spread, classes, zones.neighbours, zones.starts)
    means, hidden = _stack(fits, theta, hiding)
    ends = np.array([hiding.low, hiding.high], dtype=np.int64)
    drawn = means, hidden, ends, theta, spread, information, blocks, classes, zones.neighbours, zones.starts
    random, maxima = np.random.default_rng(epidemic.seed), []
    for made in range(0, epidemic.replicates, REPLICATES_AT_ONCE):
        maxima.append(kernels.simulate(*drawn, min(REPLICATES_AT_ONCE, epidemic.replicates - made), random))
        watch((made + len(maxima[-1])) / epidemic.replicates)
    statistics, sizes, kept = best
    return Outlook(statistics, sizes, kept, fits, theta, spread, np.concatenate(maxima), zones)


def size_classes(most: int) -> Whole:
    """Give the class of a zone of 1, 2, … `most` areas: 1, 2, 3 to 4, 5 to 8, and so on."""
    return np.ceil(np.log2(np.arange(1, most + 1))).astype(np.int64)


def split_blocks(places: Numbers) -> Whole:
    """Split areas into blocks side by side of much the same number, halving across the longest side (a k-d tree)."""
    count = places.shape[1]
    most = min(BLOCK, max(1, count // BLOCKS))
    blocks = np.zeros(count, dtype=np.int64)
    waiting, made = [np.arange(count)], 0
    while waiting:
        members = waiting.pop()
        if len(members) <= most:
            blocks[members] = made
            made += 1
            continue
        axis = int(np.ptp(places[:, members], axis=1).argmax())
        order = members[np.lexsort((*np.delete(places[:, members], axis, axis=0), places[axis, members]))]
        waiting += [order[: len(order) // 2], order[len(order) // 2 :]]
    return blocks


def _hiding(low: Numbers, high: Numbers) -> Hiding:
    known = np.isfinite(low)
    return Hiding.of(low[known], high[known])


def _score(
    low: Numbers, high: Numbers, fit: Expectation, hiding: Hiding, blocks: Whole
) -> tuple[Numbers, Numbers, float, float]:
    """Give scores and information by area, and the dispersion between cells and between districts."""
    window = fit.mean.shape[1]
    ends = (np.nan_to_num(one[:, -window:]) for one in (low, high))
    least, most = ends
    theta = find_theta(least, most, fit.mean, hiding)
    scores, information = (one.sum(axis=1) for one in score(least, most, fit.mean, theta, hiding))
    totals, weights = (np.bincount(blocks, one).astype(np.float64) for one in (scores, information))
    return scores, information, theta, find_spread(totals, weights)


def find_spread(scores: Numbers, information: Numbers) -> float:
    """Find by moments how districts differ beyond the chance of counts: the variance of their factor, 0 or more.

    The few furthest above expectation are left out, and then any that stand out from the rest: they may be the
    outbreaks that are looked for, and would hide themselves by widening what is usual.
    """
    held = information > 0
    scores, information = scores[held], information[held]
    if not len(scores):
        return 0.0
    usual = scores / information <= np.quantile(scores / information, USUAL)
    for _ in range(CLIPS):
        spread = _spread(scores[usual], information[usual])
        within = usual & (scores <= FAR * np.sqrt(information + spread * information**2))
        if (within == usual).all():
            break
        usual = within
    return spread


def _spread(scores: Numbers, information: Numbers) -> float:
    return max(0.0, float((scores**2 - information).sum() / (information**2).sum())) if len(scores) else 0.0


def _stack(fits: tuple[Expectation, ...], theta: Numbers, hiding: Hiding) -> tuple[Numbers, Numbers]:
    """Put expectations, and the scores of hidden cells, into one array each: windows by areas by weeks."""
    longest, areas = len(fits), fits[0].mean.shape[0]
    means, hidden = (np.zeros((longest, areas, longest)) for _ in range(2))
    for at, fit in enumerate(fits):
        means[at, :, : at + 1] = fit.mean
        hidden[at, :, : at + 1] = score_of_hidden(fit.mean, float(theta[at]), hiding)
    return means, hidden
