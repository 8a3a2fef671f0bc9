"""A local equirectangular projection: degrees to drawing units, true to scale at its middle latitude.

Over a district (tens of kilometres) its error is far below the width of a line.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WIDTH = 1000.0
"""Drawing units across. Heights follow from the ground."""

MIN_HEIGHT, MAX_HEIGHT = 450.0, 1100.0
MARGIN = 0.04
"""Empty border, as a share of the longer side."""

SMALLEST_SPAN = 0.002
"""Degrees of latitude shown at least (about 220 m), so that one home is not a map of its doormat."""

METRES_PER_DEGREE = 111_320.0
"""Of latitude, on a sphere of the Earth's mean size."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Projection:
    """Longitude and latitude (WGS 84) of the top left corner, and units per degree of latitude."""

    west: float
    north: float
    squeeze: float
    scale: float
    height: float

    def project(self, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Numbers, Numbers]:
        """Give x and y in drawing units, to a tenth."""
        x = (np.asarray(longitude, float) - self.west) * self.squeeze * self.scale
        y = (self.north - np.asarray(latitude, float)) * self.scale
        return np.round(x, 1), np.round(y, 1)

    def units(self, metres: float) -> float:
        """Give a distance on the ground in drawing units."""
        return metres / METRES_PER_DEGREE * self.scale


def fit(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Projection:
    """Fit the points into a drawing `WIDTH` wide and between `MIN_HEIGHT` and `MAX_HEIGHT` high."""
    east_west, north_south = np.asarray(longitude, float), np.asarray(latitude, float)
    middle_x = float(east_west.max() + east_west.min()) / 2
    middle_y = float(north_south.max() + north_south.min()) / 2
    squeeze = math.cos(math.radians(middle_y))
    wide = max(float(np.ptp(east_west)) * squeeze, SMALLEST_SPAN)
    high = max(float(np.ptp(north_south)), SMALLEST_SPAN)
    border = MARGIN * max(wide, high)
    wide, high = wide + 2 * border, high + 2 * border
    scale = min(WIDTH / wide, MAX_HEIGHT / high)
    height = max(MIN_HEIGHT, high * scale)
    west = middle_x - WIDTH / scale / squeeze / 2
    return Projection(west, middle_y + height / scale / 2, squeeze, scale, height)


SCALE_BARS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


def scale_bar(projection: Projection) -> tuple[float, str]:
    """Give the length in units and the words of the longest round bar under a quarter of the width."""
    fitting = [metres for metres in SCALE_BARS if projection.units(metres) <= WIDTH / 4] or [SCALE_BARS[0]]
    metres = fitting[-1]
    words = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    return round(projection.units(metres), 1), words
