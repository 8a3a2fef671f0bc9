"""Days as people and spreadsheets write them: ISO, day first, month first, in words, or Excel's number of a day.

A column is read as one: which of two numbers is the day is settled by all its dates together, never row by row, and
what was assumed is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

EXCEL_START = pl.date(1899, 12, 30)
"""Day 0 of Excel's numbers, so that its 1 March 1900 and later are right."""

SERIAL = r"^(\d{5})(?:\.\d+)?$"
NUMBERS = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T].*)?$"
ISO = r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T].*)?$"
WORDS = ("%d %B %y", "%d %b %y", "%d-%b-%y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d")
LONGEST = 40
"""No day is written with more characters than this."""


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """`days` in the order of the texts, null where none could be read. `notes` say what was assumed."""

    days: pl.Series
    notes: tuple[str, ...] = ()


def read_days(texts: pl.Series, name: str, *, beside: Sequence[pl.Series] = ()) -> Days:
    """Read a column of text as days. `name` is what the notes call it.

    Where the column itself can't tell whether the day or the month stands first, those `beside` it are asked.
    """
    column = texts.cast(pl.String).str.strip_chars()
    distinct = pl.DataFrame({"text": column}).unique().filter(pl.col("text").str.len_chars() <= LONGEST)
    month_first, both = _sense_order(distinct["text"], beside)
    read = distinct.with_columns(day=_day(month_first=month_first))
    days = pl.DataFrame({"text": column}).join(read, on="text", how="left", maintain_order="left")["day"]
    serials = int(column.str.contains(SERIAL).sum())
    return Days(days.alias(name), _notes(name, serials=serials, month_first=month_first, both=both))


def tell_order(columns: Sequence[pl.Series]) -> tuple[bool, bool]:
    """Tell of columns written alike whether it is known which of two numbers is the day, and whether both ways are there.

    It is known where no date can be read either way, as with the year first.
    """
    texts = [column.unique().drop_nulls().str.strip_chars() for column in columns if column.dtype == pl.String]
    open_to_doubt = any(text.str.contains(NUMBERS).any() for text in texts)
    found = [_find_orders(text) for text in texts]
    day_first, month_first = any(day for day, _ in found), any(month for _, month in found)
    return not open_to_doubt or day_first or month_first, day_first and month_first


def _sense_order(texts: pl.Series, beside: Sequence[pl.Series]) -> tuple[bool, bool]:
    """Tell whether the month stands first, and whether the column has dates that can only be read either way."""
    day_first, month_first = _find_orders(texts)
    if beside and not day_first and not month_first:
        return _sense_order(beside[0].unique(), beside[1:])[0], False
    return month_first and not day_first, month_first and day_first


def _find_orders(texts: pl.Series) -> tuple[bool, bool]:
    """Tell whether some dates have the day first for certain, and whether some have the month."""
    parts = texts.to_frame("text").select(
        first=pl.col("text").str.extract(NUMBERS, 1).cast(pl.Int64),
        second=pl.col("text").str.extract(NUMBERS, 2).cast(pl.Int64),
    )
    return bool((parts["first"] > 12).any()), bool((parts["second"] > 12).any())


def _day(*, month_first: bool) -> pl.Expr:
    text = pl.col("text")
    one, two = (text.str.extract(NUMBERS, part).cast(pl.Int32) for part in (1, 2))
    year = text.str.extract(NUMBERS, 3).cast(pl.Int32)
    full_year = pl.when(year < 100).then(year + 2000).otherwise(year)
    day, month = (two, one) if month_first else (one, two)
    serial = text.str.extract(SERIAL, 1).cast(pl.Int64)
    return pl.coalesce(
        _date(*(text.str.extract(ISO, part).cast(pl.Int32) for part in (1, 2, 3))),
        _date(full_year, month, day),
        *(text.str.to_date(form, strict=False) for form in WORDS),
        EXCEL_START + pl.duration(days=serial),
    )


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    written = pl.format("{}-{}-{}", year, month.cast(pl.String).str.zfill(2), day.cast(pl.String).str.zfill(2))
    return written.str.to_date("%Y-%m-%d", strict=False)


def _notes(name: str, *, serials: int, month_first: bool, both: bool) -> tuple[str, ...]:
    said = []
    if serials:
        said.append(f"Excel's numbers of days were read as dates in {name}: {serials:,}.")
    if month_first:
        said.append(
            f"The dates in {name} can only be right with the month first, as in the United States: all were read so."
        )
    if both:
        said.append(
            f"Some dates in {name} have the day first and some the month first, as when a spreadsheet turned them "
            "round: they were read with the day first, and those that can't be were set aside."
        )
    return tuple(said)


def swap(days: pl.Expr) -> pl.Expr:
    """Give each day with its day and month exchanged; null where that is no day."""
    return _date(days.dt.year(), days.dt.day(), days.dt.month())
