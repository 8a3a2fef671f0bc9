"""EARS C1, C2 and C3: each count against the few rows before it, for series without years of history.

Hutwagner L, Thompson W, Seeman GM, Treadwell T (2003), The bioterrorism preparedness and response Early Aberration
Reporting System (EARS), Journal of Urban Health 80: i89-i96. Fricker RD, Hegler BL, Dunfee DA (2008), Comparing
syndromic surveillance detection methods: EARS' versus a CUSUM-based methodology, Statistics in Medicine 27: 3407-3429.
Salmon M, Schumacher D, Höhle M (2016), Monitoring count time series in R, Journal of Statistical Software 70 (10).
"""

from datetime import date
from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr

from wardkeeper.outbreaks.detectors import SUMMED, EarsMethod, EarsSettings, find_bounds
from wardkeeper.outbreaks.given import change_settings
from wardkeeper.outbreaks.series.histories import Histories, Numbers, Whole, find_span, from_frame
from wardkeeper.outbreaks.series.steps import Judged, tabulate

Count = TypeVar("Count", np.float64, np.int64)


def ears(
    series: pl.DataFrame | Histories,
    settings: EarsSettings | None = None,
    *,
    first: int | date | None = None,
    last: int | date | None = None,
    **options: Any,
) -> pl.DataFrame:
    """Compare each count with the mean and deviation of the rows before it.

    `series`, `first` and `last` are as in `farrington`; `options` are those of `EarsSettings`. Gives the same columns:
    `expected` is the baseline's mean, `score` the deviations above it, `p` the chance of such a score if counts were
    normal (null for C3).
    C3 is that of R's surveillance package: its bound moves with the count itself, observed + deviation × (factor − excess),
    where the excess is what the scores of the two rows before have above 1. The row's own is left out, while Hutwagner's
    paper adds up all three: an alarm tells of the rows before. `score` is the row's own deviations all the same (as C2's).
    Without `min_sigma` the papers leave C3 undefined after a deviation of 0: its bound is then null, as in R, and no
    alarm is given.
    Suppressed counts: in C1 and C2 `upper` is the greatest bound any hidden baseline allows, an alarm stands for every
    count that may be hidden and is `possible` if it stands for some; C3 refuses them. Raises BadInput.
    """
    chosen = change_settings(EarsSettings, settings, options)
    histories = series if isinstance(series, Histories) else from_frame(series)
    rows = find_span(histories, first, last, earliest=chosen.earliest).rows
    judge = _judge_hidden if histories.suppressed else _judge
    return tabulate(histories, rows, judge(histories, rows, chosen))


def _compare(counts: Numbers, rows: Whole, settings: EarsSettings) -> tuple[Numbers, Numbers, Numbers]:
    """Give the baselines' means, deviations (at least `min_sigma`) and the counts' distances in deviations."""
    baseline = _windows(counts, rows, settings)
    mean = baseline.mean(axis=2)
    deviation = np.maximum(baseline.std(axis=2, ddof=1), settings.min_sigma)
    with np.errstate(divide="ignore", invalid="ignore"):
        return mean, deviation, (counts[:, rows] - mean) / deviation


def _judge(histories: Histories, rows: Whole, settings: EarsSettings) -> Judged:
    counts = histories.low.astype(np.float64)
    mean, deviation, score = _compare(counts, rows, settings)
    observed, factor = counts[:, rows], settings.factor
    if settings.method == EarsMethod.C3:
        with np.errstate(invalid="ignore"):
            earlier = sum(np.maximum(0, _compare(counts, rows - ago, settings)[2] - 1) for ago in range(1, SUMMED + 1))
            upper = np.maximum(0, observed + deviation * (factor - earlier))
        p = np.full(mean.shape, np.nan)
    else:
        upper, p = mean + factor * deviation, ndtr(-score)
    return Judged(mean, upper, score, p, observed > upper, observed > upper)


def _judge_hidden(histories: Histories, rows: Whole, settings: EarsSettings) -> Judged:
    """Judge where counts are intervals, over every baseline they allow (`find_bounds`)."""
    low, high = (
        _windows(ends, rows, settings).reshape(-1, settings.baseline) for ends in (histories.low, histories.high)
    )
    bounds = find_bounds(low, high, settings)
    shape = len(histories.names), len(rows)
    mean, _, score = _compare(histories.middle, rows, settings)
    return Judged(
        expected=mean,
        upper=bounds.greatest.reshape(shape),
        score=score,
        p=ndtr(-score),
        alarm=histories.low[:, rows] > bounds.greatest.reshape(shape),
        possible=histories.high[:, rows] > bounds.least.reshape(shape),
    )


def _windows(counts: NDArray[Count], rows: Whole, settings: EarsSettings) -> NDArray[Count]:
    """Give the baselines of rows, [series, rows, baseline]."""
    back = np.arange(-settings.gap - settings.baseline, -settings.gap)
    return counts[:, rows[:, None] + back]
