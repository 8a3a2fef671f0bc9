"""Closing: two people, one of them the data protection officer, answer for what is destroyed (rules G15, G18)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from wardkeeper.incidents.state import Confirmation

QUESTIONS: dict[str, str] = {
    "death": "Has anybody died in this incident?",
    "injury": "Has anybody been injured?",
    "complaint": "Has anybody complained about the response?",
    "claim": "Is a legal claim expected?",
    "inquest": "Is an inquest or inquiry expected?",
}
"""What each of the two people is asked. One yes keeps everything until a legal hold is decided."""


@dataclass(frozen=True, slots=True)
class ClosingAnswers:
    """One person's answers to `QUESTIONS`: True is yes."""

    death: bool
    injury: bool
    complaint: bool
    claim: bool
    inquest: bool

    def to_dict(self) -> dict[str, bool]:
        """Give the answers by question."""
        return asdict(self)


def held_by(confirmations: Iterable[Confirmation]) -> list[str]:
    """Name the questions that somebody answered with yes: the incident's data must be kept for these."""
    return [name for name in QUESTIONS if any(one.answers.get(name, True) for one in confirmations)]


def still_needed(confirmations: Iterable[Confirmation], dpos: frozenset[str]) -> str:
    """Say who must still confirm; empty when two different people have, one of them a DPO."""
    logins = {one.login for one in confirmations}
    if not logins:
        return "Two people must confirm, one of them the data protection officer."
    if not logins & dpos:
        return "The data protection officer must still confirm."
    if len(logins) < 2:
        return "A second person must still confirm."
    return ""
