"""A reporting triangle from a line list: each case on the day it happened and the day it was first reported."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.delays.settings import LONGEST_DELAY
from wardkeeper.outbreaks.delays.triangle import Triangle, check_size
from wardkeeper.outbreaks.forms import find_area
from wardkeeper.outbreaks.given import Kind, take_day, take_frame, take_texts


class _Rule(NamedTuple):
    wrong: pl.Expr
    column: str
    message: str
    next_step: str


def triangle_of(
    line_list: pl.DataFrame,
    *,
    until: date | None = None,
    since: date | None = None,
    areas: list[str] | None = None,
    as_of: date | None = None,
) -> Triangle:
    """Give what was known on each day up to `until` (default: the newest report) from event_date, report_date and area.

    The area's column may be called as publishers do, such as lsoa or msoa11_code. With a column `case`, a case reported again counts once, on the day of its first
    report and where that placed it. `areas` (default: those with a case) are held even without one; cases elsewhere are
    left out and counted in the notes. Report days before `since` are not kept. Dates are dates, or text as 2020-05-30. A
    day without reports is one on which nothing came, not a gap. Raises BadInput with the row, the rule and the next step.
    """
    for name, day in (("until", until), ("since", since), ("as_of", as_of)):
        if day is not None:
            take_day(day, name)
    areas = None if areas is None else take_texts(areas, "areas")
    rows = _typed(line_list)
    if until is not None:
        rows = rows.filter(pl.col("report_date") <= until)
    if rows.is_empty():
        raise BadInput(
            "The line list has no case by then.", "Give a later day, or the whole list.", Where(rule="line list")
        )
    _check(rows, as_of)
    single, notes = _once_a_case(rows)
    placed = single if areas is None else single.filter(pl.col("area").is_in(areas))
    elsewhere = single.height - placed.height
    notes += (f"Cases in other areas were left out: {elsewhere:,}.",) if elsewhere else ()
    slow = placed.filter(pl.col("delay") > LONGEST_DELAY).height
    notes += (f"Cases reported more than {LONGEST_DELAY} days late were left out: {slow:,}.",) if slow else ()
    named = sorted(set(areas if areas is not None else placed["area"].to_list()))
    first, last = single["report_date"].min(), until or single["report_date"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    # Days that were open on the first day kept were reported from `LONGEST_DELAY` days before it.
    start = first if since is None else max(first, since - timedelta(days=LONGEST_DELAY))
    cube = _count(placed.filter(pl.col("delay") <= LONGEST_DELAY), start, last, named)
    whole = Triangle(tuple(named), start, cube, notes)
    return whole if since is None else whole.between((since - start).days, len(cube) - 1)


def _typed(line_list: pl.DataFrame) -> pl.DataFrame:
    area = find_area(take_frame(line_list, "cases").columns)
    lacking = [name for name in ("event_date", "report_date") if name not in line_list.columns]
    lacking += [] if area else ["area"]
    if lacking:
        raise BadInput(
            f"The line list has no column {', '.join(lacking)}.",
            "Give event_date, report_date and area; a column case lets repeats count once.",
            Where(column=", ".join(lacking), rule="known columns"),
        )
    taken = take_frame(line_list, "cases", {"case": Kind.ID, str(area): Kind.ID})
    case = ["case"] if "case" in taken.columns else []
    named = taken.select(*case, "event_date", "report_date", pl.col(area).str.strip_chars().alias("area"))
    return (
        named.with_row_index("row", offset=1)
        .with_columns(_as_date(named[name]).alias(name) for name in ("event_date", "report_date"))
        .with_columns(delay=(pl.col("report_date") - pl.col("event_date")).dt.total_days())
    )


def _as_date(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Date:
        return column
    return column.cast(pl.String).str.strip_chars().str.head(10).str.to_date("%Y-%m-%d", strict=False)


def _check(rows: pl.DataFrame, as_of: date | None) -> None:
    event, report = pl.col("event_date"), pl.col("report_date")
    rules = [
        _Rule(event.is_null(), "event_date", "A date can't be read.", "Write dates as 2020-05-30."),
        _Rule(report.is_null(), "report_date", "A date can't be read.", "Write dates as 2020-05-30."),
        _Rule(
            pl.col("area").fill_null("") == "", "area", "A case has no area.", "Leave out cases that can't be placed."
        ),
        _Rule(
            report < event,
            "report_date",
            "The case was reported before it happened.",
            "Check whether the columns or the day and month are swapped.",
        ),
    ]
    if as_of is not None:
        rules.append(
            _Rule(report > as_of, "report_date", "The report is in the future.", "Check the year of the dates.")
        )
    for rule in rules:
        bad = rows.filter(rule.wrong)
        if not bad.is_empty():
            raise BadInput(
                rule.message, rule.next_step, Where(row=int(bad["row"][0]), column=rule.column, rule="line list")
            )


def _once_a_case(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    if "case" not in rows.columns:
        return rows, ()
    # Rows without an id may be anyone's: each is a case of its own.
    own = pl.when(pl.col("case").is_null()).then("row").alias("own")
    single = (
        rows.with_columns(own)
        .sort("report_date", "row")
        .unique(["case", "own"], keep="first", maintain_order=True)
        .drop("own")
    )
    repeats = rows.height - single.height
    return single, ((f"Repeated reports of the same case were counted once: {repeats:,}.",) if repeats else ())


def _count(placed: pl.DataFrame, first: date, last: date, areas: list[str]) -> NDArray[np.float64]:
    """Count what was known [report, delay, area] from `first` to `last`."""
    shape = ((last - first).days + 1, LONGEST_DELAY + 1, len(areas))
    check_size(shape, Where(column="report_date", rule="line list"))
    cube = np.zeros(shape)
    counted = placed.filter(pl.col("report_date") >= first)
    place = pl.Series(areas, dtype=pl.String).search_sorted(counted["area"]).to_numpy() if areas else np.zeros(0, int)
    report = (counted["report_date"] - first).dt.total_days().to_numpy()
    np.add.at(cube, (report, counted["delay"].to_numpy(), place), 1.0)
    for day in range(1, len(cube)):
        cube[day, 1:] += cube[day - 1, :-1]
    return cube
