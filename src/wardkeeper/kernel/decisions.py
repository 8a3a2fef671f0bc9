"""The answer to a request to use or share: an outcome and every reason for it.

`governance` makes decisions; the vault, screens and the ledger only read them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wardkeeper.kernel.ids import DecisionId, IncidentId, Login


class Outcome(StrEnum):
    """What a decision says."""

    ALLOW = "allow"
    ALLOW_WITH_CONDITIONS = "allow with conditions"
    REFUSE = "refuse"
    NEEDS_A_HUMAN = "needs a human"


class Finding(StrEnum):
    """What one check found."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    NOT_ASSESSED = "not assessed"


@dataclass(frozen=True, slots=True)
class Reason:
    """One check's finding: the rule tried, the fact it read and the clause it cites."""

    check: int
    rule: str
    finding: Finding
    fact: str
    cites: str
    nearest_miss: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as data. The vault opens only what an allowing one names.

    `datasets` and `fields` are what may be read, `incident` what it is for, `until` when it must be made again.
    """

    id: DecisionId
    outcome: Outcome
    login: Login
    organisation: str
    purpose: str
    operation: str
    datasets: frozenset[str]
    fields: frozenset[str]
    incident: IncidentId | None
    decided_at: datetime
    until: datetime
    reasons: tuple[Reason, ...]

    @property
    def allows(self) -> bool:
        """Whether the act may go ahead."""
        return self.outcome in (Outcome.ALLOW, Outcome.ALLOW_WITH_CONDITIONS)

    @property
    def failed(self) -> tuple[Reason, ...]:
        """The checks that stand in the way."""
        return tuple(reason for reason in self.reasons if reason.finding is Finding.FAILED)

    @property
    def warned(self) -> tuple[Reason, ...]:
        """The checks that passed with a warning."""
        return tuple(reason for reason in self.reasons if reason.finding is Finding.WARNED)

    @property
    def nearest_miss(self) -> str:
        """The smallest change that would allow it; empty when allowed."""
        return "; ".join(dict.fromkeys(reason.nearest_miss for reason in self.failed if reason.nearest_miss))
