"""One published cell: a count, a suppressed count (an interval), or nothing at all.

Publishers hide small counts in many ways. A hidden count is never read as zero: it is every whole number from
`low` to `high`.
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where


class CellKind(StrEnum):
    """What a cell holds."""

    COUNT = "count"
    SUPPRESSED = "suppressed"
    BLANK = "blank"
    ABSENT = "not available"
    NEGATIVE = "negative"
    LARGE = "too large"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Hidden:
    """The counts a bare suppression mark stands for, both ends included, as the publisher says."""

    low: int = 0
    high: int = 2

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise ValueError(
                f"a hidden count needs 0 <= low <= high, got {self.low} to {self.high}: read the file's notes"
            )


def parse_hidden(text: str) -> Hidden:
    """Read the counts that a mark stands for, such as 0-2. Raises BadInput."""
    low, _, high = (part.strip() for part in text.partition("-"))
    if not (low.isdecimal() and high.isdecimal() and int(low) <= int(high)):
        next_step = "Write the least and the greatest that a hidden count may be, such as 0-2."
        raise BadInput(f"“{text}” is no span of counts.", next_step, Where(rule="hidden counts"))
    return Hidden(int(low), int(high))


MARKS = ("*", "S", "C", "[C]", "SUPPRESSED", "-99")
"""Bare marks of suppression, upper case. −99 is the mark of the weekly England MSOA file of 2020, S of the rolling one,
[c] of the Government Analysis Function's guidance on symbols in tables."""

NOT_AVAILABLE = ("..", ":", "[X]", "N/A", "NA")
"""Marks of a count that is not known to the publisher: it may be of any size."""

COUNT = r"^[0-9]{1,7}(?:\.0+)?$"
GREATEST = 9_999_999
"""More is no count of people in an area, and would not fit the whole-number sums of the detectors."""

LARGE = r"^[0-9]{8,}(?:\.0+)?$"
TOO_LARGE = (
    f"A count is greater than {GREATEST:,}, the most that is taken.",
    "Correct it; it may be a code or a date.",
)
"""What is said of it, and what to do next."""

NEGATIVE = r"^-[0-9]+(?:\.[0-9]+)?$"
BELOW = r"^(?:<|UNDER|LESSTHAN|FEWERTHAN)([0-9]{1,7})$"
UP_TO = r"^(?:<=|≤)([0-9]{1,7})$"
RANGE = r"^([0-9]{1,7})(?:-|TO)([0-9]{1,7})$"


def _tidy(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).fill_null("").str.to_uppercase()
    return text.str.replace_all(r"[\s,]", "").str.replace_all("[−–—]", "-").str.replace(r"^-99\.0+$", "-99")


def _whole(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def _kind(text: pl.Expr) -> pl.Expr:
    hidden = text.is_in(MARKS) | _bounds(text)[1].is_not_null()
    return (
        pl.when(text == "")
        .then(pl.lit(CellKind.BLANK.value))
        .when(text.is_in(NOT_AVAILABLE))
        .then(pl.lit(CellKind.ABSENT.value))
        .when(hidden)
        .then(pl.lit(CellKind.SUPPRESSED.value))
        .when(text.str.contains(COUNT))
        .then(pl.lit(CellKind.COUNT.value))
        .when(text.str.contains(LARGE))
        .then(pl.lit(CellKind.LARGE.value))
        .when(text.str.contains(NEGATIVE))
        .then(pl.lit(CellKind.NEGATIVE.value))
        .otherwise(pl.lit(CellKind.UNREADABLE.value))
    )


def _bounds(text: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Give the ends a mark states itself ("<5", "0-2"); null where it states none or they are crossed."""
    below = _whole(text.str.extract(BELOW)) - 1
    up_to = _whole(text.str.extract(UP_TO))
    first, last = _whole(text.str.extract(RANGE, 1)), _whole(text.str.extract(RANGE, 2))
    high = pl.coalesce(pl.when(below >= 0).then(below), up_to, pl.when(first <= last).then(last))
    return pl.coalesce(first, pl.lit(0)), high


def read_cells(frame: pl.DataFrame, column: str, hidden: Hidden) -> pl.DataFrame:
    """Add `kind`, `low` and `high` to a frame with a text column of counts.

    `low` equals `high` for a count. Both are null for a cell of any other kind.
    """
    values = frame.select(pl.col(column).cast(pl.String)).unique()
    text = _tidy(column)
    low, high = _bounds(text)
    count = _whole(pl.when(text.str.contains(COUNT)).then(text.str.replace(r"\.0+$", "")))
    read = values.with_columns(
        _kind(text).alias("kind"),
        pl.coalesce(count, pl.when(high.is_not_null()).then(low), pl.when(text.is_in(MARKS)).then(hidden.low)).alias(
            "low"
        ),
        pl.coalesce(count, high, pl.when(text.is_in(MARKS)).then(hidden.high)).alias("high"),
    )
    return frame.with_columns(pl.col(column).cast(pl.String)).join(
        read, on=column, how="left", nulls_equal=True, maintain_order="left"
    )
