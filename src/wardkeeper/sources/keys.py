"""Which rows are about the same entry of the source: its own key, and what to do when it is missing, shared or repeated."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.places.lettering import tidy
from wardkeeper.sources.findings import find
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import Contract, Kind, Meaning

_WHO = ("family", "given", "birth_date")


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """`entries` has row and entry (the part of the record id after the source) for every row that counts."""

    entries: pl.DataFrame
    findings: tuple[pl.DataFrame, ...]


def key_rows(cells: pl.DataFrame, contract: Contract, people: pl.DataFrame) -> Keyed:
    """Name each row's entry. `cells` holds row and `key_columns` of the rows not held back, `people` who they are about.

    A cumulative file, and one of changes, keeps each key's latest row; a full one joins rows of one key and person, and keeps others apart.
    """
    keyed = cells.select("row", own_key(contract).alias("key"))
    missing = find(cells["row"], keyed["key"].is_null(), rule=Rule.NO_KEY, column=_column(contract))
    own_number = pl.concat_str(pl.lit("row-"), pl.col("row"))
    if contract.kind is not Kind.FULL:
        latest, superseded = _keep_latest(keyed, cells, contract)
        entries = latest.select("row", pl.coalesce("key", own_number).alias("entry"))
        return Keyed(entries, (missing, superseded))
    # Few keys come more than once, so only their rows are compared.
    several = keyed.filter(keyed["key"].is_not_null() & keyed["key"].is_duplicated())
    rows = several.join(
        people.filter(pl.col("person") == 1).select("row", *_WHO), on="row", how="left", maintain_order="left"
    )
    same = _is_as_first(rows)
    repeated = rows.select((same & ~pl.struct("key", *_WHO).is_first_distinct()).alias("r"))["r"]
    apart = rows.filter(~same).select("row", pl.concat_str("key", pl.lit("~"), own_number).alias("apart"))
    entries = keyed.join(apart, on="row", how="left", maintain_order="left").select(
        "row", pl.coalesce("apart", "key", own_number).alias("entry")
    )
    return Keyed(
        entries,
        (
            missing,
            find(rows["row"], repeated, rule=Rule.REPEATED_KEY, column=_column(contract)),
            find(rows["row"], ~same, rule=Rule.SHARED_KEY, column=_column(contract)),
        ),
    )


def key_columns(contract: Contract) -> list[str]:
    """Give the columns that `key_rows` reads."""
    stamps = [term.name for term in contract.named(Meaning.SEEN_ON)[:1]]
    return list(dict.fromkeys([*contract.file.key, *stamps]))


def rank_rows(stamped: pl.DataFrame) -> pl.DataFrame:
    """Add `rank`: 1 for the latest row of each key by `when`, of equal ones the lowest down. No key is no other row's."""
    rank = pl.struct("when", "row").rank("ordinal", descending=True).over("key")
    return stamped.with_columns(pl.when(pl.col("key").is_null()).then(1).otherwise(rank).alias("rank"))


def own_key(contract: Contract) -> pl.Expr:
    """Give each row's own key in the source; null where it is blank."""
    parts = [tidy(pl.col(name)) for name in contract.file.key]
    return pl.concat_str(parts, separator="/") if parts else pl.lit(None, pl.String)


def _column(contract: Contract) -> str:
    return ", ".join(contract.file.key)


def _is_as_first(rows: pl.DataFrame) -> pl.Series:
    """Tell which rows are about the same person as the first row with their key."""
    same = [pl.col(name).eq_missing(pl.col(name).first().over("key")) for name in _WHO]
    return rows.select(pl.all_horizontal(same).alias("same"))["same"]


def _keep_latest(keyed: pl.DataFrame, cells: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep each key's latest row by its timestamp as written (ISO text sorts by time); of equal ones the lowest down."""
    stamps = contract.named(Meaning.SEEN_ON)
    when = cells[stamps[0].name] if stamps else pl.Series([""]).new_from_index(0, cells.height)
    ranked = rank_rows(keyed.with_columns(when.fill_null("").alias("when")))
    old = ranked["rank"] > 1
    return ranked.filter(~old), find(ranked["row"], old, rule=Rule.SUPERSEDED, column=_column(contract))
