"""Tables of areas, cases, people and neighbours, as they come, made into the frames that smoothing takes.

Takes text cells. Every row is used, set aside and counted, or refused by name.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.cells import TOO_LARGE, CellKind, Hidden, read_cells
from wardkeeper.outbreaks.forms import find_area

ID_HEADINGS = ("id", "censustract.fips", "tract", "geoid", "code")
"""What areas that are not of the United Kingdom's statistics are named by."""

CASE_HEADINGS = ("cases", "case", "count", "observed", "y", "i")
PEOPLE_HEADINGS = ("population", "total_population", "pop", "people", "all ages")
NEIGHBOUR_HEADINGS = ("neighbour", "neighbor", "neighbour_area", "to", "area2")
NAMED = 3
FRACTION = r"^\d{1,7}\.\d+$"

FAULTS = {
    CellKind.NEGATIVE: ("A count of cases is below 0.", "Take a correction off the count that it corrects."),
    CellKind.LARGE: TOO_LARGE,
    CellKind.UNREADABLE: ("A count of cases is no whole number.", "Correct it."),
    CellKind.ABSENT: (
        "A count of cases is marked as not available: it may be of any size.",
        "Write the least and the greatest it may be, such as 0-9, or leave the area out of the areas and the people.",
    ),
}

MOST_PEOPLE = 1e12
"""More people than this is a slip or a code."""


@dataclass(frozen=True, eq=False)
class AreaTables:
    """Areas (area, low, high, population), pairs of neighbours (area, neighbour) if given, and what was assumed."""

    areas: pl.DataFrame
    neighbours: pl.DataFrame | None
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Received:
    """One file's table and its name. `wider`: it may be of more areas than are looked at, as a country's boundaries are."""

    table: pl.DataFrame
    file: str
    wider: bool = False


def join_tables(
    cases: Received, population: Received, areas: Received | None = None, adjacency: Received | None = None
) -> AreaTables:
    """Join cases and people to areas (by default those that have people); an area without a row of cases has none.

    Raises BadInput for cases in unknown areas, areas given twice, and figures that cannot be read.
    """
    notes: list[str] = []
    people = _read_people(population, notes)
    listed = _once(_named(areas, notes), areas.file).select("area") if areas else people.select("area")
    counted = _read_cases(cases, notes)
    _refuse_unknown(counted, listed, cases.file)
    spare = people.join(listed, on="area", how="anti").height
    if spare:
        notes.append(f"People of areas that are not in the list were set aside: {spare:,} areas.")
    without = listed.join(counted, on="area", how="anti").height
    if without:
        notes.append(f"Areas without a row of cases have none: {without:,}.")
    joined = (
        listed.join(counted, on="area", how="left", maintain_order="left")
        .join(people, on="area", how="left", maintain_order="left")
        .with_columns(pl.col("low", "high", "population").fill_null(0))
    )
    pairs = read_neighbours(adjacency, joined["area"], notes) if adjacency else None
    return AreaTables(joined.select("area", "low", "high", "population"), pairs, tuple(notes))


def read_neighbours(given: Received, areas: pl.Series, notes: list[str]) -> pl.DataFrame:
    """Read neighbours: pairs (area, neighbour), an area with a list of its neighbours, or a square table of 0 and 1.

    A list's codes are parted by spaces, commas or semicolons; a square is in the order of the areas or headed by them.
    """
    table = given.table
    square = table.drop(table.columns[0]) if table.width == table.height + 1 else table
    if square.width == square.height and square.width > 2:
        rows = table[table.columns[0]] if square.width < table.width else None
        return _from_square(square, rows, given.file, areas, notes)
    first = _find_area(table) or table.columns[0]
    second = _find(table, NEIGHBOUR_HEADINGS) or next((name for name in table.columns if name != first), None)
    if second is None or table.width > 3:
        message = "The neighbours are neither pairs nor a square table of 0 and 1."
        raise BadInput(message, "Give two columns, area and neighbour.", Where(file=given.file))
    pairs = table.select(area=pl.col(first).str.strip_chars(), neighbour=pl.col(second).str.strip_chars()).drop_nulls()
    pairs = _part_lists(pairs, areas)
    return _within(pairs, areas, notes) if given.wider else pairs


def _part_lists(pairs: pl.DataFrame, areas: pl.Series) -> pl.DataFrame:
    """Part lists of neighbours into pairs, where a cell is no area's code and holds several."""
    parts = pl.col("neighbour").str.extract_all(r"[^\s,;]+")
    several = (parts.list.len() > 1) & ~pl.col("neighbour").is_in(areas.implode())
    lists = pairs.with_columns(neighbour=pl.when(several).then(parts).otherwise(pl.concat_list("neighbour")))
    return lists.explode("neighbour")


def _within(pairs: pl.DataFrame, areas: pl.Series, notes: list[str]) -> pl.DataFrame:
    """Keep pairs of areas that are looked at; count the other areas."""
    kept = pairs.filter(pl.col("area").is_in(areas.implode()) & pl.col("neighbour").is_in(areas.implode()))
    spare = len(set(pairs["area"]).difference(areas))
    if spare:
        notes.append(f"Boundaries of areas that are not in the list were set aside: {spare:,}.")
    return kept


def _from_square(
    square: pl.DataFrame, rows: pl.Series | None, file: str, areas: pl.Series, notes: list[str]
) -> pl.DataFrame:
    """Read a square of 0 and 1. `rows` is the column before it: the rows' names, where these are those of the columns."""
    headed = set(square.columns) <= set(areas)
    if not headed and square.width != len(areas):
        message = f"The square table of neighbours has {square.width:,} rows, and there are {len(areas):,} areas."
        raise BadInput(message, "Head its columns with the areas, or give pairs.", Where(file=file))
    values = square.select(pl.all().cast(pl.Float64, strict=False)).to_numpy()
    if not np.isin(values, (0.0, 1.0)).all():
        row = int(np.argwhere(~np.isin(values, (0.0, 1.0)))[0][0]) + 1
        raise BadInput("A square table of neighbours holds 0 and 1 alone.", "Correct it.", Where(file=file, row=row))
    names = np.array(square.columns if headed else areas.to_list())
    called = rows.fill_null("").str.strip_chars().to_list() if headed and rows is not None else []
    row_names = np.array(called) if set(called) == set(square.columns) else names
    if not headed:
        notes.append("The square table of neighbours names no areas; it was read in the order of the areas.")
    first, second = np.nonzero(values)
    return pl.DataFrame({"area": row_names[first], "neighbour": names[second]})


def _find(table: pl.DataFrame, headings: tuple[str, ...]) -> str | None:
    named = {name.strip().lower(): name for name in reversed(table.columns)}
    return next((named[heading] for heading in headings if heading in named), None)


def _find_area(table: pl.DataFrame) -> str | None:
    return find_area(table.columns) or _find(table, ID_HEADINGS)


def _named(given: Received, notes: list[str]) -> pl.DataFrame:
    """Give the table with its areas as `area`; where it names none, its rows are numbered."""
    column = _find_area(given.table)
    rows = given.table.with_row_index("#row", offset=1)
    if column is not None:
        return rows.with_columns(area=pl.col(column).str.strip_chars())
    said = "A table without a column of areas has its rows numbered from 1."
    if said not in notes:
        notes.append(said)
    return rows.with_columns(area=pl.col("#row").cast(pl.String))


def _once(rows: pl.DataFrame, file: str) -> pl.DataFrame:
    again = rows.filter(pl.col("area").is_duplicated() | pl.col("area").is_null() | (pl.col("area") == ""))
    if again.height:
        row = int(again["#row"][-1])
        message = "An area is given twice, or has no name."
        raise BadInput(message, "Keep one named row for each area.", Where(file=file, row=row, rule="one row an area"))
    return rows


def _read_people(given: Received, notes: list[str]) -> pl.DataFrame:
    column = _find(given.table, PEOPLE_HEADINGS)
    if column is None:
        raise BadInput("The population table has no column of people.", "Name it population.", Where(file=given.file))
    rows = _once(_named(given, notes), given.file)
    people = rows.with_columns(number=pl.col(column).str.replace_all(r"[\s,]", "").cast(pl.Float64, strict=False))
    wrong = people.filter(~pl.col("number").is_between(0, MOST_PEOPLE).fill_null(value=False))
    if wrong.height:
        where = Where(file=given.file, row=int(wrong["#row"][0]), column=column)
        raise BadInput("The number of people is not a number.", "Correct it; 0 where nobody lives.", where)
    return people.select("area", population=pl.col("number").round().cast(pl.Int64))


def _read_cases(given: Received, notes: list[str]) -> pl.DataFrame:
    """Give area, low, high: rows of one area are added up, hidden counts are intervals."""
    column = _find(given.table, CASE_HEADINGS)
    if column is None:
        raise BadInput("The table of cases has no column of cases.", "Name it cases.", Where(file=given.file))
    rows = _named(given, notes)
    parts = rows[column].str.strip_chars().str.contains(FRACTION) & ~rows[column].str.contains(r"\.0+$")
    if parts.any():
        notes.append(f"Counts with a fraction were rounded down: {int(parts.sum()):,}.")
        rows = rows.with_columns(
            pl.when(parts).then(pl.col(column).str.extract(r"^\s*(\d+)")).otherwise(pl.col(column)).alias(column)
        )
    hidden = Hidden()
    cells = read_cells(rows, column, hidden)
    for kind, (message, next_step) in FAULTS.items():
        bad = cells.filter(pl.col("kind") == kind.value)
        if bad.height:
            raise BadInput(message, next_step, Where(file=given.file, row=int(bad["#row"][0]), column=column))
    blank = int((cells["kind"] == CellKind.BLANK.value).sum())
    if blank:
        notes.append(f"Blank counts were read as hidden, {hidden.low} to {hidden.high}: {blank:,}.")
    added = cells.with_columns(pl.col("low").fill_null(hidden.low), pl.col("high").fill_null(hidden.high))
    several = added.height - added["area"].n_unique()
    if several:
        notes.append(f"Rows of one area were added up: {several:,} more rows than areas.")
    return added.group_by("area", maintain_order=True).agg(pl.col("low", "high").sum())


def _refuse_unknown(counted: pl.DataFrame, listed: pl.DataFrame, file: str) -> None:
    strange = counted.join(listed, on="area", how="anti")["area"]
    if len(strange):
        some = ", ".join(str(one) for one in strange[:NAMED]) + (" …" if len(strange) > NAMED else "")
        message = f"Cases are in {len(strange):,} areas that are not in the list of areas: {some}."
        next_step = "Add those areas, or check that all files are of the same year's boundaries."
        raise BadInput(message, next_step, Where(file=file))
