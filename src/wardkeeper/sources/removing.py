"""Entries that a file of changes removes: found by the source's own key and set apart from the rows that add or change."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.kernel.columns import REMOVED
from wardkeeper.places.lettering import tidy
from wardkeeper.sources.decoding import UNREADABLE
from wardkeeper.sources.findings import find
from wardkeeper.sources.keys import own_key, rank_rows
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import Contract, Kind, Meaning, RemovalTerm

_TYPES: dict[str, type[pl.DataType]] = {"text": pl.String, "int": pl.Int64, "date": pl.Date}

REMOVED_SCHEMA = {column.name: _TYPES[column.kind] for column in REMOVED}


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """`cells` are the rows left to read; `removed` has row and key of each entry taken out."""

    cells: pl.DataFrame
    removed: pl.DataFrame
    findings: tuple[pl.DataFrame, ...] = ()


def part_removals(cells: pl.DataFrame, contract: Contract) -> Parted:
    """Part the rows that remove from those that add or change. Of one key's rows the latest counts, whichever it does.

    A row without a key, or with a word that the contract does not know, stays among `cells` and is held back.
    """
    if contract.kind is not Kind.CHANGES:
        return Parted(cells, pl.DataFrame(schema={"row": pl.Int64, "key": pl.String}))
    marked = _mark(cells, contract)
    rows, column = cells["row"], ", ".join(term.column for term in contract.removals)
    keys = ", ".join(contract.file.key)
    ranked = rank_rows(marked.filter(~pl.col("doubtful")))
    removed = ranked.filter((pl.col("rank") == 1) & pl.col("removes")).select("row", "key")
    old = ranked.filter((pl.col("rank") > 1) & (pl.col("removes") | pl.col("key").is_in(removed["key"].implode())))
    apart = pl.concat([removed["row"], old["row"]])
    return Parted(
        cells.filter(~rows.is_in(apart.implode())),
        removed,
        (
            find(rows, marked["key"].is_null(), rule=Rule.NO_KEY_TO_CHANGE, column=keys),
            find(rows, marked["unknown"], rule=Rule.UNKNOWN_CHANGE, column=column),
            find(removed["row"], removed["row"].is_not_null(), rule=Rule.REMOVED, column=column),
            find(old["row"], old["row"].is_not_null(), rule=Rule.SUPERSEDED, column=keys),
        ),
    )


def _mark(cells: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Give, for each row, row, key, when, removes, unknown, and whether it is too doubtful to take anything out."""
    stamps = contract.named(Meaning.SEEN_ON)
    when = pl.col(stamps[0].name).fill_null("") if stamps else pl.lit("")
    terms = contract.removals
    marked = cells.select(
        "row",
        own_key(contract).alias("key"),
        when.alias("when"),
        pl.any_horizontal(pl.lit(value=False), *(_listed(term, term.when) for term in terms)).alias("removes"),
        pl.any_horizontal(pl.lit(value=False), *map(_is_unknown, terms)).alias("unknown"),
    )
    unreadable = pl.col("key").str.contains(UNREADABLE, literal=True).fill_null(value=False)
    return marked.with_columns((pl.col("key").is_null() | pl.col("unknown") | unreadable).alias("doubtful"))


def _is_unknown(term: RemovalTerm) -> pl.Expr:
    filled = tidy(pl.col(term.column)).is_not_null()
    return filled & ~_listed(term, (*term.when, *term.known)) if term.known else pl.lit(value=False)


def _listed(term: RemovalTerm, values: tuple[str, ...]) -> pl.Expr:
    value = tidy(pl.col(term.column)).str.to_lowercase()
    return value.is_in([listed.casefold() for listed in values]).fill_null(value=False)
