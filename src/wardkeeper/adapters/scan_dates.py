"""Dates as SaTScan's files write them: a year, a year and month, or a day; two-digit years are told by a fixed rule.

A day may have its year last, with the month or the day first; which of them it is, is told by days after the twelfth.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

import polars as pl

WRITTEN = (
    r"^(?<year>\d{4}|\d{2})(?:[/-](?<month>\d{1,2})(?:[/-](?<day>\d{1,2}))?)?"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$"
)
"""2020, 20, 2020/5, 2020-05, 2020/05/30 or 2020-05-30; a time behind the day is passed over."""

YEAR_LAST = r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[T ]\d{1,2}:\d{2}.*)?$"
"""5/30/2020 or 30/05/2020; a time behind it is passed over."""

MONTHS = 12

LONG = 3
"""Digits from which a year is whole."""
TURN = 50
"""Two-digit years from here on are of the last century: 73 is 1973, 05 is 2005."""


class Precision(StrEnum):
    """How exactly a date is told."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class Order(StrEnum):
    """Which part of a day stands first in a column of dates."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    EITHER = "month or day"


TURNED = {Order.MONTH: "${3}-${1}-${2}", Order.DAY: "${3}-${2}-${1}", Order.EITHER: "${3}-${1}-${2}"}
"""How a day is written with its year first; where nothing tells, the month comes first, as in SaTScan."""


@dataclass(frozen=True, eq=False)
class Dates:
    """Days (null where the text is no date), and how exactly each was told; `short` counts two-digit years."""

    days: pl.Series
    precisions: pl.Series
    short: int
    order: Order

    def coarsest(self) -> Precision:
        """Give the least exact precision that any date has."""
        told = set(self.precisions.drop_nulls().unique())
        return next((one for one in Precision if one in told), Precision.DAY)


FIRST = ("1", "1")
MIDDLE = ("7", "15")
"""A population of a bare year is that of 1 July, of a bare month that of its 15th: what SaTScan takes too."""


def read_dates(written: pl.Series, *, middle: bool = False) -> Dates:
    """Read dates. A bare year or month stands for its first day, or with `middle` for a day in its midst."""
    order = find_order(written)
    if order in TURNED:
        written = written.str.replace(YEAR_LAST, TURNED[order])
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    bare_month, bare_day = MIDDLE if middle else FIRST
    short = year.str.len_chars() < LONG
    century = pl.when(year.cast(pl.Int32) >= TURN).then(pl.lit("19")).otherwise(pl.lit("20"))
    whole = pl.when(short).then(century + year).otherwise(year)
    # The first of July for a bare year; for a bare month its own middle.
    dayless = pl.when(month.is_null()).then(pl.lit("1")).otherwise(pl.lit(bare_day))
    told = (
        pl.when(month.is_null())
        .then(pl.lit(Precision.YEAR.value))
        .when(day.is_null())
        .then(pl.lit(Precision.MONTH.value))
        .otherwise(pl.lit(Precision.DAY.value))
    )
    text = pl.concat_str(whole, month.fill_null(bare_month), pl.coalesce(day, dayless), separator="-")
    read = (
        pl.DataFrame({"parts": written.str.extract_groups(WRITTEN)})
        .unnest("parts")
        .select(
            # Year 0 can be read, and nothing after could tell it.
            day=pl.when(whole != "0000").then(text.str.to_date("%Y-%m-%d", strict=False)),
            told=pl.when(year.is_not_null()).then(told),
            short=short,
        )
    )
    return Dates(read["day"], read["told"], int(read["short"].sum() or 0), order)


def find_order(written: pl.Series) -> Order:
    """Find which part stands first; the year, unless every date has it last and none speaks against another."""
    cells = written.drop_nulls()
    first, second = (cells.str.extract(YEAR_LAST, at).cast(pl.Int32) for at in (1, 2))
    if cells.is_empty() or first.null_count():
        return Order.YEAR
    day_first, month_first = bool((first > MONTHS).any()), bool((second > MONTHS).any())
    orders = {(True, False): Order.DAY, (False, True): Order.MONTH, (False, False): Order.EITHER}
    return orders.get((day_first, month_first), Order.YEAR)


def could_be_dates(written: pl.Series) -> bool:
    """Tell whether every cell is surely a date (a whole year, or parts with a mark between), or one is a day in full.

    One day in full is enough, so that a mistyped date beside it is refused, and not taken for a group of people.
    """
    in_full = written.str.contains(r"^\d{4}[/-]\d{1,2}[/-]\d{1,2}|^\d{1,2}[/-]\d{1,2}[/-]\d{4}").fill_null(value=False)
    if in_full.any():
        return True
    sure = written.str.contains(r"^\d{4}$|^\d{2,4}[/-]\d{1,2}") & read_dates(written).days.is_not_null()
    return bool(sure.fill_null(value=False).all())


def end_of(day: date, precision: Precision) -> date:
    """Give the last day of the year or month that `day` is in; a day is its own end."""
    match precision:
        case Precision.DAY:
            return day
        case Precision.MONTH:
            return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        case Precision.YEAR:
            return date(day.year, 12, 31)
        case _:
            assert_never(precision)
