"""Counts of a line list with their late reports estimated: what detection should start from."""

from dataclasses import replace
from datetime import date

import polars as pl

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.counts import ESTIMATES, SATURDAY, Counts, WholeWeek
from wardkeeper.outbreaks.delays.weekly import MOST_WEEKS, nowcast_weeks


def add_estimates(counts: Counts, lines: pl.DataFrame, *, as_of: date, ends_on: int = SATURDAY) -> Counts:
    """Estimate the incomplete weeks of counts from the line list they were made of (case, event_date, report_date, area).

    Late batches are told in the notes. Where too few reports are known to learn delays from, the counts stay as they are and a note says so.
    """
    late = counts.frame.filter("incomplete")["week_end"].n_unique()
    placed = lines.select("case", "event_date", "report_date", "area").drop_nulls("area")
    if not late or placed.is_empty():
        return counts
    try:
        found = nowcast_weeks(placed, as_of, weeks=min(late, MOST_WEEKS), ends_on=ends_on, areas=counts.areas)
    except BadInput as error:
        return replace(counts, notes=(*counts.notes, f"Late reports could not be estimated. {error.message}"))
    frame = counts.frame.drop(ESTIMATES).join(
        found.areas.select("area", "week_end", *NAMED), on=["area", "week_end"], how="left", maintain_order="left"
    )
    waiting = frame.filter("incomplete")["week_end"].unique()
    whole = found.whole.filter(pl.col("week_end").is_in(waiting.implode())).select("week_end", *TAKEN)
    only_late = [pl.when("incomplete").then(name).alias(name) for name in ESTIMATES]
    return replace(
        counts,
        frame=frame.with_columns(only_late).select(counts.frame.columns),
        notes=(*counts.notes, *found.notes),
        whole=tuple(WholeWeek(*row) for row in whole.iter_rows()),
    )


TAKEN = ("estimate", "low90", "high90")
"""What is kept of a nowcast: the estimate and the interval that holds nine in ten."""

NAMED = [pl.col(old).alias(new) for old, new in zip(TAKEN, ESTIMATES, strict=True)]
