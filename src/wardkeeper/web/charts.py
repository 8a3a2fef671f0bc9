"""Charts drawn on the server as SVG shapes: no script, and the table beside a chart says the same."""

from dataclasses import dataclass

import polars as pl

WIDTH, HEIGHT = 1000, 560
LEFT, RIGHT, TOP, BOTTOM = 90, 980, 20, 480
REACH = 12.0
"""Natural log odds at either end of the axis."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and its words."""

    place: float
    words: str


@dataclass(frozen=True, slots=True)
class Point:
    """A labelled share: its place, and the ends of its interval."""

    x: float
    y: float
    top: float
    bottom: float
    title: str


@dataclass(frozen=True, slots=True)
class CalibrationChart:
    """The curve from log odds to probability, its interval as a band, and what labels found."""

    curve: str
    band: str
    points: tuple[Point, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def calibration_chart(curve: pl.DataFrame, reliability: pl.DataFrame) -> CalibrationChart:
    """Draw a linking report's `curve` and `reliability`."""
    odds = curve["log_odds"].to_list()
    upper = _trace(odds, curve["high"].to_list())
    lower = _trace(odds[::-1], curve["low"].to_list()[::-1])
    return CalibrationChart(
        curve=f"M{' L'.join(_trace(odds, curve['probability'].to_list()))}",
        band=f"M{' L'.join(upper + lower)}Z",
        points=tuple(_point(row) for row in reliability.filter(pl.col("found").is_not_null()).iter_rows(named=True)),
        across=tuple(Tick(_x(odd), f"{odd:+.0f}" if odd else "0") for odd in (-12, -8, -4, 0, 4, 8, 12)),
        up=tuple(Tick(_y(share), f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)),
    )


def _trace(odds: list[float], shares: list[float]) -> list[str]:
    return [f"{_x(odd):.0f} {_y(share):.1f}" for odd, share in zip(odds, shares, strict=True)]


def _point(row: dict[str, float]) -> Point:
    title = f"{row['found']:.0%} of {row['labels']} labelled pairs are one person’s"
    return Point(
        round(_x((row["lowest"] + row["highest"]) / 2)), _y(row["found"]), _y(row["high"]), _y(row["low"]), title
    )


def _x(log_odds: float) -> float:
    share = (max(-REACH, min(REACH, log_odds)) + REACH) / (2 * REACH)
    return LEFT + share * (RIGHT - LEFT)


def _y(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)
