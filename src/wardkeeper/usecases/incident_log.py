"""An incident's log: reading its sealed events into a state, and adding the next one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from wardkeeper.incidents.events import Event, EventType
from wardkeeper.incidents.state import State, apply, check_may_follow, fold
from wardkeeper.kernel.decisions import Decision
from wardkeeper.kernel.ids import CheckId, IncidentId, MandateId
from wardkeeper.kernel.people import Actor
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_card import IncidentCard, card
from wardkeeper.usecases.ports import StoredEvent, Writer


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as a use case needs it: its card and its state."""

    card: IncidentCard
    state: State


@dataclass(frozen=True, slots=True)
class Happening:
    """What is about to be added to a log. `data` may be about people."""

    type: EventType
    actor: Actor
    check: CheckId | None = None
    data: Mapping[str, object] = field(default_factory=dict)


def load(house: House, incident: IncidentId, *, permit: Decision | None = None) -> Incident:
    """Read an incident. Raises NotFound. Without a permit, what was recorded of each check is withheld."""
    return Incident(card(house.store, incident), fold(incident, events(house, incident, permit=permit)))


def events(house: House, incident: IncidentId, after: int = 0, *, permit: Decision | None = None) -> list[Event]:
    """Give the events after a number, their data opened where there is a permit and the key still exists."""
    stored = house.store.events(incident, after)
    mandate = house.store.mandate(card(house.store, incident).mandate)
    if permit is None or mandate is None or mandate.destroyed_at is not None:
        return [one.event for one in stored]
    return [_open(house, mandate.id, one, permit) for one in stored]


def catch_up(house: House, incident: Incident, *, permit: Decision | None = None) -> Incident:
    """Give the incident with what has happened since it was read.

    Within a transaction nothing can come after: writers take turns. So two crews never stand in each other's way.
    """
    since = events(house, incident.card.id, incident.state.last, permit=permit)
    return replace(incident, state=reduce(apply, since, incident.state))


def add(house: House, writer: Writer, incident: Incident, happening: Happening) -> Incident:
    """Add the next event within a transaction, of an incident that is caught up; give the incident after it.

    Raises Conflict when it may not follow.
    """
    check_may_follow(incident.state, happening.type)
    event = Event(
        incident=incident.card.id,
        number=incident.state.last + 1,
        type=happening.type,
        at=house.clock.now(),
        login=happening.actor.login,
        organisation=happening.actor.organisation,
        check=happening.check,
        data=happening.data,
    )
    sealed = house.vault.seal(incident.card.mandate, json.dumps(dict(event.data)).encode()) if event.data else b""
    writer.add_event(StoredEvent(replace(event, data={}), sealed))
    return replace(incident, state=apply(incident.state, event))


def _open(house: House, mandate: MandateId, stored: StoredEvent, permit: Decision) -> Event:
    if not stored.sealed:
        return stored.event
    return replace(stored.event, data=json.loads(house.vault.unseal(mandate, stored.sealed, permit=permit)))
