"""The factors and markings a contract's columns assert. A blank cell asserts nothing, whichever way the column reads."""

import polars as pl

from wardkeeper.places.lettering import tidy
from wardkeeper.sources.findings import SCHEMA, find
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import Contract, FactorTerm, MarkingTerm

ASSERTED = {"row": pl.Int64, "factor": pl.String, "whose": pl.Int64}


def read_factors(cells: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Give row, factor and whose (a person of the row; 0 for all) for each one asserted, and the values not known."""
    asserted, findings = [pl.DataFrame(schema=ASSERTED)], []
    for term in contract.factors:
        found, unknown = _read_factor(_rows_of(cells, term), term)
        asserted.append(found.with_columns(whose=pl.lit(term.person, pl.Int64)))
        findings.append(unknown)
    findings += [_find_unread(cells, terms) for terms in _conditional(contract)]
    return pl.concat(asserted).unique(maintain_order=True), findings


def read_markings(cells: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Give row, protected and special (what kind of special home; null for others), and findings on unknown values."""
    marked = cells.select("row", pl.lit(value=False).alias("protected"), pl.lit(None, pl.String).alias("special"))
    findings = []
    for term in contract.markings:
        value = _plain(pl.col(term.column))
        hits = cells.select(_listed(value, term.when).alias("hit"), (value.is_not_null()).alias("given"))
        unknown = hits["given"] & ~hits["hit"] & ~cells.select(_listed(value, term.known).alias("k"))["k"]
        unknown = unknown & bool(term.known)
        findings.append(find(cells["row"], unknown, rule=Rule.UNKNOWN_MARKING, column=term.column))
        protects = (hits["hit"] | unknown).alias("protects")
        marked = marked.with_columns(hits["hit"], protects).select(
            "row", pl.col("protected") | pl.col("protects"), _special(term)
        )
    return marked, findings


def _listed(value: pl.Expr, values: tuple[str, ...]) -> pl.Expr:
    return value.is_in([listed.casefold() for listed in values]).fill_null(value=False)


def _special(term: MarkingTerm) -> pl.Expr:
    named = pl.when(pl.col("hit")).then(pl.lit(term.home)) if term.home else pl.lit(None, pl.String)
    return pl.coalesce("special", named).alias("special")


def _read_factor(cells: pl.DataFrame, term: FactorTerm) -> tuple[pl.DataFrame, pl.DataFrame]:
    if not term.column:
        return cells.select("row", pl.lit(term.factor).alias("factor")), pl.DataFrame(schema=SCHEMA)
    values = cells.select("row", _split(term).alias("value")).explode("value").select("row", _plain(pl.col("value")))
    read = values.drop_nulls("value").with_columns(_factor(term).alias("factor"), _is_known(term).alias("known"))
    unknown = read["factor"].is_null() & ~read["known"]
    return read.drop_nulls("factor").select("row", "factor"), find(
        read["row"], unknown, rule=Rule.UNKNOWN_VALUE, column=term.column
    )


def _rows_of(cells: pl.DataFrame, term: FactorTerm) -> pl.DataFrame:
    """Give the rows that an entry is about: those whose other columns hold what `where` asks for."""
    return cells.filter(_holds(term)) if term.where else cells


def _holds(term: FactorTerm) -> pl.Expr:
    return pl.all_horizontal(_listed(_plain(pl.col(name)), (value,)) for name, value in term.where)


def _conditional(contract: Contract) -> list[list[FactorTerm]]:
    """Give the entries of each column that is read under conditions only."""
    columns = dict.fromkeys(term.column for term in contract.factors if term.where)
    together = [[term for term in contract.factors if term.column == column] for column in columns]
    return [terms for terms in together if all(term.where for term in terms)]


def _find_unread(cells: pl.DataFrame, terms: list[FactorTerm]) -> pl.DataFrame:
    """Find the values that no entry is about: another scheme's word must not pass in silence."""
    column = terms[0].column
    read = cells.select(pl.any_horizontal(*map(_holds, terms)).alias("read"), _plain(pl.col(column)).alias("value"))
    return find(cells["row"], read["value"].is_not_null() & ~read["read"], rule=Rule.UNKNOWN_VALUE, column=column)


def _split(term: FactorTerm) -> pl.Expr:
    return pl.col(term.column).str.split(term.split) if term.split else pl.concat_list(term.column)


def _plain(text: pl.Expr) -> pl.Expr:
    return tidy(text).str.to_lowercase()


def _factor(term: FactorTerm) -> pl.Expr:
    """Give the factor of a value, or null."""
    named = pl.col("value").replace_strict(
        {value.casefold(): factor for value, factor in term.when}, default=None, return_dtype=pl.String
    )
    if term.filled:
        return pl.when(~_is_known(term)).then(pl.coalesce(named, pl.lit(term.factor)))
    if term.at_least is not None:
        number = pl.col("value").cast(pl.Float64, strict=False)
        return pl.coalesce(named, pl.when(number >= term.at_least).then(pl.lit(term.factor)))
    return named


def _is_known(term: FactorTerm) -> pl.Expr:
    listed = pl.col("value").is_in([value.casefold() for value in term.known])
    number = pl.col("value").cast(pl.Float64, strict=False)
    return listed | (number < term.at_least).fill_null(value=False) if term.at_least is not None else listed
