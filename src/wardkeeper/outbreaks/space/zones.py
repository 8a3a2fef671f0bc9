"""Candidate zones: each area with its nearest neighbours, one more at a time, up to a share of the whole.

Kulldorff M (1997), A spatial scan statistic, Communications in Statistics: Theory and Methods 26: 1481-1496.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardkeeper.outbreaks.space import neighbour_kernels

Numbers = NDArray[np.float64]
Places = NDArray[np.int32]

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


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


def find_zones(x: Numbers, y: Numbers, measure: Numbers, *, share: float, z: Numbers | None = None) -> Zones:
    """Find zones whose summed `measure` (population, or cases) is at most `share` of its total; areas alone always count.

    `x`, `y` (and `z`) are coordinates at right angles, one an area; `measure` is not negative. Equally near areas
    come in table order.
    """
    places = np.ascontiguousarray([x, y] if z is None else [x, y, z], dtype=np.float64)
    # A share such as 0.1 is not exact in binary: an area that just fits must not fall out by it.
    most = share * float(measure.sum()) * (1 + 1e-12)
    return Zones(*neighbour_kernels.nearest(places, np.ascontiguousarray(measure, dtype=np.float64), most))


def on_globe(latitude: Numbers, longitude: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Give places on a globe, in degrees, as coordinates in km: straight distances keep the order of those along the ground."""
    north, east = np.radians(latitude), np.radians(longitude)
    return EARTH_KM * np.cos(north) * np.cos(east), EARTH_KM * np.cos(north) * np.sin(east), EARTH_KM * np.sin(north)
