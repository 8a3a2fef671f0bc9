"""Histories: counts of many series at regular times, days or weeks, checked once and then trusted.

A suppressed count stays an interval. What a detector makes of one is said in `farrington`, `ears` and `cusum`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.cells import CellKind, Hidden, read_cells
from wardkeeper.outbreaks.counts import in_words
from wardkeeper.outbreaks.days import read_days

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

INDEX = ("t", "date")
"""Columns of a table of series that are no series."""


class Step(IntEnum):
    """Days from one row to the next."""

    DAY = 1
    WEEK = 7


STEP_NAMES = {Step.DAY: "day", Step.WEEK: "week"}
YEAR_ROWS = {Step.DAY: 365, Step.WEEK: 52}
"""Rows of a year, where years are counted in rows."""

FAULTS: dict[CellKind, tuple[str, str]] = {
    CellKind.BLANK: (
        "There is no count here.",
        "Write 0 if there were no cases; a suppressed count is written as its publisher does, such as <3 or 0-2.",
    ),
    CellKind.NEGATIVE: ("A count is negative.", "Take a correction off the days it corrects."),
    CellKind.UNREADABLE: ("This is not a count.", "Correct it, or say what it may be, such as 0-2."),
}


@dataclass(frozen=True, eq=False)
class Histories:
    """Counts of series at regular dates.

    `low` and `high` are whole numbers [series, times], equal unless a count was suppressed; `population` (or tests)
    is positive [series, times], or None. `notes` say what was assumed.
    """

    names: tuple[str, ...]
    dates: tuple[date, ...]
    low: Whole
    high: Whole
    population: Numbers | None = None
    notes: tuple[str, ...] = ()

    @property
    def step(self) -> Step:
        """Days between rows. One row alone is taken for a week."""
        return Step.WEEK if len(self.dates) == 1 else Step((self.dates[1] - self.dates[0]).days)

    @property
    def middle(self) -> Numbers:
        """The counts, with a suppressed one taken at the middle of what it may be."""
        return (self.low + self.high) / 2

    @property
    def suppressed(self) -> bool:
        """Whether any count was."""
        return bool((self.low != self.high).any())


def from_frame(
    frame: pl.DataFrame,
    columns: Sequence[str] | None = None,
    *,
    total: str = "",
    population: str = "",
    hidden: Hidden | None = None,
    today: date | None = None,
) -> Histories:
    """Read a table with a column `date` and a column for each series, oldest row first.

    `columns` are the series (by default all but t, date and `population`); with `total` they are summed into one
    series of that name. `population` names the column of people or tests, the same for all series. A mark such as *,
    <3 or 0-2 is an interval, a bare one that of `hidden`. Given `today`, a later date is refused. Raises BadInput.
    """
    chosen = list(columns) if columns else [name for name in frame.columns if name not in {*INDEX, population}]
    _check_columns(frame, chosen, population)
    dates, notes = _read_dates(frame, today)
    low, high = _read_counts(frame, chosen, hidden or Hidden())
    if total:
        low, high, chosen = low.sum(axis=0, keepdims=True), high.sum(axis=0, keepdims=True), [total]
    count = int((low != high).sum())
    if count:
        notes = (*notes, f"Suppressed counts were kept as all they may be, not read as zero: {count:,}.")
    people = _read_population(frame, population, len(chosen)) if population else None
    return Histories(tuple(chosen), dates, low, high, people, notes)


def _check_columns(frame: pl.DataFrame, chosen: Sequence[str], population: str) -> None:
    for name in ("date", *chosen, *([population] if population else [])):
        if name not in frame.columns:
            known = ", ".join(frame.columns[:12]) + (" …" if frame.width > 12 else "")
            raise BadInput(f"There is no column “{name}”.", f"The file's columns are {known}.", Where(column=name))
    if not chosen:
        raise BadInput("The file has no column of counts.", "Give a column for each series, beside the date.")
    if frame.is_empty():
        raise BadInput("The file has no rows.", "Give a row for each day or week.")


def _read_dates(frame: pl.DataFrame, today: date | None) -> tuple[tuple[date, ...], tuple[str, ...]]:
    read = read_days(frame["date"], "date")
    if read.days.null_count():
        row = int(read.days.is_null().arg_true()[0]) + 1
        raise BadInput("This is not a date.", "Write it as 2020-11-28.", Where(row=row, column="date"))
    dates = tuple(read.days.to_list())
    _check_numbered(frame)
    _check_regular(dates)
    if today and dates[-1] > today:
        row = next(at for at, day in enumerate(dates, 1) if day > today)
        raise BadInput(
            f"The date {in_words(dates[row - 1])} is in the future.", "Correct it.", Where(row=row, column="date")
        )
    return dates, read.notes


def _check_numbered(frame: pl.DataFrame) -> None:
    """Refuse rows that a column t does not number 1, 2, 3 and so on."""
    if "t" not in frame.columns:
        return
    numbers = frame["t"].cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    wrong = (numbers != pl.Series(np.arange(1.0, frame.height + 1))).fill_null(value=True)
    if wrong.any():
        message = "The rows are not numbered 1, 2, 3 … by the column t: one is missing, doubled or out of order."
        raise BadInput(message, "Correct the rows, or take the column out.", Where(row=int(wrong.arg_true()[0]) + 1))


def _check_regular(dates: Sequence[date]) -> None:
    """Refuse rows that are not one day, or one week, after another."""
    gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
    usual = max(set(gaps), key=gaps.count, default=int(Step.WEEK))
    for row, gap in enumerate(gaps, 2):
        where, before, day = Where(row=row, column="date"), in_words(dates[row - 2]), in_words(dates[row - 1])
        if gap == 0:
            raise BadInput(f"The date {day} stands twice.", "Keep one row for each.", where)
        if gap < 0:
            raise BadInput(f"{day} comes after {before}: the dates are out of order.", "Put the oldest first.", where)
        if gap != usual or gap not in list(Step):
            message = f"From {before} to {day} is {gap} days; rows must be one day, or one week, apart."
            raise BadInput(message, "Put in what is missing, with 0 where there were no cases.", where)


def _read_counts(frame: pl.DataFrame, chosen: Sequence[str], hidden: Hidden) -> tuple[Whole, Whole]:
    ends = [_read_column(frame.select(pl.col(name)), name, hidden) for name in chosen]
    return np.stack([low for low, _ in ends]), np.stack([high for _, high in ends])


def _read_column(column: pl.DataFrame, name: str, hidden: Hidden) -> tuple[Whole, Whole]:
    values = column[name]
    if values.dtype.is_integer() and not values.null_count() and values.min() >= 0:  # type: ignore[operator]
        exact = values.cast(pl.Int64).to_numpy()
        return exact, exact
    cells = read_cells(column, name, hidden)
    wrong = cells.with_row_index("row", offset=1).filter(pl.col("low").is_null())
    if wrong.height:
        message, advice = FAULTS[CellKind(wrong["kind"][0])]
        raise BadInput(message, advice, Where(row=wrong["row"][0], column=name))
    return cells["low"].to_numpy(), cells["high"].to_numpy()


def _read_population(frame: pl.DataFrame, name: str, series: int) -> Numbers:
    people = frame[name].cast(pl.Float64, strict=False)
    wrong = ~(people.is_finite() & (people > 0)).fill_null(value=False)
    if wrong.any():
        message = "The population (or number of tests) must be a number above 0."
        raise BadInput(message, "Correct it.", Where(row=int(wrong.arg_true()[0]) + 1, column=name))
    return np.repeat(people.to_numpy()[None, :], series, axis=0)


@dataclass(frozen=True, slots=True)
class Span:
    """Rows to look at, the first and the last included, counted from 0."""

    first: int
    last: int

    @property
    def rows(self) -> Whole:
        """The rows, in order."""
        return np.arange(self.first, self.last + 1)


def find_span(histories: Histories, first: int | date | None, last: int | date | None, *, earliest: int) -> Span:
    """Find the rows from `first` to `last`: a number of a row (the first is 1) or a date; by default all that can be.

    `earliest` is the first row with enough history before it, counted from 0. Raises BadInput.
    """
    count, step = len(histories.dates), STEP_NAMES[histories.step]
    if earliest >= count:
        message = f"The history is too short: {earliest:,} {step}s are needed before the one looked at."
        raise BadInput(message, f"The file has {count:,} rows: give {earliest + 1:,} or more, or look less far back.")
    found = Span(
        earliest if first is None else _find_row(histories, first),
        count - 1 if last is None else _find_row(histories, last),
    )
    if found.first < earliest:
        message = f"Row {found.first + 1} has too short a history: {earliest:,} {step}s are needed before it."
        raise BadInput(message, f"Begin at row {earliest + 1:,} or later, or look less far back.")
    if found.first > found.last:
        message = f"Row {found.first + 1} comes after row {found.last + 1}: there is nothing to look at."
        raise BadInput(message, "Give the earlier first.")
    return found


def _find_row(histories: Histories, wanted: int | date) -> int:
    dates = histories.dates
    if isinstance(wanted, date):
        if wanted not in dates:
            near = f"The dates run from {dates[0]} to {dates[-1]}, {int(histories.step)} days apart."
            raise BadInput(f"There is no row for {wanted}.", near)
        return dates.index(wanted)
    if not 1 <= wanted <= len(dates):
        raise BadInput(f"There is no row {wanted}.", f"The rows run from 1 to {len(dates):,}.")
    return wanted - 1
