"""Statistical areas with their names, people, centres and shapes: for maps, tables and finding the area of a point."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.geojson import Outline

COLUMNS = ("area", "name", "population", "longitude", "latitude", "geometry")


@dataclass(frozen=True, slots=True, eq=False)
class AreaTable:
    """Areas of one kind.

    `frame` has a row each: area (ONS code), name, population (residents), longitude and latitude (degrees, WGS 84, of
    its centre) and geometry (GeoJSON text).
    """

    frame: pl.DataFrame

    def __post_init__(self) -> None:
        missing = [name for name in COLUMNS if name not in self.frame.columns]
        if missing:
            raise BadInput(
                f"The table of areas has no column {missing[0]}.",
                f"Give it the columns {', '.join(COLUMNS)}.",
                Where(file="places", column=missing[0]),
            )

    @property
    def codes(self) -> list[str]:
        """The areas' codes, in the table's order."""
        return self.frame["area"].to_list()

    @property
    def people(self) -> pl.DataFrame:
        """Residents by area (area, population), of those whose number is known."""
        return self.frame.select("area", "population").drop_nulls().unique("area", keep="first", maintain_order=True)

    def outlines(self) -> dict[str, str]:
        """Give each area's shape as GeoJSON text by its code."""
        return dict(self.frame.select("area", "geometry").iter_rows())

    def choose(self, codes: Sequence[str]) -> "AreaTable":
        """Give the areas with these codes. Raises BadInput naming the first that is not in the table."""
        unknown = sorted(set(codes).difference(self.codes))
        if unknown:
            raise BadInput(
                f"There is no area {unknown[0]} here.", "Choose areas from the map or the table.", Where(rule="area")
            )
        return AreaTable(self.frame.filter(pl.col("area").is_in(list(codes))))

    def shapes(self) -> npt.NDArray[np.object_]:
        """Give the areas' shapes, in the table's order."""
        return np.asarray(shapely.from_geojson(self.frame["geometry"].to_numpy()), dtype=object)

    def bordering(self) -> pl.DataFrame:
        """Give the pairs of areas whose outlines touch, each both ways: area, neighbour. The outlines must share their borders."""
        shapes, codes = self.shapes(), self.frame["area"].to_numpy()
        first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        apart = first != second
        return pl.DataFrame({"area": codes[first[apart]], "neighbour": codes[second[apart]]})

    def boundary(self) -> Outline:
        """Give the outline of all areas together: the authority's, when the table holds all its areas."""
        return Outline(shapely.to_geojson(shapely.union_all(self.shapes())))

    def find(self, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> pl.Series:
        """Give the code of the area that each point (degrees, WGS 84) lies in; null where it lies in none."""
        points = shapely.points(np.asarray(longitude, float), np.asarray(latitude, float))
        asked, found = shapely.STRtree(self.shapes()).query(points, predicate="intersects")
        codes = np.full(len(points), None, dtype=object)
        # A point on a shared border lies in both areas: the first in the table's order is taken, always the same one.
        order = np.argsort(found)[::-1]
        codes[asked[order]] = np.array(self.codes, dtype=object)[found[order]]
        return pl.Series("area", codes.tolist(), dtype=pl.String)

    def touching(self, outline: Outline) -> list[str]:
        """Give the codes of the areas that share ground with an outline, in the table's order."""
        shared = shapely.intersects(self.shapes(), shapely.from_geojson(outline))
        return self.frame.filter(pl.Series(shared))["area"].to_list()
