"""Candidate zones: each area with its nearest neighbours, one more at a time, up to a share of the whole.

Kulldorff M (1997), A spatial scan statistic, Communications in Statistics: Theory and Methods 26: 1481-1496.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.space import neighbour_kernels
from wardkeeper.outbreaks.space.watching import Watch, unwatched

Numbers = NDArray[np.float64]
Places = NDArray[np.int32]

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""

MOST_ZONES = 1_000_000_000
"""Zones that a scan keeps, at four bytes each."""

PAIRS_AT_ONCE = 100_000_000
"""Pairs of areas looked at in one go: a second or less, so that progress can be told and a scan be stopped."""


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


def find_zones(
    x: Numbers,
    y: Numbers,
    z: Numbers | None = None,
    *,
    measure: Numbers,
    share: float,
    watch: Watch = unwatched,
) -> Zones:
    """Find zones whose summed `measure` (population, or cases) is at most `share` of its total; areas alone always count.

    `x`, `y` (and `z`) are coordinates at right angles, one an area; `measure` is not negative. Equally near areas
    come in table order. `watch` is told the share done. Raises BadInput beyond `MOST_ZONES`.
    """
    places = np.ascontiguousarray([x, y] if z is None else [x, y, z], dtype=np.float64)
    along = int(np.ptp(places, axis=1).argmax()) if places.size else 0
    order = np.argsort(places[along], kind="stable").astype(np.int32)
    ground = np.ascontiguousarray(places[:, order]), along, order, np.ascontiguousarray(measure, np.float64)[order]
    # A share such as 0.1 is not exact in binary: an area that just fits must not fall out by it.
    most = share * float(measure.sum()) * (1 + 1e-12)
    areas, reach, found = len(order), 0.0, 0
    listed, numbers = [np.zeros(0, np.int32)], [np.zeros(1, np.int64)]
    at_once = max(1, PAIRS_AT_ONCE // max(1, areas))
    for first in range(0, areas, at_once):
        centres = np.arange(first, min(areas, first + at_once))
        neighbours, sizes, reach = neighbour_kernels.nearest(centres, *ground, most, reach)
        listed.append(neighbours)
        numbers.append(sizes)
        found += len(neighbours)
        _check_number(found, areas, share)
        watch((first + len(centres)) / areas)
    return Zones(np.concatenate(listed), np.concatenate(numbers).cumsum())


def _check_number(found: int, areas: int, share: float) -> None:
    if found > MOST_ZONES:
        raise BadInput(
            f"{areas:,} areas have more than {MOST_ZONES:,} zones of up to {share:.0%} of the whole: too many to scan.",
            "Make clusters smaller, such as 0.01 of the whole, or put areas together.",
            Where(rule="number of zones"),
        )


def on_globe(latitude: Numbers, longitude: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Give places on a globe, in degrees, as coordinates in km: straight distances keep the order of those along the ground."""
    north, east = np.radians(latitude), np.radians(longitude)
    return EARTH_KM * np.cos(north) * np.cos(east), EARTH_KM * np.cos(north) * np.sin(east), EARTH_KM * np.sin(north)
