"""How good nowcasts would have been: each report day's totals against what was known at the final delay.

The target is the total of the `horizon` days ending the day before the report, each as known 30 days later. An
area-day counts when each of its days was published in the report itself and in the one 30 days after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.delays.estimating import estimate_finals
from wardkeeper.outbreaks.delays.nowcasting import bound_totals, check_history, fit_settings
from wardkeeper.outbreaks.delays.settings import SETTINGS, NowcastSettings
from wardkeeper.outbreaks.delays.triangle import Triangle, clean_triangle
from wardkeeper.outbreaks.given import take_day, take_kind, take_whole

Cube = NDArray[np.float64]

DROPPED_DAYS = 5
"""Days that England's public dashboard left out of its seven-day figures."""

LADDER_AT, LADDER_DAYS, LADDER_SHRINKAGE = 10, 14, 50.0
"""The simple ladder: one factor a delay, from the 14 newest specimen days known at ten days, areas shrunk by 50 cases."""


class Method(StrEnum):
    """What is scored: this house's method, or one of three to hold it against."""

    WARDKEEPER = "wardkeeper"
    LADDER = "ladder"
    DASHBOARD = "dashboard"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Score:
    """How good estimates were; errors are shares of 1.

    `wape` is absolute errors over the total; `median_ape` the middle area-day's, of those with cases; `bias` errors over
    the total, above 0 when estimates are too high. `coverage50` and `coverage90` are the shares of totals inside the
    intervals, None for a method without any. `set_aside` counts area-days that could not be judged.
    """

    area_days: int
    wape: float
    median_ape: float
    bias: float
    coverage50: float | None
    coverage90: float | None
    set_aside: int


def score_nowcasts(
    triangle: pl.DataFrame | Triangle,
    first: date,
    last: date,
    *,
    method: Method | str = Method.WARDKEEPER,
    horizon: int = 7,
    settings: NowcastSettings = SETTINGS,
) -> Score:
    """Score nowcasts made on each report day from `first` to `last`, each from what was known on its day alone."""
    rows = make_nowcasts(triangle, first, last, method=method, horizon=horizon, settings=settings)
    return score_rows(rows)


def make_nowcasts(
    triangle: pl.DataFrame | Triangle,
    first: date,
    last: date,
    *,
    method: Method | str = Method.WARDKEEPER,
    horizon: int = 7,
    settings: NowcastSettings = SETTINGS,
) -> pl.DataFrame:
    """Give a row an area and report day: report, area, observed, estimate, bounds (null without any), and came.

    `came` is the total at the final delay, null where that or the report itself lacks a day. Raises BadInput.
    """
    chosen = _method(method)
    take_whole(horizon, "horizon")
    take_kind(settings, NowcastSettings, "settings")
    held = triangle if isinstance(triangle, Triangle) else clean_triangle(triangle)
    start, end = _span(held, first, last)
    fitted = fit_settings(held, settings, horizon=horizon)
    came = find_came(held, horizon, fitted)
    if chosen is Method.WARDKEEPER:
        check_history(held, start, fitted)
        found = _bounded(held, start, end, horizon, fitted)
    else:
        found = _plain(PLAIN[chosen](held.cube, horizon), held, start, end)
    days = [day for day in range(start, end + 1) if held.published[day]]
    target = np.concatenate([came[day] for day in days])
    report = pl.date_range(held.first, held.last, eager=True).gather(days)
    labels = pl.DataFrame({"report": report}).join(
        pl.DataFrame({"area": held.areas}), how="cross", maintain_order="left_right"
    )
    return pl.concat([labels, found], how="horizontal").with_columns(came=pl.Series(target).fill_nan(None))


def score_rows(rows: pl.DataFrame) -> Score:
    """Score rows of `make_nowcasts`, or any part of them. Raises BadInput when none can be judged."""
    judged = rows.drop_nulls(["came", "estimate"])
    if judged.is_empty() or judged["came"].sum() <= 0:
        raise BadInput(
            "No total of these days is known at its final delay.",
            f"Choose report days at least {SETTINGS.final} days before the newest report, with daily reports in between.",
            Where(column="report", rule="final delay"),
        )
    error = judged["estimate"] - judged["came"]
    some = judged["came"] > 0
    total = float(judged["came"].sum())
    inside = [
        judged.select(
            ((pl.col("came") >= pl.col(f"low{level}")) & (pl.col("came") <= pl.col(f"high{level}"))).mean()
        ).item()
        for level in (50, 90)
    ]
    return Score(
        area_days=judged.height,
        wape=float(error.abs().sum()) / total,
        median_ape=float((error.abs() / judged["came"]).filter(some).median()),  # type: ignore[arg-type]
        bias=float(error.sum()) / total,
        coverage50=inside[0],
        coverage90=inside[1],
        set_aside=rows.height - judged.height,
    )


def find_came(triangle: Triangle, horizon: int, settings: NowcastSettings) -> Cube:
    """Give [report, area] totals at the final delay; NaN where a day lacks then, or lacked in the report itself."""
    cube, final = triangle.cube, settings.final
    if cube.shape[1] <= final:
        raise BadInput(
            f"Each report reaches back {cube.shape[1] - 1} days, so no count is known at its final delay.",
            f"Give reports that reach back {final} days.",
            Where(column="specimen", rule="final delay"),
        )
    came = np.full((len(cube), cube.shape[2]), np.nan)
    rows = len(cube) - final + 1
    if rows > 0:
        came[:rows] = sum(_shifted(cube, final - delay, final, rows) for delay in range(1, horizon + 1))
    came[np.isnan(cube[:, 1 : horizon + 1]).any(axis=1)] = np.nan
    return came


def _shifted(cube: Cube, wait: int, delay: int, rows: int) -> Cube:
    """Give the counts at `delay` in the report `wait` days later, NaN where that report is not held."""
    found = np.full((rows, cube.shape[2]), np.nan)
    held = cube[wait : wait + rows, delay]
    found[: len(held)] = held
    return found


def _method(method: Method | str) -> Method:
    try:
        return Method(method)
    except (TypeError, ValueError):
        known = ", ".join(Method)
        raise BadInput(
            f"“{method}” is not a method.", f"Choose one of: {known}.", Where(key="method", rule="method")
        ) from None


def _span(triangle: Triangle, first: date, last: date) -> tuple[int, int]:
    take_day(first, "first")
    take_day(last, "last")
    if first > last:
        raise BadInput(
            f"The first report day, {first}, is after the last, {last}.",
            "Swap them.",
            Where(key="from", rule="span of days"),
        )
    return triangle.day_of(first), triangle.day_of(last)


def _bounded(triangle: Triangle, start: int, end: int, horizon: int, settings: NowcastSettings) -> pl.DataFrame:
    part = triangle.between(start - settings.memory, end)
    offset = (part.first - triangle.first).days
    estimates = estimate_finals(part.cube, settings)
    delays = range(1, horizon + 1)
    days = [day - offset for day in range(start, end + 1) if triangle.published[day]]
    return pl.concat([bound_totals(estimates, day, delays) for day in days])


def _plain(totals: Cube, triangle: Triangle, start: int, end: int) -> pl.DataFrame:
    days = [day for day in range(start, end + 1) if triangle.published[day]]
    estimate = pl.Series(np.concatenate([totals[day] for day in days])).fill_nan(None)
    bounds = [pl.lit(None, pl.Int64).alias(name) for name in ("low50", "high50", "low90", "high90")]
    return pl.DataFrame({"estimate": estimate}).with_columns(bounds)


def _raw(cube: Cube, horizon: int) -> Cube:
    """Take the total as it stands."""
    return np.asarray(cube[:, 1 : horizon + 1].sum(axis=1))


def _dashboard(cube: Cube, horizon: int) -> Cube:
    """Take the total that ends before the days left out, as England's dashboard did."""
    return np.asarray(cube[:, 1 + DROPPED_DAYS : 1 + DROPPED_DAYS + horizon].sum(axis=1))


def _ladder(cube: Cube, horizon: int) -> Cube:
    """Scale up each day but the newest, of which too little is known, and let it have their mean."""
    total = np.zeros((len(cube), cube.shape[2]))
    for delay in range(2, horizon + 1):
        total += cube[:, delay] * _simple_factor(cube, delay)
    return total * horizon / (horizon - 1) if horizon > 1 else np.full_like(total, np.nan)


def _simple_factor(cube: Cube, delay: int) -> Cube:
    wait = max(LADDER_AT - delay, 0)
    start = np.full((len(cube), cube.shape[2]), np.nan)
    start[wait:] = cube[: len(cube) - wait, delay]
    end = cube[:, delay + wait]
    known = ~np.isnan(start + end)
    sums = [np.where(known, part, 0.0) for part in (end, start)]
    top, bottom = (np.sum([_back(one, days) for days in range(LADDER_DAYS)], axis=0) for one in sums)
    whole = top.sum(axis=1, keepdims=True) / np.maximum(bottom.sum(axis=1, keepdims=True), 1)
    return np.asarray((top + LADDER_SHRINKAGE * whole) / (bottom + LADDER_SHRINKAGE))


def _back(values: Cube, days: int) -> Cube:
    moved = np.zeros_like(values)
    moved[days:] = values[: len(values) - days]
    return moved


PLAIN: dict[Method, Callable[[Cube, int], Cube]] = {
    Method.RAW: _raw,
    Method.DASHBOARD: _dashboard,
    Method.LADDER: _ladder,
}
"""The methods to hold ours against: counts [report, delay, area] in, totals [report, area] out."""
