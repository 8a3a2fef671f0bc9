"""Fixed rows take their place among the rows loaded before: the same rules for keys as within one file.

In a full file, a fixed row with the key and the person of a loaded one is the same record; with the key of somebody else
it is kept apart by its number. In a cumulative file, a key's latest row counts.
"""

from dataclasses import dataclass

import polars as pl

from wardkeeper.kernel.columns import RECORD, Sensitivity
from wardkeeper.sources.findings import SCHEMA, find
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import Contract, Kind

_WHO = ("family", "given", "birth_date")
_MARKINGS = [column.name for column in RECORD if column.sensitivity is Sensitivity.MARKING and column.kind != "flag"]


@dataclass(frozen=True, slots=True, eq=False)
class Rejoined:
    """All records and factors (kernel.columns.RECORD and FACTOR), and what was found on the fixed rows."""

    records: pl.DataFrame
    factors: pl.DataFrame
    findings: pl.DataFrame


def rejoin(
    records: pl.DataFrame, factors: pl.DataFrame, fixed: pl.DataFrame, asserted: pl.DataFrame, contract: Contract
) -> Rejoined:
    """Add fixed rows' records and the factors they assert to those loaded before."""
    named = fixed.with_columns(
        first_id=pl.col("record_id").sort_by(pl.col("record_id").str.len_chars()).first().over("row")
    )
    met = named.join(records.select("record_id"), left_on="first_id", right_on="record_id", how="semi")
    if met.is_empty():
        return Rejoined(pl.concat([records, fixed]), _join_factors(factors, asserted), pl.DataFrame(schema=SCHEMA))
    if contract.kind is Kind.CUMULATIVE:
        return _keep_latest(records, factors, fixed, asserted, contract)
    return _keep_apart(records, factors, named, asserted, contract)


def _join_factors(factors: pl.DataFrame, asserted: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([factors, asserted]).unique(["record_id", "factor"], keep="first", maintain_order=True)


def _keep_latest(
    records: pl.DataFrame, factors: pl.DataFrame, fixed: pl.DataFrame, asserted: pl.DataFrame, contract: Contract
) -> Rejoined:
    """Of one key's rows keep the one with the later day; of equal days the one lower down in the file."""
    stamped = pl.concat(
        [records.with_columns(is_fixed=pl.lit(value=False)), fixed.with_columns(is_fixed=pl.lit(value=True))]
    )
    order = pl.struct("seen_on", "row").rank("ordinal", descending=True).over("record_id")
    kept = stamped.filter(order == 1)
    lost = fixed.join(kept.filter("is_fixed"), on="record_id", how="anti")
    from_fixed = kept.filter("is_fixed").select("record_id")
    chosen = pl.concat(
        [
            factors.join(from_fixed, on="record_id", how="anti"),
            asserted.join(from_fixed, on="record_id", how="semi"),
        ]
    )
    rows = lost["row"].unique().sort()
    found = find(rows, rows.is_not_null(), rule=Rule.SUPERSEDED, column=_key(contract))
    return Rejoined(kept.drop("is_fixed"), chosen, found)


def _keep_apart(
    records: pl.DataFrame, factors: pl.DataFrame, named: pl.DataFrame, asserted: pl.DataFrame, contract: Contract
) -> Rejoined:
    """Join rows of one key and person; name others by their key and row."""
    known = records.select(
        pl.col("record_id").alias("first_id"), *(pl.col(name).alias(f"known_{name}") for name in _WHO)
    )
    first = named.filter(pl.col("record_id") == pl.col("first_id")).join(known, on="first_id", how="inner")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"known_{name}")) for name in _WHO)
    judged = first.select("row", same.alias("same"))
    apart = judged.filter(~pl.col("same"))["row"]
    suffix = pl.col("record_id").str.strip_prefix(pl.col("first_id"))
    own = pl.concat_str("first_id", pl.format("~row-{}", "row"), suffix)
    renamed = named.with_columns(new_id=pl.when(pl.col("row").is_in(apart.implode())).then(own).otherwise("record_id"))
    names = renamed.select("record_id", "new_id")
    moved = asserted.join(names, on="record_id", how="left").with_columns(record_id="new_id").select(asserted.columns)
    added = renamed.with_columns(record_id="new_id").select(records.columns)
    found = pl.concat(
        [
            find(judged["row"], judged["same"], rule=Rule.REPEATED_KEY, column=_key(contract)),
            find(judged["row"], ~judged["same"], rule=Rule.SHARED_KEY, column=_key(contract)),
        ]
    )
    return Rejoined(_merge_repeats(pl.concat([records, added])), _join_factors(factors, moved), found)


def _merge_repeats(records: pl.DataFrame) -> pl.DataFrame:
    """Make one record of repeated ones: the first row's values, and every row's markings."""
    repeated = records["record_id"].is_duplicated()
    merged = (
        records.filter(repeated)
        .sort("row", maintain_order=True)
        .group_by("record_id", maintain_order=True)
        .agg(
            pl.col("protected").any(),
            pl.col(_MARKINGS).drop_nulls().first(),
            pl.exclude("record_id", "protected", *_MARKINGS).first(),
        )
    )
    return pl.concat([records.filter(~repeated), merged.select(records.columns)])


def _key(contract: Contract) -> str:
    return ", ".join(contract.file.key)
