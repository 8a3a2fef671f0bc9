"""Counts from a read line list, as it was known on a given day.

The newest weeks are flagged, because reports arrive days after the event.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import SATURDAY, USUAL_DELAY_DAYS, Counts, finish
from wardkeeper.outbreaks.given import take_people, take_texts, take_weekday
from wardkeeper.outbreaks.line_lists import LineList

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


def count_line_list(
    lines: LineList, *, ends_on: int = SATURDAY, areas: list[str] | None = None, population: pl.DataFrame | None = None
) -> Counts:
    """Count a read line list by area and week, weeks ending on the ISO weekday `ends_on`.

    Only weeks that are over count. `areas` (default: those of `population`, else those with a case) get a true zero in
    weeks without a case. Cases without an area are in no count; the list's notes say how many. Raises BadInput when
    no case is in the areas.
    """
    if not isinstance(lines, LineList):
        raise BadInput(
            "This is no line list that was read.", "Give what read_line_list gives.", Where(rule="line list")
        )
    take_weekday(ends_on, "ends_on")
    areas = None if areas is None else take_texts(areas, "areas")
    population = None if population is None else take_people(population)
    placed = lines.frame.drop_nulls("area")
    if placed.is_empty() and lines.frame.height:
        raise BadInput(
            "No case could be placed in an area.",
            "Check which column is the postcode (--map COLUMN=postcode), or give a look-up that has them: --lookup FILE.",
            Where(rule="placed in an area"),
        )
    weeks = Weeks(lines.as_of, ends_on)
    days, settled = _delay(placed, weeks.as_of)
    named = areas or (population["area"].to_list() if population is not None else placed["area"].unique().to_list())
    _check_areas(placed, named)
    return finish(
        _count(placed, weeks, named),
        as_of=weeks.as_of,
        delay_days=days,
        population=population,
        notes=(*lines.notes, *_left_out(placed, weeks, named), *settled),
    )


def _check_areas(single: pl.DataFrame, areas: list[str]) -> None:
    if single.height and not single["area"].is_in(pl.Series(areas, dtype=pl.String).implode()).any():
        raise BadInput(
            "None of the cases is in an area that is counted.",
            "Give the population and boundaries of the same areas and the same year as the cases.",
            Where(column="area", rule="known areas"),
        )


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
    here = single.filter(pl.col("area").is_in(list(areas)))
    running = here.filter(pl.col("event_date") > weeks.newest).height
    elsewhere = single.height - here.height
    notes = []
    if running:
        notes.append(f"Cases in the week that is not over yet are not counted: {running:,}.")
    if elsewhere:
        notes.append(f"Cases in other areas were left out: {elsewhere:,}.")
    return tuple(notes)
