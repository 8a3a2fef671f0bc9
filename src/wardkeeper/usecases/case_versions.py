"""The versions of the cases: each load that was put in force, what it changed, and which one is in force now.

Nothing here is about a person: counts of counts, weeks, and where the figures come from.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import to_text
from wardkeeper.ledger.leaves import Act
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.versions import Change
from wardkeeper.usecases.case_notes import drawn_from_counts
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document, Store
from wardkeeper.usecases.rulebook import Kind
from wardkeeper.usecases.stopped_loads import Question, find_question

NAME = "versions"
QUESTIONS = "outbreak/cases"
"""Under which the question of a stopped load of cases is kept; no source has a stroke in its name."""

PUBLISHED, LINE_LIST = "published counts", "line list"


@dataclass(frozen=True, slots=True)
class Version:
    """One load: what it was, and what it changed against the one in force before."""

    number: int
    at: str
    by: str
    kind: str
    source: str
    as_of: str
    areas: int
    first_week: str
    last_week: str
    least: int
    most: int
    file: str
    lines: str = ""
    change: Change = field(default_factory=Change)
    says: tuple[str, ...] = ()
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions, the newest first, and the load that stopped with a question, if one waits."""

    versions: tuple[Version, ...]
    question: Question | None


def list_versions(house: House, actor: Actor, *, file: str = "") -> Versions:
    """List what was loaded, the newest first. With `file`, it leaves as a file of that name: the ledger says so. Raises Refused."""
    opened = open_door(house, Ask(actor, "public-health", Operation.VIEW_OUTBREAK, drawn_from_counts(house.store)))
    opened.tell_export(file)
    with house.store.write(opened.leaf(Act.READ, {"documents": NAME})):
        return Versions(tuple(reversed(versions(house.store))), find_question(house, QUESTIONS))


def versions(store: Store) -> tuple[Version, ...]:
    """Give the versions, oldest first."""
    document = store.document(Kind.CASES, NAME)
    return tuple(_read(value) for value in json.loads(document.content)) if document else ()


def _read(value: dict[str, object]) -> Version:
    known = {name: part for name, part in value.items() if name not in ("change", "says")}
    change, says = value["change"], value["says"]
    assert isinstance(change, dict)
    assert isinstance(says, list)
    return Version(**known, change=Change(**change), says=tuple(says))  # type: ignore[arg-type]


def next_version(house: House, counts: Counts, *, by: str, kind: str, source: str, as_of: date) -> Version:
    """Make the version of counts about to be stored; its files and what it changes are not known yet."""
    low, high = counts.frame.select("low", "high").sum().row(0)
    weeks = counts.weeks
    return Version(
        number=len(versions(house.store)) + 1,
        at=to_text(house.clock.now()),
        by=by,
        kind=kind,
        source=source,
        as_of=as_of.isoformat(),
        areas=len(counts.areas),
        first_week=weeks[0].isoformat() if weeks else "",
        last_week=weeks[-1].isoformat() if weeks else "",
        least=int(low),
        most=int(high),
        file="",
    )


def with_version(house: House, version: Version) -> Document:
    """Make the document that holds all versions, the given one in force."""
    before = [replace(one, in_force=False) for one in versions(house.store)]
    content = json.dumps([asdict(one) for one in (*before, version)], ensure_ascii=False, separators=(",", ":"))
    return document_of(house, Kind.CASES, NAME, content.encode())


def load_in_force(store: Store) -> int:
    """Give the number of the load of cases that is in force; 0 for none."""
    return max((one.number for one in versions(store) if one.in_force), default=0)


def newest_line_list(store: Store) -> Version | None:
    """Give the newest version that came as a line list: the cases that are in the vault."""
    return next((one for one in reversed(versions(store)) if one.lines), None)
