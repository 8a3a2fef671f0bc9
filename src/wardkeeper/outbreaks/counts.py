"""Area-week counts: the frame that rates, detectors and maps start from.

A suppressed count is an interval, a week still awaiting late reports is flagged, and what the figures leave out
is said in words. Making counts from files is left to `published` and `cases`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from wardkeeper.kernel.errors import BadInput, NotFound, Where
from wardkeeper.outbreaks.levels import check_levels

ESTIMATES = ("estimate", "estimate_low", "estimate_high")
COLUMNS = ("area", "week_end", "low", "high", "population", "incomplete", *ESTIMATES)

SATURDAY = 6
"""The ISO weekday that weeks end on when nothing else is said, as England's published ones do."""

WEEK = 7
"""The days of one."""

USUAL_DELAY_DAYS = 5
"""Days England's public dashboard left out of its seven-day figures in 2020 for late reports."""


@dataclass(frozen=True, slots=True)
class WholeWeek:
    """An incomplete week of all areas together: cases including late reports, nine times in ten from `low` to `high`."""

    week_end: date
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Cases of all areas together by day, from `first` on, of days whose reports are in."""

    first: date
    cases: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Counts:
    """One row per area and week, sorted: area, week_end, low, high, population (null unknown), incomplete, and an estimate.

    `week_end` is the last of seven days. The count known so far lies from `low` to `high`; they are equal unless
    suppressed. Of an incomplete week, `estimate` is the count including late reports where it could be estimated (else
    null), nine times in ten from `estimate_low` to `estimate_high`.
    Errors of areas are partly shared, so that their ends can't be added: `whole` has the estimates of all areas
    together, and `days` their cases by day where a line list tells them.
    `delay_days` is how long reports take; `missing` says in plain words what the figures may leave out, and
    `notes` what was assumed or set aside while reading them.
    """

    frame: pl.DataFrame
    delay_days: int
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    whole: tuple[WholeWeek, ...] = ()
    days: DayCounts | None = None

    @property
    def weeks(self) -> list[date]:
        """The last days of the weeks, oldest first."""
        return self.frame["week_end"].unique().sort().to_list()

    @property
    def areas(self) -> list[str]:
        """The areas' codes, sorted."""
        return self.frame["area"].unique().sort().to_list()

    def of_week(self, week: date) -> pl.DataFrame:
        """Give one week's rows. Raises NotFound when the counts have no such week."""
        rows = self.frame.filter(pl.col("week_end") == week)
        if rows.is_empty():
            raise NotFound(f"There are no counts for the week ending {week}.", _say_weeks(self.weeks, week))
        return rows

    @property
    def estimated(self) -> list[date]:
        """The incomplete weeks whose late reports were estimated, oldest first."""
        return self.frame.filter(pl.col("estimate").is_not_null())["week_end"].unique().sort().to_list()

    def with_late_reports(self) -> "Counts":
        """Give the counts with the estimate, to the nearest case, in place of what is known so far where there is one."""
        settled = pl.col("estimate").round(0).cast(pl.Int64)
        ends = [pl.coalesce(settled, end).alias(end) for end in ("low", "high")]
        return replace(self, frame=self.frame.with_columns(ends))


def _say_weeks(weeks: list[date], wanted: date) -> str:
    """Name the weeks held nearest to one that is not, and how far they reach."""
    if not weeks:
        return "Load counts first: no week is held."
    near = (*[day for day in weeks if day < wanted][-1:], *[day for day in weeks if day > wanted][:1])
    named = " or ".join(f"{day:%A} {day}" for day in near)
    return f"The nearest held ends on {named}; weeks are held from {weeks[0]} to {weeks[-1]}."


def finish(
    frame: pl.DataFrame, *, as_of: date, delay_days: int, population: pl.DataFrame | None, notes: tuple[str, ...]
) -> Counts:
    """Join the population, flag incomplete weeks, sort, and say what may be missing.

    `frame` holds area, week_end, low, high; `population` holds area, population (one row an area). Raises BadInput for
    areas of several levels, and for an area that is in the population twice.
    """
    check_levels(frame["area"].unique().drop_nulls())
    complete_until = as_of - timedelta(days=delay_days)
    done = (
        _with_population(frame, population)
        .with_columns(pl.lit(None, pl.Float64).alias(name) for name in ESTIMATES)
        .with_columns(incomplete=pl.col("week_end") > complete_until)
        .select(COLUMNS)
        .sort("area", "week_end")
    )
    return Counts(done, delay_days, _missing(done, delay_days), notes)


def _with_population(frame: pl.DataFrame, population: pl.DataFrame | None) -> pl.DataFrame:
    if population is None:
        return frame.with_columns(population=pl.lit(None, pl.Int64))
    people = population.select("area", pl.col("population").cast(pl.Int64))
    if people["area"].is_duplicated().any():
        raise BadInput(
            "The population table has an area twice.", "Keep one row for each area.", Where(rule="one row an area")
        )
    return frame.join(people, on="area", how="left")


def _missing(frame: pl.DataFrame, delay_days: int) -> tuple[str, ...]:
    late = frame.filter("incomplete")["week_end"].unique().sort().to_list()
    said = []
    if late:
        weeks = "week ending" if len(late) == 1 else "weeks ending"
        days = " and ".join(in_words(day) for day in late)
        said.append(
            f"Late reports: the {weeks} {days} may still rise, because reports take up to {delay_days} days to arrive."
        )
    return (*said, *say_hidden(frame), *_say_gaps(frame))


def say_hidden(frame: pl.DataFrame) -> tuple[str, ...]:
    """Tell how many counts (columns low and high) are hidden, and what they may be."""
    hidden = frame.filter(pl.col("low") < pl.col("high"))
    if hidden.is_empty():
        return ()
    least, most = hidden.select(pl.col("low").min(), pl.col("high").max()).row(0)
    small = f"Hidden counts: {hidden.height:,} of {frame.height:,} counts are small and were not published."
    return (f"{small} They may be {least} to {most}; they are not read as zero.",)


def _say_gaps(frame: pl.DataFrame) -> list[str]:
    """Tell of weeks without any count, and of areas that have none in some weeks: sums would be too low."""
    weeks, areas = frame["week_end"].unique().sort(), frame["area"].n_unique()
    said = []
    apart = weeks.diff().dt.total_days()
    holes = int((apart.filter(apart > WEEK) // WEEK - 1).sum())
    if holes:
        said.append(f"Weeks between the first and the last that have no counts: {holes:,}.")
    if gaps := weeks.len() * areas - frame.height:
        newest = areas - frame.filter(pl.col("week_end") == weeks[-1]).height
        of_these = f"; of these in the newest week: {newest:,}" if newest else ""
        said.append(
            f"Counts that the figures lack, of areas and weeks that have others: {gaps:,} of {weeks.len() * areas:,}"
            f"{of_these}. They are not read as zero, so sums of all areas are too low."
        )
    return said


def say_odd(counts: Counts) -> tuple[str, ...]:
    """Tell what is odd about the counts, though they may be right: nothing counted, one area, no people."""
    frame = counts.frame
    bare = frame.group_by("area").agg(pl.col("population").max())
    unknown = bare.filter(pl.col("population").is_null()).height
    empty = bare.filter(pl.col("population") == 0).height
    said = (
        (frame.height > 0 and frame["high"].sum() == 0, "Every count is zero: check that cases were read at all."),
        (bare.height == 1, "There is only one area: it can be compared with its own past, and with no other."),
        (unknown > 0, f"Areas whose population is not known have no rate: {unknown:,} of {bare.height:,}."),
        (empty > 0, f"Areas with a population of nobody have no rate: {empty:,} of {bare.height:,}."),
    )
    return tuple(text for is_so, text in said if is_so)


def in_words(day: date) -> str:
    """Write a day as people say it, such as 30 May 2020."""
    return f"{day.day} {day:%B %Y}"
