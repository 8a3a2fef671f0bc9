"""Small counts in files: who follows cases up takes them exactly, anybody else as intervals (docs/decisions/0016)."""

from dataclasses import replace

import polars as pl

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.outbreaks.counts import ESTIMATES, Counts
from wardkeeper.outbreaks.smoothing import protect_counts

FEWEST = 5
"""The smallest count of an area's cases that leaves exactly with everybody who may look at outbreaks."""


def may_take_small(actor: Actor) -> bool:
    """Tell whether this person follows cases up, and so takes small counts away exactly."""
    return actor.has(*OPERATIONS[Operation.VIEW_COINCIDENCES].own)


def counts_for_file(counts: Counts, actor: Actor) -> Counts:
    """Give the counts as this person may take them away: below 5, for most, as 0 to 4 and without an estimate.

    They are hidden before rates, findings and sums are made, so that none of these gives them away.
    """
    if may_take_small(actor):
        return counts
    few = pl.col("low") < FEWEST
    bare = counts.frame.with_columns(pl.when(~few).then(pl.col(name)).alias(name) for name in ESTIMATES)
    return replace(counts, frame=protect_counts(bare, FEWEST))
