"""Take a check, and record what was found at the door."""

from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.incidents.checks import Check, CheckStatus
from wardkeeper.incidents.events import CheckOutcome, EventType
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Where
from wardkeeper.kernel.ids import CheckId, IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.datasets import incident_list
from wardkeeper.usecases.declare_incident import PURPOSE
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Happening, Incident, add, catch_up, load
from wardkeeper.usecases.ports import Writer

LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found at a door. `key` is an idempotency key that the sender chose."""

    outcome: CheckOutcome
    note: str = ""
    key: str = ""


def take(house: House, actor: Actor, incident_id: IncidentId, check_id: CheckId) -> None:
    """Say that one's crew is on its way to a door. Raises Refused, NotFound, and Conflict when another's already is."""
    opened, incident = _open(house, actor, incident_id, check_id, Operation.TAKE_CHECK)
    with _writing(opened, incident, check_id, EventType.CHECK_TAKEN) as writer:
        current = catch_up(house, incident, permit=opened.decision)
        _check_free(current.state.checks.get(check_id), actor)
        add(house, writer, current, Happening(EventType.CHECK_TAKEN, actor, check_id))


def done(house: House, actor: Actor, incident_id: IncidentId, check_id: CheckId, report: CheckReport) -> None:
    """Record an outcome. The same key again at the same door changes nothing: an unsure send can be repeated."""
    if len(report.note) > LONGEST_NOTE:
        message = f"The note has {len(report.note):,} letters."
        raise BadInput(message, f"Shorten it to {LONGEST_NOTE:,}.", Where(column="note"))
    opened, incident = _open(house, actor, incident_id, check_id, Operation.RECORD_CHECK)
    data = {**asdict(report), "decision": opened.decision.id}
    with suppress(_Repeated), _writing(opened, incident, check_id, EventType.CHECK_DONE) as writer:
        current = catch_up(house, incident, permit=opened.decision)
        if report.key and (check_id, report.key) in current.state.keys:
            raise _Repeated
        add(house, writer, current, Happening(EventType.CHECK_DONE, actor, check_id, data))


class _Repeated(Exception):
    """Raised within the transaction when the very same report is there already."""


def _check_free(check: Check | None, actor: Actor) -> None:
    if check is not None and check.status is CheckStatus.TAKEN and check.login != actor.login:
        message = "Somebody else has taken this check already."
        raise Conflict(message, "Choose another door, or agree with them by radio.", Where(rule="one knock"))


def _open(
    house: House, actor: Actor, incident_id: IncidentId, check_id: CheckId, operation: Operation
) -> tuple[Opened, Incident]:
    incident = load(house, incident_id)
    wanted = {incident_list(incident_id): ["check_id"]}
    opened = open_door(house, Ask(actor, PURPOSE, operation, wanted, incident=incident))
    if opened.read(incident_list(incident_id)).filter(pl.col("check_id") == check_id).is_empty():
        raise NotFound("There is no such home on this list.", "Go back to the list: it may have been made again.")
    return opened, load(house, incident_id, permit=opened.decision)


def _writing(opened: Opened, incident: Incident, check: CheckId, event: EventType) -> AbstractContextManager[Writer]:
    subject = opened.house.vault.subject(incident.card.mandate, check)
    return opened.house.store.write(opened.leaf(Act.CHECK_CHANGED, {"event": event.value}, subject=subject))
