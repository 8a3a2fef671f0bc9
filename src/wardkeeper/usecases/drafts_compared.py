"""Drafts beside what is applied: what is new, changed, unchanged or missing, what it brings about, and who must agree."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from wardkeeper.governance.signatures import Matter, needs_second
from wardkeeper.kernel.spans import london_day
from wardkeeper.kernel.toml_changes import KeyChange, compare
from wardkeeper.sources.amending import Amendment, describe_new, find_amendments, tell_consequences
from wardkeeper.sources.unread import tell_unread
from wardkeeper.usecases import datasets
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.drafts import Draft, check_ends, check_keys, check_same_authority, check_together, name_file
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document
from wardkeeper.usecases.rulebook import RULES, Kind, Rulebook, parse


class State(StrEnum):
    """How a draft stands beside what is applied."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    """Applied, and its draft is gone: it stays in force."""


@dataclass(frozen=True, slots=True)
class Line:
    """One document. `sha256` and `previous` are of the draft and of the applied bytes; "" where there is none.

    `says` are sentences about a new source, for whoever agrees to it.
    """

    kind: Kind
    name: str
    file: str
    state: State
    sha256: str = ""
    previous: str = ""
    changes: tuple[KeyChange, ...] = ()
    consequences: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    matters: frozenset[Matter] = frozenset()

    @property
    def two_people(self) -> bool:
        """Whether it takes a second person's word."""
        return any(map(needs_second, self.matters))


@dataclass(frozen=True, slots=True)
class Comparison:
    """All drafts beside what is applied. `book` is the rulebook that they would make, `before` the one in force."""

    lines: tuple[Line, ...]
    changed: tuple[Document, ...]
    book: Rulebook
    before: Rulebook

    @property
    def matters(self) -> frozenset[Matter]:
        """Everything that the changes are about."""
        return frozenset().union(*(line.matters for line in self.lines))

    def line(self, document: Document) -> Line:
        """Find the line of a changed document."""
        return next(line for line in self.lines if (line.kind, line.name) == (document.kind, document.name))


BY_TWO = frozenset({Amendment.PERMISSION, Amendment.MARKINGS})
"""Amendments of a contract that take two people; all others are about how a file is read."""

MATTERS = {Kind.NEEDS: Matter.NEEDS}
"""What a change to a kind of document is about; a contract's depends on the change, and all others are law."""


def compare_drafts(house: House, drafts: Sequence[Draft], *, partly: bool = False) -> Comparison:
    """Compare drafts with what is applied. `partly`: these are some of the drafts, so none is missing.

    Raises BadInput from the first draft that breaks a rule, or that does not fit the others.
    """
    applied = {(one.kind, one.name): one for kind in RULES for one in house.store.documents(kind)}
    drafted = {(str(one.kind), one.name): document_of(house, one.kind, one.name, one.text.encode()) for one in drafts}
    before = parse(tuple(applied.values()))
    after = {**applied, **{key: one for key, one in drafted.items() if _differs(one, applied.get(key))}}
    changed = tuple(one for key, one in drafted.items() if _differs(one, applied.get(key)))
    book = parse(tuple(after.values()))
    check_same_authority(before, book)
    check_together(book, {mandate.id: mandate for mandate in house.store.mandates()})
    contracts = [book.contracts[one.name] for one in changed if one.kind == Kind.SOURCE]
    check_ends(contracts, london_day(house.clock.now()))
    check_keys(contracts)
    gone = [] if partly else [one for key, one in applied.items() if key not in drafted]
    lines = [
        *(_line(house, one, applied.get(key), before, book) for key, one in drafted.items()),
        *(_missing(one) for one in gone),
    ]
    return Comparison(tuple(lines), changed, book, before)


def _differs(draft: Document, applied: Document | None) -> bool:
    return applied is None or applied.sha256 != draft.sha256


def _missing(applied: Document) -> Line:
    file = name_file(applied.kind, applied.name)
    return Line(Kind(applied.kind), applied.name, file, State.MISSING, previous=applied.sha256)


def _line(house: House, draft: Document, applied: Document | None, before: Rulebook, book: Rulebook) -> Line:
    kind, file = Kind(draft.kind), name_file(draft.kind, draft.name)
    if applied is None:
        says = describe_new(book.contracts[draft.name]) if kind is Kind.SOURCE else ()
        matters = _matters(kind, draft.name, before, book)
        unread = _unread(kind, draft.name, before, book)
        return Line(kind, draft.name, file, State.NEW, draft.sha256, consequences=unread, says=says, matters=matters)
    if not _differs(draft, applied):
        return Line(kind, draft.name, file, State.UNCHANGED, draft.sha256, applied.sha256)
    return Line(
        kind,
        draft.name,
        file,
        State.CHANGED,
        draft.sha256,
        applied.sha256,
        compare(applied.content.decode(), draft.content.decode()),
        (*_consequences(house, kind, draft.name, before, book), *_unread(kind, draft.name, before, book)),
        matters=_matters(kind, draft.name, before, book),
    )


def _consequences(house: House, kind: Kind, name: str, before: Rulebook, book: Rulebook) -> tuple[str, ...]:
    if kind is not Kind.SOURCE or house.store.current(datasets.records(name)) is None:
        return ()
    return tell_consequences(before.contracts[name], book.contracts[name])


def _unread(kind: Kind, name: str, before: Rulebook, book: Rulebook) -> tuple[str, ...]:
    """Say what the drafted contract reads in vain; what the one in force does too is known, and told no more."""
    if kind is not Kind.SOURCE:
        return ()
    known = before.contracts.get(name)
    told = set(tell_unread(known, before.facts)) if known else set()
    return tuple(one for one in tell_unread(book.contracts[name], book.facts) if one not in told)


def _matters(kind: Kind, name: str, before: Rulebook, book: Rulebook) -> frozenset[Matter]:
    if kind is not Kind.SOURCE:
        return frozenset({MATTERS.get(kind, Matter.LAW)})
    if name not in before.contracts:
        return frozenset({Matter.PERMISSION})
    found = find_amendments(before.contracts[name], book.contracts[name])
    reading = frozenset({Matter.READING}) if not found or found - BY_TWO else frozenset()
    return reading | (frozenset({Matter.PERMISSION}) if found & BY_TWO else frozenset())


def name_proposal(first: str, changed: Sequence[Document], comparison: Comparison) -> str:
    """Name a proposal by who makes it, what it holds and what it was compared with: no other can have the name."""
    parts = [first, *(f"{one.kind}/{one.name} {comparison.line(one).previous} {one.sha256}" for one in changed)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
