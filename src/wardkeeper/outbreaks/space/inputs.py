"""What a scan is given, checked and put into arrays: areas in their order, counts by step and area."""

from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.given import Kind, take_frame
from wardkeeper.outbreaks.space.search import MOST_CASES
from wardkeeper.outbreaks.space.steps import Span, place_in_steps
from wardkeeper.outbreaks.space.zones import on_globe

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


class Coordinates(StrEnum):
    """How areas are placed: x and y in a plane, or latitude and longitude in degrees."""

    CARTESIAN = "cartesian"
    LATLONG = "latlong"


MOST_PEOPLE = 1e12
"""More people than this is a slip or a code."""

FURTHEST = 1e12
"""The greatest coordinate, in any unit: beyond it, distances have too few digits left to tell which area is nearer."""

AXES: dict[Coordinates, tuple[str, str]] = {
    Coordinates.CARTESIAN: ("x", "y"),
    Coordinates.LATLONG: ("latitude", "longitude"),
}


def read_areas(areas: pl.DataFrame, coordinates: Coordinates) -> tuple[list[str], list[Numbers]]:
    """Give the areas' ids in order, and their coordinates at right angles (km on a globe).

    Raises BadInput for a missing column, no area at all, an area twice, or a place that is no number on the map.
    """
    first, second = AXES[coordinates]
    areas = take_frame(areas, "areas", {"area": Kind.ID, first: Kind.NUMBER, second: Kind.NUMBER})
    _check_columns(areas, ("area", first, second), "areas")
    _check_rows(areas, pl.col("area").is_null(), "area", "An area has no id.", "Give each row the id of its area.")
    if areas.is_empty():
        raise BadInput("There are no areas.", "Give a row for each area, with its place.", Where(rule="areas"))
    again = areas.filter(pl.col("area").is_duplicated())
    if not again.is_empty():
        message = f"The area {again['area'][0]} is there twice, {again['area'].n_unique():,} areas in all."
        raise BadInput(message, "Keep one row for each area.", Where(column="area", rule="one row an area"))
    places = [areas[name].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy() for name in (first, second)]
    limits = (90.0, 180.0) if coordinates is Coordinates.LATLONG else (FURTHEST, FURTHEST)
    for name, values, limit in zip((first, second), places, limits, strict=True):
        wrong = ~np.isfinite(values) | (np.abs(values) > limit)
        if wrong.any():
            where = Where(row=int(wrong.argmax()) + 1, column=name, rule="coordinates")
            raise BadInput(
                "The area's place is not on the map.", f"Give {name} as a number of at most {limit:,.0f}.", where
            )
    return areas["area"].to_list(), list(on_globe(*places)) if coordinates is Coordinates.LATLONG else places


def find_places(axes: list[Numbers]) -> Whole:
    """Number the places of areas [areas], in the order of their first area: areas with the same coordinates share one."""
    _, first, place = np.unique(np.stack(axes), axis=1, return_index=True, return_inverse=True)
    numbers = np.empty(len(first), np.int64)
    numbers[np.argsort(first)] = np.arange(len(first))
    return numbers[place.ravel()]


def sum_by_place(values: NDArray[Any], places: Whole) -> NDArray[Any]:
    """Sum the values [..., areas] of the areas in each place; the type stays."""
    if int(places.max(initial=-1)) + 1 == len(places):
        return values
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], np.arange(int(places.max()) + 1))
    return np.add.reduceat(values[..., order], starts, axis=-1)


CASE_KINDS = {"area": Kind.ID, "cases": Kind.NUMBER, "most": Kind.NUMBER, "date": Kind.DAY}
PEOPLE_KINDS = {"area": Kind.ID, "population": Kind.NUMBER, "date": Kind.DAY}


def take_cases(cases: pl.DataFrame) -> pl.DataFrame:
    """Give the cases with ids as text. Raises BadInput for a missing column, and for counts that are not whole."""
    taken = take_frame(cases, "cases", CASE_KINDS)
    _check_columns(taken, ("area", "cases"), "cases")
    for name in ("cases", "most"):
        if name in taken.columns:
            number = pl.col(name).cast(pl.Float64)
            whole = ~number.is_nan() & (number.is_null() | ((number % 1 == 0) & (number.abs() <= MOST_CASES)))
            _check_rows(
                taken,
                ~whole.fill_null(value=True),
                name,
                f"The number of cases is not a whole number of at most {MOST_CASES:,}.",
                "Give whole cases: a scan can't part them.",
                "whole number",
            )
    return taken.with_columns(pl.col(name).cast(pl.Int64) for name in ("cases", "most") if name in taken.columns)


def name_greatest(cases: pl.DataFrame) -> str:
    """Name the column of the greatest counts: that of all counts, where none is hidden."""
    return "most" if "most" in cases.columns else "cases"


def count_cases(cases: pl.DataFrame, ids: list[str], steps: list[Span] | None, *, of: str = "cases") -> Whole:
    """Count the cases (the column `of`) by step and area (int64 [steps, areas]; one step when there are none).

    Raises BadInput for counts below zero or missing, areas nobody knows, and days outside the study period.
    """
    _check_columns(cases, ("area", "cases", *(("date",) if steps else ())), "cases")
    _check_rows(
        cases,
        pl.col("cases").is_null() | (pl.col("cases") < 0),
        "cases",
        "The number of cases is missing or below zero.",
        "Give corrected counts: a scan can't take cases back.",
    )
    order = pl.DataFrame({"area": ids}, schema={"area": pl.String}).with_row_index("place")
    placed = cases.join(order, on="area", how="left", maintain_order="left")
    _check_rows(
        placed,
        pl.col("place").is_null(),
        "area",
        "There are cases in areas that have no place.",
        "Give the areas' places under the same ids, and boundaries of the same year.",
    )
    if steps:
        span = f"{steps[0][0]} to {steps[-1][1]}"
        outside = pl.col("date").is_null() | ~pl.col("date").is_between(steps[0][0], steps[-1][1])
        _check_rows(
            placed,
            outside,
            "date",
            f"There are cases outside the study period, {span}.",
            "Widen the study period, or take them out.",
        )
    at = place_in_steps(placed["date"], steps) if steps else np.zeros(placed.height, np.int64)
    cells = at * len(ids) + placed["place"].to_numpy().astype(np.int64)
    numbers = placed[of].cast(pl.Int64).to_numpy()
    size = len(steps or (None,)) * len(ids)
    counts = np.zeros(size, np.int64)
    np.add.at(counts, cells, numbers)
    return counts.reshape(-1, len(ids))


def check_people(population: pl.DataFrame) -> pl.DataFrame:
    """Give the population with ids as text. Raises BadInput for a missing column, and for people missing or below zero."""
    people = take_frame(population, "population", PEOPLE_KINDS)
    _check_columns(people, ("area", "population"), "population")
    number = pl.col("population").cast(pl.Float64)
    wrong = ~(number.is_between(0, MOST_PEOPLE) & ~number.is_nan()).fill_null(value=False)
    _check_rows(
        people,
        wrong,
        "population",
        "The population is missing, below zero or too large.",
        f"Give a number of people, at most {MOST_PEOPLE:,.0f}.",
    )
    if "date" in people.columns:
        _check_rows(people, pl.col("date").is_null(), "date", "The people have no date.", "Give each row its date.")
    return people


def study_period(cases: pl.DataFrame, first: date | None, last: date | None) -> tuple[date, date]:
    """Give the first and last day looked at: as asked, else those of the cases."""
    days = cases["date"].drop_nulls()
    if days.is_empty() and not (first and last):
        raise BadInput("No case has a date.", "Give the dates, or a study period.", Where(column="date"))
    start, end = first or days.min(), last or days.max()
    assert isinstance(start, date)
    assert isinstance(end, date)
    return start, end


def _check_columns(frame: pl.DataFrame, names: tuple[str, ...], table: str) -> None:
    absent = [name for name in names if name not in frame.columns]
    if absent:
        message = f"The table of {table} lacks a column."
        raise BadInput(message, f"It needs {', '.join(names)}.", Where(column=", ".join(absent), rule="columns"))


def _check_rows(frame: pl.DataFrame, wrong: pl.Expr, column: str, message: str, next_step: str, rule: str = "") -> None:
    bad = frame.with_row_index("row", offset=1).filter(wrong)
    if not bad.is_empty():
        raise BadInput(
            f"{message} Rows: {bad.height:,}.", next_step, Where(row=int(bad["row"][0]), column=column, rule=rule)
        )
