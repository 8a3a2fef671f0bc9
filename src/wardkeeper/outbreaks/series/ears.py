"""EARS C1, C2 and C3: each count against the few rows before it, for series without years of history.

Hutwagner L, Thompson W, Seeman GM, Treadwell T (2003), The bioterrorism preparedness and response Early Aberration
Reporting System (EARS), Journal of Urban Health 80: i89-i96. Fricker RD, Hegler BL, Dunfee DA (2008), Comparing
syndromic surveillance detection methods: EARS' versus a CUSUM-based methodology, Statistics in Medicine 27: 3407-3429.
Salmon M, Schumacher D, Höhle M (2016), Monitoring count time series in R, Journal of Statistical Software 70 (10).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks import detectors
from wardkeeper.outbreaks.given import change_settings, check_settings
from wardkeeper.outbreaks.series.choices import check_rules, choose
from wardkeeper.outbreaks.series.histories import Histories, Numbers, Whole, find_span, from_frame
from wardkeeper.outbreaks.series.steps import Judged, tabulate

Count = TypeVar("Count", np.float64, np.int64)


class EarsMethod(StrEnum):
    """Which of the EARS methods."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


ALPHAS = {EarsMethod.C1: 0.001, EarsMethod.C2: 0.001, EarsMethod.C3: 0.025}
"""Chances of an alarm used by the CDC, and by R where none is given."""

GAPS = {EarsMethod.C1: 0, EarsMethod.C2: 2, EarsMethod.C3: 2}
"""Rows left out between the baseline and the row looked at."""

SUMMED = 2
"""Rows before, whose own excess C3 counts too."""


@dataclass(frozen=True, slots=True)
class EarsSettings:
    """`baseline` rows compared with, the least deviation `min_sigma` used, and the chance `alpha` (None: as the CDC)."""

    method: EarsMethod = EarsMethod.C1
    baseline: int = 7
    min_sigma: float = 0.0
    alpha: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", choose(EarsMethod, self.method, "method"))
        check_settings(self)
        rules = (
            (self.baseline >= 2, "baseline", "2 or more rows"),
            (self.min_sigma >= 0, "min_sigma", "0 or more"),
            (self.alpha is None or 0 < self.alpha < 0.5, "alpha", "above 0 and below 0.5"),
        )
        check_rules(rules)

    @property
    def factor(self) -> float:
        """How many standard deviations above the mean are unusual."""
        return -float(ndtri(ALPHAS[self.method] if self.alpha is None else self.alpha))

    @property
    def gap(self) -> int:
        """Rows left out just before the row looked at."""
        return GAPS[self.method]

    @property
    def earliest(self) -> int:
        """The first row with enough before it, counted from 0."""
        return self.baseline + self.gap + (SUMMED if self.method == EarsMethod.C3 else 0)


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
    normal (null for C3, whose bound moves with the count itself: observed + deviation × (factor − earlier excess)).
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
    """Judge where counts are intervals, over every baseline they allow (`detectors.find_bounds`)."""
    if settings.method == EarsMethod.C3:
        message = "C3 needs exact counts, and some here were suppressed."
        raise BadInput(message, "Use C1 or C2, which take them as all they may be.")
    if settings.baseline > detectors.MOST_WEEKS:
        message = f"With suppressed counts the baseline may have at most {detectors.MOST_WEEKS} rows."
        raise BadInput(message, "Lessen it.", Where(key="baseline"))
    low, high = (
        _windows(ends, rows, settings).reshape(-1, settings.baseline) for ends in (histories.low, histories.high)
    )
    method = detectors.Method(settings.method.value)
    alpha = ALPHAS[settings.method] if settings.alpha is None else settings.alpha
    bounds = detectors.find_bounds(
        low, high, detectors.Ears(method, settings.baseline, alpha=alpha, min_sigma=settings.min_sigma)
    )
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
