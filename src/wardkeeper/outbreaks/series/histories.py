"""Histories: counts of many series at regular times, checked once and then trusted.

When those are is read in `calendars`. A suppressed count stays an interval. What a detector makes of one is said in `farrington`, `ears` and `cusum`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.cells import GREATEST, TOO_LARGE, CellKind, Hidden, read_cells
from wardkeeper.outbreaks.given import take_frame, take_whole
from wardkeeper.outbreaks.series.calendars import DAYS, Step, name_dates, read_calendar

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

INDEX = ("t", "date")
"""Columns of a table of series that are no series."""


FAULTS: dict[CellKind, tuple[str, str]] = {
    CellKind.BLANK: (
        "There is no count here.",
        "Write 0 if there were no cases; a suppressed count is written as its publisher does, such as <3 or 0-2.",
    ),
    CellKind.NEGATIVE: ("A count is negative.", "Take a correction off the days it corrects."),
    CellKind.LARGE: TOO_LARGE,
    CellKind.UNREADABLE: ("This is not a count.", "Correct it, or say what it may be, such as 0-2."),
}


@dataclass(frozen=True, eq=False)
class Histories:
    """Counts of series at regular times.

    `dates` may be none: rows then follow each other by `step`. `low` and `high` are whole numbers [series, times], equal
    unless a count was suppressed; `population` (or tests) is [series, times], NaN where it can't be used, or None.
    `notes` say what was assumed.
    """

    names: tuple[str, ...]
    dates: tuple[date, ...]
    low: Whole
    high: Whole
    population: Numbers | None = None
    step: Step = Step.WEEK
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.low[0])

    @property
    def even(self) -> bool:
        """Whether rows are always the same number of days apart: no months, and no week 53 left out."""
        days = DAYS.get(self.step)
        return bool(self.dates and days) and (self.dates[-1] - self.dates[0]).days == (self.count - 1) * (days or 0)

    @property
    def middle(self) -> Numbers:
        """The counts, with a suppressed one taken at the middle of what it may be."""
        return (self.low + self.high) / 2

    @property
    def suppressed(self) -> bool:
        """Whether any count was."""
        return bool((self.low != self.high).any())

    @property
    def times(self) -> Numbers:
        """When each row is, from its date where rows are not evenly apart. The first is 0, the second 1, as in R."""
        if self.even or not self.dates:
            return np.arange(self.count, dtype=np.float64)
        days = np.array([day.toordinal() for day in self.dates], dtype=np.float64) - self.dates[0].toordinal()
        spread: Numbers = days / days[1]
        return spread

    def people(self, rows: Whole) -> Numbers:
        """Give the people (or tests) of rows, [series, rows]; 1 where none were given. Raises BadInput for none there."""
        if self.population is None:
            return np.ones((len(self.names), len(rows)))
        found: Numbers = self.population[:, rows]
        wrong = np.isnan(found).any(axis=0)
        if wrong.any():
            message = "The population (or number of tests) must be a number above 0 in each row that is used."
            raise BadInput(message, "Correct it, or look at other rows.", Where(row=int(rows[wrong.argmax()]) + 1))
        return found


def from_frame(
    frame: pl.DataFrame,
    columns: Sequence[str] | None = None,
    *,
    total: str = "",
    population: str = "",
    freq: int | None = None,
    today: date | None = None,
) -> Histories:
    """Read a table with a column for each series, oldest row first, and a column `date` (or `freq` rows a year).

    Other usual headings of dates, such as Week ending, are understood where the column holds whole dates.
    `columns` are the series (by default all but t, date and `population`); with `total` they are summed into one
    series of that name. `population` names the column of people or tests, the same for all series. A mark such as *,
    <3 or 0-2 is an interval. Given `today`, a later date is refused. Raises BadInput.
    """
    frame = name_dates(take_frame(frame, "series"))
    chosen = list(columns) if columns else [name for name in frame.columns if name not in {*INDEX, population}]
    _check_columns(frame, chosen, population)
    calendar = read_calendar(frame, freq, today)
    notes = calendar.notes
    low, high = _read_counts(frame, chosen)
    if total:
        low, high, chosen = low.sum(axis=0, keepdims=True), high.sum(axis=0, keepdims=True), [total]
    count = int((low != high).sum())
    if count:
        notes = (*notes, f"Suppressed counts were kept as all they may be, not read as zero: {count:,}.")
    people = _read_population(frame, population, len(chosen)) if population else None
    return Histories(tuple(chosen), calendar.dates, low, high, people, calendar.step, notes)


def _check_columns(frame: pl.DataFrame, chosen: Sequence[str], population: str) -> None:
    for name in (*chosen, *([population] if population else [])):
        if name not in frame.columns:
            known = ", ".join(frame.columns[:12]) + (" …" if frame.width > 12 else "")
            raise BadInput(f"There is no column “{name}”.", f"The file's columns are {known}.", Where(column=name))
    if not chosen:
        raise BadInput("The file has no column of counts.", "Give a column for each series.")
    if frame.is_empty():
        raise BadInput("The file has no rows.", "Give a row for each day, week, month or quarter.")


def _read_counts(frame: pl.DataFrame, chosen: Sequence[str]) -> tuple[Whole, Whole]:
    ends = [_read_column(frame.select(pl.col(name)), name) for name in chosen]
    return np.stack([low for low, _ in ends]), np.stack([high for _, high in ends])


def _read_column(column: pl.DataFrame, name: str) -> tuple[Whole, Whole]:
    values = column[name]
    if values.dtype == pl.Null or not (values.dtype.is_numeric() or values.dtype in (pl.String, pl.Categorical)):
        message = f"The column holds {str(values.dtype).lower()}, not counts."
        raise BadInput(message, "Give numbers, or text such as <3.", Where(column=name, rule="kind of column"))
    if (
        values.dtype.is_integer()
        and values.cast(pl.Int64, strict=False).is_between(0, GREATEST).fill_null(value=False).all()
    ):
        exact = values.cast(pl.Int64).to_numpy()
        return exact, exact
    cells = read_cells(column, name, Hidden())
    wrong = cells.with_row_index("row", offset=1).filter(pl.col("low").is_null())
    if wrong.height:
        message, advice = FAULTS[CellKind(wrong["kind"][0])]
        raise BadInput(message, advice, Where(row=wrong["row"][0], column=name))
    return cells["low"].to_numpy(), cells["high"].to_numpy()


def _read_population(frame: pl.DataFrame, name: str, series: int) -> Numbers:
    people = frame[name].cast(pl.Float64, strict=False)
    usable = (people.is_finite() & (people > 0)).fill_null(value=False)
    known = people.zip_with(usable, pl.Series([np.nan])).to_numpy()
    return np.repeat(known[None, :], series, axis=0)


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
    count = histories.count
    if earliest >= count:
        message = f"The history is too short: {earliest:,} rows are needed before the one looked at."
        raise BadInput(message, f"The file has {count:,} rows: give {earliest + 1:,} or more, or look less far back.")
    found = Span(
        earliest if first is None else _find_row(histories, first),
        count - 1 if last is None else _find_row(histories, last),
    )
    if found.first < earliest:
        message = f"Row {found.first + 1} has too short a history: {earliest:,} rows are needed before it."
        raise BadInput(message, f"Begin at row {earliest + 1:,} or later, or look less far back.")
    if found.first > found.last:
        message = f"Row {found.first + 1} comes after row {found.last + 1}: there is nothing to look at."
        raise BadInput(message, "Give the earlier first.")
    return found


def _find_row(histories: Histories, wanted: int | date) -> int:
    dates = histories.dates
    if isinstance(wanted, date):
        if wanted not in dates:
            near = (
                f"The dates run from {dates[0]} to {dates[-1]}, a {histories.step.name.lower()} apart." if dates else ""
            )
            raise BadInput(f"There is no row for {wanted}.", near or "The file has no dates: give the row's number.")
        return dates.index(wanted)
    take_whole(wanted, "first or last row")
    if not 1 <= wanted <= histories.count:
        raise BadInput(f"There is no row {wanted}.", f"The rows run from 1 to {histories.count:,}.")
    return wanted - 1
