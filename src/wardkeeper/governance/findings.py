"""What a check found, before it becomes a reason of the decision."""

from dataclasses import dataclass
from datetime import date

from wardkeeper.governance.requests import Case
from wardkeeper.kernel.decisions import Finding

NAMED_OFFICER = (
    "in an emergency a named officer must decide; emergency access is not built yet, so nothing is opened here"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One check's finding. `paperwork` tells missing paper from missing law (rule G11)."""

    finding: Finding
    fact: str
    nearest_miss: str = ""
    cites: str = ""
    paperwork: bool = False


def passed(fact: str, cites: str = "") -> Found:
    """The rule is met."""
    return Found(Finding.PASSED, fact, cites=cites)


def warned(fact: str, cites: str = "") -> Found:
    """The rule is met for now, and somebody must act."""
    return Found(Finding.WARNED, fact, cites=cites)


def failed(fact: str, nearest_miss: str, cites: str = "") -> Found:
    """The law, or a rule nobody may set aside, stands in the way."""
    return Found(Finding.FAILED, fact, nearest_miss, cites)


def lacking(case: Case, fact: str, nearest_miss: str, cites: str = "") -> Found:
    """Paper is missing: refused in quiet times, for a named officer to decide in an emergency."""
    advice = f"{nearest_miss}; {NAMED_OFFICER}" if case.emergency else nearest_miss
    return Found(Finding.FAILED, fact, advice, cites, paperwork=True)


def not_assessed(fact: str) -> Found:
    """Nothing could be said: never a pass."""
    return Found(Finding.NOT_ASSESSED, fact)


def say_day(day: date) -> str:
    """Write a day as people say it: 30 June 2022."""
    return f"{day.day} {day:%B %Y}"
