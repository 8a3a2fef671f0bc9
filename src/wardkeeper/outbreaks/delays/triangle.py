"""A reporting triangle: what was known on each report day about each specimen day, by area.

Rows go in, a cube comes out, and whatever was set aside is said. Reading files is left to adapters.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.delays.columns import type_columns
from wardkeeper.outbreaks.delays.settings import LONGEST_DELAY

Cube = NDArray[np.float64]

LARGEST_CUBE = 60_000_000
"""Cells: all middle-layer areas of England over a hundred days take half. A date with a wrong year asks for more."""


@dataclass(frozen=True, eq=False)
class Triangle:
    """`cube` [report, delay, area] holds the cases known so far, NaN where nothing was published.

    Report day number 0 is `first`; `areas` are sorted; `notes` say what was assumed or set aside.
    """

    areas: tuple[str, ...]
    first: date
    cube: Cube
    notes: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        """The newest report day."""
        return self.first + timedelta(days=len(self.cube) - 1)

    @property
    def published(self) -> NDArray[np.bool_]:
        """Which report days published anything."""
        return np.asarray(~np.isnan(self.cube).all(axis=(1, 2)))

    def day_of(self, report: date) -> int:
        """Give the number of a report day. Raises BadInput for one that is not held, naming the nearest."""
        number = (report - self.first).days
        if 0 <= number < len(self.cube) and self.published[number]:
            return number
        raise _unknown_report(report, [self.first + timedelta(days=int(day)) for day in np.flatnonzero(self.published)])

    def between(self, first: int, last: int) -> "Triangle":
        """Give the part of report days number `first` to `last`, both included; an area that has nothing there stays."""
        start = max(0, first)
        return replace(self, first=self.first + timedelta(days=start), cube=self.cube[start : last + 1])


def clean_triangle(
    frame: pl.DataFrame,
    *,
    until: date | None = None,
    since: date | None = None,
    as_of: date | None = None,
    incremental: bool = False,
) -> Triangle:
    """Check rows of report, specimen, area and cases (in any order) and give the triangle of those reported by `until`.

    `cases` is what was known of a specimen day so far, or, if `incremental`, what the report added or took off. Other
    usual headings are understood (`columns.HEADINGS`). Rows reported after `until` are left out before anything is
    looked at, and reports before `since` are not kept. `as_of` is the present day: later dates are refused. Raises BadInput
    with the row, the rule and the next step.
    """
    typed = type_columns(frame, until=until, incremental=incremental)
    rows = typed.rows
    _check_dates(rows, as_of)
    if since is not None and not incremental and (rows["report"] >= since).any():
        rows = rows.filter(pl.col("report") >= since)
    rows, again = _once_a_cell(rows)
    rows, old = _drop_old(rows)
    triangle = _fill(rows, incremental=incremental)
    return replace(triangle, notes=(*typed.notes, *again, *old, *_gaps(triangle)))


def _check_dates(rows: pl.DataFrame, as_of: date | None) -> None:
    rules = [
        (
            pl.col("specimen") > pl.col("report"),
            "specimen",
            "The specimen is later than the report.",
            "Check whether the columns, or the day and month, are swapped.",
        )
    ]
    if as_of is not None:
        future = pl.col("report") > as_of
        rules.append((future, "report", "The report is in the future.", "Check the year of the dates."))
    for wrong, column, message, next_step in rules:
        bad = rows.filter(wrong)
        if not bad.is_empty():
            raise BadInput(message, next_step, Where(row=int(bad["row"].min()), column=column, rule="triangle"))  # type: ignore[arg-type]


def _once_a_cell(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Keep a cell that is given twice with one count once; refuse two counts for one cell."""
    key = ["report", "specimen", "area"]
    twice = rows.filter(pl.struct(key).is_duplicated())
    if twice.is_empty():
        return rows, ()
    differ = twice.filter(pl.col("cases").n_unique().over(key) > 1)
    if not differ.is_empty():
        raise BadInput(
            "Two rows give different counts for one report day, specimen day and area.",
            "Keep the right one; if each row is a part, add them up first.",
            Where(row=int(differ["row"].max()), column="cases", rule="one count a cell"),  # type: ignore[arg-type]
        )
    single = rows.unique(key, keep="first", maintain_order=True)
    return single, (f"Rows that say the same thing again were counted once: {rows.height - single.height:,}.",)


def _drop_old(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    kept = rows.filter(pl.col("delay") <= LONGEST_DELAY)
    if kept.is_empty():
        raise BadInput(
            f"No row is about a specimen day within {LONGEST_DELAY} days of its report.",
            "Check the dates of both columns.",
            Where(column="specimen", rule="triangle"),
        )
    dropped = rows.height - kept.height
    return kept, ((f"Counts more than {LONGEST_DELAY} days old were not needed: {dropped:,}.",) if dropped else ())


def _fill(rows: pl.DataFrame, *, incremental: bool) -> Triangle:
    areas = rows["area"].unique().sort()
    first, last = rows["report"].min(), rows["report"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    longest = LONGEST_DELAY if incremental else int(rows["delay"].max())  # type: ignore[arg-type]
    shape = ((last - first).days + 1, longest + 1, len(areas))
    check_size(shape, Where(column="report", rule="triangle"))
    cube = np.zeros(shape) if incremental else np.full(shape, np.nan)
    report = (rows["report"] - first).dt.total_days().to_numpy()
    place = areas.search_sorted(rows["area"]).to_numpy() if len(areas) else np.zeros(0, np.int64)
    cube[report, rows["delay"].to_numpy(), place] = rows["cases"].to_numpy()
    if incremental:
        silent = np.setdiff1d(np.arange(shape[0]), report)
        cube = add_up(cube)
        cube[silent] = np.nan
    return Triangle(tuple(areas.to_list()), first, cube)


def check_size(shape: tuple[int, int, int], where: Where) -> None:
    """Refuse a span of days that no real triangle has. Raises BadInput."""
    if shape[0] * shape[1] * shape[2] > LARGEST_CUBE:
        raise BadInput(
            f"The reports span {shape[0]:,} days, which is too much for {shape[2]:,} areas.",
            "Check the years of the dates, or give fewer areas or a shorter span.",
            where,
        )


def add_up(changes: Cube) -> Cube:
    """Turn what each report added into what was known. A specimen day before the first report is unknown: NaN."""
    known = changes.copy()
    for report in range(1, len(known)):
        known[report, 1:] += known[report - 1, :-1]
    reports, delays = np.indices(known.shape[:2])
    known[reports < delays] = np.nan
    return known


def _gaps(triangle: Triangle) -> tuple[str, ...]:
    silent = np.flatnonzero(~triangle.published)
    if not len(silent):
        return ()
    days = [str(triangle.first + timedelta(days=int(day))) for day in silent[-5:]]
    return (
        f"Report days without a report: {len(silent):,} (the last: {', '.join(days)}). What was known before stands in.",
    )


def _unknown_report(report: date, held: list[date]) -> BadInput:
    where = Where(column="report", rule="known report day")
    if not held:
        return BadInput(f"There is no report by {report}.", "Give a file that holds one.", where)
    if report < held[0]:
        return BadInput(f"The first report is of {held[0]}, after {report}.", f"Choose {held[0]} or later.", where)
    nearest = sorted(sorted(held, key=lambda day: abs((day - report).days))[:2])
    near = " and ".join(str(day) for day in nearest)
    return BadInput(f"There is no report of {report}.", f"The nearest report days held are {near}.", where)
