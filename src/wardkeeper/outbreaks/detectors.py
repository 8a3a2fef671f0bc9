"""One detector of unusual rises, and the settings of EARS: C1, C2 and (for exact series alone, see `series.ears`) C3.

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

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.findings import Alarm, add_reasons
from wardkeeper.outbreaks.given import check_settings
from wardkeeper.outbreaks.series.choices import check_rules, choose

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST_WEEKS = 12
"""A longer baseline could have too many corners to try."""

MISSING = -1
"""Stands for a week without a published count, in the tables of whole numbers used here."""


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
    """`baseline` rows compared with, the least deviation `min_sigma` used, and the chance `alpha` (None: as the CDC).

    A `min_sigma` of 1 keeps areas with a flat, low baseline from raising an alarm for one or two cases.
    """

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
        return -float(ndtri(self.chance))

    @property
    def chance(self) -> float:
        """Of an alarm in a steady area, if counts varied normally."""
        return ALPHAS[self.method] if self.alpha is None else self.alpha

    @property
    def gap(self) -> int:
        """Rows left out just before the row looked at."""
        return GAPS[self.method]

    @property
    def earliest(self) -> int:
        """The first row with enough before it, counted from 0."""
        return self.baseline + self.gap + (SUMMED if self.method == EarsMethod.C3 else 0)


WEEKLY = EarsSettings(EarsMethod.C2, min_sigma=1.0)
"""What `detect` uses where nothing else is said."""


@dataclass(frozen=True, eq=False)
class Bounds:
    """Over every baseline the intervals allow, the least and greatest upper bound, one for each area."""

    least: Numbers
    greatest: Numbers


def find_bounds(low: Whole, high: Whole, ears: EarsSettings) -> Bounds:
    """Give the range of upper bounds for baselines between `low` and `high` (areas by weeks, whole numbers).

    The bound is a convex function of the baseline, so its greatest value lies at a corner of the box: every mix of
    low and high ends is tried. (All ends high is not the worst case: 2, 2, 2 varies less than 0, 2, 2.) For its
    least value each total is spread as evenly as the intervals allow, which gives the smallest deviation. Raises BadInput
    for C3, and for a baseline with too many corners.
    """
    if ears.method == EarsMethod.C3:
        message = "C3 needs exact counts, and some here were suppressed."
        raise BadInput(message, "Use C1 or C2, which take them as all they may be.")
    if ears.baseline > MOST_WEEKS:
        message = f"With suppressed counts the baseline may have at most {MOST_WEEKS} rows."
        raise BadInput(message, "Lessen it.", Where(key="baseline"))
    return Bounds(_least(low, high, ears), _greatest(low, high, ears))


def _upper(total: Whole, squares: Whole, weeks: int, ears: EarsSettings) -> Numbers:
    """Mean plus factor times deviation, from exact whole-number sums."""
    variance = (weeks * squares - total * total) / (weeks * (weeks - 1))
    return total / weeks + ears.factor * np.maximum(np.sqrt(variance), ears.min_sigma)


def _greatest(low: Whole, high: Whole, ears: EarsSettings) -> Numbers:
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


def _greatest_corner(low: Whole, high: Whole, uncertain: int, ears: EarsSettings) -> Numbers:
    exact = low[:, uncertain:]
    total, squares = exact.sum(axis=1)[:, None], (exact * exact).sum(axis=1)[:, None]
    for week in range(uncertain):
        least, most = low[:, week, None], high[:, week, None]
        total = np.concatenate([total + least, total + most], axis=1)
        squares = np.concatenate([squares + least * least, squares + most * most], axis=1)
    greatest: Numbers = _upper(total, squares, low.shape[1], ears).max(axis=1)
    return greatest


def _least(low: Whole, high: Whole, ears: EarsSettings) -> Numbers:
    """Raise the lowest week that may rise, one case at a time: for each total, the most even baseline."""
    filled, rows, weeks = low.copy(), np.arange(len(low)), low.shape[1]
    least = _upper(filled.sum(axis=1), (filled * filled).sum(axis=1), weeks, ears)
    for _ in range(int((high - low).sum(axis=1).max(initial=0))):
        room = filled < high
        lowest = np.where(room, filled, np.iinfo(np.int64).max).argmin(axis=1)
        filled[rows, lowest] += room.any(axis=1)
        least = np.minimum(least, _upper(filled.sum(axis=1), (filled * filled).sum(axis=1), weeks, ears))
    return least


def detect(counts: Counts, week: date, ears: EarsSettings | None = None) -> pl.DataFrame:
    """Look for unusual rises in the week that ends on `week`, in every area at once.

    Gives one row an area, sorted: area, alarm (raised, possible, none, not assessed), observed_low, observed_high,
    expected_low, expected_high (the baseline's mean; ends differ where it has suppressed weeks), upper_low, upper
    (the least and greatest bound), incomplete, and why, in plain words. Figures are null where not assessed.
    Raises NotFound when there is no such week, BadInput for settings of C3 or a baseline of more than 12 weeks.
    """
    settings = ears or WEEKLY
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
    return add_reasons(joined.with_columns(alarm=_alarm()), week=week, weeks=settings.baseline, alpha=settings.chance)


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


def _baseline(counts: Counts, areas: pl.DataFrame, week: date, ears: EarsSettings) -> tuple[Whole, Whole]:
    """Give both ends of the baseline's counts: areas by weeks, MISSING where a week was not published."""
    days = [week - timedelta(days=7 * (ears.gap + back)) for back in range(1, ears.baseline + 1)]
    rows = counts.frame.filter(pl.col("week_end").is_in(days)).join(areas.with_row_index("at"), on="area", how="left")
    back = (week - rows["week_end"]).dt.total_days() // 7 - ears.gap - 1
    place = rows["at"].to_numpy(), back.to_numpy()
    low, high = (np.full((areas.height, len(days)), MISSING, dtype=np.int64) for _ in range(2))
    low[place], high[place] = rows["low"].to_numpy(), rows["high"].to_numpy()
    return low, high
