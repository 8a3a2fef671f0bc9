"""Take a check, and record what was found at the door."""

from dataclasses import asdict, dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.incidents.events import CheckOutcome, EventType
from wardkeeper.kernel.errors import BadInput, NotFound, Where
from wardkeeper.kernel.ids import CheckId, IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.datasets import incident_list
from wardkeeper.usecases.declare_incident import PURPOSE
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Happening, Incident, add, load

LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found at a door. `key` is an idempotency key that the sender chose."""

    outcome: CheckOutcome
    note: str = ""
    key: str = ""


def take(house: House, actor: Actor, incident_id: IncidentId, check_id: CheckId) -> None:
    """Say that one's crew is on its way to a door. Raises Refused, NotFound, Conflict."""
    opened, incident = _open(house, actor, incident_id, check_id, Operation.TAKE_CHECK)
    _write(opened, incident, Happening(EventType.CHECK_TAKEN, actor, check_id))


def done(house: House, actor: Actor, incident_id: IncidentId, check_id: CheckId, report: CheckReport) -> None:
    """Record an outcome. The same key again changes nothing, so that a send that was unsure can be repeated."""
    if len(report.note) > LONGEST_NOTE:
        message = f"The note has {len(report.note):,} letters."
        raise BadInput(message, f"Shorten it to {LONGEST_NOTE:,}.", Where(column="note"))
    opened, incident = _open(house, actor, incident_id, check_id, Operation.RECORD_CHECK)
    if report.key and report.key in incident.state.keys:
        return
    data = {**asdict(report), "decision": opened.decision.id}
    _write(opened, incident, Happening(EventType.CHECK_DONE, actor, check_id, data))


def _open(
    house: House, actor: Actor, incident_id: IncidentId, check_id: CheckId, operation: Operation
) -> tuple[Opened, Incident]:
    incident = load(house, incident_id)
    wanted = {incident_list(incident_id): ["check_id"]}
    opened = open_door(house, Ask(actor, PURPOSE, operation, wanted, incident=incident))
    if opened.read(incident_list(incident_id)).filter(pl.col("check_id") == check_id).is_empty():
        raise NotFound("There is no such home on this list.", "Go back to the list: it may have been made again.")
    return opened, load(house, incident_id, permit=opened.decision)


def _write(opened: Opened, incident: Incident, happening: Happening) -> None:
    house = opened.house
    subject = house.vault.subject(incident.card.mandate, str(happening.check))
    leaf = opened.leaf(Act.CHECK_CHANGED, {"event": happening.type.value}, subject=subject)
    with house.store.write(leaf) as writer:
        add(house, writer, incident, happening)
