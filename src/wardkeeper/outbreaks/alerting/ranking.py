"""Which clusters come first: those with the most cases a week beyond what was expected, if they are likely still to grow.

The score of a cluster is the lower bound of its excess (cases a week, 95 % certain) times the chance that its cases
rise faster than the whole's. Both are in words that a person can check; neither needs a cluster to be "significant",
which in an epidemic nearly every district is.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from wardkeeper.outbreaks.space.epidemic import Outlook

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

CERTAIN = 1.6448536269514722
"""The standard normal quantile of 95 %."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Zones that stand out, one entry each in every array. `kind` and `centre` name a zone of the outlook.

    `observed` (hidden cases estimated) and `expected` are of the whole window of `weeks`; `excess` is a week's;
    `growth` is the newest week over the one before, `growing` the chance that this is above the whole's.
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
    return Candidates(kind, centre, windows + 1, statistic, observed, expected, excess, growth, growing)


def keep(candidates: Candidates, wanted: NDArray[np.bool_]) -> Candidates:
    """Give some of the candidates."""
    return Candidates(*(getattr(candidates, one.name)[wanted] for one in fields(candidates)))


def pick(outlook: Outlook, candidates: Candidates, *, most: int) -> list[int]:
    """Pick at most `most` candidates that share no area, the highest score first; those without an excess never."""
    taken = np.zeros(outlook.statistics.shape[1], dtype=bool)
    picked: list[int] = []
    # Equal scores: the smaller zone, then the first centre, so that the answer never hangs on the machine.
    sizes = outlook.sizes[candidates.kind, candidates.centre]
    for one in np.lexsort((candidates.centre, sizes, -candidates.score)):
        if candidates.score[one] <= 0 or len(picked) == most:
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
