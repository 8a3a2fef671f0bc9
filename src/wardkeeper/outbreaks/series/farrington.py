"""Farrington's methods: each count against the same time of earlier years, of many series at once.

Farrington CP, Andrews NJ, Beale AD, Catchpole MA (1996), A statistical algorithm for the early detection of outbreaks
of infectious disease, Journal of the Royal Statistical Society A 159: 547-563. Noufaily A, Enki DG, Farrington P,
Garthwaite P, Andrews N, Charlett A (2013), An improved algorithm for outbreak detection in multiple surveillance
systems, Statistics in Medicine 32: 1206-1222. Answers are those of R's surveillance 1.26 (`farringtonFlexible`,
`farrington`), worked out from its published outputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from scipy.special import stdtr

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.given import change_settings
from wardkeeper.outbreaks.series import kernels
from wardkeeper.outbreaks.series.histories import Histories, Numbers, Whole, find_span, from_frame
from wardkeeper.outbreaks.series.settings import (
    ORIGINAL_THRESHOLD,
    POWERS,
    Farrington,
    Method,
    Threshold,
)
from wardkeeper.outbreaks.series.steps import Flags, Judged, tabulate
from wardkeeper.outbreaks.series.thresholds import Bound, Predicted, bound_counts, bound_delta
from wardkeeper.outbreaks.series.years import Baseline, Years, choose_years, find_baseline, find_centres, find_earliest

ORIGINAL_P_TREND = 0.05
"""In the method of 1996 a trend is kept below this p-value (section 3.4)."""

LEAST_YEARS = 3
"""Fewer years than this hold no trend (Farrington et al. 1996, section 3.4)."""


UNJUDGED = {Method.FLEXIBLE: np.nan, Method.ORIGINAL: 0.0}
"""The bound told where there were too few recent cases to judge: R's two functions differ."""


@dataclass(frozen=True, eq=False)
class Fits:
    """What was fitted, [series, times]: the prediction, and the slope (NaN where no trend was kept)."""

    predicted: Predicted
    slope: Numbers


def farrington(
    series: pl.DataFrame | Histories,
    settings: Farrington | None = None,
    *,
    first: int | date | None = None,
    last: int | date | None = None,
    population: str = "",
    **options: Any,
) -> pl.DataFrame:
    """Compare each count with the same time of earlier years.

    `series` is a frame with a column `date` (rows a day, week, month or quarter apart; none: weeks) and a column of
    counts for each series, or `Histories`. `options` are those of `Farrington`. `first` and `last` are rows (1 the
    first) or dates; by default all with enough history. `population` names a frame's column of people or tests to allow
    for. Gives a row for each series and time, sorted by them: series, t, date, observed, expected, upper, score, p,
    alarm, possible, mu0, phi, trend. `expected` and `upper` are null where there were too few recent cases to judge
    (limit54; `upper` is 0 there by the original method), `trend` (a slope a row; of months, for as many days as the
    first) where none was kept. Suppressed counts: a baseline has them at the middle of what they may be; an alarm
    stands for the least the observed count may be, and is `possible` if only for the most. Raises BadInput.
    """
    chosen = change_settings(Farrington, settings, options)
    if population:
        chosen = replace(chosen, population_offset=True)
    histories = series if isinstance(series, Histories) else from_frame(series, population=population)
    _check_population(histories, chosen)
    years = choose_years(histories, chosen.years)
    earliest = find_earliest(histories, back=chosen.b, half=chosen.w, years=years)
    rows = find_span(histories, first, last, earliest=earliest).rows
    # In R only the flexible method goes by the days of months; the original counts them.
    times = histories.times if chosen.method == Method.FLEXIBLE else np.arange(histories.count, dtype=np.float64)
    tasks = [_set_task(histories, times, int(row), settings=chosen, years=years) for row in rows]
    return tabulate(histories, rows, _judge(histories, rows, fit_tasks(tasks, chosen), chosen))


def _check_population(histories: Histories, settings: Farrington) -> None:
    if settings.population_offset and histories.population is None:
        message = "The setting population_offset needs a population, or a number of tests."
        raise BadInput(message, "Name its column, or leave the setting out.", Where(key="population_offset"))


def _judge(histories: Histories, rows: Whole, fits: Fits, settings: Farrington) -> Judged:
    """Judge every series at every time."""
    bound = find_bound(fits.predicted, settings)
    low, high = histories.low[:, rows].astype(np.float64), histories.high[:, rows].astype(np.float64)
    cases, window = settings.limit54
    enough, perhaps = (_sum_recent(ends, rows, window) >= cases for ends in (histories.low, histories.high))
    middle = (low + high) / 2
    return Judged(
        expected=np.where(perhaps, fits.predicted.expected, np.nan),
        upper=np.where(perhaps, bound.upper, UNJUDGED[settings.method]),
        score=bound.score(middle),
        p=bound.p_value(middle),
        alarm=enough & (low > bound.upper),
        possible=perhaps & (high > bound.upper),
        more={"mu0": bound.mean, "phi": fits.predicted.phi, "trend": fits.slope},
    )


def _sum_recent(counts: Whole, rows: Whole, window: int) -> Whole:
    """Sum the last `window` counts up to each of the rows, itself included."""
    sums = np.concatenate([np.zeros((len(counts), 1), np.int64), np.cumsum(counts[:, : rows[-1] + 1], axis=1)], axis=1)
    recent: Whole = sums[:, rows + 1] - sums[:, np.maximum(rows + 1 - window, 0)]
    return recent


def _choose_rows(centres: list[int], settings: Farrington) -> Baseline:
    flexible = settings.method == Method.FLEXIBLE
    window = 2 * settings.w + 1
    gap = min(later - earlier for earlier, later in pairwise(centres)) - window
    if gap < (settings.no_periods - 1 if flexible else 0):
        message = "A year has too few rows for windows so wide and so many periods."
        most = f", or no_periods to {gap + 1}: each part of a year needs a row" if flexible and gap >= 0 else ""
        raise BadInput(message, f"Lessen w{most}.", Where(key="w"))
    baseline = find_baseline(
        centres,
        half=settings.w,
        levels=settings.no_periods if flexible else 1,
        left_out=settings.left_out if flexible else settings.w,
    )
    if baseline.levels.min(initial=1) or len(baseline.rows) <= baseline.levels.max(initial=0) + 2:
        message = "So many rows just before are left out that too few are left to learn from."
        raise BadInput(message, "Lessen past_weeks_not_included.", Where(key="past_weeks_not_included"))
    return baseline


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be fitted: counts and logs of people [series, rows], logs of people now [series], and the baseline."""

    counts: Numbers
    offsets: Numbers
    now: Numbers
    times: Numbers
    levels: Whole

    @property
    def parts(self) -> int:
        """Parts of the year."""
        return int(self.levels.max()) + 1

    def only(self, chosen: Flags) -> "Task":
        """Give the task for some of the series."""
        return replace(self, counts=self.counts[chosen], offsets=self.offsets[chosen], now=self.now[chosen])


def _set_task(histories: Histories, times: Numbers, row: int, *, settings: Farrington, years: Years) -> Task:
    """Take a baseline's counts, suppressed ones at the middle, and people where they are to be allowed for."""
    baseline = _choose_rows(find_centres(histories, row, settings.b, years), settings)
    counts = (histories.low[:, baseline.rows] + histories.high[:, baseline.rows]) / 2
    offsets, now = np.zeros(counts.shape), np.zeros(len(counts))
    if settings.population_offset:
        offsets, now = np.log(histories.people(baseline.rows)), np.log(histories.people(np.array([row]))[:, 0])
    return Task(counts, offsets, now, times[baseline.rows] - times[row], baseline.levels)


def fit_tasks(tasks: Sequence[Task], settings: Farrington) -> Fits:
    """Fit every series at every time, with a trend where it is to be kept and without one elsewhere."""
    tried = settings.trend and settings.b >= LEAST_YEARS
    found = np.stack([_fit(task, settings, with_slope=tried) for task in tasks], axis=1)
    kept = _keep_trend(found, tasks, settings) if tried else np.zeros(found.shape[:2], bool)
    for at, task in enumerate(tasks if tried else ()):
        again = ~kept[:, at]
        if again.any():
            found[again, at] = _fit(task.only(again), settings, with_slope=False)
    phi = np.maximum(found[:, :, kernels.DISPERSION], 1.0)
    # In R only the original method holds the dispersion of its standard errors at 1 or more.
    spread = found[:, :, _dispersion(settings)] if settings.method == Method.FLEXIBLE else phi
    error = np.sqrt(spread * found[:, :, kernels.SPREAD])
    return Fits(Predicted(found[:, :, kernels.ETA], error, phi), np.where(kept, found[:, :, kernels.SLOPE], np.nan))


def _fit(task: Task, settings: Farrington, *, with_slope: bool) -> Numbers:
    found = np.empty((len(task.counts), kernels.FOUND))
    threshold = settings.weights_threshold if settings.method == Method.FLEXIBLE else ORIGINAL_THRESHOLD
    kernels.fit_series(
        np.ascontiguousarray(task.counts),
        np.ascontiguousarray(task.offsets),
        task.now,
        task.levels,
        task.times,
        task.parts,
        with_slope,
        settings.reweight,
        threshold,
        found,
    )
    return found


def _dispersion(settings: Farrington) -> int:
    """Give the column of the dispersion behind standard errors: R's functions differ, and each is as its answers show."""
    plain = settings.method == Method.FLEXIBLE and settings.reweight
    return kernels.PLAIN_DISPERSION if plain else kernels.DISPERSION


def _keep_trend(found: Numbers, tasks: Sequence[Task], settings: Farrington) -> Flags:
    """Tell where a trend is kept: it is significant, and expects no more than was ever seen (section 3.4)."""
    freedom = np.array([len(task.times) - task.parts - 1 for task in tasks])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = found[:, :, kernels.SLOPE] / np.sqrt(
            found[:, :, _dispersion(settings)] * found[:, :, kernels.SLOPE_SPREAD]
        )
    p_value = 2 * stdtr(freedom, -np.abs(np.nan_to_num(ratio)))
    threshold = settings.p_threshold_trend if settings.method == Method.FLEXIBLE else ORIGINAL_P_TREND
    most = np.stack([task.counts.max(axis=1) for task in tasks], axis=1)
    with np.errstate(divide="ignore"):
        seen = found[:, :, kernels.ETA] <= np.log(most)
    kept: Flags = (p_value < threshold) & seen & (found[:, :, kernels.CONVERGED] > 0)
    return kept


def find_bound(predicted: Predicted, settings: Farrington) -> Bound:
    """Give the upper bound by the method asked for."""
    if settings.method == Method.ORIGINAL:
        return bound_delta(predicted, settings.alpha / 2, POWERS[settings.power_trans])
    match settings.threshold_method:
        case Threshold.DELTA:
            return bound_delta(predicted, settings.alpha, POWERS[settings.power_trans])
        case Threshold.NB_PLUGIN:
            return bound_counts(predicted, settings.alpha, uncertain=False)
        case Threshold.MUAN:
            return bound_counts(predicted, settings.alpha, uncertain=True)
