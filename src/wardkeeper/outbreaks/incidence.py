"""A table of cases by day, as it comes, made into one series of whole days; and a table of a serial interval.

Takes text cells. A day that is missing is asked for, not read as 0; a hidden count stays an interval.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.cells import TOO_LARGE, CellKind, Hidden, read_cells
from wardkeeper.outbreaks.serial_intervals import LONGEST, KnownInterval

Numbers = NDArray[np.float64]

DAY_HEADINGS = ("dates", "date", "day", "specimen_date", "onset")
CASE_HEADINGS = ("i", "incidence", "cases", "new_cases", "count", "newcasesbyspecimendate")
SHARE_HEADINGS = ("si", "w", "share", "si_distr")
LAG_HEADINGS = ("day", "days", "lag", "k", "t")
LOCAL, IMPORTED = "local", "imported"

DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y")

FAULTS = {
    CellKind.BLANK: ("A day has no count.", "Write 0 if nobody fell ill, a mark such as * if the count is hidden."),
    CellKind.NEGATIVE: ("A count is below 0.", "Take a correction off the day that it corrects."),
    CellKind.LARGE: TOO_LARGE,
    CellKind.UNREADABLE: ("A count is no whole number.", "Correct it."),
    CellKind.ABSENT: (
        "A count is marked as not available: it may be of any size.",
        "Write the least and the greatest it may be, such as 0-9, or give the days after it alone.",
    ),
}


@dataclass(frozen=True, eq=False)
class Incidence:
    """Cases by day, from `low` to `high` (equal unless hidden), the first day's date if known, and what was assumed."""

    low: Numbers
    high: Numbers
    imported: Numbers | None = None
    first: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def middle(self) -> Numbers:
        """The counts, and the middle of those that are hidden."""
        return (self.low + self.high) / 2

    def day(self, number: int) -> date | None:
        """Give the date of a day (the first is 1)."""
        return None if self.first is None else self.first + timedelta(days=number - 1)


def from_table(
    table: pl.DataFrame, *, file: str = "", hidden: Hidden | None = None, latest: date | None = None
) -> Incidence:
    """Read cases by day: a column of counts (I, cases, …, or local and imported), and dates where there are some.

    Raises BadInput for a missing, repeated or unreadable day, one after `latest`, and a count that is none.
    """
    where, marks = Where(file=file), hidden or Hidden()
    _check_rows(table, where)
    notes: list[str] = []
    numbered = table.with_row_index("#row", offset=1)
    days = _find(table, DAY_HEADINGS)
    if days is not None:
        numbered, first = _by_day(numbered, days, where, notes, latest)
    else:
        first = None
    split = _find(table, (LOCAL,)), _find(table, (IMPORTED,))
    if split[0] is not None and split[1] is not None:
        local, imported = (_counts(numbered, name, where, marks)[0] for name in split if name is not None)
        return Incidence(local + imported, local + imported, imported, first, tuple(notes))
    column = _find(table, CASE_HEADINGS) or _only(table, days, where)
    low, high = _counts(numbered, column, where, marks)
    unsure = int((low < high).sum())
    if unsure:
        notes.append(
            f"Hidden counts on {unsure:,} days: R takes the middle of what each may be, growth the whole of it."
        )
    return Incidence(low, high, None, first, tuple(notes))


def interval_from_table(table: pl.DataFrame, *, file: str = "") -> KnownInterval:
    """Read a serial interval: a column of shares (si or w), by a column of days where there is one, else the first for day 0.

    A day that the column leaves out has a share of 0. Raises BadInput.
    """
    where = Where(file=file)
    _check_rows(table, where)
    days = _find(table, LAG_HEADINGS)
    column = _find(table, SHARE_HEADINGS) or _only(table, days, where)
    shares = table[column].cast(pl.Float64, strict=False)
    if shares.null_count():
        row = int(shares.is_null().arg_true()[0]) + 1
        raise BadInput("A share is no number.", "Correct it.", Where(file=file, row=row, column=column))
    placed = shares.to_numpy() if days is None else _by_lag(shares, table[days], Where(file=file, column=days))
    return KnownInterval(tuple(placed.tolist()))


def _by_lag(shares: pl.Series, written: pl.Series, where: Where) -> Numbers:
    """Put each share at its day, 0 at those left out. Raises BadInput for a day that is none, or is there twice."""
    days = written.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    fit = (days.is_between(0, LONGEST) & (days == days.floor())).fill_null(value=False)
    for wrong, message, next_step in (
        (
            ~fit,
            f"A day of the serial interval is no whole number of days, or beyond {LONGEST:,.0f}.",
            "Number the days 0, 1, 2 and so on.",
        ),
        (~days.is_first_distinct(), "A day of the serial interval is there twice.", "Keep one row a day."),
    ):
        if wrong.any():
            raise BadInput(message, next_step, replace(where, row=int(wrong.arg_true()[0]) + 1))
    lags = days.cast(pl.Int64).to_numpy()
    placed = np.zeros(int(lags.max()) + 1)
    placed[lags] = shares.to_numpy()
    return placed


def _check_rows(table: pl.DataFrame, where: Where) -> None:
    if table.is_empty():
        raise BadInput("The table has headings and no rows.", "Give a row for each day.", where)


def _find(table: pl.DataFrame, headings: tuple[str, ...]) -> str | None:
    return next((name for name in table.columns if name.strip().lower() in headings), None)


def _only(table: pl.DataFrame, days: str | None, where: Where) -> str:
    left = [name for name in table.columns if name != days]
    if len(left) != 1:
        message = "It is not known which column holds the figures."
        raise BadInput(message, "Name it I for cases, si for a serial interval.", where)
    return left[0]


def _by_day(
    rows: pl.DataFrame, column: str, where: Where, notes: list[str], latest: date | None
) -> tuple[pl.DataFrame, date]:
    text = pl.col(column).str.strip_chars()
    read = rows.with_columns(pl.coalesce(text.str.to_date(form, strict=False) for form in DAY_FORMS).alias("#day"))
    bad = read.filter(pl.col("#day").is_null())
    if bad.height:
        raise BadInput(
            "A date cannot be read.",
            "Write it as 2020-11-28.",
            Where(file=where.file, row=bad["#row"][0], column=column),
        )
    if latest is not None and read["#day"].max() > latest:  # type: ignore[operator]
        row = int(read.filter(pl.col("#day") > latest)["#row"][0])
        message = "A day is still to come."
        raise BadInput(
            message, "Correct the date, or leave the row out.", Where(file=where.file, row=row, column=column)
        )
    if not read["#day"].is_sorted():
        notes.append("Days were out of order; they were put in order.")
        read = read.sort("#day")
    _check_steps(read, column, where)
    return read, read["#day"][0]


def _check_steps(read: pl.DataFrame, column: str, where: Where) -> None:
    """Ask for days that are missing or given twice."""
    steps = read["#day"].diff().dt.total_days().drop_nulls()
    if (steps == 1).all():
        return
    if (steps == 7).all():
        message = "These are weeks, and R is estimated from days."
        raise BadInput(message, "Give cases by day.", Where(file=where.file, column=column))
    at = int((steps != 1).arg_true()[0])
    row = int(read["#row"][at + 1])
    if steps[at] == 0:
        raise BadInput("A day is given twice.", "Keep one row a day.", Where(file=where.file, row=row, column=column))
    missing = read["#day"][at] + timedelta(days=1)
    message = f"Days are missing, {missing} the first of them."
    raise BadInput(message, "Add them, with 0 if nobody fell ill.", Where(file=where.file, row=row, column=column))


def _counts(rows: pl.DataFrame, column: str, where: Where, hidden: Hidden) -> tuple[Numbers, Numbers]:
    cells = read_cells(rows, column, hidden)
    for kind, (message, next_step) in FAULTS.items():
        bad = cells.filter(pl.col("kind") == kind.value)
        if bad.height:
            raise BadInput(message, next_step, Where(file=where.file, row=int(bad["#row"][0]), column=column))
    low, high = (cells[name].to_numpy().astype(np.float64) for name in ("low", "high"))
    return low, high
