"""Simulated cases counted by area and week, as England published its counts: for tests that start from published figures."""

from datetime import timedelta

import polars as pl

from wardkeeper.demo.cases import WEEKS, Cases

SUPPRESSED_BELOW = 3
MARK = "*"


def count_weeks(cases: Cases, areas: list[str], *, suppressed: bool) -> pl.DataFrame:
    """Count by area and week (ending on Saturday, over by `as_of`): area, week_end, cases as text.

    With `suppressed`, counts of 0 to 2 are a mark.
    """
    newest = cases.as_of - timedelta(days=(cases.as_of.isoweekday() - 6) % 7)
    first_reports = cases.line_list.unique("case", keep="first", maintain_order=True)
    back = (pl.lit(newest) - pl.col("event_date")).dt.total_days() // 7
    counted = (
        first_reports.filter(pl.col("event_date") <= newest)
        .group_by(area="lsoa", week_end=pl.lit(newest) - pl.duration(days=7 * back))
        .agg(cases=pl.len())
    )
    ends = [newest - timedelta(days=7 * week) for week in range(WEEKS - 1)]
    grid = pl.DataFrame({"area": areas}).join(pl.DataFrame({"week_end": ends}), how="cross")
    full = grid.join(counted, on=["area", "week_end"], how="left").with_columns(pl.col("cases").fill_null(0))
    hide = (pl.col("cases") < SUPPRESSED_BELOW) & pl.lit(suppressed)
    text = pl.when(hide).then(pl.lit(MARK)).otherwise(pl.col("cases").cast(pl.String))
    return full.sort("area", "week_end").with_columns(cases=text)
