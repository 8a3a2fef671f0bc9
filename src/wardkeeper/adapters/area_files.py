"""Reading where areas are and what they are called, from files named or found beside a file of cases.

A file is known by its columns. What was taken from where is said, for nobody should have to guess.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wardkeeper.adapters.case_files import read_case_table, read_population
from wardkeeper.adapters.files import read_unpacked
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.forms import find_area, find_areas, list_areas

EAST = ("x", "e", "easting", "eastings", "oseast1m")
NORTH = ("y", "n", "northing", "northings", "osnrth1m")
LONGITUDE = ("longitude", "long", "lon", "lng")
LATITUDE = ("latitude", "lat")
PEOPLE = ("population", "total_population", "all ages")
NAMES = ("msoa11hclnm", "msoa21hclnm", "name", "area_name", "msoa11nm", "msoa11_name", "msoa21_name")
PLACES = (
    "place",
    "ltla20_name",
    "ltla22_name",
    "ltla21_name",
    "lad20nm",
    "lad21nm",
    "lad22nm",
    "utla20_name",
    "laname",
)
CASES, RATES = ("cases7", "cases"), ("rate7", "rate")

PER = 100_000
ENOUGH = 0.5
"""The share of the counted areas that a file must know to be about them."""

SUFFIXES = (".csv", ".csv.gz")
FIRST_LINE = 65_536


@dataclass(frozen=True, slots=True)
class Given:
    """The files named by the user; those not named are looked for beside the cases."""

    areas: Path | None = None
    population: Path | None = None
    names: Path | None = None


@dataclass(frozen=True, eq=False)
class AreaFiles:
    """`areas` has area, name, place (null unknown), x, y in a plane; `population` area, population, or is None."""

    areas: pl.DataFrame
    population: pl.DataFrame | None
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is looked for: what it is called, and how each of its columns may be headed."""

    title: str
    columns: tuple[tuple[str, ...], ...]


CENTRES = Part("centres", (EAST, NORTH))
CENTRES_IN_DEGREES = Part("centres", (LONGITUDE, LATITUDE))
POPULATION = Part("population", (PEOPLE,))
NAMING = Part("names", (NAMES,))
PLACING = Part("authorities", (PLACES,))


def read_area_files(cases: Path, table: pl.DataFrame, given: Given) -> AreaFiles:
    """Read what is known of the areas in a table of cases. Raises NotFound for a file that is not there.

    Raises BadInput, naming the options, when nothing says where the areas are.
    """
    for named_file in (given.areas, given.population, given.names):
        if named_file:
            read_unpacked(named_file)
    known = list_areas(table)
    if not known:
        message = "The table of cases has no column of area codes."
        raise BadInput(message, "Name it area.", Where(file=cases.name, column="area"))
    beside = _beside(cases)
    places = [given.areas] if given.areas else beside
    found = [_find(CENTRES, places, known), _find(CENTRES_IN_DEGREES, places, known)]
    centres = next((one for one in found if one), None)
    if centres is None:
        raise _no_centres(cases, given)
    # A table of places may hold the names and the people too, wherever it stands.
    beside = [*([given.areas] if given.areas else []), *beside]
    named = [given.names] if given.names else beside
    at_people = given.population or next((one.path for one in [_find(POPULATION, beside, known)] if one), None)
    population = _read_people(at_people, known) if at_people else _from_rates(table)
    name, place = _find(NAMING, named, known), _find(PLACING, named, known)
    if given.names and not (name or place):
        raise BadInput(
            "The table of names knows too few of the counted areas.",
            "Give one of the same year, with columns area and name or place.",
            Where(file=given.names.name),
        )
    if at_people:
        said = [f"{at_people.name} (population)"]
    else:
        said = [f"{cases.name} (population, from its rates)"] if population is not None else []
    named_after = [f"{part.path.name} ({part.part.title})" for part in (name, place) if part]
    used = (f"{centres.path.name} ({centres.part.title})", *said, *named_after)
    return AreaFiles(_areas(centres, name, place), population, used)


@dataclass(frozen=True, eq=False)
class Found:
    """A part as found: `frame` has area and value (and second)."""

    part: Part
    path: Path
    frame: pl.DataFrame


def _beside(cases: Path) -> list[Path]:
    """List the tables in the folder of the cases, by name."""
    return sorted(path for path in cases.resolve().parent.iterdir() if path.name.endswith(SUFFIXES) and path.is_file())


def _find(part: Part, paths: Sequence[Path], known: frozenset[str]) -> Found | None:
    """Find the file that knows most of the areas; of equals the first by name."""
    best: tuple[int, Found | None] = (0, None)
    for path in paths:
        codes, values = _columns(path, part)
        table = read_case_table(path) if codes and values else pl.DataFrame()
        for code in codes if values else ():
            frame = _select(table, [code, *values])
            count = frame.filter(pl.col("area").is_in(list(known))).height
            if count > best[0]:
                best = count, Found(part, path, frame)
    return best[1] if best[0] >= ENOUGH * len(known) else None


def _columns(path: Path, part: Part) -> tuple[list[str], list[str]]:
    """Give the file's columns of area codes, and those of the part's values; none of these where it lacks one."""
    headings = [name.strip('"\ufeff ') for name in _headings(path)]
    values = [_pick(headings, names) for names in part.columns]
    return find_areas(headings), values if all(values) else []


def _pick(headings: Sequence[str], names: Sequence[str]) -> str:
    """Give the heading that is called by the first of these names; empty where none is."""
    called = {name.lower(): name for name in headings}
    return next((called[name] for name in names if name in called), "")


def _headings(path: Path) -> list[str]:
    try:
        with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as file:
            line = file.readline(FIRST_LINE)
    except (OSError, EOFError):
        return []
    return line.decode("utf-8-sig", "replace").strip().split(",")


def _select(table: pl.DataFrame, wanted: list[str]) -> pl.DataFrame:
    names = [next(name for name in table.columns if name.strip("\ufeff ") == one) for one in wanted]
    titles = ("area", "value", "second")
    chosen = table.select(pl.col(name).alias(title) for name, title in zip(names, titles, strict=False))
    return chosen.drop_nulls().unique("area", keep="first", maintain_order=True)


def _areas(centres: Found, name: Found | None, place: Found | None) -> pl.DataFrame:
    numbers = centres.frame.select("area", *(pl.col(one).cast(pl.Float64, strict=False) for one in ("value", "second")))
    if centres.part is CENTRES_IN_DEGREES:
        # Degrees east are shorter than degrees north; over one country the middle latitude serves to find neighbours.
        middle = pl.col("second").mean().radians().cos()
        numbers = numbers.with_columns(value=pl.col("value") * middle)
    areas = numbers.rename({"value": "x", "second": "y"})
    for title, found in (("name", name), ("place", place)):
        column = found.frame.select("area", pl.col("value").alias(title)) if found else None
        empty = areas.with_columns(pl.lit(None, pl.String).alias(title))
        areas = empty if column is None else areas.join(column, on="area", how="left")
    return areas.select("area", "name", "place", "x", "y")


def _read_people(path: Path, known: frozenset[str]) -> pl.DataFrame:
    population = read_population(path)
    if population.filter(pl.col("area").is_in(list(known))).height < ENOUGH * len(known):
        raise BadInput(
            "The population table knows too few of the counted areas.",
            "Give one of the same year, with columns area and population.",
            Where(file=path.name),
        )
    return population


def _from_rates(table: pl.DataFrame) -> pl.DataFrame | None:
    """Work the population out from counts and their rates a 100,000: the middle of what the weeks give."""
    area, cases, rate = find_area(table.columns), _pick(table.columns, CASES), _pick(table.columns, RATES)
    if not (area and cases and rate):
        return None
    numbers = table.select(
        pl.col(area).alias("area"), *(pl.col(one).cast(pl.Float64, strict=False) for one in (cases, rate))
    )
    sound = numbers.filter((pl.col(cases) > 0) & (pl.col(rate) > 0))
    people = sound.group_by("area").agg(population=(pl.col(cases) / pl.col(rate) * PER).median())
    every = numbers.select("area").unique().join(people, on="area", how="left")
    # An area whose every week was hidden is taken to be of the middle size.
    whole = pl.col("population").fill_null(pl.col("population").median()).round().cast(pl.Int64)
    return every.with_columns(whole) if sound.height else None


def _no_centres(cases: Path, given: Given) -> BadInput:
    if given.areas:
        return BadInput(
            "The table of areas does not say where the counted areas are.",
            "Give area codes of the same year, with x and y (or longitude and latitude).",
            Where(file=given.areas.name),
        )
    return BadInput(
        "Nothing says where the areas are.",
        "Give --areas a table with area, x and y (or longitude and latitude), and if you can --population and --names; "
        "or put such a table beside the file of cases.",
        Where(file=cases.name),
    )
