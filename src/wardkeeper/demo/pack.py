"""The places pack: real postcodes and areas, and the drawn flood outline."""

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import shapely

METRES_PER_DEGREE = 111_320.0
"""Metres per degree of latitude, near enough for sorting by distance within a district."""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """`postcodes` has postcode, output_area, lsoa, msoa, longitude and latitude (degrees, WGS 84)."""

    postcodes: pl.DataFrame
    outline: shapely.Geometry
    names: dict[str, str]
    """The name of each LSOA and MSOA by its code."""


def read(folder: Path) -> Pack:
    """Read the pack from an authority's `places` folder."""
    areas = json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))["features"]
    outline = (folder / "mersey-flood.geojson").read_text(encoding="utf-8")
    return Pack(
        postcodes=pl.read_csv(folder / "postcodes.csv"),
        outline=shapely.union_all(shapely.get_parts(shapely.from_geojson(outline))),
        names={area["properties"]["code"]: area["properties"]["name"] for area in areas},
    )


def order_areas(pack: Pack) -> list[str]:
    """Give the output areas, those deepest in the outline first and then by their distance from it."""
    centres = pack.postcodes.group_by("output_area").agg(pl.col("longitude", "latitude").mean()).sort("output_area")
    stretch = 0.6
    points = shapely.points(centres["longitude"].to_numpy() * stretch, centres["latitude"].to_numpy())
    outline = shapely.transform(pack.outline, lambda xy: xy * [stretch, 1.0])
    outside = shapely.distance(outline, points)
    depth = shapely.distance(outline.boundary, points)
    signed = pl.Series("distance", outside) - pl.Series(depth) * pl.Series(outside == 0).cast(pl.Float64)
    return centres.with_columns(signed).sort("distance", "output_area")["output_area"].to_list()
