"""R(t), the number of people whom one infected person goes on to infect, window by window.

Cases of a window follow a Poisson distribution with mean R times the infectiousness of earlier cases; with a gamma prior
R has a gamma posterior, exactly. Many series are estimated together. Serial intervals are left to `serial_intervals`,
growth rates to `growth`.

Cori A, Ferguson NM, Fraser C, Cauchemez S (2013), A new framework and software to estimate time-varying reproduction
numbers during epidemics, American Journal of Epidemiology 178: 1505-1512.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import toeplitz
from scipy.special import gammainc, gammaincinv, gammaln, xlogy

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.given import check_settings, take_numbers, take_whole
from wardkeeper.outbreaks.serial_intervals import (
    GammaInterval,
    KnownInterval,
    SerialInterval,
    UncertainInterval,
    draw_shares,
    shares_of,
)

Numbers = NDArray[np.float64]

QUANTILES = {"q025": 0.025, "q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95, "q975": 0.975}
"""The quantiles given, by column."""

STEADY = 1e-10
ROUNDING = 1e-12
TINY = 1e-300
MOST_STEPS = 100
LEAST_PRIOR, MOST_PRIOR = 1e-6, 1e6
"""The least and greatest mean and deviation that a belief of R may have: beyond them the sums overflow."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of R before any case: a gamma distribution's mean and standard deviation.

    The paper's 5 and 5 (shape 1, scale 5) is high on purpose: too few cases never suggest that R is below 1.
    """

    mean: float = 5.0
    sd: float = 5.0

    def __post_init__(self) -> None:
        check_settings(self)
        if not all(LEAST_PRIOR <= one <= MOST_PRIOR for one in (self.mean, self.sd)):
            message = f"The prior of R needs a mean and a standard deviation from {LEAST_PRIOR:g} to {MOST_PRIOR:,.0f}."
            raise BadInput(message, "Change them; 5 and 5 are usual.", Where(rule="prior"))

    @property
    def shape(self) -> float:
        """The gamma distribution's shape."""
        return (self.mean / self.sd) ** 2

    @property
    def scale(self) -> float:
        """The gamma distribution's scale."""
        return self.sd**2 / self.mean


def estimate_r(
    cases: ArrayLike,
    interval: SerialInterval,
    *,
    window: int = 7,
    prior: Prior | None = None,
    imported: ArrayLike | None = None,
    seed: int = 1,
) -> pl.DataFrame:
    """Estimate R over every window of `window` days, from day 2 on (the first day's cases have no known source).

    `cases` are new cases by day, one series or series by days; they need not be whole (a nowcast's are not). Of them,
    `imported` (same shape) infect others but were infected elsewhere. One row a series and window: series (0 on), start,
    end (days, the first is 1), mean, sd, q025, q05, q25, median, q75, q95, q975; figures are null for windows that end
    within the mean serial interval, as EpiEstim leaves them out: the first cases' infectors were not seen. `seed` serves an uncertain interval.
    Raises BadInput for cases below 0 or not known, and for fewer days than one window and a day.
    """
    if not isinstance(interval, SerialInterval):
        message = "The serial interval is none that is known here."
        next_step = "Give a GammaInterval(mean=2.6, sd=1.5), a KnownInterval or an UncertainInterval."
        raise BadInput(message, next_step, Where(rule="serial interval"))
    if prior is not None and not isinstance(prior, Prior):
        raise BadInput("The prior is none.", "Give a Prior, such as Prior(mean=5, sd=5).", Where(rule="prior"))
    take_whole(seed, "seed")
    table = check_cases(cases, window)
    local = table if imported is None else _subtract(table, take_numbers(imported, "imported cases"))
    believed = prior or Prior()
    shape = believed.shape + _window_sums(local, window)
    shares = _shares(interval, table.shape[1], seed)
    infectious = _infectiousness(table, shares)
    scale = 1 / (1 / believed.scale + _window_sums(infectious, window))
    figures = _mixed(shape, scale) if scale.ndim == 3 else _exact(shape, scale)
    reach = float((shares @ np.arange(table.shape[1])).mean())
    told = pl.when(pl.col("end") > reach + ROUNDING).then(pl.col(*figures))
    return _as_frame(figures, window, shape.shape).with_columns(told)


def infectiousness(cases: ArrayLike, interval: KnownInterval | GammaInterval) -> Numbers:
    """Give each day's infectiousness: earlier cases weighed by the share of serial intervals that reach the day.

    Shape of `cases`. The first day has none.
    """
    table = np.atleast_2d(np.asarray(cases, dtype=np.float64))
    return _infectiousness(table, shares_of(interval, table.shape[1])).reshape(np.shape(cases))


def check_cases(cases: ArrayLike, window: int) -> Numbers:
    """Give cases as series by days. Raises BadInput where they are no counts or too few days."""
    table = take_numbers(cases, "cases")
    where = Where(rule="cases by day")
    take_whole(window, "window")
    wrong = np.argwhere(~np.isfinite(table) | (table < 0))
    if len(wrong):
        series, day = wrong[0]
        what = "below 0" if np.isfinite(table[series, day]) else "not known"
        message = f"Cases of day {day + 1} of series {series + 1} are {what}."
        raise BadInput(message, "Put a correction on the day it corrects, and give each day a count.", where)
    if window < 1:
        raise BadInput(f"A window cannot be of {window} days.", "Give 1 day or more; 7 is usual.", where)
    if table.shape[1] < window + 1:
        message = f"{table.shape[1]} days are too few for a window of {window} days."
        raise BadInput(message, "Give at least one day more than the window, or a shorter window.", where)
    return table


def _subtract(table: Numbers, imported: Numbers) -> Numbers:
    if imported.shape != table.shape or not ((imported >= 0) & (imported <= table)).all():
        message = "Imported cases must be from 0 to all cases of the day, for each day."
        raise BadInput(message, "Correct them.", Where(rule="imported cases"))
    return table - imported


def _shares(interval: SerialInterval, days: int, seed: int) -> Numbers:
    """Give the interval's shares by day; with draws first where it is uncertain."""
    return draw_shares(interval, days, seed) if isinstance(interval, UncertainInterval) else shares_of(interval, days)


def _infectiousness(table: Numbers, shares: Numbers) -> Numbers:
    """Series by days; with draws first where `shares` have them. One matrix product for all series."""
    if shares.ndim == 1:
        spread: Numbers = table @ toeplitz(np.zeros(len(shares)), shares)
        return spread
    return np.stack([shares @ np.triu(toeplitz(series)) for series in table], axis=1)


def _window_sums(daily: Numbers, window: int) -> Numbers:
    """Sum the last axis over windows that start on day 2 and each day after it."""
    # Sliding sums keep each window's own rounding; differences of running totals would not, late in a long epidemic.
    sums: Numbers = np.lib.stride_tricks.sliding_window_view(daily[..., 1:], window, axis=-1).sum(axis=-1)
    return sums


def _exact(shape: Numbers, scale: Numbers) -> dict[str, Numbers]:
    """Give the gamma posterior's figures. Quantiles are found once for each distinct shape: counts repeat."""
    distinct, which = np.unique(shape, return_inverse=True)
    which = which.reshape(shape.shape)
    figures = {"mean": shape * scale, "sd": np.sqrt(shape) * scale}
    return figures | {name: gammaincinv(distinct, level)[which] * scale for name, level in QUANTILES.items()}


def _mixed(shape: Numbers, scale: Numbers) -> dict[str, Numbers]:
    """Give the figures of the mixture of gamma posteriors over drawn intervals (`scale`: draws, series, windows)."""
    means = shape * scale
    mean = means.mean(axis=0)
    sd = np.sqrt((shape * scale**2).mean(axis=0) + means.var(axis=0))
    return {"mean": mean, "sd": sd} | {
        name: _mixture_quantile(level, shape, scale) for name, level in QUANTILES.items()
    }


def _mixture_quantile(level: float, shape: Numbers, scale: Numbers) -> Numbers:
    """Solve for the mixture's quantile: exact for the draws, with no further chance in it.

    By Newton's steps, halving the bracket that the parts' own quantiles give where one would leave it.
    """
    of_one = gammaincinv(shape, level)
    low, high = of_one * scale.min(axis=0), of_one * scale.max(axis=0)
    found: Numbers = of_one * scale.mean(axis=0)
    for _ in range(MOST_STEPS):
        reached = found / scale
        excess = gammainc(shape, reached).mean(axis=0) - level
        low, high = np.where(excess < 0, found, low), np.where(excess < 0, high, found)
        density = np.exp(xlogy(shape - 1, reached) - reached - gammaln(shape)) / scale
        step = found - excess / np.maximum(density.mean(axis=0), TINY)
        following = np.where((step > low) & (step < high), step, (low + high) / 2)
        settled = bool((np.abs(following - found) <= STEADY * found).all())
        found = following
        if settled:
            break
    return found


def _as_frame(figures: dict[str, Numbers], window: int, shape: tuple[int, ...]) -> pl.DataFrame:
    series, windows = shape
    start = np.tile(np.arange(2, windows + 2, dtype=np.int64), series)
    return pl.DataFrame(
        {
            "series": np.repeat(np.arange(series, dtype=np.int64), windows),
            "start": start,
            "end": start + window - 1,
            **{name: values.ravel() for name, values in figures.items()},
        }
    )
