"""Steps of time: the study period cut into equal spans, and the windows a cluster may cover."""

from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where

Span = tuple[date, date]

MOST_STEPS = 20_000
"""Steps of time in a study: 54 years of days. Beyond it, a mistyped year is likelier than a wish."""


class Unit(StrEnum):
    """What a step's length is counted in."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}

DAYS: dict[Unit, float] = {Unit.DAY: 1, Unit.MONTH: 365.25 / 12, Unit.YEAR: 365.25}
"""How many days a unit has on average."""


def make_steps(first: date, last: date, length: int, unit: Unit) -> list[Span]:
    """Cut `first` to `last` into steps of `length` units, oldest first.

    They are counted back from the last day, so that the newest step is whole; the oldest may be shorter. Raises BadInput
    for an empty study period, and for one of more steps than `MOST_STEPS`.
    """
    if length < 1 or last < first:
        raise BadInput(
            "The study period is empty." if length >= 1 else "A step of time must last at least a day.",
            "Give a first day before the last, and a length of 1 or more.",
            Where(rule="study period"),
        )
    _check_number(first, last, length, unit)
    steps: list[Span] = []
    end = last
    while not steps or steps[-1][0] > first:
        start = max(first, _back(end, length, unit))
        steps.append((start, end))
        # The first day of all has none before it.
        end = date.fromordinal(max(1, start.toordinal() - 1))
    return steps[::-1]


def _check_number(first: date, last: date, length: int, unit: Unit) -> None:
    days = (last - first).days + 1
    steps = -(-days // max(1, int(length * DAYS[unit])))
    if steps > MOST_STEPS:
        raise BadInput(
            f"The study period, {first} to {last}, has {steps:,} steps of time; at most {MOST_STEPS:,} can be scanned.",
            "Check its first and last day (--study-from, --study-to) and the dates of the cases, or make steps longer (--aggregate-days 7).",
            Where(rule="study period"),
        )


def _back(end: date, length: int, unit: Unit) -> date:
    """Give the first day of the step that ends on `end`."""
    if unit is Unit.DAY:
        return date.fromordinal(max(1, end.toordinal() - length + 1))
    after = (end.year + 1, 1, 1) if end == date.max else (end + timedelta(days=1)).timetuple()[:3]
    year, month = divmod(after[0] * 12 + after[1] - 1 - length * MONTHS[unit], 12)
    if year < date.min.year:
        return date.min
    first = date(year, month + 1, 1)
    # Where a month is too short for such a day, the step begins with the month that follows.
    on_time = first + timedelta(days=after[2] - 1)
    return on_time if on_time.month == first.month else on_time.replace(day=1)


def list_windows(steps: int, longest: int, *, prospective: bool) -> tuple[tuple[int, int], ...]:
    """List the spans of steps (half open) that a cluster may cover; a prospective one is still going on at the end."""
    most = max(1, min(longest, steps))
    if prospective:
        return tuple((steps - length, steps) for length in range(1, most + 1))
    return tuple((end - length, end) for end in range(1, steps + 1) for length in range(1, min(most, end) + 1))


def count_windows(steps: int, longest: int, *, prospective: bool) -> int:
    """Give how many windows `list_windows` lists, without listing them."""
    most = max(1, min(longest, steps))
    return most if prospective else most * steps - most * (most - 1) // 2


def place_in_steps(days: pl.Series, steps: list[Span]) -> NDArray[np.int64]:
    """Give the step each day falls in. All days lie in the study period."""
    starts = np.array([start.toordinal() for start, _ in steps])
    ordinals = days.to_physical().to_numpy() + date(1970, 1, 1).toordinal()
    return np.searchsorted(starts, ordinals, side="right").astype(np.int64) - 1
