"""Clusters of the negative binomial model, put as those of the other models are.

The statistic of a zone is its score over the score's deviation under chance (see `epidemic`); half its square stands
where the others have their log likelihood ratio, which it approaches for large counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.space.clusters import NO_CLUSTER, Cluster, Layout, risk_against_rest
from wardkeeper.outbreaks.space.epidemic import Epidemic, Outlook, lay_ground, scan_epidemic
from wardkeeper.outbreaks.space.watching import Watch, unwatched

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EpidemicQuestion:
    """Where and when to look: `low` and `high` counts [steps, areas], which differ where a count is hidden.

    `expected` is likewise (None: each area's own past tells); `people` [areas].
    """

    low: Whole
    high: Whole
    expected: Numbers | None
    people: Numbers
    share: float
    longest: int
    replicates: int
    seed: int


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of an outlook: its class of sizes, its centre, and its p-values by rank and by fit."""

    kind: int
    centre: int
    rank: float
    fitted: float


@dataclass(frozen=True, eq=False)
class EpidemicFound:
    """The clusters that share no area, the likeliest first, and simulated maxima [replicates], put as ratios.

    Zones of different sizes have different maxima: these are of zones about as large as the likeliest cluster.
    """

    clusters: tuple[Cluster, ...]
    maxima: Numbers


def find_epidemic(
    question: EpidemicQuestion, layout: Layout, interval: float | None, watch: Watch = unwatched
) -> EpidemicFound:
    """Find clusters in the newest steps. `interval` is the days between prospective scans; none for the others.

    `watch` is told the share of the replicates drawn.
    """
    low, high = (one.T.astype(np.float64) for one in (question.low, question.high))
    ground = lay_ground(question.people, np.array(layout.axes), share=question.share)
    epidemic = Epidemic(longest=question.longest, replicates=question.replicates, seed=question.seed)
    expected = None if question.expected is None else question.expected.T
    outlook = scan_epidemic(low, high, expected, ground, epidemic, watch)
    chances = _chances(outlook, outlook.statistics)
    # Each data set by chance is asked the same question: how unlikely is its unlikeliest zone of any size?
    by_chance = _chances(outlook, outlook.maxima.T).min(axis=0)
    zones = [
        Zone(kind, centre, _rank(float(chances[kind, centre]), by_chance), float(chances[kind, centre]))
        for kind, centre in _apart(outlook, chances)
    ]
    told = [zone for zone in zones if zone.rank < 1 or zone.fitted < NO_CLUSTER]
    clusters = tuple(_describe(outlook, zone, layout, interval) for zone in told)
    return EpidemicFound(clusters, outlook.maxima[:, told[0].kind if told else 0] ** 2 / 2)


def _rank(fitted: float, by_chance: Numbers) -> float:
    return (1 + int((by_chance <= fitted * (1 + 1e-9)).sum())) / (1 + len(by_chance))


def _chances(outlook: Outlook, statistics: Numbers) -> Numbers:
    """Give p-values of statistics [classes, any number]."""
    return np.array([outlook.p_values(kind, row) for kind, row in enumerate(statistics)]).reshape(statistics.shape)


def _apart(outlook: Outlook, chances: Numbers) -> list[tuple[int, int]]:
    """Take zones from the least likely by chance on, leaving out each that shares an area with one taken before."""
    taken = np.zeros(chances.shape[1], dtype=bool)
    picked = []
    order = np.lexsort((-outlook.statistics.ravel(), chances.ravel()))
    for kind, centre in zip(*np.unravel_index(order, chances.shape), strict=True):
        if outlook.statistics[kind, centre] <= 0:
            continue
        areas = outlook.zone(int(kind), int(centre))
        if not taken[areas].any():
            taken[areas] = True
            picked.append((int(kind), int(centre)))
    return picked


def _describe(outlook: Outlook, zone: Zone, layout: Layout, interval: float | None) -> Cluster:
    areas, steps = outlook.zone(zone.kind, zone.centre), int(outlook.windows[zone.kind, zone.centre]) + 1
    # A hidden count is here what it is on average.
    counts = outlook.fits[steps - 1].counts
    observed, total = float(counts[areas, -steps:].sum()), float(counts[:, -steps:].sum())
    expected = float(outlook.fits[steps - 1].mean[areas].sum())
    return Cluster(
        areas=layout.names(areas),
        observed=round(observed),
        expected=expected,
        relative_risk=risk_against_rest(observed, expected, total),
        llr=float(outlook.statistics[zone.kind, zone.centre]) ** 2 / 2,
        p=zone.rank,
        p_gumbel=zone.fitted,
        # The fitted chance always, where `clusters` may take the rank: alerts of this scan tell the same recurrence, and
        # being multiplied by the classes of sizes it errs towards fewer days.
        recurrence_days=None if interval is None else interval / zone.fitted,
        start=layout.steps[-steps][0] if layout.steps else None,
        end=layout.steps[-1][1] if layout.steps else None,
        population=layout.people_in(areas),
        radius=layout.radius(areas),
    )
