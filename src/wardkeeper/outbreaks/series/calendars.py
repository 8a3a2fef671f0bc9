"""When the rows of a series are: dates a day, a week, a month or a quarter apart, or numbers alone.

Reading a day is left to `days`; what a year back is, to `years`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise

import numpy as np
import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import in_words
from wardkeeper.outbreaks.days import read_days


class Step(IntEnum):
    """From one row to the next. The number is the rows of a year, as R's `freq`."""

    DAY = 365
    WEEK = 52
    MONTH = 12
    QUARTER = 4


DAYS = {Step.DAY: 1, Step.WEEK: 7}
MONTHS = {Step.MONTH: 1, Step.QUARTER: 3}

MONTH_ENDS = 3
"""The day of the month may move by as much where rows are a month apart: from the 31st to the 28th."""

NEW_YEAR = timedelta(days=4)
"""A week whose date is this near to 1 January, or nearer, whether its first day, its middle or its last, can be a week 53."""

LEAST_APART = 5 * Step.WEEK
"""Weeks from one year's week 53 to the next one's, or more, where they are left out."""


DATE_HEADINGS = frozenset(
    "date dates day week month epoch weekend weekending weekended weekstart weekstarting weekcommencing weekbeginning "
    "specimendate eventdate onsetdate reportdate".split()
)
"""Headings of dates, in small letters alone."""

WHOLE_DATE = r"^\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The rows' dates, oldest first (none where the file has none), what they are apart, and what was assumed."""

    dates: tuple[date, ...]
    step: Step
    notes: tuple[str, ...] = ()


def name_dates(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the table with its column of dates named `date`, where it has another usual heading. Raises BadInput for two."""
    if "date" in frame.columns:
        return frame
    found = [name for name in frame.columns if _is_heading(name) and _holds_dates(frame[name])]
    if len(found) > 1:
        message = f"The file has several columns of dates: {', '.join(found)}."
        raise BadInput(message, "Name one of them date, and take the others out.", Where(rule="one column of dates"))
    return frame.rename({found[0]: "date"}) if found else frame


def _is_heading(name: str) -> bool:
    return re.sub("[^a-z]", "", name.lower()) in DATE_HEADINGS


def _holds_dates(column: pl.Series) -> bool:
    if column.dtype != pl.String:
        return column.dtype in (pl.Date, pl.Datetime)
    held = column.drop_nulls()
    return bool(held.len()) and bool(held.head(1).str.contains(WHOLE_DATE).all())


def read_calendar(frame: pl.DataFrame, freq: int | None, today: date | None) -> Calendar:
    """Read the columns `date` and `t`, whichever there are. Raises BadInput.

    `freq` is the rows of a year where there are no dates; 52 by default. Given `today`, a later date is refused.
    """
    if freq is not None and freq not in list(Step):
        message = f"There can't be {freq} rows a year."
        raise BadInput(message, "Choose 365 (days), 52 (weeks), 12 (months) or 4 (quarters).", Where(key="freq"))
    _check_numbered(frame)
    if "date" not in frame.columns:
        step = Step(freq or Step.WEEK)
        note = (
            f"The file has no column date: its rows were taken as {step.name.lower()}s, {int(step)} a year, in order."
        )
        return Calendar((), step, (note,))
    found = _read_dates(frame, today)
    if freq is not None and freq != found.step:
        message = f"The file's dates are a {found.step.name.lower()} apart, {int(found.step)} rows a year, not {freq}."
        raise BadInput(
            message, "Leave the rows of a year out; they are only for files without dates.", Where(key="freq")
        )
    return found


def _read_dates(frame: pl.DataFrame, today: date | None) -> Calendar:
    held = frame["date"].dtype
    if not (held in (pl.String, pl.Date, pl.Datetime, pl.Categorical, pl.Null) or held.is_integer()):
        message = f"The column holds {str(held).lower()}, not dates."
        raise BadInput(message, "Give dates, or text such as 2020-11-28.", Where(column="date", rule="kind of column"))
    read = read_days(frame["date"], "date")
    if read.days.null_count():
        row = int(read.days.is_null().arg_true()[0]) + 1
        raise BadInput("This is not a date.", "Write it as 2020-11-28.", Where(row=row, column="date"))
    dates = tuple(read.days.to_list())
    step, left_out = _find_step(dates)
    if today and dates[-1] > today:
        row = next(at for at, day in enumerate(dates, 1) if day > today)
        message = f"The date {in_words(dates[row - 1])} is in the future."
        raise BadInput(message, "Correct it.", Where(row=row, column="date"))
    notes = read.notes
    if left_out:
        weeks = ", ".join(in_words(day) for day in left_out)
        notes = (*notes, f"The file leaves out week 53 ({weeks}): its rows follow each other, and 52 are a year.")
    return Calendar(dates, step, notes)


def _check_numbered(frame: pl.DataFrame) -> None:
    """Refuse rows that a column t does not number 1, 2, 3 and so on."""
    if "t" not in frame.columns:
        return
    numbers = frame["t"].cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    wrong = (numbers != pl.Series(np.arange(1.0, frame.height + 1))).fill_null(value=True)
    if wrong.any():
        message = "The rows are not numbered 1, 2, 3 … by the column t: one is missing, doubled or out of order."
        raise BadInput(message, "Correct the rows, or take the column out.", Where(row=int(wrong.arg_true()[0]) + 1))


def _find_step(dates: Sequence[date]) -> tuple[Step, list[date]]:
    """Tell what rows are apart, and which weeks 53 are left out; refuse rows that do not follow each other."""
    told = [_measure(earlier, later) for earlier, later in pairwise(dates)]
    known = [step for step in told if step]
    usual = max(set(known), key=known.count, default=Step.WEEK)
    left_out: list[date] = []
    for row, step in enumerate(told, 2):
        if step == usual:
            continue
        earlier, later = dates[row - 2], dates[row - 1]
        week = earlier + timedelta(days=DAYS[Step.WEEK])
        missing = usual == Step.WEEK and later - week == week - earlier and _can_be_53(week)
        if not missing or (left_out and (week - left_out[-1]).days < LEAST_APART * DAYS[Step.WEEK]):
            _refuse(earlier, later, row)
        left_out.append(week)
    return usual, left_out


def _measure(earlier: date, later: date) -> Step | None:
    away = (later - earlier).days
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    if abs(later.day - earlier.day) > MONTH_ENDS:
        months = 0
    return next(
        (step for steps, gap in ((DAYS, away), (MONTHS, months)) for step, wanted in steps.items() if gap == wanted),
        None,
    )


def _can_be_53(day: date) -> bool:
    return any(abs(day - date(year, 1, 1)) <= NEW_YEAR for year in (day.year, day.year + 1))


def _refuse(earlier: date, later: date, row: int) -> None:
    where, before, day = Where(row=row, column="date"), in_words(earlier), in_words(later)
    if later == earlier:
        raise BadInput(f"The date {day} stands twice.", "Keep one row for each.", where)
    if later < earlier:
        raise BadInput(f"{day} comes after {before}: the dates are out of order.", "Put the oldest first.", where)
    message = (
        f"From {before} to {day} is {(later - earlier).days} days; rows must all be a day, a week, a month or a "
        "quarter apart."
    )
    raise BadInput(message, "Put in what is missing, with 0 where there were no cases.", where)
