"""How fast cases grow or shrink: a rate per day, and the days in which they double or halve, with intervals.

A straight line is fitted to the logarithm of expected cases over the last weeks, with a level for each day of the week
where counts are daily. Counts scatter more than a Poisson distribution allows, so the variance is a multiple of the mean
that is estimated too (quasi-Poisson; McCullagh P, Nelder JA (1989), Generalized Linear Models, chapter 6). All series and
windows are fitted at once, by iteratively reweighted least squares.

Why growth beside R: Wallinga J, Lipsitch M (2007), How generation intervals shape the relationship between growth rates
and reproductive numbers, Proceedings of the Royal Society B 274: 599-604. How doubling times are estimated and read:
Pellis L and others (2021), Challenges in control of COVID-19: short doubling time and long delay to effect of
interventions, Philosophical Transactions of the Royal Society B 376: 20200264.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import WEEK
from wardkeeper.outbreaks.given import check_settings, take_numbers
from wardkeeper.outbreaks.hidden import expect_between
from wardkeeper.outbreaks.serial_intervals import GammaInterval, KnownInterval, shares_of

Numbers = NDArray[np.float64]

DAYS_FOR_WEEKDAYS = 14
"""Weekday levels need each day of the week twice."""

LEAST_TOTAL = 5
"""Below so many expected cases a window has no growth rate worth printing."""
MOST_STEPS = 60
STEADY = 1e-9
STEEPEST = 3.0
"""A rate per step beyond this is a fit that runs away: twentyfold in a day."""
LEAST_MEAN = 1e-9


class Direction(StrEnum):
    """What the interval of a growth rate says."""

    GROWING = "growing"
    SHRINKING = "shrinking"
    NOT_CLEAR = "not clear"
    TOO_FEW = "too few cases"


@dataclass(frozen=True, slots=True)
class GrowthFit:
    """How growth is fitted: `window` steps at a time; steps are `step_days` days; `level` of the interval."""

    window: int = 21
    step_days: int = 1
    level: float = 0.95

    def __post_init__(self) -> None:
        check_settings(self)
        if not (self.window >= 4 and self.step_days >= 1 and 0 < self.level < 1):
            message = f"Growth cannot be fitted to a window of {self.window} steps."
            raise BadInput(message, "Give a window of 4 steps or more.", Where(rule="growth window"))

    @property
    def weekdays(self) -> bool:
        """Whether each day of the week has a level of its own."""
        return self.step_days == 1 and self.window >= DAYS_FOR_WEEKDAYS


def estimate_growth(
    cases: ArrayLike, fit: GrowthFit | None = None, *, high: ArrayLike | None = None, sd: ArrayLike | None = None
) -> pl.DataFrame:
    """Estimate growth over every window that ends at each step, for one series or for series by steps.

    `cases` are new cases; where `high` is given (same shape), the count lies from `cases` to `high`, as a suppressed one
    does, and enters by the likelihood of its interval. `sd` (same shape) is the standard
    deviation of each figure, as a nowcast's is; such steps weigh less. One row a series and window: series (0 on),
    start, end (steps, the first is 1), growth (per day), growth_low, growth_high, doubling_days, doubling_low,
    doubling_high, direction. Doubling days are negative where cases halve; their interval is null where the growth
    rate's holds 0. All figures are null where fewer than 5 cases are expected in a window.
    Raises BadInput for cases below 0 or unknown, or fewer steps than a window.
    """
    if fit is not None and not isinstance(fit, GrowthFit):
        raise BadInput("The fit is none.", "Give a GrowthFit, such as GrowthFit(window=21).", Where(rule="growth"))
    how = fit or GrowthFit()
    low = take_numbers(cases, "cases")
    top = low if high is None else take_numbers(high, "upper ends")
    spread = np.zeros_like(low) if sd is None else take_numbers(sd, "deviations")
    _check(low, top, spread, how.window)
    lows, tops, spreads = (_windows(one, how.window) for one in (low, top, spread))
    rate, error = _fit(lows, tops, spreads, _design(how))
    return _as_frame(rate / how.step_days, error / how.step_days, how, low.shape)


def reproduction_from_growth(growth: ArrayLike, interval: KnownInterval | GammaInterval, days: int = 100) -> Numbers:
    """Give R for a growth rate per day: 1 over the serial interval's moment generating function at minus the rate.

    Wallinga and Lipsitch (2007), equation 2.7, with the serial interval's shares by day. NaN where the serial interval
    lies beyond `days`, or the growth is too steep to be told.
    """
    shares = shares_of(interval, days)
    rates = np.asarray(growth, dtype=np.float64)
    with np.errstate(over="ignore", divide="ignore"):
        r: Numbers = 1 / (np.exp(-rates[..., None] * np.arange(days)) @ shares)
    finite: Numbers = np.where(np.isfinite(r), r, np.nan)
    return finite


def _check(low: Numbers, high: Numbers, sd: Numbers, window: int) -> None:
    where = Where(rule="cases by day")
    if not low.shape == high.shape == sd.shape:
        raise BadInput("Counts, their upper ends and their deviations differ in shape.", "Give one of each.", where)
    wrong = np.argwhere(~(np.isfinite(high) & np.isfinite(sd) & (low >= 0) & (high >= low) & (sd >= 0)))
    if len(wrong):
        message = f"Cases of step {wrong[0][1] + 1} of series {wrong[0][0] + 1} are below 0, crossed or not known."
        raise BadInput(message, "Put a correction on the day it corrects, and give each step a count.", where)
    if low.shape[1] < window:
        message = f"{low.shape[1]} steps are too few to fit growth to {window}."
        raise BadInput(message, "Give more days, or a shorter growth window.", where)


def _windows(table: Numbers, window: int) -> Numbers:
    """Give every window of every series: one a row."""
    return np.lib.stride_tricks.sliding_window_view(table, window, axis=1).reshape(-1, window)


def _design(how: GrowthFit) -> Numbers:
    """Give the columns of the fit: level, time about the window's middle, and days of the week (summing to nothing)."""
    steps = np.arange(how.window)
    columns = [np.ones(how.window), steps - steps.mean()]
    if how.weekdays:
        columns += [(steps % WEEK == day) * 1.0 - (steps % WEEK == WEEK - 1) for day in range(WEEK - 1)]
    return np.column_stack(columns)


def _fit(low: Numbers, high: Numbers, sd: Numbers, design: Numbers) -> tuple[Numbers, Numbers]:
    """Fit all windows; give each one's rate per step and standard error (NaN where there are too few cases).

    A hidden count's information is that of a whole one less its remaining variance (Louis TA (1982), Finding the observed
    information matrix when using the EM algorithm, Journal of the Royal Statistical Society B 44: 226-233).
    """
    middle = (low + high) / 2
    enough = middle.sum(axis=1) >= LEAST_TOTAL
    rate, error = np.full(len(low), np.nan), np.full(len(low), np.nan)
    if not enough.any():
        return rate, error
    low, high, sd = low[enough], high[enough], sd[enough]
    mean = np.maximum(middle[enough], middle[enough].mean(axis=1, keepdims=True) / 10)
    scatter = np.ones((len(low), 1))
    held = np.zeros((len(low), design.shape[1]))
    for _ in range(MOST_STEPS):
        count, hidden = _expect(low, high, mean)
        known = np.maximum(mean - hidden, LEAST_MEAN)
        weight = known * mean / (scatter * mean + sd**2)
        normal = np.einsum("ti,wt,tj->wij", design, weight, design, optimize=True) + LEAST_MEAN * np.eye(len(design.T))
        answer = np.log(mean) + (count - mean) / known
        found = np.linalg.solve(normal, np.einsum("ti,wt->wi", design, weight * answer)[..., None])[..., 0]
        found[:, 1] = np.clip(found[:, 1], -STEEPEST, STEEPEST)
        mean = np.maximum(np.exp(np.clip(found @ design.T, -30, 30)), LEAST_MEAN)
        scatter = _scatter(np.where(low == high, count, np.nan), sd**2, mean, design.shape[1])
        if np.abs(found - held).max() < STEADY:
            break
        held = found
    rate[enough], error[enough] = found[:, 1], np.sqrt(np.linalg.inv(normal)[:, 1, 1])
    return rate, error


def _scatter(count: Numbers, extra: Numbers, mean: Numbers, parameters: int) -> Numbers:
    """Estimate the variance's multiple of the mean (Pearson) from the exact counts; never below 1."""
    pearson = np.nansum((count - mean) ** 2 / (mean + extra), axis=1, keepdims=True)
    free = np.isfinite(count).sum(axis=1, keepdims=True) - parameters
    return np.maximum(np.where(free > 0, pearson / np.maximum(free, 1), 1.0), 1.0)


def _expect(low: Numbers, high: Numbers, mean: Numbers) -> tuple[Numbers, Numbers]:
    """Give expected count and variance of counts known to lie from `low` to `high`, if Poisson with `mean`."""
    count, hidden = low.copy(), np.zeros_like(low)
    unsure = low < high
    if unsure.any():
        count[unsure], hidden[unsure] = expect_between(low[unsure], high[unsure], mean[unsure])
    return count, hidden


def _as_frame(rate: Numbers, error: Numbers, how: GrowthFit, shape: tuple[int, ...]) -> pl.DataFrame:
    series, windows = shape[0], shape[1] - how.window + 1
    free = how.window - _design(how).shape[1]
    reach = stdtrit(free, (1 + how.level) / 2) * error
    low, high = rate - reach, rate + reach
    start = np.tile(np.arange(1, windows + 1, dtype=np.int64), series)
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.arange(series, dtype=np.int64), windows),
            "start": start,
            "end": start + how.window - 1,
            "growth": rate,
            "growth_low": low,
            "growth_high": high,
        }
    ).with_columns(pl.col("growth", "growth_low", "growth_high").fill_nan(None))
    return _add_doubling(frame)


def _add_doubling(frame: pl.DataFrame) -> pl.DataFrame:
    """Add doubling days and what the interval says. The greater end of the rate is the quicker end of doubling."""
    clear = (pl.col("growth_low") > 0) | (pl.col("growth_high") < 0)
    days = {"doubling_days": "growth", "doubling_low": "growth_high", "doubling_high": "growth_low"}
    two = float(np.log(2))
    return frame.with_columns(
        pl.when(pl.col(rate) != 0 if name == "doubling_days" else clear).then(two / pl.col(rate)).alias(name)
        for name, rate in days.items()
    ).with_columns(
        direction=pl.when(pl.col("growth").is_null())
        .then(pl.lit(Direction.TOO_FEW.value))
        .when(pl.col("growth_low") > 0)
        .then(pl.lit(Direction.GROWING.value))
        .when(pl.col("growth_high") < 0)
        .then(pl.lit(Direction.SHRINKING.value))
        .otherwise(pl.lit(Direction.NOT_CLEAR.value))
    )
