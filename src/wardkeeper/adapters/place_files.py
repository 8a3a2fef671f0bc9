"""The authority's reference data about places, read from its `places` folder: nothing here is about a person.

`postcodes.csv`, `addresses.parquet`, `areas.geojson`, `population.csv` and any number of drawn outlines (`*.geojson`);
where there is one, `settings.csv` names care homes, schools and the like, and `proficiency.csv`
tells how many people cannot speak English well.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from wardkeeper.adapters.case_files import read_population
from wardkeeper.adapters.files import read_unpacked
from wardkeeper.adapters.proficiency_files import find_proficiency
from wardkeeper.kernel.areas import AREA_CODE, AreaKind, area_kind
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.geojson import Outline
from wardkeeper.places.addresses import AddressList
from wardkeeper.places.areas import AreaTable
from wardkeeper.places.outlines import parse
from wardkeeper.places.postcodes import PostcodeTable, standardise
from wardkeeper.usecases.house import KNOWN, Places

AREAS = "areas.geojson"
POPULATION = "population.csv"
SETTINGS = "settings.csv"

AREA_SCHEMA = {
    "area": pl.String,
    "name": pl.String,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
    "geometry": pl.String,
}


def place_reader(folder: Path) -> Callable[[], Places]:
    """Give a reader of the folder that reads it once, when first asked. Raises BadInput naming the file that is missing."""

    @cache
    def read() -> Places:
        return Places(
            postcodes=PostcodeTable(pl.read_csv(_found(folder / "postcodes.csv"))),
            addresses=AddressList(pl.read_parquet(_found(folder / "addresses.parquet"))),
            areas=read_areas(folder / AREAS, folder / POPULATION, AreaKind.LSOA),
            outlines=_outlines(folder),
            known=_read_settings(folder / SETTINGS),
            proficiency=find_proficiency(folder),
        )

    return read


def read_areas(shapes: Path, population: Path | None, kind: AreaKind | None = None) -> AreaTable:
    """Read areas from GeoJSON, gzipped or not, and their population from CSV. Raises BadInput.

    A feature's code is the property that looks like an ONS code, of the `kind` wanted where it has several; its name the
    one called so.
    """
    rows = [
        _area(feature, kind, Where(file=shapes.name, row=at)) for at, feature in enumerate(_features(shapes), start=1)
    ]
    kept = [row for row in rows if kind is None or area_kind(row[0]) is kind]
    frame = pl.DataFrame(kept, schema=AREA_SCHEMA, orient="row")
    if population is None:
        return AreaTable(frame.with_columns(population=pl.lit(None, pl.Int64)))
    return AreaTable(frame.join(read_population(_found(population)), on="area", how="left").sort("area"))


def _features(shapes: Path) -> list[dict[str, Any]]:
    try:
        features = list(json.loads(read_unpacked(_found(shapes)))["features"])
        return [{**one, "properties": dict(one.get("properties") or {})} for one in features]
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        message = "The areas are not a GeoJSON feature collection."
        raise BadInput(message, "Export them as GeoJSON, in WGS 84.", Where(file=shapes.name)) from problem


def _area(feature: dict[str, Any], kind: AreaKind | None, where: Where) -> tuple[str, str, float, float, str]:
    named: dict[str, Any] = feature["properties"]
    codes = [str(value) for value in named.values() if AREA_CODE.fullmatch(str(value))]
    code = next((one for one in codes if kind and area_kind(one) is kind), codes[0] if codes else None)
    if code is None:
        raise BadInput("A shape has no area code.", "Give each its ONS code, such as E02001261.", where)
    name = next((str(value) for key, value in named.items() if "name" in key.lower()), code)
    geometry = json.dumps(feature.get("geometry"), separators=(",", ":"))
    try:
        centre = shapely.point_on_surface(shapely.from_geojson(geometry))
        return code, name, float(centre.x), float(centre.y), geometry
    except shapely.errors.ShapelyError as problem:
        raise BadInput(
            f"The area {code} has no shape that can be drawn.", "Export its boundary again.", where
        ) from problem


def _read_settings(path: Path) -> pl.DataFrame:
    """Read the places that go by a name: name, kind, postcode, and the UPRN where it is known."""
    if not path.is_file():
        return pl.DataFrame(schema=dict.fromkeys(KNOWN, pl.String))
    table = pl.read_csv(path, infer_schema=False)
    missing = next((name for name in KNOWN[:-1] if name not in table.columns), None)
    if missing:
        message = f"The table of settings has no column {missing}."
        raise BadInput(message, f"Give it the columns {', '.join(KNOWN)}.", Where(file=path.name, column=missing))
    uprn = pl.col("uprn") if "uprn" in table.columns else pl.lit(None, pl.String)
    return table.select("name", "kind", standardise(pl.col("postcode")).alias("postcode"), uprn.alias("uprn"))


def _outlines(folder: Path) -> dict[str, Outline]:
    drawn = sorted(path for path in folder.glob("*.geojson") if path.name != AREAS)
    return {path.stem: parse(path.read_text("utf-8")) for path in drawn}


def _found(path: Path) -> Path:
    if not path.is_file():
        message = f"The folder of places has no {path.name}."
        raise BadInput(message, "Add it, or build the demo's with wardkeeper demo.", Where(file=path.name))
    return path
