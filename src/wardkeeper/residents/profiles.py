"""A resident's profile: the best current value of each field from the records that were joined."""

import polars as pl

from wardkeeper.kernel.columns import RESIDENT
from wardkeeper.residents.arrays import Ints, Reals
from wardkeeper.residents.folding import fold_name
from wardkeeper.residents.identities import Identities

MATCH_RANK = {"uprn": 0, "address": 1, "new": 2, "none": 3}
"""The firmer a home was matched, the lower."""

NEWEST_FIELDS = ("title", "sex", "phone", "email", "language", "objected_on", "died_on", "safe_phone")
SUPPORTED_FIELDS = ("middle", "family", "nhs_number")
"""Taken from most of the records, the newest among equals; the others simply from the newest record that has them."""


def build_residents(records: pl.DataFrame, group: Ints, identities: Identities, certainty: Reals) -> pl.DataFrame:
    """Give one row per group (RESIDENT columns, household still null). `records` are in the order of their ids.

    A resident is protected when any record says so. Cautions, and words on safe contact, are all kept, newest first.
    """
    ranked = _rank(records.with_columns(group=pl.Series(group, dtype=pl.Int64)))
    residents = _summarise(ranked)
    for field, order in _ORDERS.items():
        residents = residents.join(_best(ranked, field, order), on="group", how="left", maintain_order="left")
    return (
        residents.sort("group")
        .with_columns(
            pl.Series("resident_id", identities.ids, dtype=pl.String),
            household_id=pl.lit(None, dtype=pl.String),
            certainty=pl.Series(certainty, dtype=pl.Float64),
        )
        .select(_NAMES)
    )


_NAMES = [column.name for column in RESIDENT]


def _rank(records: pl.DataFrame) -> pl.DataFrame:
    """Sort newest first, then the firmest home, then the record's id; and note what makes a value better than another."""
    born = pl.col("birth_date")
    return records.with_columns(
        rank=pl.col("home_match").replace_strict(MATCH_RANK, default=3, return_dtype=pl.Int8),
        short=pl.col("given").str.len_chars() <= 1,
        year_only=(born.dt.month() == 1) & (born.dt.day() == 1),
        family_folded=fold_name(pl.col("family")),
    ).sort("seen_on", "rank", "record_id", descending=[True, False, False], nulls_last=True)


_ORDERS: dict[str, tuple[str, ...]] = {
    "given": ("short", "support"),
    "birth_date": ("year_only", "support"),
    "home_id": (),
    **dict.fromkeys(SUPPORTED_FIELDS, ("support",)),
    **dict.fromkeys(NEWEST_FIELDS, ()),
}
"""For each field, what is better comes first: after these, the order of `_rank` decides."""


def _best(ranked: pl.DataFrame, field: str, order: tuple[str, ...]) -> pl.DataFrame:
    known = ranked.filter(pl.col(field).is_not_null())
    if order:
        known = known.with_columns(support=-pl.len().over("group", field).cast(pl.Int64)).sort(
            order, maintain_order=True
        )
    return known.select("group", field).unique("group", keep="first", maintain_order=True)


def _summarise(ranked: pl.DataFrame) -> pl.DataFrame:
    totals = ranked.group_by("group").agg(
        records=pl.len().cast(pl.Int64),
        sources=pl.col("source").unique().sort().str.join(","),
        seen_on=pl.col("seen_on").max(),
        protected=pl.col("protected").fill_null(value=False).any(),
    )
    for words in ("caution", "safe_contact"):
        totals = totals.join(_join_words(ranked, words), on="group", how="left")
    return totals


def _join_words(ranked: pl.DataFrame, column: str) -> pl.DataFrame:
    said = ranked.filter(pl.col(column).is_not_null())
    return said.group_by("group").agg(pl.col(column).unique(maintain_order=True).str.join("; "))
