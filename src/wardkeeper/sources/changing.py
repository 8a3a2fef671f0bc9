"""Files of changes on top of one another: of each entry the newest word counts, in whatever order the files came.

An entry that was removed leaves its id and the day behind, so that an older file that comes late never brings it back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from wardkeeper.sources.deliveries import Delivery


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """What is known of a source: kernel.columns.RECORD, FACTOR and REMOVED."""

    records: pl.DataFrame
    factors: pl.DataFrame
    removed: pl.DataFrame


def rank_deliveries(deliveries: Iterable[Delivery]) -> dict[str, int]:
    """Put deliveries in order by what they are about: their day, then their file's name, then their checksum.

    When they came says nothing, so that any order of loading comes to the same.
    """
    ordered = sorted(deliveries, key=lambda one: (one.extracted_on, one.file_name, one.sha256))
    return {one.id: place for place, one in enumerate(ordered)}


def apply_changes(kept: Entries, made: Entries, ranks: Mapping[str, int]) -> Entries:
    """Put a file's changes on what is kept: each entry as its newest row says, with all of that row's people."""
    records = _rank(pl.concat([_from(kept.records, made=False), _from(made.records, made=True)]), ranks)
    # A row's further people have longer names than its first, which is the entry's.
    first = pl.col("record_id").sort_by(pl.col("record_id").str.len_chars()).first().over("delivery", "row", "made")
    records = records.with_columns(entry=first)
    removed = _rank(pl.concat([_from(kept.removed, made=False), _from(made.removed, made=True)]), ranks)
    removed = removed.with_columns(entry="record_id")
    newest = _newest(records, removed)
    records, removed = (frame.join(newest, on=["entry", "order"], how="semi") for frame in (records, removed))
    news = records.filter("made").select("record_id")
    olds = records.filter(~pl.col("made")).select("record_id")
    return Entries(
        records.select(kept.records.columns),
        pl.concat(
            [
                kept.factors.join(olds, on="record_id", how="semi"),
                made.factors.select(kept.factors.columns).join(news, on="record_id", how="semi"),
            ]
        ),
        removed.select(kept.removed.columns),
    )


def _from(frame: pl.DataFrame, *, made: bool) -> pl.DataFrame:
    return frame.with_columns(made=pl.lit(made))


def _rank(frame: pl.DataFrame, ranks: Mapping[str, int]) -> pl.DataFrame:
    """Add `order`: which word on an entry is the newer one; within one file the row lower down."""
    rank = pl.col("delivery").replace_strict(dict(ranks), default=-1, return_dtype=pl.Int64)
    return frame.with_columns(order=pl.struct(rank.alias("rank"), pl.col("row"), pl.col("made")))


def _newest(records: pl.DataFrame, removed: pl.DataFrame) -> pl.DataFrame:
    words = pl.concat([records.select("entry", "order"), removed.select("entry", "order")]).unique()
    place = pl.col("order").rank("ordinal", descending=True).over("entry")
    return words.filter(place == 1)
