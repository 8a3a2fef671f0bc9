"""R now, the number of people whom one infected person goes on to infect, in one figure with its interval.

From cases by day where these are held (`reproduction`: Cori and others 2013), over the last week whose reports are in.
Where only weeks are held, weeks are not taken for days: R follows from the growth rate (Wallinga J, Lipsitch M (2007),
How generation intervals shape the relationship between growth rates and reproductive numbers, Proceedings of the Royal
Society B 274: 599-604).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import polars as pl

from wardkeeper.outbreaks.counts import DayCounts
from wardkeeper.outbreaks.growth import reproduction_from_growth
from wardkeeper.outbreaks.reproduction import estimate_r
from wardkeeper.outbreaks.serial_intervals import GammaInterval

INTERVAL = GammaInterval(mean=4.7, sd=2.9)
"""Days from one person's symptoms to those of a person they infect, of COVID-19: Nishiura H, Linton NM, Akhmetzhanov AR
(2020), Serial interval of novel coronavirus (COVID-19) infections, International Journal of Infectious Diseases 93: 284-286."""

WINDOW = 7
LEAST_DAYS = 4 * WINDOW
"""Earlier cases must reach back over the serial interval, or the first windows would be too high."""

MOST_DAYS = 120
UNSURE = 0.3
"""Cori and others (2013): above this share of R its deviation tells of too few cases."""


class Basis(StrEnum):
    """What R was estimated from."""

    DAYS = "cases by day"
    GROWTH = "growth of cases by week"


@dataclass(frozen=True, slots=True)
class Transmission:
    """R over the days `first` to `last` with its 95 % interval; None where there are too few cases."""

    first: date
    last: date
    basis: Basis
    r: float | None = None
    low: float | None = None
    high: float | None = None


def count_days(lines: pl.DataFrame, *, until: date) -> DayCounts | None:
    """Count the cases (event_date, area) placed in an area by day, for the last days up to `until`; None without any."""
    since = until - timedelta(days=MOST_DAYS - 1)
    days = lines.drop_nulls("area")["event_date"].drop_nulls()
    oldest = days.min()
    if not isinstance(oldest, date) or oldest > until:
        return None
    first = max(oldest, since)
    back = (days.filter((days >= first) & (days <= until)) - first).dt.total_days().to_numpy()
    counted = np.bincount(back, minlength=(until - first).days + 1)
    return DayCounts(first, tuple(int(cases) for cases in counted))


def from_days(days: DayCounts) -> Transmission | None:
    """Estimate R over the last week of settled days; None where there are too few days."""
    if len(days.cases) < LEAST_DAYS:
        return None
    last = days.first + timedelta(days=len(days.cases) - 1)
    first = last - timedelta(days=WINDOW - 1)
    row = estimate_r(days.cases, INTERVAL, window=WINDOW).row(-1, named=True)
    if not row["sd"] <= UNSURE * row["mean"]:
        return Transmission(first, last, Basis.DAYS)
    return Transmission(first, last, Basis.DAYS, row["mean"], row["q025"], row["q975"])


def from_growth(first: date, last: date, rates: tuple[float | None, float | None, float | None]) -> Transmission:
    """Turn a growth rate per day, its lower and its upper end into R: a greater rate is a greater R."""
    found = reproduction_from_growth([np.nan if rate is None else rate for rate in rates], INTERVAL)
    if not np.isfinite(found).all():
        return Transmission(first, last, Basis.GROWTH)
    middle, low, high = (float(one) for one in found)
    return Transmission(first, last, Basis.GROWTH, middle, low, high)


def say_interval() -> str:
    """Say what R assumes."""
    return (
        f"It is assumed that people fall ill {INTERVAL.mean:g} days after the person who infected them, give or take "
        f"{INTERVAL.sd:g} days, as was measured of COVID-19 in early 2020. For another infection R would differ."
    )
