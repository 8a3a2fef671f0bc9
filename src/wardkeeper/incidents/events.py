"""What happens in an incident, in order. An incident's state is a fold over these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wardkeeper.kernel.ids import CheckId, IncidentId


class EventType(StrEnum):
    """Every type of event. The names are CloudEvents types without their reverse-DNS prefix."""

    EXPECTED = "incident.expected"
    DECLARED = "incident.declared"
    LISTED = "incident.listed"
    CHECK_TAKEN = "check.taken"
    CHECK_DONE = "check.done"
    DOOR_REVEALED = "door.revealed"
    STOOD_DOWN = "incident.stood-down"
    CLOSING_CONFIRMED = "incident.closing-confirmed"
    CLOSED = "incident.closed"


class CheckOutcome(StrEnum):
    """What a visit or call found. Wording for screens is in `checks.WORDING`."""

    SAFE = "safe"
    NEEDS_HELP = "needs help"
    MOVED = "moved to"
    REFUSED = "refused"
    REFUSED_CAPACITY_DOUBTED = "refused, capacity doubted"
    NO_REPLY = "no reply"
    NOT_LIVING_HERE = "not living here"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `number` counts from 1 within its incident, without gaps.

    `data` may be about people: it is stored only sealed under the incident's mandate.
    """

    incident: IncidentId
    number: int
    type: EventType
    at: datetime
    login: str
    organisation: str
    check: CheckId | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    version: int = 1
