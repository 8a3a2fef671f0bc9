"""How good a delivery is: per column, over all, and against what was agreed. Counts and sentences, never a value."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from wardkeeper.sources.changes import Changes
from wardkeeper.sources.concerns import Concern, Doubt
from wardkeeper.sources.profiles import ColumnQuality, count_months, guard, measure_columns
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.suspicion import find_suspicious
from wardkeeper.sources.terms import Contract


@dataclass(frozen=True, slots=True)
class NoteCount:
    """How many rows broke one rule in one column."""

    column: str
    rule: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What to know about a delivery before relying on it. `repeated` counts rows about someone already counted.

    `rows` are rows of the file; `months` counts records by the month ("2026-10") their row is about. `changes` is None
    for a first file, and for one without keys.
    """

    columns: tuple[ColumnQuality, ...]
    repeated: int
    suspicious: tuple[Concern, ...]
    extracted_on: date
    refresh_days: int
    assumed: tuple[str, ...]
    rows: int = 0
    records: int = 0
    months: tuple[tuple[str, int], ...] = ()
    notes: tuple[NoteCount, ...] = ()
    changes: Changes | None = None

    @property
    def due_on(self) -> date:
        """The last day on which this file is fresh."""
        return self.extracted_on + timedelta(days=self.refresh_days)

    def is_late(self, on: date) -> bool:
        """Tell whether a newer file should have come by a day."""
        return on > self.due_on


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
    columns = measure_columns(cells, findings, contract)
    return QualityReport(
        columns=guard(columns, contract),
        repeated=_count(findings, Rule.REPEATED_KEY, Rule.SUPERSEDED),
        suspicious=find_suspicious(cells, records, findings, contract, columns=columns, on=extracted_on),
        extracted_on=extracted_on,
        refresh_days=contract.refresh_days,
        assumed=tuple(assumed),
        rows=cells.height,
        records=records.height,
        months=count_months(records, contract),
    )


def _count(findings: pl.DataFrame, *rules: Rule) -> int:
    return findings.filter(pl.col("rule").is_in(rules))["row"].n_unique()


def read_report(content: bytes) -> QualityReport:
    """Read a report as it was stored. One from an older version has less in it, and stays readable."""
    kept: Mapping[str, Any] = json.loads(content)
    return QualityReport(
        columns=tuple(_read_column(column) for column in kept["columns"]),
        repeated=kept["repeated"],
        suspicious=tuple(_read_concern(one) for one in kept["suspicious"]),
        extracted_on=date.fromisoformat(kept["extracted_on"]),
        refresh_days=kept["refresh_days"],
        assumed=tuple(kept["assumed"]),
        rows=kept.get("rows", 0),
        records=kept.get("records", 0),
        months=tuple((month, count) for month, count in kept.get("months", [])),
        notes=tuple(NoteCount(**note) for note in kept.get("notes", [])),
        changes=Changes(**kept["changes"]) if kept.get("changes") else None,
    )


def _read_column(kept: Mapping[str, Any]) -> ColumnQuality:
    codes = tuple((code, count) for code, count in kept.get("codes", []))
    return ColumnQuality(kept["column"], kept["filled"], kept["valid"], kept.get("distinct", 0), codes)


def _read_concern(kept: Mapping[str, Any] | str) -> Concern:
    if isinstance(kept, str):
        return Concern(Doubt.FORM_CHANGED, kept)
    return Concern(Doubt(kept["doubt"]), kept["says"], kept["column"])
