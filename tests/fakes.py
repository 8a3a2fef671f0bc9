"""Fakes that the contract tests hold to the same promises as the real thing."""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count

from wardkeeper.kernel.columns import SENSITIVITY
from wardkeeper.kernel.decisions import Decision, Finding, Outcome, Reason
from wardkeeper.kernel.ids import DecisionId, Login

MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class FixedClock:
    """A clock that stands still until it is moved, and entropy that is the same in every run but never repeats."""

    def __init__(self, instant: datetime = MORNING) -> None:
        self._instant = instant
        self._draws = count()

    def now(self) -> datetime:
        return self._instant

    def entropy(self, size: int) -> bytes:
        return hashlib.shake_256(f"draw {next(self._draws)}".encode()).digest(size)

    def move(self, step: timedelta) -> None:
        self._instant += step


def make_permit(*datasets: str, fields=frozenset(SENSITIVITY), outcome=Outcome.ALLOW, now=MORNING) -> Decision:
    """A decision on some datasets, good for an hour."""
    failed = Reason(1, "purpose", Finding.FAILED, "no purpose was named", "UK GDPR, Article 5", "Name a purpose.")
    return Decision(
        id=DecisionId("dec-000000000001"),
        outcome=outcome,
        login=Login("planner"),
        organisation="trafford-council",
        purpose="emergency-planning",
        operation="load",
        datasets=frozenset(datasets),
        fields=frozenset(fields),
        incident=None,
        decided_at=now,
        until=now + timedelta(hours=1),
        reasons=() if outcome is Outcome.ALLOW else (failed,),
    )
