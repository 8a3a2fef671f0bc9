"""The forms in which counts by area and week are published, each turned into one long table of text.

Three are known: *long* (a row for each area and week), *weekly* (a row an area, a column `wk_10` for each ISO week)
and *rolling* (a row a day, a column an area, each cell a seven-day total).
"""

import re
from datetime import date
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.areas import AREA_CODE
from wardkeeper.kernel.errors import BadInput, Where


class Form(StrEnum):
    """How a published table is laid out."""

    LONG = "long"
    WEEKLY = "weekly"
    ROLLING = "rolling"


AREA_NAMES = frozenset({"area", "areacode", "msoa", "msoa11cd", "msoa21cd", "msoa11code", "msoa21code", "lsoa"})
DATE_NAMES = frozenset({"weekend", "date", "specimendate", "weekending"})
CASE_NAMES = frozenset({"cases", "cases7", "newcasesbyspecimendaterollingsum"})
COMPANIONS = frozenset(
    {"name", "areaname", "areatype", "rate", "rate7", "newcasesbyspecimendaterollingrate", "latest7days"}
    | {"newcasesbyspecimendatechange", "newcasesbyspecimendatechangepercentage", "newcasesbyspecimendatedirection"}
    | {"rgn19cd", "rgn19nm", "utla19cd", "utla19nm", "lad19cd", "lad19nm", "msoa11nm", "msoa11hclnm"}
    | {"regioncode", "regionname", "utlacode", "utlaname", "ltlacode", "ltlaname", "msoaname", "msoa21hclnm"}
)
"""Columns known from published files that hold nothing counted here."""

WEEK_COLUMN = re.compile(r"wk_?(\d{1,2})")

EXPECTED = (
    "Expected area, week_end and cases; or an area code and wk_01, wk_02 …; or specimenDate and a column an area."
)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _first(columns: list[str], names: frozenset[str]) -> str | None:
    return next((column for column in columns if _plain(column) in names), None)


def recognise(columns: list[str]) -> Form:
    """Tell which form the columns make. Raises BadInput naming what is missing or unknown."""
    day, area = _first(columns, DATE_NAMES), _first(columns, AREA_NAMES)
    weeks = [column for column in columns if WEEK_COLUMN.fullmatch(column.lower())]
    areas = [column for column in columns if AREA_CODE.fullmatch(column)]
    if area and day and _first(columns, CASE_NAMES):
        _check_known(columns, AREA_NAMES | DATE_NAMES | CASE_NAMES, exact=())
        return Form.LONG
    if area and weeks:
        _check_known(columns, AREA_NAMES, exact=tuple(weeks))
        return Form.WEEKLY
    if day and areas:
        _check_known(columns, DATE_NAMES, exact=tuple(areas))
        return Form.ROLLING
    raise BadInput(
        "The columns are not those of a table of counts by area and week.", EXPECTED, Where(rule="known columns")
    )


def _check_known(columns: list[str], names: frozenset[str], *, exact: tuple[str, ...]) -> None:
    known = names | COMPANIONS | {_plain(column) for column in exact}
    unknown = next((column for column in columns if _plain(column) not in known), None)
    if unknown is not None:
        raise BadInput(
            "The column is not one a published table of counts has.",
            "Remove it or give it a known name, then load the file again. " + EXPECTED,
            Where(column=unknown, rule="known columns"),
        )


def to_long(frame: pl.DataFrame, year: int | None) -> pl.DataFrame:
    """Give a text table of row (in the file, 1 first), area, week_end and cases, in the file's order.

    `year` is the year of the week numbers in the weekly form, which does not say it.
    """
    rows = frame.with_row_index("row", offset=1).with_columns(pl.col(frame.columns).cast(pl.String))
    match recognise(frame.columns):
        case Form.LONG:
            named = {
                "area": _first(frame.columns, AREA_NAMES),
                "week_end": _first(frame.columns, DATE_NAMES),
                "cases": _first(frame.columns, CASE_NAMES),
            }
            return rows.select("row", **{name: pl.col(str(column)) for name, column in named.items()})
        case Form.WEEKLY:
            return _from_weekly(rows, year)
        case Form.ROLLING:
            return _from_rolling(rows)


def _from_weekly(rows: pl.DataFrame, year: int | None) -> pl.DataFrame:
    if year is None:
        raise BadInput(
            "The file has week numbers but does not say which year they belong to.",
            "Say the year when loading it, such as 2020.",
            Where(rule="year of the week numbers"),
        )
    weeks = [column for column in rows.columns if WEEK_COLUMN.fullmatch(column.lower())]
    ends = {column: _last_day(column, year) for column in weeks}
    area = str(_first(rows.columns, AREA_NAMES))
    long = rows.unpivot(weeks, index=["row", area], variable_name="week", value_name="cases")
    return long.select(
        "row", pl.col(area).alias("area"), pl.col("week").replace_strict(ends).alias("week_end"), "cases"
    )


def _last_day(column: str, year: int) -> str:
    """Give the Sunday that ends an ISO 8601 week."""
    try:
        return date.fromisocalendar(year, int(re.sub(r"\D", "", column)), 7).isoformat()
    except ValueError:
        raise BadInput(
            f"{year} has no such week.", "Check the heading and the year.", Where(column=column, rule="ISO week")
        ) from None


def _from_rolling(rows: pl.DataFrame) -> pl.DataFrame:
    day = str(_first(rows.columns, DATE_NAMES))
    areas = [column for column in rows.columns if AREA_CODE.fullmatch(column)]
    long = rows.unpivot(areas, index=["row", day], variable_name="area", value_name="cases")
    return long.select("row", "area", pl.col(day).alias("week_end"), "cases")
