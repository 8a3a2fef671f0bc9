"""Reading published tables of cases and populations from disk, every cell as text."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from wardkeeper.adapters.files import read_unpacked
from wardkeeper.adapters.unpromised_tables import FoundTable, read_unpromised
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.forms import find_area
from wardkeeper.places.postcodes import standardise

PART_HEADINGS = {"age", "age_group", "age_band", "sex", "gender", "ageband", "agegroup"}
EVERYBODY = {
    "all",
    "all ages",
    "total",
    "persons",
    "person",
    "people",
    "both",
    "both sexes",
    "all persons",
    "all people",
}
"""What stands in a column of ages or sexes for all of them together."""

PEOPLE_HEADINGS = {"population", "total_population", "all ages", "total"}
MOST_PEOPLE = 10_000_000_000
"""More than all people there are: a slip, or a code."""


def read_case_table(path: Path) -> pl.DataFrame:
    """Read a table as text columns: CSV, a spreadsheet or Parquet, gzipped or not. Raises BadInput."""
    return read_received(path).frame


def read_received(path: Path) -> FoundTable:
    """Read a table as text columns, with what was assumed while reading it. Raises BadInput."""
    return read_unpromised(read_unpacked(path), path.name)


def parse_case_table(content: bytes, name: str) -> pl.DataFrame:
    """Read a table that was sent, as text columns: CSV, a spreadsheet or Parquet. Raises BadInput."""
    return read_unpromised(content, name).frame


def read_population(path: Path) -> pl.DataFrame:
    """Read residents by area: columns area (or an ONS code's column) and population; ages and sexes are added up."""
    table = read_case_table(path)
    code = find_area(table.columns)
    people = next((name for name in table.columns if name.strip().lower() in PEOPLE_HEADINGS), None)
    if not code or people is None:
        message = "The population table has no column of area codes, or none of people."
        raise BadInput(message, "Name them area and population.", Where(file=path.name))
    counts = table.select(pl.col(code).str.strip_chars().alias("area"), number=_number(people))
    _check_counts(table[people], counts["number"], Where(file=path.name, column=people))
    _check_parts(table, code, path.name)
    _check_totals(table, path.name)
    return counts.group_by("area").agg(population=pl.col("number").sum().cast(pl.Int64))


def _number(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all(r"[\s,]", "").cast(pl.Float64, strict=False)


def _check_parts(table: pl.DataFrame, code: str, file: str) -> None:
    """Refuse an area that is there twice without a column (age, sex) that tells its rows apart: it would count double."""
    parted = {name.strip().lower() for name in table.columns} & PART_HEADINGS
    again = table[code].is_duplicated()
    if again.any() and not parted:
        row = int((~table[code].is_first_distinct()).arg_true()[0]) + 1
        message = "The population table has an area twice, and no column of ages or sexes."
        raise BadInput(message, "Keep one row for each area.", Where(file=file, row=row, column=code))


def _check_totals(table: pl.DataFrame, file: str) -> None:
    """Refuse totals beside their parts, such as all ages beside each: people would count double."""
    for column in (name for name in table.columns if name.strip().lower() in PART_HEADINGS):
        total = table[column].fill_null("").str.strip_chars().str.to_lowercase().is_in(list(EVERYBODY))
        if total.any() and not total.all():
            message = "The population table has totals beside their parts: people would count twice."
            where = Where(file=file, row=int(total.arg_true()[0]) + 1, column=column)
            raise BadInput(message, "Keep the totals or the parts, and take the other rows out.", where)


def _check_counts(written: pl.Series, number: pl.Series, where: Where) -> None:
    """Refuse a written count that is no number of people. An empty cell counts nobody."""
    wrong = written.is_not_null() & ~number.is_between(0, MOST_PEOPLE).fill_null(value=False)
    if wrong.any():
        row = int(wrong.arg_true()[0]) + 1
        raise BadInput("The number of people is not a number.", "Correct it.", replace(where, row=row))


def read_postcode_people(path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read residents by postcode: columns postcode (or pcds) and population (or total), as the Census publishes them.

    Gives postcode, population, and in words how many rows were left out. Raises BadInput.
    """
    table = read_case_table(path)
    by_name = {name.strip().lower(): name for name in table.columns}
    code = next((by_name[name] for name in ("postcode", "pcds", "pcd") if name in by_name), None)
    people = next((by_name[name] for name in ("population", "total", "count", "all ages") if name in by_name), None)
    if code is None or people is None:
        message = "The table has no column of postcodes, or none of people."
        raise BadInput(message, "Name them postcode and population.", Where(file=path.name))
    counts = table.select(postcode=standardise(pl.col(code)), number=_number(people))
    _check_counts(table[people], counts["number"], Where(file=path.name, column=people))
    known = counts.drop_nulls("postcode")
    unread = counts.height - known.height
    said = (f"Rows of residents without a postcode that can be read were left out: {unread:,}.",) if unread else ()
    return known.group_by("postcode").agg(population=pl.col("number").sum().round().cast(pl.Int64)), said
