"""An incident's state: a pure fold over its events, and the table of what may follow what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from wardkeeper.incidents.checks import STATUS_AFTER, Check, CheckStatus
from wardkeeper.incidents.events import CheckOutcome, Event, EventType
from wardkeeper.kernel.errors import Conflict, Where
from wardkeeper.kernel.ids import CheckId, IncidentId


class Phase(StrEnum):
    """Where an incident stands."""

    EXPECTED = "expected"
    ACTIVE = "active"
    RECOVERY = "recovery"
    CLOSED = "closed"


OPEN_PHASES = frozenset({Phase.EXPECTED, Phase.ACTIVE})
"""Phases in which crews see names and record checks."""

WORK = frozenset({EventType.LISTED, EventType.CHECK_TAKEN, EventType.CHECK_DONE, EventType.DOOR_REVEALED})
"""What happens while an incident is open."""

ALLOWED: dict[Phase | None, frozenset[EventType]] = {
    None: frozenset({EventType.EXPECTED, EventType.DECLARED}),
    Phase.EXPECTED: WORK | {EventType.DECLARED, EventType.STOOD_DOWN},
    Phase.ACTIVE: WORK | {EventType.STOOD_DOWN},
    Phase.RECOVERY: frozenset({EventType.CLOSING_CONFIRMED, EventType.CLOSED}),
    Phase.CLOSED: frozenset(),
}
"""Which events may come in which phase; `None` is before the first event."""

PHASE_AFTER: dict[EventType, Phase] = {
    EventType.EXPECTED: Phase.EXPECTED,
    EventType.DECLARED: Phase.ACTIVE,
    EventType.STOOD_DOWN: Phase.RECOVERY,
    EventType.CLOSED: Phase.CLOSED,
}
"""The events that change the phase, and to what."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One person's confirmation that an incident may be closed."""

    login: str
    at: datetime
    answers: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class State:
    """An incident as it stands after event number `last`."""

    id: IncidentId
    phase: Phase | None = None
    last: int = 0
    declared_by: str = ""
    started_at: datetime | None = None
    stood_down_at: datetime | None = None
    checks: Mapping[CheckId, Check] = field(default_factory=dict)
    confirmations: tuple[Confirmation, ...] = ()
    keys: frozenset[tuple[CheckId, str]] = frozenset()


def fold(incident: IncidentId, events: Iterable[Event]) -> State:
    """Give the state after all the events. Raises Conflict when one may not come where it does."""
    state = State(incident)
    for event in events:
        state = apply(state, event)
    return state


def check_may_follow(state: State, event_type: EventType) -> None:
    """Raise Conflict when an event of this type may not come now."""
    if event_type not in ALLOWED[state.phase]:
        stands = "has not been declared" if state.phase is None else f"is in the phase “{state.phase}”"
        message = f"The incident {stands}, so “{event_type}” cannot happen."
        raise Conflict(message, "Open the incident again to see where it stands.", Where(rule="incident phases"))


def apply(state: State, event: Event) -> State:
    """Give the state after one more event. Raises Conflict on a gap, a repeat or an event out of place."""
    if event.number != state.last + 1:
        message = f"Event {event.number} does not follow event {state.last}."
        raise Conflict(message, "Read the incident's events again from the start.", Where(rule="no gaps"))
    check_may_follow(state, event.type)
    moved = replace(state, last=event.number, phase=PHASE_AFTER.get(event.type, state.phase))
    match event.type:
        case EventType.EXPECTED | EventType.DECLARED:
            return replace(moved, declared_by=state.declared_by or event.login, started_at=state.started_at or event.at)
        case EventType.CHECK_TAKEN | EventType.CHECK_DONE:
            return _with_check(moved, event)
        case EventType.STOOD_DOWN:
            return replace(moved, stood_down_at=event.at)
        case EventType.CLOSING_CONFIRMED:
            return replace(moved, confirmations=(*state.confirmations, _confirmation(event)))
        case EventType.LISTED | EventType.DOOR_REVEALED | EventType.CLOSED:
            return moved
    assert_never(event.type)


def _with_check(state: State, event: Event) -> State:
    check = _check(event)
    return replace(
        state,
        checks={**state.checks, check.id: check},
        keys=state.keys | ({(check.id, check.key)} if check.key else set()),
    )


def _check(event: Event) -> Check:
    if event.check is None:
        raise Conflict("The event names no check.", "Send the check's id with the event.", Where(rule="event shape"))
    if event.type is EventType.CHECK_TAKEN:
        return Check(event.check, CheckStatus.TAKEN, event.login, event.organisation, event.at)
    if "outcome" not in event.data:
        return Check(event.check, CheckStatus.WITHHELD, event.login, event.organisation, event.at)
    outcome = CheckOutcome(str(event.data["outcome"]))
    return Check(
        event.check,
        STATUS_AFTER[outcome],
        event.login,
        event.organisation,
        event.at,
        outcome,
        str(event.data.get("note", "")),
        str(event.data.get("key", "")),
    )


def _confirmation(event: Event) -> Confirmation:
    answers = event.data.get("answers", {})
    if not isinstance(answers, Mapping):
        raise Conflict("The answers are not a table.", "Send each question's answer.", Where(rule="event shape"))
    return Confirmation(event.login, event.at, {str(name): bool(value) for name, value in answers.items()})
