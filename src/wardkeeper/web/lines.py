"""One line of an incident's list as a template shows it. Columns that a person may not see are simply absent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

import polars as pl

from wardkeeper.incidents.checks import CheckStatus

PER_PAGE = 100
CREW_PER_PAGE = 20
CONTROL_FIRST = "Ring Control first"
"""One wording for every special reason (rule G17)."""

STATUS_COLOURS: dict[CheckStatus, str] = {
    CheckStatus.NEEDS_HELP: "govuk-tag--red",
    CheckStatus.TO_DO: "govuk-tag--grey",
    CheckStatus.TAKEN: "govuk-tag--blue",
    CheckStatus.TRY_AGAIN: "govuk-tag--orange",
    CheckStatus.DONE: "govuk-tag--green",
    CheckStatus.WITHHELD: "govuk-tag--grey",
}

STATUS_WORDS: dict[CheckStatus, str] = {
    CheckStatus.NEEDS_HELP: "Needs help",
    CheckStatus.TO_DO: "To do",
    CheckStatus.TAKEN: "Taken",
    CheckStatus.TRY_AGAIN: "Try again",
    CheckStatus.DONE: "Done",
    CheckStatus.WITHHELD: "Not shown to you",
}


@dataclass(frozen=True, slots=True)
class Person:
    """One resident with a need. `birth_year` is empty when it is not known or may not be seen."""

    name: str
    birth_year: str


@dataclass(frozen=True, slots=True)
class Line:
    """One home. Empty text and empty tuples stand for what may not be seen or is not known."""

    check_id: str
    rank: int
    reference: str
    status: CheckStatus
    outcome: str
    note: str
    organisation: str
    changed_at: datetime | None
    needs: tuple[str, ...]
    reasons: tuple[str, ...]
    people: int
    oldest_on: date | None
    address: str
    postcode: str
    persons: tuple[Person, ...]
    phones: tuple[str, ...]
    phones_shown: bool
    cautions: tuple[str, ...]
    ring_control: bool
    objected: bool

    @property
    def status_words(self) -> str:
        """The state in words."""
        return STATUS_WORDS[self.status]

    @property
    def status_colour(self) -> str:
        """The state's tag class."""
        return STATUS_COLOURS[self.status]

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do at this door."""
        return self.status is not CheckStatus.DONE


Row = Mapping[str, object]


def from_row(row: Row) -> Line:
    """Build a line from a row of the view's frame, whichever columns it has."""
    ring_control = bool(row.get("ring_control"))
    changed_at, oldest_on = row.get("changed_at"), row.get("oldest_on")
    return Line(
        check_id=str(row["check_id"]),
        rank=_number(row, "rank"),
        reference=_text(row, "reference"),
        status=CheckStatus(_text(row, "status")),
        outcome=_text(row, "outcome"),
        note=_text(row, "note"),
        organisation=_text(row, "by_organisation"),
        changed_at=changed_at if isinstance(changed_at, datetime) else None,
        needs=_texts(row, "needs"),
        reasons=_texts(row, "reasons"),
        people=_number(row, "people"),
        oldest_on=oldest_on if isinstance(oldest_on, date) else None,
        # The use case has emptied these already; a screen that trusts nobody shows no place twice over.
        address="" if ring_control else _text(row, "address"),
        postcode="" if ring_control else _text(row, "postcode"),
        persons=() if ring_control else _persons(row),
        phones=() if ring_control else _texts(row, "phones"),
        phones_shown="phones" in row and not ring_control,
        cautions=_texts(row, "cautions"),
        ring_control=ring_control,
        objected=bool(row.get("objected")),
    )


def from_frame(frame: pl.DataFrame) -> list[Line]:
    """Build the lines of one page of a list."""
    return [from_row(row) for row in frame.iter_rows(named=True)]


def _persons(row: Row) -> tuple[Person, ...]:
    names, years = _texts(row, "names"), _texts(row, "birth_years")
    # A birth year that is not known comes as words; phones belong to the home, not to one person.
    known = (year if year.isdecimal() else "" for year in years)
    return tuple(Person(name, year) for name, year in zip_longest(names, known, fillvalue="") if name)


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _number(row: Row, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0


def _texts(row: Row, name: str) -> tuple[str, ...]:
    values = row.get(name)
    if not isinstance(values, list):
        return ()
    return tuple(str(value) for value in values if value)
