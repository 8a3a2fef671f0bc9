"""Load cases by area and week, and where they came as a line list the cases themselves, and seal them.

Each load is a version. One that is older than what is in force, or changes much of it, is asked about first.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import AREA_SUM, AREA_WEEK, CASE_LINE
from wardkeeper.kernel.errors import BadInput, Conflict, Where, naming
from wardkeeper.kernel.ids import MandateId
from wardkeeper.kernel.mandates import AtEnd, Mandate, MandateKind
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.outbreaks.boundaries import check_boundaries
from wardkeeper.outbreaks.counts import Counts, say_odd
from wardkeeper.outbreaks.line_lists import LineList
from wardkeeper.outbreaks.versions import (
    Change,
    check_change,
    compare_counts,
    compare_lists,
    find_late_batch,
    say,
    say_batch,
)
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.case_notes import NAME, CaseNotes, case_notes, sums_of
from wardkeeper.usecases.case_versions import (
    LINE_LIST,
    PUBLISHED,
    QUESTIONS,
    load_in_force,
    newest_line_list,
    next_version,
    with_version,
)
from wardkeeper.usecases.datasets import ALL_AREAS, AREA_WEEKS, CASE_LINES
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.killed_runs import sweep_killed
from wardkeeper.usecases.ports import VaultFile
from wardkeeper.usecases.rulebook import Kind
from wardkeeper.usecases.stopped_loads import answers_to, asking

PURPOSE = "public-health"
MANDATE = MandateId("standing-cases")
GATEWAYS = ("copi-regs-2002",)
"""The Health Service (Control of Patient Information) Regulations 2002: communicable disease."""

REVIEW_AFTER = timedelta(days=365)
SAME = "No count is known to differ from the load before."

COUNT_COLUMNS = [column.name for column in AREA_WEEK]
SUM_COLUMNS = [column.name for column in AREA_SUM]
LINE_COLUMNS = [column.name for column in CASE_LINE]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is to be loaded: the counts, and what goes with them.

    `source` says in words where they come from, `areas` are their boundaries when not the authority's own, `lines`
    the line list they were counted from, and `as_of` the day they were known. `older` and `restated` are the loader's
    word that figures older than those in force, or much different, are meant to replace them.
    """

    counts: Counts
    source: str
    areas: AreaTable | None = None
    lines: LineList | None = None
    as_of: date | None = None
    older: bool = False
    restated: bool = False


@dataclass(frozen=True, slots=True)
class CasesLoaded:
    """What was loaded, which version it is, and what it changed."""

    source: str
    areas: int
    weeks: int
    rows: int
    notes: tuple[str, ...]
    version: int = 1
    change: Change | None = None
    cases: int | None = None
    unplaced: int = 0
    set_aside: int = 0


def load_figures(house: House, actor: Actor, figures: Figures, *, purpose: str = PURPOSE) -> CasesLoaded:
    """Seal counts, and the line list behind them, as the current version.

    Raises Refused, BadInput with a question, and Conflict when another load came at the same moment.
    """
    _check_areas_once(figures.areas)
    _check_not_ahead(figures.as_of, london_day(house.clock.now()))
    wanted = {AREA_WEEKS: COUNT_COLUMNS, ALL_AREAS: SUM_COLUMNS} | ({CASE_LINES: LINE_COLUMNS} if figures.lines else {})
    tier = Tier.NAMES if figures.lines else Tier.FLAGS
    opened = open_door(house, Ask(actor, purpose, Operation.LOAD_CASES, wanted, tier, mandates=(MANDATE,)))
    sweep_killed(house)
    before = load_in_force(house.store)
    change, says = _compare(house, opened, figures)
    with naming(figures.source), asking(opened, QUESTIONS, figures.source):
        check_change(change, older=figures.older, restated=figures.restated)
    return _store(house, opened, figures, change, says, before=before)


def _check_areas_once(areas: AreaTable | None) -> None:
    if areas is not None and areas.frame["area"].is_duplicated().any():
        raise BadInput(
            "The boundaries have an area twice.", "Keep one shape for each area.", Where(rule="one shape an area")
        )


def _check_not_ahead(as_of: date | None, today: date) -> None:
    """Refuse figures of a day to come: every later load would seem older, and weeks that are not over complete."""
    if as_of is not None and as_of > today:
        raise BadInput(
            f"The figures can't be those known on {as_of}: that day is to come.",
            "Give the day they were known or published.",
            Where(rule="no future"),
        )


def _compare(house: House, opened: Opened, figures: Figures) -> tuple[Change, tuple[str, ...]]:
    """Tell what the figures change, and what is to be said: of the change, a late batch, odd counts, other areas."""
    first = house.store.current(AREA_WEEKS) is None
    change = Change() if first else _change(house, opened, figures)
    batch = find_late_batch(figures.lines.frame) if figures.lines else None
    known = (figures.areas or house.places().areas).codes
    says = (
        *(() if first else say(change) or (SAME,)),
        *((say_batch(batch),) if batch else ()),
        *say_odd(figures.counts),
        *check_boundaries(figures.counts.areas, known).notes,
    )
    return change, says


def _change(house: House, opened: Opened, figures: Figures) -> Change:
    before = case_notes(house.store).counts(opened.read(AREA_WEEKS))
    change = compare_counts(before, figures.counts)
    earlier = newest_line_list(house.store)
    if figures.lines is None or earlier is None:
        return change
    return compare_lists(
        change,
        opened.read(CASE_LINES, ["case", "area", "event_date"]),
        figures.lines.frame,
        named=figures.lines.named,
        as_of=(date.fromisoformat(earlier.as_of), figures.lines.as_of),
    )


def _store(
    house: House, opened: Opened, figures: Figures, change: Change, says: tuple[str, ...], *, before: int
) -> CasesLoaded:
    counts, lines = figures.counts, figures.lines
    files = _seal(house, opened, figures)
    told = replace(counts, notes=(*counts.notes, *says))
    kind = LINE_LIST if lines else PUBLISHED
    as_of = figures.as_of or (lines.as_of if lines else london_day(house.clock.now()))
    made = next_version(house, counts, by=opened.decision.login, kind=kind, source=figures.source, as_of=as_of)
    version = replace(made, change=change, says=says, file=files[0].id, lines=files[1].id if lines else "")
    loaded = CasesLoaded(
        source=figures.source,
        areas=len(counts.areas),
        weeks=len(counts.weeks),
        rows=counts.frame.height,
        notes=(*counts.missing, *told.notes),
        version=version.number,
        change=change,
        cases=lines.frame.height if lines else None,
        unplaced=lines.unplaced if lines else 0,
        set_aside=sum(lines.set_aside.values()) if lines else 0,
    )
    notes = CaseNotes.of(told, figures.source, figures.areas)
    with house.store.write(opened.leaf(Act.CASES_LOADED, _detail(loaded))) as writer:
        if load_in_force(house.store) != before:
            raise Conflict("Other cases were loaded at the same moment.", "Load these again, to see what they change.")
        for file in files:
            writer.set_current(file)
        writer.apply_document(document_of(house, Kind.CASES, NAME, notes.to_bytes()))
        writer.apply_document(with_version(house, version))
        for answer in answers_to(house, QUESTIONS):
            writer.apply_document(answer)
    return loaded


def _detail(loaded: CasesLoaded) -> dict[str, Detail]:
    counted: dict[str, Detail] = {
        "source": loaded.source,
        "areas": loaded.areas,
        "weeks": loaded.weeks,
        "version": loaded.version,
    }
    if loaded.cases is None:
        return counted
    return counted | {"cases": loaded.cases, "unplaced": loaded.unplaced, "set_aside": loaded.set_aside}


def _seal(house: House, opened: Opened, figures: Figures) -> list[VaultFile]:
    """Seal the counts, the line list they were made from as their parent, and the sums of all areas."""
    parents = []
    if figures.lines is not None:
        parents.append(_write(house, opened, CASE_LINES, figures.lines.frame.select(LINE_COLUMNS)))
    counts = _write(house, opened, AREA_WEEKS, figures.counts.frame.select(COUNT_COLUMNS), *parents)
    sums = _write(house, opened, ALL_AREAS, sums_of(figures.counts), *parents)
    return [counts, *parents, sums]


def _write(house: House, opened: Opened, dataset: str, frame: pl.DataFrame, *parents: VaultFile) -> VaultFile:
    return house.vault.write(
        frame, dataset=dataset, mandates=[MANDATE], parents=[one.id for one in parents], permit=opened.decision
    )


def cases_mandate(today: date) -> Mandate:
    """Make the standing mandate for cases and counts of them, to be reviewed in a year."""
    return Mandate(
        id=MANDATE,
        kind=MandateKind.STANDING,
        title="Cases of infection: line lists, and counts by area and week",
        purposes=frozenset({PURPOSE}),
        gateways=GATEWAYS,
        starts=today,
        ends=None,
        review_by=today + REVIEW_AFTER,
        at_end=AtEnd.DELETE,
    )
