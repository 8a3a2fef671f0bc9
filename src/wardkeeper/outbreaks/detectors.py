"""One detector of unusual rises: EARS C2, and C1 which is the same without a gap.

Each area's week is compared with seven earlier weeks of its own: an alarm is a count above their mean plus a multiple
of their standard deviation. C2 leaves out the two weeks just before, so that a rise does not hide itself. Suppressed
counts enter as intervals: an alarm is *raised* only if it stands for every count they may hide, and *possible* if it
stands for some. Putting a finding into words is left to `findings`.

Sources: Hutwagner L, Thompson W, Seeman GM, Treadwell T (2003), The bioterrorism preparedness and response Early
Aberration Reporting System (EARS), Journal of Urban Health 80: i89-i96. Fricker RD, Hegler BL, Dunfee DA (2008),
Comparing syndromic surveillance detection methods: EARS' versus a CUSUM-based methodology, Statistics in Medicine 27:
3407-3429. The threshold is the standard normal quantile, as in R's surveillance package.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.findings import Alarm, add_reasons

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST_WEEKS = 12
"""A longer baseline could have too many corners to try."""

MISSING = -1
"""Stands for a week without a published count, in the tables of whole numbers used here."""


class Method(StrEnum):
    """Which of the EARS methods."""

    C1 = "C1"
    C2 = "C2"


GAP_WEEKS: dict[Method, int] = {Method.C1: 0, Method.C2: 2}
"""Weeks left out between the baseline and the week looked at."""


@dataclass(frozen=True, slots=True)
class Ears:
    """The detector's settings.

    `alpha` is the chance of an alarm in a steady area if counts varied normally. `min_sigma` is the least standard
    deviation used: 1 keeps areas with a flat, low baseline from raising an alarm for one or two cases.
    """

    method: Method = Method.C2
    baseline_weeks: int = 7
    alpha: float = 0.001
    min_sigma: float = 1.0

    def __post_init__(self) -> None:
        if not (2 <= self.baseline_weeks <= MOST_WEEKS and 0 < self.alpha < 0.5 and self.min_sigma >= 0):
            raise ValueError(
                "EARS needs 2 to 12 baseline weeks, 0 < alpha < 0.5 and min_sigma >= 0: change the setting"
            )

    @property
    def gap(self) -> int:
        """Weeks left out just before the week looked at."""
        return GAP_WEEKS[self.method]

    @property
    def factor(self) -> float:
        """How many standard deviations above the mean are unusual."""
        return float(-ndtri(self.alpha))


@dataclass(frozen=True, eq=False)
class Bounds:
    """Over every baseline the intervals allow, the least and greatest upper bound, one for each area."""

    least: Numbers
    greatest: Numbers


def find_bounds(low: Whole, high: Whole, ears: Ears) -> Bounds:
    """Give the range of upper bounds for baselines between `low` and `high` (areas by weeks, whole numbers).

    The bound is a convex function of the baseline, so its greatest value lies at a corner of the box: every mix of
    low and high ends is tried. (All ends high is not the worst case: 2, 2, 2 varies less than 0, 2, 2.) For its
    least value each total is spread as evenly as the intervals allow, which gives the smallest deviation.
    """
    return Bounds(_least(low, high, ears), _greatest(low, high, ears))


def _upper(total: Whole, squares: Whole, weeks: int, ears: Ears) -> Numbers:
    """Mean plus factor times deviation, from exact whole-number sums."""
    variance = (weeks * squares - total * total) / (weeks * (weeks - 1))
    return total / weeks + ears.factor * np.maximum(np.sqrt(variance), ears.min_sigma)


def _greatest(low: Whole, high: Whole, ears: Ears) -> Numbers:
    """Take a suppressed week at either end; exact weeks need no branching, so areas are grouped by their number."""
    uncertain = (low < high).sum(axis=1)
    greatest = np.empty(len(low))
    for count in np.unique(uncertain):
        chosen = uncertain == count
        # Suppressed weeks are moved to the front, so that only they double the number of corners.
        order = np.argsort(low[chosen] == high[chosen], axis=1, kind="stable")
        ends = np.take_along_axis(low[chosen], order, axis=1), np.take_along_axis(high[chosen], order, axis=1)
        greatest[chosen] = _greatest_corner(*ends, int(count), ears)
    return greatest


def _greatest_corner(low: Whole, high: Whole, uncertain: int, ears: Ears) -> Numbers:
    exact = low[:, uncertain:]
    total, squares = exact.sum(axis=1)[:, None], (exact * exact).sum(axis=1)[:, None]
    for week in range(uncertain):
        least, most = low[:, week, None], high[:, week, None]
        total = np.concatenate([total + least, total + most], axis=1)
        squares = np.concatenate([squares + least * least, squares + most * most], axis=1)
    greatest: Numbers = _upper(total, squares, low.shape[1], ears).max(axis=1)
    return greatest


def _least(low: Whole, high: Whole, ears: Ears) -> Numbers:
    """Raise the lowest week that may rise, one case at a time: for each total, the most even baseline."""
    filled, rows, weeks = low.copy(), np.arange(len(low)), low.shape[1]
    least = _upper(filled.sum(axis=1), (filled * filled).sum(axis=1), weeks, ears)
    for _ in range(int((high - low).sum(axis=1).max(initial=0))):
        room = filled < high
        lowest = np.where(room, filled, np.iinfo(np.int64).max).argmin(axis=1)
        filled[rows, lowest] += room.any(axis=1)
        least = np.minimum(least, _upper(filled.sum(axis=1), (filled * filled).sum(axis=1), weeks, ears))
    return least


def detect(counts: Counts, week: date, ears: Ears | None = None) -> pl.DataFrame:
    """Look for unusual rises in the week that ends on `week`, in every area at once.

    Gives one row an area, sorted: area, alarm (raised, possible, none, not assessed), observed_low, observed_high,
    expected_low, expected_high (the baseline's mean; ends differ where it has suppressed weeks), upper_low, upper
    (the least and greatest bound), incomplete, and why, in plain words. Figures are null where not assessed.
    Raises NotFound when there is no such week.
    """
    settings = ears or Ears()
    current = counts.of_week(week)
    areas = pl.DataFrame({"area": counts.areas})
    low, high = _baseline(counts, areas, week, settings)
    known = (low != MISSING).all(axis=1)
    bounds = find_bounds(low[known], high[known], settings)
    judged = areas.filter(pl.Series(known)).with_columns(
        expected_low=pl.Series(low[known].mean(axis=1), dtype=pl.Float64),
        expected_high=pl.Series(high[known].mean(axis=1), dtype=pl.Float64),
        upper_low=pl.Series(bounds.least, dtype=pl.Float64),
        upper=pl.Series(bounds.greatest, dtype=pl.Float64),
    )
    observed = current.select(
        "area", pl.col("low").alias("observed_low"), pl.col("high").alias("observed_high"), "incomplete"
    )
    joined = areas.join(observed, on="area", how="left").join(judged, on="area", how="left").sort("area")
    return add_reasons(
        joined.with_columns(alarm=_alarm()), week=week, weeks=settings.baseline_weeks, alpha=settings.alpha
    )


def _alarm() -> pl.Expr:
    unknown = pl.col("upper").is_null() | pl.col("observed_low").is_null()
    return (
        pl.when(unknown)
        .then(pl.lit(Alarm.NOT_ASSESSED.value))
        .when(pl.col("observed_low") > pl.col("upper"))
        .then(pl.lit(Alarm.RAISED.value))
        .when(pl.col("observed_high") > pl.col("upper_low"))
        .then(pl.lit(Alarm.POSSIBLE.value))
        .otherwise(pl.lit(Alarm.NONE.value))
    )


def _baseline(counts: Counts, areas: pl.DataFrame, week: date, ears: Ears) -> tuple[Whole, Whole]:
    """Give both ends of the baseline's counts: areas by weeks, MISSING where a week was not published."""
    days = [week - timedelta(days=7 * (ears.gap + back)) for back in range(1, ears.baseline_weeks + 1)]
    rows = counts.frame.filter(pl.col("week_end").is_in(days)).join(areas.with_row_index("at"), on="area", how="left")
    back = (week - rows["week_end"]).dt.total_days() // 7 - ears.gap - 1
    place = rows["at"].to_numpy(), back.to_numpy()
    low, high = (np.full((areas.height, len(days)), MISSING, dtype=np.int64) for _ in range(2))
    low[place], high[place] = rows["low"].to_numpy(), rows["high"].to_numpy()
    return low, high
