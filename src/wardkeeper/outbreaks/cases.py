"""Counts from a line list: one row for each report of a case, as it was known on a given day.

A case reported again counts once. The newest weeks are flagged, because reports arrive days after the event.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from wardkeeper.kernel.areas import AREA_CODE
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import SATURDAY, USUAL_DELAY_DAYS, Counts, finish
from wardkeeper.outbreaks.line_lists import LineList

COLUMNS = ("case", "event_date", "report_date", "lsoa")

SETTLED_DAYS = 28
"""Events at least this old have nearly all been reported, so their delays are not cut short."""

ENOUGH_CASES = 20
"""Settled cases needed before their own delays are trusted over the usual one."""

DELAY_SHARE = 0.95
"""A week counts as complete when this share of reports arrives in time."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """How days fall into weeks: the ISO weekday (1 Monday to 7 Sunday) each week ends on, and the newest day known."""

    as_of: date
    ends_on: int = SATURDAY

    @property
    def newest(self) -> date:
        """The last day of the newest week that is over."""
        return self.as_of - timedelta(days=(self.as_of.isoweekday() - self.ends_on) % 7)


def from_line_list(
    frame: pl.DataFrame, *, weeks: Weeks, areas: list[str] | None = None, population: pl.DataFrame | None = None
) -> Counts:
    """Count cases by area and week from text columns case, event_date, report_date and lsoa (dates as 2020-05-30).

    Only what was reported by `weeks.as_of` counts, in weeks that are over. A case reported more than once counts
    once, as last reported by then. `areas` (default: those of `population`, else those with a case) get a true zero
    in weeks without a case. Raises BadInput with the row, the rule and the next step.
    """
    rows = _typed(frame)
    _check(rows, weeks.as_of)
    known = rows.filter(pl.col("report_date") <= weeks.as_of)
    single, repeats = _once_a_case(known)
    return _finish(single, weeks=weeks, areas=areas, population=population, notes=repeats)


def count_line_list(
    lines: LineList, *, ends_on: int = SATURDAY, areas: list[str] | None = None, population: pl.DataFrame | None = None
) -> Counts:
    """Count a read line list by area and week, weeks ending on the ISO weekday `ends_on`.

    As in `from_line_list`, `areas` (default: those of `population`, else those with a case) get true zeros. Cases
    without an area are in no count; the list's notes say how many. Raises BadInput when no case is in the areas.
    """
    placed = lines.frame.drop_nulls("area")
    if placed.is_empty() and lines.frame.height:
        raise BadInput(
            "No case could be placed in an area.",
            "Check which column is the postcode (--map COLUMN=postcode), or give a look-up that has them: --lookup FILE.",
            Where(rule="placed in an area"),
        )
    weeks = Weeks(lines.as_of, ends_on)
    return _finish(placed, weeks=weeks, areas=areas, population=population, notes=lines.notes)


def _finish(
    single: pl.DataFrame,
    *,
    weeks: Weeks,
    areas: list[str] | None,
    population: pl.DataFrame | None,
    notes: tuple[str, ...],
) -> Counts:
    """Count cases (event_date, report_date, area; a row each) on the full grid, and say what was left out."""
    days, settled = _delay(single, weeks.as_of)
    named = areas or (population["area"].to_list() if population is not None else single["area"].unique().to_list())
    _check_areas(single, named)
    return finish(
        _count(single, weeks, named),
        as_of=weeks.as_of,
        delay_days=days,
        population=population,
        notes=(*notes, *_left_out(single, weeks, named), *settled),
    )


def _check_areas(single: pl.DataFrame, areas: list[str]) -> None:
    if single.height and not single["area"].is_in(pl.Series(areas, dtype=pl.String).implode()).any():
        raise BadInput(
            "None of the cases is in an area that is counted.",
            "Give the population and boundaries of the same areas and the same year as the cases.",
            Where(column="area", rule="known areas"),
        )


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    if set(frame.columns) != set(COLUMNS):
        odd = sorted(set(frame.columns) ^ set(COLUMNS))
        raise BadInput(
            "The columns are not those of a line list.",
            f"Give exactly: {', '.join(COLUMNS)}.",
            Where(column=", ".join(odd), rule="known columns"),
        )
    dates = [pl.col(name).cast(pl.String).str.to_date("%Y-%m-%d", strict=False) for name in COLUMNS[1:3]]
    texts = [pl.col(name).cast(pl.String).str.strip_chars() for name in ("case", "lsoa")]
    return frame.with_columns(*dates, *texts).with_row_index("row", offset=1)


def _check(rows: pl.DataFrame, as_of: date) -> None:
    event, report = pl.col("event_date"), pl.col("report_date")
    rules = (
        (event.is_null() | report.is_null(), "event_date", "A date can't be read.", "Write dates as 2020-05-30."),
        (pl.col("case").fill_null("") == "", "case", "The case has no id.", "Give each case its own id."),
        (
            ~pl.col("lsoa").fill_null("").str.contains(f"^(?:{AREA_CODE.pattern})$"),
            "lsoa",
            "The area is not a code such as E01006100.",
            "Look the postcode up first, and leave out cases that can't be placed.",
        ),
        (
            report < event,
            "report_date",
            "The case was reported before it happened.",
            "Check whether the columns or the day and month are swapped.",
        ),
        (
            (report <= as_of) & (event > as_of),
            "event_date",
            "The case is in the future.",
            "Check the year of the dates.",
        ),
    )
    for wrong, column, message, next_step in rules:
        bad = rows.filter(wrong)
        if not bad.is_empty():
            raise BadInput(message, next_step, Where(row=int(bad["row"][0]), column=column, rule="line list"))


def _once_a_case(known: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Keep each case's newest place and date, and the day of its first report (what the delay is about)."""
    ordered = known.sort("case", "report_date", "row")
    single = ordered.group_by("case", maintain_order=True).agg(
        pl.col("event_date").last(), pl.col("report_date").first(), pl.col("lsoa").last().alias("area")
    )
    repeats = known.height - single.height
    return single, ((f"Repeated reports of the same case were counted once: {repeats:,}.",) if repeats else ())


def _delay(single: pl.DataFrame, as_of: date) -> tuple[int, tuple[str, ...]]:
    """Give the days by which most reports have arrived, from events old enough to be settled."""
    settled = single.drop_nulls("report_date").filter(pl.col("event_date") <= as_of - timedelta(days=SETTLED_DAYS))
    if settled.height < ENOUGH_CASES:
        return USUAL_DELAY_DAYS, (
            f"Too few older cases to measure the reporting delay: {USUAL_DELAY_DAYS} days were assumed.",
        )
    delays = (settled["report_date"] - settled["event_date"]).dt.total_days().to_numpy()
    return int(np.quantile(np.maximum(delays, 0), DELAY_SHARE, method="inverted_cdf")), ()


def _count(single: pl.DataFrame, weeks: Weeks, areas: list[str]) -> pl.DataFrame:
    """Count cases on the full grid of areas and weeks: area, week_end, low, high."""
    oldest = single["event_date"].min()
    back = 0 if not isinstance(oldest, date) else max(0, (weeks.newest - oldest).days // 7)
    ends = [weeks.newest - timedelta(days=7 * step) for step in range(back + 1)]
    days_after = (weeks.newest - pl.col("event_date")).dt.total_days()
    counted = (
        single.with_columns(week_end=pl.lit(weeks.newest) - pl.duration(days=7 * (days_after // 7)))
        .group_by("area", "week_end")
        .agg(pl.len().cast(pl.Int64).alias("low"))
    )
    grid = pl.DataFrame({"area": sorted(set(areas))}, schema={"area": pl.String}).join(
        pl.DataFrame({"week_end": ends}, schema={"week_end": pl.Date}), how="cross"
    )
    filled = grid.join(counted, on=["area", "week_end"], how="left")
    return filled.with_columns(pl.col("low").fill_null(0)).with_columns(high="low")


def _left_out(single: pl.DataFrame, weeks: Weeks, areas: list[str]) -> tuple[str, ...]:
    running = single.filter(pl.col("event_date") > weeks.newest).height
    elsewhere = single.filter(~pl.col("area").is_in(list(areas))).height
    notes = []
    if running:
        notes.append(f"Cases in the week that is not over yet are not counted: {running:,}.")
    if elsewhere:
        notes.append(f"Cases in other areas were left out: {elsewhere:,}.")
    return tuple(notes)
