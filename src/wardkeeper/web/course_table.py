"""How fast cases change and how far each one spreads, as a small table: on the page, and as a file."""

import math
from datetime import date

import polars as pl

from wardkeeper.kernel.phrases import say_day
from wardkeeper.outbreaks.counts import WEEK
from wardkeeper.outbreaks.course import Course, Growth
from wardkeeper.outbreaks.growth import Direction
from wardkeeper.outbreaks.transmission import Basis, Transmission

Row = dict[str, object]

TOO_FEW = "Not enough cases to say"
NOT_CLEAR = "Not clear which"

BASES = {
    Basis.DAYS: "Cases by day, of days whose reports are in",
    Basis.GROWTH: "Growth by week, as cases by day are not held",
}
"""What R is said to come from."""

COLUMNS = {
    "measure": pl.String,
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    "unit": pl.String,
    **dict.fromkeys(("first", "last"), pl.Date),
    "finding": pl.String,
    "basis": pl.String,
}
"""The columns of the file. Figures are empty where there are not enough cases."""


def course_rows(course: Course) -> list[Row]:
    """Give a row a measure, in words: measure, value, span (empty without one), basis."""
    growth, found = course.growth, course.transmission
    rows = [] if growth is None else [_change(growth), _doubling(growth)]
    return rows if found is None else [*rows, _spread(found)]


def course_frame(course: Course) -> pl.DataFrame:
    """Give the same as numbers, with `COLUMNS`."""
    growth, found = course.growth, course.transmission
    rows = []
    if growth is not None:
        ends = {"first": growth.first, "last": growth.last, "finding": growth.direction.value, "basis": "cases by week"}
        rates = (growth.rate, growth.low, growth.high)
        rows.append(_figures("growth", rates, "a day, natural logarithm") | ends)
        days = (growth.doubling_days, growth.doubling_low, growth.doubling_high)
        rows.append(_figures("doubling time", days, "days; below 0 cases halve") | ends)
    if found is not None:
        finding = "" if found.r is not None else Direction.TOO_FEW.value
        ends = {"first": found.first, "last": found.last, "finding": finding, "basis": found.basis.value}
        rows.append(_figures("R", (found.r, found.low, found.high), "people infected by one case") | ends)
    return pl.DataFrame(rows, schema=COLUMNS)


def _figures(measure: str, three: tuple[float | None, float | None, float | None], unit: str) -> Row:
    value, low, high = three
    return {"measure": measure, "value": value, "low": low, "high": high, "unit": unit}


def _change(growth: Growth) -> Row:
    words = {"measure": "Change in cases from week to week", "basis": _weeks(growth)}
    if growth.rate is None or growth.low is None or growth.high is None:
        return {**words, "value": TOO_FEW, "span": ""}
    middle, low, high = (f"{100 * math.expm1(WEEK * rate):+,.0f}%" for rate in (growth.rate, growth.low, growth.high))
    return {**words, "value": middle, "span": f"{low} to {high}"}


def _doubling(growth: Growth) -> Row:
    verb = {Direction.GROWING: "double", Direction.SHRINKING: "halve"}.get(growth.direction, "double or halve")
    words: Row = {"measure": f"Days in which cases {verb}", "basis": _weeks(growth)}
    if growth.rate is None or growth.doubling_days is None:
        return {**words, "value": TOO_FEW, "span": ""}
    if growth.doubling_low is None or growth.doubling_high is None:
        return {**words, "value": NOT_CLEAR, "span": ""}
    low, high = sorted(abs(days) for days in (growth.doubling_low, growth.doubling_high))
    return {**words, "value": f"{abs(growth.doubling_days):,.0f}", "span": f"{low:,.0f} to {high:,.0f}"}


def _spread(found: Transmission) -> Row:
    basis = f"{BASES[found.basis]}: {_span(found.first, found.last, weeks=found.basis is Basis.GROWTH)}"
    words: Row = {"measure": "People whom one case infects (R)", "basis": basis}
    if found.r is None:
        return {**words, "value": TOO_FEW, "span": ""}
    return {**words, "value": f"{found.r:.2f}", "span": f"{found.low:.2f} to {found.high:.2f}"}


def _weeks(growth: Growth) -> str:
    return f"Cases by week: {_span(growth.first, growth.last, weeks=True)}"


def _span(first: date, last: date, *, weeks: bool) -> str:
    return f"{'weeks ending ' if weeks else ''}{say_day(first)} to {say_day(last)}"
