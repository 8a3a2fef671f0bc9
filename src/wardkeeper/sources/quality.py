"""How good a delivery is: per column, over all, and against what was agreed. Counts and sentences, never a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import Contract, Meaning

MOST_FIRST_OF_JANUARY = 0.02
"""Share of birth dates on 1 January above which many are stand-ins; 1 in 365 is expected."""

MOST_ON_ONE_PHONE = 10
"""Records on one telephone number above which it is an office's, not a person's."""

MOST_FAULTS = 0.2
"""Share of a column's values with a fault above which the column itself has changed."""

FEWEST_ROWS = 50
"""Rows below which a share says nothing."""


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """One column of the file: cells that are filled, and filled cells that broke no rule."""

    column: str
    filled: int
    valid: int


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What to know about a delivery before relying on it. `repeated` counts rows about someone already counted."""

    columns: tuple[ColumnQuality, ...]
    repeated: int
    suspicious: tuple[str, ...]
    extracted_on: date
    refresh_days: int
    assumed: tuple[str, ...]

    def is_late(self, on: date) -> bool:
        """Tell whether a newer file should have come by a day."""
        return on > self.extracted_on + timedelta(days=self.refresh_days)


def report(
    cells: pl.DataFrame,
    records: pl.DataFrame,
    findings: pl.DataFrame,
    contract: Contract,
    *,
    extracted_on: date,
    assumed: Sequence[str],
) -> QualityReport:
    """Judge a delivery by its cells, its records and what was found wrong with them."""
    columns = tuple(_judge(cells, findings, contract))
    return QualityReport(
        columns=columns,
        repeated=_count(findings, Rule.REPEATED_KEY, Rule.SUPERSEDED),
        suspicious=(*_changed(columns), *_first_of_january(records, contract), *_shared_phones(records)),
        extracted_on=extracted_on,
        refresh_days=contract.refresh_days,
        assumed=tuple(assumed),
    )


def _count(findings: pl.DataFrame, *rules: Rule) -> int:
    return findings.filter(pl.col("rule").is_in(rules))["row"].n_unique()


def _judge(cells: pl.DataFrame, findings: pl.DataFrame, contract: Contract) -> list[ColumnQuality]:
    filled = cells.select((pl.col(name).str.strip_chars() != "").sum() for name in contract.file.columns).row(0)
    about_values = findings.filter(~pl.col("rule").is_in([Rule.REPEATED_KEY, Rule.SUPERSEDED, Rule.JOINT_NAME]))
    faulty = dict(about_values.group_by("column").agg(pl.col("row").n_unique()).iter_rows())
    return [
        ColumnQuality(name, count, max(count - faulty.get(name, 0), 0))
        for name, count in zip(contract.file.columns, filled, strict=True)
    ]


def _changed(columns: Sequence[ColumnQuality]) -> list[str]:
    return [
        f"{1 - column.valid / column.filled:.0%} of the values in {column.column} cannot be used: has its form changed?"
        for column in columns
        if column.filled >= FEWEST_ROWS and column.valid < (1 - MOST_FAULTS) * column.filled
    ]


def _first_of_january(records: pl.DataFrame, contract: Contract) -> list[str]:
    births = records["birth_date"].drop_nulls()
    if not contract.named(Meaning.BIRTH_DATE) or births.len() < FEWEST_ROWS:
        return []
    share = float(((births.dt.month() == 1) & (births.dt.day() == 1)).sum()) / births.len()
    return [f"{share:.0%} of birth dates are 1 January: many may stand for an unknown day"] * (
        share > MOST_FIRST_OF_JANUARY
    )


def _shared_phones(records: pl.DataFrame) -> list[str]:
    shared = records.drop_nulls("phone").group_by("phone").agg(pl.len().alias("people"))
    crowd = shared.filter(pl.col("people") > MOST_ON_ONE_PHONE)
    if crowd.is_empty():
        return []
    return [
        f"{crowd.height} telephone numbers are each on more than {MOST_ON_ONE_PHONE} records: they may be an office's"
    ]
