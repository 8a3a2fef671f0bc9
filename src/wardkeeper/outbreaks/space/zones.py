"""Candidate zones: each area with its nearest neighbours, one more at a time, up to a share of the whole.

Kulldorff M (1997), A spatial scan statistic, Communications in Statistics: Theory and Methods 26: 1481-1496.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Zones:
    """Circular zones: those about area `i` are the first 1, 2, … of `neighbours[starts[i]:starts[i + 1]]`, itself first.

    `neighbours` holds places in the table of areas (int32), `starts` where each centre's begin (int64, areas + 1).
    """

    neighbours: Places
    starts: NDArray[np.int64]

    def about(self, centre: int) -> Places:
        """Give a centre's neighbours, nearest first, itself the first of all."""
        return self.neighbours[self.starts[centre] : self.starts[centre + 1]]


def find_zones(x: Numbers, y: Numbers, measure: Numbers, *, share: float) -> Zones:
    """Find zones whose summed `measure` (population, or cases) is at most `share` of its total; areas alone always count.

    `x` and `y` are plane coordinates, one an area; `measure` is not negative. Equally near areas come in table order.
    """
    most = share * measure.sum() * (1 + 1e-12)
    lists = []
    for centre in range(len(x)):
        squared = (x - x[centre]) ** 2 + (y - y[centre]) ** 2
        squared[centre] = -1.0
        order = np.argsort(squared, kind="stable")
        count = max(1, int(np.searchsorted(np.cumsum(measure[order]), most, side="right")))
        lists.append(order[:count].astype(np.int32))
    starts = np.concatenate([[0], np.cumsum([len(one) for one in lists])]).astype(np.int64)
    return Zones(np.concatenate(lists), starts)
