"""What is said of the loaded cases: where they come from, what is missing, what was assumed. Nothing about a person."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.ways import Way
from wardkeeper.outbreaks.counts import ESTIMATES, Counts, DayCounts, WholeWeek
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.datasets import AREA_WEEKS
from wardkeeper.usecases.ports import Store
from wardkeeper.usecases.rulebook import Kind

NAME = "area-weeks"


@dataclass(frozen=True, slots=True)
class CaseNotes:
    """What goes with the counts. `areas` is an AreaTable's frame as JSON; empty when the authority's own areas serve.

    `whole` and `days` are those of the counts as JSON: sums of all areas.
    """

    source: str
    delay_days: int
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    areas: str = ""
    whole: str = "[]"
    days: str = "null"

    @classmethod
    def of(cls, counts: Counts, source: str, areas: AreaTable | None) -> "CaseNotes":
        """Take the notes of counts about to be stored."""
        shapes = areas.frame.write_json() if areas else ""
        whole = json.dumps([asdict(one) for one in counts.whole], default=str)
        days = json.dumps(asdict(counts.days) if counts.days else None, default=str)
        return cls(source, counts.delay_days, counts.missing, counts.notes, shapes, whole, days)

    def to_bytes(self) -> bytes:
        """Give the canonical bytes that are stored."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def counts(self, frame: pl.DataFrame) -> Counts:
        """Put the notes and the sealed counts together again. Counts sealed before estimates were made have none."""
        typed = frame.with_columns(pl.col(ESTIMATES).cast(pl.Float64))
        whole = (_dated(week, "week_end") for week in json.loads(self.whole))
        days = json.loads(self.days)
        by_day = DayCounts(**{**_dated(days, "first"), "cases": tuple(days["cases"])}) if days else None
        return Counts(
            typed, self.delay_days, self.missing, self.notes, tuple(WholeWeek(**week) for week in whole), by_day
        )

    def area_table(self, own: AreaTable) -> AreaTable:
        """Give the areas that the cases came with, else the authority's own."""
        return _area_table(self.areas) if self.areas else own


def case_notes(store: Store) -> CaseNotes:
    """Find the notes of the loaded cases. Raises NotFound when none are."""
    document = store.document(Kind.CASES, NAME)
    if document is None:
        raise NotFound("No cases have been loaded.", "Load a file of cases first.", way=Way.LOAD_CASES)
    values = json.loads(document.content)
    return CaseNotes(**{**values, "missing": tuple(values["missing"]), "notes": tuple(values["notes"])})


def drawn_from_counts(store: Store) -> dict[str, list[str]]:
    """Give what to ask for, to see what was drawn from the counts: the counts themselves, so that it ends when they do."""
    return {AREA_WEEKS: ["area", "week_end"]} if store.current(AREA_WEEKS) else {}


def _dated(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {**values, name: date.fromisoformat(values[name])}


@lru_cache(maxsize=2)
def _area_table(content: str) -> AreaTable:
    return AreaTable(pl.DataFrame(json.loads(content)))
