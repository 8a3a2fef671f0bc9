"""What was found wrong in a delivery, as frames of row, column and rule, and the sums that must add up."""

from collections.abc import Iterable

import polars as pl

from wardkeeper.sources.rules import WORDING, Effect, Note, Rule

SCHEMA = {"row": pl.Int64, "column": pl.String, "rule": pl.String}

BY_EFFECT: dict[Effect, list[str]] = {
    effect: [rule.value for rule, wording in WORDING.items() if wording.effect is effect] for effect in Effect
}

REASONS: dict[str, str] = {rule.value: wording.reason for rule, wording in WORDING.items()}


def find(rows: pl.Series, broken: pl.Series, *, rule: Rule, column: str = "") -> pl.DataFrame:
    """Give a finding for each row where `broken` holds."""
    return pl.DataFrame({"row": rows.filter(broken.fill_null(value=False))}, schema={"row": pl.Int64}).with_columns(
        column=pl.lit(column), rule=pl.lit(rule.value)
    )


def find_faults(rows: pl.Series, faults: pl.Series, *, column: str) -> pl.DataFrame:
    """Give a finding for each row whose reader named a rule."""
    found = pl.DataFrame([rows.cast(pl.Int64).alias("row"), faults.alias("rule")]).drop_nulls("rule")
    return found.select("row", pl.lit(column).alias("column"), "rule")


def gather(findings: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Put findings together, in the order of the rows."""
    return (
        pl.concat([pl.DataFrame(schema=SCHEMA), *findings]).unique(maintain_order=True).sort("row", maintain_order=True)
    )


def rows_with(findings: pl.DataFrame, effect: Effect) -> pl.Series:
    """Give the rows that broke a rule of an effect, each once."""
    return findings.filter(pl.col("rule").is_in(BY_EFFECT[effect]))["row"].unique().sort()


def to_notes(findings: pl.DataFrame, held: pl.Series) -> list[Note]:
    """Give the notes on rows that were not held back."""
    kept = findings.filter(~pl.col("row").is_in(held.implode()))
    return [Note(row, column, Rule(rule), REASONS[rule]) for row, column, rule in kept.iter_rows()]
