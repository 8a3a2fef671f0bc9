"""Which clusters come first: those with the most cases a week beyond what was expected, if they are likely still to grow.

The score of a cluster is the lower bound of its excess (cases a week, 95 % certain) times the chance that its cases
rise faster than the whole's. Both are in words that a person can check; neither needs a cluster to be "significant",
which in an epidemic nearly every district is. But a small outbreak never has a large excess: a few places are kept for
the small clusters that chance shows least. Its chance is the upper tail of a negative binomial count with the cells' and
the districts' variance about what was expected.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import nbinom

from wardkeeper.outbreaks.alerting.alerts import Reason
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.space.epidemic import Outlook

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

CERTAIN = 1.6448536269514722
"""The standard normal quantile of 95 %."""

LIKELY = 0.5
LEAST_CHANCE = 1e-300


@dataclass(frozen=True, eq=False)
class Candidates:
    """Zones that stand out, one entry each in every array. `kind` and `centre` name a zone of the outlook.

    `observed` (hidden cases estimated) and `expected` are of the whole window of `weeks`; `excess` is a week's;
    `growth` is the newest week over the one before, `growing` the chance that this is above the whole's;
    `chance` that of as many cases there with nothing amiss.
    """

    kind: Whole
    centre: Whole
    weeks: Whole
    statistic: Numbers
    observed: Numbers
    expected: Numbers
    excess: Numbers
    growth: Numbers
    growing: Numbers
    chance: Numbers

    def sum_over(self, outlook: Outlook, values: Numbers) -> Numbers:
        """Sum `values` [windows, areas] over each zone, of its own window."""
        flat, cuts = _members(outlook, self.kind, self.centre)
        return _sums(values[np.repeat(self.weeks - 1, outlook.sizes[self.kind, self.centre]), flat], cuts)

    @property
    def score(self) -> Numbers:
        """What alerts are ranked by."""
        return self.excess * self.growing


def find_candidates(outlook: Outlook, *, least: float) -> Candidates:
    """Give every zone whose statistic is at least `least`, with the figures it is ranked by."""
    kind, centre = np.nonzero(outlook.statistics >= least)
    windows = outlook.windows[kind, centre]
    flat, cuts = _members(outlook, kind, centre)
    which = np.repeat(windows, outlook.sizes[kind, centre])
    observed, expected, noise = (_sums(table[which, flat], cuts) for table in _windows(outlook))
    spread = outlook.spread[windows]
    # What would have been without an outbreak is uncertain by cells and by districts; what was seen, by a count's chance.
    deviation = np.sqrt(observed + noise + spread * expected**2)
    excess = np.maximum(0.0, observed - CERTAIN * deviation - expected) / (windows + 1)
    growth, growing = _growth(outlook, flat, cuts)
    statistic = outlook.statistics[kind, centre]
    chance = tail_chance(observed, expected, expected + noise + spread * expected**2)
    return Candidates(kind, centre, windows + 1, statistic, observed, expected, excess, growth, growing, chance)


def tail_chance(observed: Numbers, mean: Numbers, variance: Numbers) -> Numbers:
    """Give the chance of `observed` cases or more of a negative binomial count with this mean and variance (above it)."""
    mean = np.maximum(mean, 1e-6)
    more = np.maximum(variance - mean, 1e-6 * mean)
    shape = mean**2 / more
    # A hidden count is estimated, so that a sum need not be whole.
    chance: Numbers = nbinom.sf(np.round(observed) - 1, shape, shape / (shape + mean))
    return np.maximum(chance, LEAST_CHANCE)


def keep(candidates: Candidates, wanted: NDArray[np.bool_]) -> Candidates:
    """Give some of the candidates."""
    return Candidates(*(getattr(candidates, one.name)[wanted] for one in fields(candidates)))


def pick(outlook: Outlook, candidates: Candidates, settings: AlertSettings) -> dict[int, Reason]:
    """Pick candidates that share no area, at most as many as the budget, the highest score first, each with its reason.

    Most places go by score. The others go to small candidates, not on the list already, that chance shows least and
    that are likely to grow; what these leave goes by score again. Those without an excess are never picked.
    """
    score, sizes = candidates.score, outlook.sizes[candidates.kind, candidates.centre]
    places = settings.places_for_seldom
    taken = np.zeros(outlook.statistics.shape[1], dtype=bool)
    # Equal ones: the smaller zone, then the first centre, so that the answer never hangs on the machine.
    by_score = np.lexsort((candidates.centre, sizes, -score))
    by_chance = np.lexsort((candidates.centre, sizes, -score, candidates.chance))
    wanted = score > 0
    small = wanted & (sizes <= settings.small) & (candidates.growing > LIKELY)
    large = _take(outlook, candidates, by_score[wanted[by_score]], settings.most - places, taken)
    seldom = _take(outlook, candidates, by_chance[small[by_chance]], places, taken)
    rest = _take(outlook, candidates, by_score[wanted[by_score]], places - len(seldom), taken)
    least = max((float(candidates.chance[one]) for one in seldom), default=0.0)
    by_size = {one: Reason.BOTH if candidates.chance[one] <= least else Reason.SIZE for one in (*large, *rest)}
    reasons = by_size | dict.fromkeys(seldom, Reason.SELDOM)
    return {int(one): reasons[int(one)] for one in by_score if int(one) in reasons}


def _take(outlook: Outlook, candidates: Candidates, order: Whole, most: int, taken: NDArray[np.bool_]) -> list[int]:
    """Take at most `most` candidates in this order, leaving out each that has an area `taken` before; marks those it takes."""
    picked: list[int] = []
    for one in order:
        if len(picked) == most:
            break
        zone = outlook.zone(int(candidates.kind[one]), int(candidates.centre[one]))
        if not taken[zone].any():
            taken[zone] = True
            picked.append(int(one))
    return picked


def _members(outlook: Outlook, kind: Whole, centre: Whole) -> tuple[NDArray[np.int32], Whole]:
    """Give the areas of all zones in one row, and where each zone's begin."""
    sizes = outlook.sizes[kind, centre]
    cuts = np.cumsum(sizes) - sizes
    within = np.arange(int(sizes.sum())) - np.repeat(cuts, sizes)
    return outlook.zones.neighbours[np.repeat(outlook.zones.starts[centre], sizes) + within], cuts


def _sums(values: Numbers, cuts: Whole) -> Numbers:
    sums: Numbers = np.add.reduceat(values, cuts) if len(cuts) else np.zeros(0)
    return sums


def _windows(outlook: Outlook) -> tuple[Numbers, Numbers, Numbers]:
    """Give, by window and area: the cases, the cases expected, and the variance these have beyond a Poisson's."""
    observed = np.array([fit.counts[:, -fit.mean.shape[1] :].sum(axis=1) for fit in outlook.fits])
    expected = np.array([fit.mean.sum(axis=1) for fit in outlook.fits])
    squares = np.array([(fit.mean**2).sum(axis=1) for fit in outlook.fits])
    return observed, expected, squares / outlook.theta[:, None]


def _growth(outlook: Outlook, flat: NDArray[np.int32], cuts: Whole) -> tuple[Numbers, Numbers]:
    """Give each zone's growth from the week before to the newest, and the chance that it is above the whole's."""
    counts, theta = outlook.fits[-1].counts, float(outlook.theta[-1])
    newest, before = counts[:, -1], counts[:, -2]
    a, b = (_sums(week[flat], cuts) + 0.5 for week in (newest, before))
    more = [_sums(week[flat] ** 2, cuts) / theta / total**2 for week, total in ((newest, a), (before, b))]
    deviation = np.sqrt(1 / a + 1 / b + more[0] + more[1])
    whole = np.log((newest.sum() + 0.5) / (before.sum() + 0.5))
    return a / b, ndtr((np.log(a / b) - whole) / deviation)
