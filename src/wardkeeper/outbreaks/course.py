"""The course of an outbreak: cases by week in some areas taken together, and how fast they grow or shrink."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from wardkeeper.outbreaks.changes import say_share
from wardkeeper.outbreaks.counts import ESTIMATES, WEEK, Counts, WholeWeek
from wardkeeper.outbreaks.growth import Direction, GrowthFit, estimate_growth
from wardkeeper.outbreaks.transmission import Transmission, from_days, from_growth

FIT = GrowthFit(window=5, step_days=WEEK)
"""Growth is fitted to five weeks: fewer leave next to nothing to judge the scatter by."""

DEVIATIONS_IN_90 = 2 * 1.6448536269514722
"""How many standard deviations wide a normal 90 % interval is: that of the estimates."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How fast cases grow, fitted to the weeks `first` to `last`.

    `rate` is per day (natural logarithm) with its 95 % interval from `low` to `high`; all are None where there are too
    few cases. Days in which cases double (negative: halve) have an interval only where the direction is clear.
    `areas_out` are areas left out, since they lack a count in one of these weeks.
    """

    first: date
    last: date
    direction: Direction
    rate: float | None
    low: float | None
    high: float | None
    doubling_days: float | None
    doubling_low: float | None
    doubling_high: float | None
    areas_out: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Cases by week, oldest first, and their growth; None when there are too few weeks.

    `weeks` has week_end, low, high, incomplete, areas (that gave a count), hidden (counts that were withheld) and
    estimate, estimate_low, estimate_high, which are null where only what was counted is known. `added` tells that ends of
    the areas' ranges were added up to make them, so that they are wider than they need be.
    """

    weeks: pl.DataFrame
    growth: Growth | None
    transmission: Transmission | None = None
    added: bool = True


def course_of(counts: Counts, areas: Collection[str] | None = None) -> Course:
    """Add the cases of the areas (all by default) by week, and estimate how they grow and how far each case spreads.

    All areas together have intervals of their own where the counts hold them. Of chosen areas the ends are added: what
    makes one area's estimate too high, such as slower reports, makes all too high.
    """
    frame = counts.frame if areas is None else counts.frame.filter(pl.col("area").is_in(list(areas)))
    own = areas is None and bool(counts.whole)
    weeks = _with_whole(add_weeks(frame), counts.whole) if own else add_weeks(frame)
    steady = _steady(frame)
    out = frame["area"].n_unique() - steady["area"].n_unique()
    growth = _growth(add_weeks(steady) if out else weeks, out)
    by_day = from_days(counts.days) if areas is None and counts.days else None
    by_week = from_growth(growth.first, growth.last, (growth.rate, growth.low, growth.high)) if growth else None
    return Course(weeks, growth, by_day or by_week, added=not own)


def _with_whole(weeks: pl.DataFrame, whole: tuple[WholeWeek, ...]) -> pl.DataFrame:
    rows = [(one.week_end, one.estimate, one.low, one.high) for one in whole]
    known = pl.DataFrame(rows, schema={"week_end": pl.Date, **dict.fromkeys(ESTIMATES, pl.Float64)}, orient="row")
    return weeks.update(known, on="week_end", how="left").sort("week_end")


def add_weeks(frame: pl.DataFrame) -> pl.DataFrame:
    """Add a frame of counts up by week."""
    middle = (pl.col("low") + pl.col("high")) / 2
    filled = {"estimate": middle, "estimate_low": pl.col("low"), "estimate_high": pl.col("high")}
    told = pl.col("told") > 0
    return (
        frame.group_by("week_end")
        .agg(
            pl.col("low", "high").sum(),
            pl.col("incomplete").any(),
            areas=pl.col("low").count(),
            hidden=(pl.col("low") < pl.col("high")).sum(),
            told=pl.col("estimate").count(),
            **{name: pl.coalesce(name, other).sum() for name, other in filled.items()},
        )
        .with_columns(pl.when(told).then(pl.col(name)).cast(pl.Float64).alias(name) for name in ESTIMATES)
        .drop("told")
        .sort("week_end")
    )


def _steady(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the areas that have a count in each of the weeks that growth is fitted to: others would look like a fall or a rise."""
    usable = frame.filter(~pl.col("incomplete") | pl.col("estimate").is_not_null())
    newest = usable["week_end"].unique().sort().tail(FIT.window)
    held = usable.filter(pl.col("week_end").is_in(newest.implode())).group_by("area").len()
    steady = held.filter(pl.col("len") == newest.len()).select("area")
    return frame.join(steady, on="area", how="semi", maintain_order="left")


def _growth(weeks: pl.DataFrame, out: int) -> Growth | None:
    """Fit the newest weeks that are complete or estimated; a week still waiting for reports would look like a fall."""
    usable = weeks.filter(~pl.col("incomplete") | pl.col("estimate").is_not_null()).tail(FIT.window)
    if usable.height < FIT.window or not _side_by_side(usable["week_end"]):
        return None
    figures = usable.select(
        cases=pl.coalesce("estimate", (pl.col("low") + pl.col("high")) / 2),
        sd=pl.coalesce(
            (pl.col("estimate_high") - pl.col("estimate_low")) / DEVIATIONS_IN_90,
            # Hidden counts may all lie to one side: their sum is as uncertain as one number anywhere in its range.
            (pl.col("high") - pl.col("low")) / math.sqrt(12),
        ),
    )
    found = estimate_growth(figures["cases"].to_numpy(), FIT, sd=figures["sd"].to_numpy()).row(0, named=True)
    first, last = usable["week_end"][0], usable["week_end"][-1]
    return Growth(
        first=first,
        last=last,
        direction=Direction(found["direction"]),
        rate=found["growth"],
        low=found["growth_low"],
        high=found["growth_high"],
        doubling_days=found["doubling_days"],
        doubling_low=found["doubling_low"],
        doubling_high=found["doubling_high"],
        areas_out=out,
    )


def _side_by_side(days: pl.Series) -> bool:
    return bool(np.all(np.diff(days.to_numpy()).astype("timedelta64[D]").astype(int) == WEEK))


def say_course(growth: Growth | None) -> str:
    """Say how cases grow, in words with the interval, and what is left out."""
    out = growth.areas_out if growth else 0
    lacking = f" Areas left out, since they lack a count in one of these weeks: {out:,}." if out else ""
    return f"{_say_growth(growth)}{lacking}"


def _say_growth(growth: Growth | None) -> str:
    if growth is None:
        return f"There are fewer than {FIT.window} weeks in a row that are complete: too few to say how cases grow."
    if growth.rate is None or growth.low is None or growth.high is None:
        return "There are too few cases to say how they grow."
    low, middle, high = (math.expm1(WEEK * rate) for rate in (growth.low, growth.rate, growth.high))
    match growth.direction:
        case Direction.GROWING:
            return f"Cases are rising by about {say_share(middle)} a week (likely {say_share(low)} to {say_share(high)}). {_doubling(growth, 'double')}"
        case Direction.SHRINKING:
            return f"Cases are falling by about {say_share(middle)} a week (likely {say_share(high)} to {say_share(low)}). {_doubling(growth, 'halve')}"
        case _:
            return f"It is not clear whether cases rise or fall: between {_change(low)} and {_change(high)} a week."


def _doubling(growth: Growth, verb: str) -> str:
    ends = sorted(abs(days) for days in (growth.doubling_low, growth.doubling_high) if days is not None)
    middle = abs(growth.doubling_days or 0)
    span = f" (likely {_days(ends[0])} to {_days(ends[1])})" if len(ends) > 1 else ""
    return f"At that pace they {verb} in about {_days(middle)} days{span}."


def _days(days: float) -> str:
    return f"{days:,.0f}" if days >= 1 else "1"


def _change(change: float) -> str:
    return f"{say_share(change)} {'more' if change >= 0 else 'fewer'}"
