"""Coverage: what a list may be missing. A source that is late or absent is named, never passed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wardkeeper.kernel.phrases import count


class Freshness(StrEnum):
    """How a source stands against its contract."""

    FRESH = "fresh"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a contract promises, and the newest extract received."""

    source: str
    title: str
    contact: str
    refresh_days: int
    newest_on: date | None


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One source beside its promise, in words for a screen."""

    source: str
    title: str
    state: Freshness
    newest_on: date | None
    note: str


IN_NO_SOURCE = (
    "Nobody can be on this list who is in none of these files: visitors, people who moved in lately, people who never "
    "asked the council for anything. Ask at each door about the neighbours."
)


def coverage(expected: Iterable[Expected], today: date) -> list[CoverageLine]:
    """Tell for each source whether it is fresh, late or missing, the worst first."""
    order = {Freshness.MISSING: 0, Freshness.LATE: 1, Freshness.FRESH: 2}
    return sorted((_line(one, today) for one in expected), key=lambda line: (order[line.state], line.source))


def _line(one: Expected, today: date) -> CoverageLine:
    if one.newest_on is None:
        note = f"No file has been received. Ask {one.contact}."
        return CoverageLine(one.source, one.title, Freshness.MISSING, None, note)
    age = (today - one.newest_on).days
    if age > one.refresh_days:
        note = f"{count(age, 'day')} old; it should be at most {count(one.refresh_days, 'day')}. Ask {one.contact}."
        return CoverageLine(one.source, one.title, Freshness.LATE, one.newest_on, note)
    note = "From today." if age <= 0 else f"{count(age, 'day')} old."
    return CoverageLine(one.source, one.title, Freshness.FRESH, one.newest_on, note)
