"""Mandates: the recorded ground, with a start and an end, under which data is held or used."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wardkeeper.kernel.ids import IncidentId, MandateId
from wardkeeper.kernel.spans import Days


class MandateKind(StrEnum):
    """Where a mandate comes from."""

    STANDING = "standing"
    NOTICE = "notice"
    INCIDENT = "incident"
    RETENTION = "retention"


class AtEnd(StrEnum):
    """What happens to the data when a mandate ends."""

    DELETE = "delete"
    RETURN = "return"
    REBASE = "rebase"


@dataclass(frozen=True, slots=True)
class Mandate:
    """One mandate. A standing one has a review date; all others have an end.

    `gateways` name the legal powers relied on; `purposes` what the data may be used for.
    `ended_at` is set when it is ended early, `destroyed_at` when its key is gone.
    """

    id: MandateId
    kind: MandateKind
    title: str
    purposes: frozenset[str]
    gateways: tuple[str, ...]
    starts: date
    ends: date | None
    review_by: date | None
    at_end: AtEnd
    source: str = ""
    incident: IncidentId | None = None
    ended_at: datetime | None = None
    destroyed_at: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Tell whether data may be held or used under it at this instant."""
        stopped = self.ended_at is not None and now >= self.ended_at
        return not stopped and self.destroyed_at is None and Days(self.starts, self.ends).holds(now)

    @property
    def has_an_end(self) -> bool:
        """Whether it ends by itself: by its last day, or by a review date when it is a standing one (rule G4)."""
        return self.ends is not None or (self.kind is MandateKind.STANDING and self.review_by is not None)

    def review_overdue(self, now: datetime) -> bool:
        """Tell whether its review date has passed."""
        return self.review_by is not None and Days(self.starts, max(self.starts, self.review_by)).has_ended(now)
