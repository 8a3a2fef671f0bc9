"""Put a file of changes, or rows of one that were put right, on what is kept of its source."""

from collections.abc import Mapping

import polars as pl

from wardkeeper.sources.changing import Entries, apply_changes, rank_deliveries
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.removing import REMOVED_SCHEMA
from wardkeeper.sources.standardising import Standardised
from wardkeeper.usecases import datasets
from wardkeeper.usecases.house import House


def put_on(
    house: House, kept: Mapping[str, pl.DataFrame], made: Standardised, delivery: Delivery
) -> dict[str, pl.DataFrame]:
    """Give the source's records, factors and removed entries by dataset, after the changes. `kept` are those before."""
    source = delivery.source
    names = (datasets.records(source), datasets.source_factors(source), datasets.removed(source))
    removed = kept.get(names[2], pl.DataFrame(schema=REMOVED_SCHEMA))
    ranks = rank_deliveries([*house.store.deliveries(source), delivery])
    done = apply_changes(
        Entries(kept[names[0]], kept[names[1]], removed), Entries(made.records, made.factors, made.removed), ranks
    )
    return dict(zip(names, (done.records, done.factors, done.removed), strict=True))
