"""What is said of the loaded cases: where they come from, what is missing, what was assumed. Nothing about a person."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from wardkeeper.kernel.columns import AREA_SUM
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.ways import Way
from wardkeeper.outbreaks.counts import ESTIMATES, WEEK, Counts, DayCounts, WholeWeek
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.datasets import AREA_WEEKS
from wardkeeper.usecases.ports import Store
from wardkeeper.usecases.rulebook import Kind

NAME = "area-weeks"
DAY = 1


@dataclass(frozen=True, slots=True)
class CaseNotes:
    """What goes with the counts. `areas` is an AreaTable's frame as JSON; empty when the authority's own areas serve."""

    source: str
    delay_days: int
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    areas: str = ""

    @classmethod
    def of(cls, counts: Counts, source: str, areas: AreaTable | None) -> "CaseNotes":
        """Take the notes of counts about to be stored."""
        shapes = areas.frame.write_json() if areas else ""
        return cls(source, counts.delay_days, counts.missing, counts.notes, shapes)

    def to_bytes(self) -> bytes:
        """Give the canonical bytes that are stored."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def counts(self, frame: pl.DataFrame, sums: pl.DataFrame | None = None) -> Counts:
        """Put the notes, the sealed counts and the sealed `sums` of all areas together again.

        Counts sealed before estimates were made have none.
        """
        typed = frame.with_columns(pl.col(ESTIMATES).cast(pl.Float64))
        whole, days = ((), None) if sums is None else (_weeks_of(sums), _days_of(sums))
        return Counts(typed, self.delay_days, self.missing, self.notes, whole, days)

    def area_table(self, own: AreaTable) -> AreaTable:
        """Give the areas that the cases came with, else the authority's own."""
        return _area_table(self.areas) if self.areas else own


def case_notes(store: Store) -> CaseNotes:
    """Find the notes of the loaded cases; sums that notes held before they were sealed are left out. Raises NotFound when none are."""
    document = store.document(Kind.CASES, NAME)
    if document is None:
        raise NotFound("No cases have been loaded.", "Load a file of cases first.", way=Way.LOAD_CASES)
    known = {one.name for one in fields(CaseNotes)}
    values = {name: value for name, value in json.loads(document.content).items() if name in known}
    return CaseNotes(**{**values, "missing": tuple(values["missing"]), "notes": tuple(values["notes"])})


def drawn_from_counts(store: Store) -> dict[str, list[str]]:
    """Give what to ask for, to see what was drawn from the counts: the counts themselves, so that it ends when they do."""
    return {AREA_WEEKS: ["area", "week_end"]} if store.current(AREA_WEEKS) else {}


def sums_of(counts: Counts) -> pl.DataFrame:
    """Give the sums of all areas as they are sealed: a row a day, and a row an incomplete week."""
    days = counts.days.cases if counts.days else ()
    first = counts.days.first if counts.days else date.min
    rows: list[tuple[object, ...]] = [
        (first + timedelta(day), DAY, float(cases), None, None) for day, cases in enumerate(days)
    ]
    rows += [(week.week_end - timedelta(WEEK - 1), WEEK, week.estimate, week.low, week.high) for week in counts.whole]
    kinds = (pl.Date, pl.Int64, pl.Float64, pl.Float64, pl.Float64)
    schema = {column.name: kind for column, kind in zip(AREA_SUM, kinds, strict=True)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _weeks_of(sums: pl.DataFrame) -> tuple[WholeWeek, ...]:
    weeks = sums.filter(pl.col("sum_days") == WEEK).sort("sum_first").select(pl.exclude("sum_days"))
    return tuple(WholeWeek(first + timedelta(WEEK - 1), *figures) for first, *figures in weeks.iter_rows())


def _days_of(sums: pl.DataFrame) -> DayCounts | None:
    days = sums.filter(pl.col("sum_days") == DAY).sort("sum_first")
    if days.is_empty():
        return None
    return DayCounts(days["sum_first"][0], tuple(days["sum_cases"].cast(pl.Int64)))


@lru_cache(maxsize=2)
def _area_table(content: str) -> AreaTable:
    return AreaTable(pl.DataFrame(json.loads(content)))
