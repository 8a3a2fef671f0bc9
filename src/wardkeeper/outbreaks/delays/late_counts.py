"""Counts of a line list with their late reports estimated: what detection should start from."""

from dataclasses import replace
from datetime import date

import polars as pl

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.counts import ESTIMATES, SATURDAY, Counts
from wardkeeper.outbreaks.delays.weekly import MOST_WEEKS, nowcast_counts


def add_estimates(counts: Counts, lines: pl.DataFrame, *, as_of: date, ends_on: int = SATURDAY) -> Counts:
    """Estimate the incomplete weeks of counts from the line list they were made of (case, event_date, report_date, area).

    Where too few reports are known to learn delays from, the counts stay as they are and a note says so.
    """
    late = counts.frame.filter("incomplete")["week_end"].n_unique()
    placed = lines.select("case", "event_date", "report_date", "area").drop_nulls("area")
    if not late or placed.is_empty():
        return counts
    try:
        found = nowcast_counts(placed, as_of, weeks=min(late, MOST_WEEKS), ends_on=ends_on, areas=counts.areas)
    except BadInput as error:
        return replace(counts, notes=(*counts.notes, f"Late reports could not be estimated. {error.message}"))
    named = found.select(
        "area", "week_end", *(pl.col(old).alias(new) for old, new in zip(TAKEN, ESTIMATES, strict=True))
    )
    bare = counts.frame.drop(ESTIMATES)
    frame = bare.join(named, on=["area", "week_end"], how="left", maintain_order="left")
    known_only = ~pl.col("incomplete")
    kept = [pl.when(known_only).then(None).otherwise(pl.col(name)).alias(name) for name in ESTIMATES]
    return replace(counts, frame=frame.with_columns(kept).select(counts.frame.columns))


TAKEN = ("estimate", "low90", "high90")
