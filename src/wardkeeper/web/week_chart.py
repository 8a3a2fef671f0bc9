"""Cases by week as bars, drawn on the server: what was counted, the range it may lie in, and what was expected."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from wardkeeper.kernel.phrases import say_day

WIDTH, HEIGHT = 1000, 420
LEFT, RIGHT, TOP, BOTTOM = 90, 985, 20, 350
FILLED = 0.7
"""How much of a week's place its bar takes."""

MOST_LABELS = 5
LABEL = 110
"""How wide a label may be on a phone, where words are drawn larger: the last must not run off the edge."""

STEPS = (1, 2, 5)

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and its words."""

    place: float
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One week: its bar, the range above and below it as a line (empty when it is known), and its words."""

    css: str
    x: float
    y: float
    width: float
    height: float
    middle: float
    top: float | None
    bottom: float | None
    title: str


@dataclass(frozen=True, slots=True)
class WeekChart:
    """All a template needs. `expected` is path data, empty when nothing was expected.

    `added` tells that ranges are ends of the areas' ranges added up.
    """

    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    expected: str
    hidden: bool
    incomplete: bool
    estimated: bool
    added: bool


@dataclass(frozen=True, slots=True)
class _Paper:
    """Where weeks and figures lie on the drawing: `pitch` a week across, `scale` units a case up."""

    weeks: int
    top: float

    @property
    def pitch(self) -> float:
        return (RIGHT - LEFT) / self.weeks

    def x(self, place: float) -> float:
        return round(LEFT + self.pitch * place, 1)

    def y(self, cases: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * cases / self.top, 1)


def draw_weeks(
    weeks: Sequence[Row], *, expected: float | None = None, since: date | None = None, added: bool = True
) -> WeekChart | None:
    """Draw rows of a `Course`; None when there are none. `expected` cases a week are drawn from the day `since` on."""
    if not weeks:
        return None
    most = max([*(_range(row)[1] for row in weeks), expected or 0.0, 1.0])
    step = _step(most)
    paper = _Paper(len(weeks), step * (int(most / step) + 1))
    return WeekChart(
        bars=tuple(_bar(row, place, paper) for place, row in enumerate(weeks)),
        across=_across(weeks, paper),
        up=tuple(Tick(paper.y(cases), f"{cases:,.0f}") for cases in np.arange(0, paper.top + step / 2, step)),
        expected=_expected(weeks, expected, since, paper),
        hidden=any(row["low"] != row["high"] for row in weeks),
        incomplete=any(bool(row["incomplete"]) for row in weeks),
        estimated=any(row.get("estimate") is not None for row in weeks),
        added=added,
    )


def _range(row: Row) -> tuple[float, float]:
    """Give the ends of what a week's cases may be: the estimate's where there is one, else what was counted."""
    names = ("estimate_low", "estimate_high") if row.get("estimate") is not None else ("low", "high")
    low, high = (float(str(row[name])) for name in names)
    return low, high


def _bar(row: Row, place: int, paper: _Paper) -> Bar:
    low, high = _range(row)
    counted = paper.y(float(str(row["low"])))
    return Bar(
        css="wk-week--incomplete" if row["incomplete"] else "wk-week--whole",
        x=paper.x(place + (1 - FILLED) / 2),
        y=counted,
        width=round(paper.pitch * FILLED, 1),
        height=round(BOTTOM - counted, 1),
        middle=paper.x(place + 0.5),
        top=None if low == high else paper.y(high),
        bottom=None if low == high else paper.y(low),
        title=week_words(row),
    )


def _across(weeks: Sequence[Row], paper: _Paper) -> tuple[Tick, ...]:
    """Label the newest week and as many before it as there is room for."""
    every = -(-len(weeks) // MOST_LABELS)
    places = range(len(weeks) - 1, -1, -every)
    return tuple(
        Tick(min(paper.x(place + 0.5), RIGHT - LABEL / 2), f"{_day(weeks[place]).day} {_day(weeks[place]):%b}")
        for place in places
    )


def _expected(weeks: Sequence[Row], expected: float | None, since: date | None, paper: _Paper) -> str:
    if expected is None or since is None:
        return ""
    after = since + timedelta(days=6)
    first = next((place for place, row in enumerate(weeks) if _day(row) >= after), len(weeks))
    return f"M{paper.x(first)} {paper.y(expected)}H{paper.x(len(weeks))}" if first < len(weeks) else ""


def _day(row: Row) -> date:
    day = row["week_end"]
    assert isinstance(day, date)
    return day


def _step(most: float) -> float:
    """Give a round distance of the marks: four or so up to the greatest figure."""
    tens = float(10 ** math.floor(math.log10(max(most / 4, 1))))
    return next((tens * one for one in STEPS if tens * one >= most / 4), tens * 10)


def week_words(row: Row) -> str:
    """Say a week's cases, for a bar's title."""
    return f"Week to {say_day(_day(row))}: {cases_in(row)} cases"


def cases_in(row: Row) -> str:
    """Write a week's cases: a number, or a range where counts were withheld."""
    low, high = row["low"], row["high"]
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def estimate_in(row: Row) -> str:
    """Write a week's estimate including late reports with its range; empty when there is none."""
    if row.get("estimate") is None:
        return ""
    middle, low, high = (float(str(row[name])) for name in ("estimate", "estimate_low", "estimate_high"))
    return f"{middle:,.0f} ({low:,.0f} to {high:,.0f})" if low != high else f"{middle:,.0f}"
