"""Stand an incident down: operational access stops with this event, open streams included."""

from wardkeeper.governance.operations import Operation
from wardkeeper.incidents.events import EventType
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.reasons import check_reason
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.declare_incident import PURPOSE
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Happening, add, catch_up, load


def stand_down(house: House, actor: Actor, incident_id: IncidentId, reason: str) -> None:
    """End operational access. Raises Refused, Conflict, BadInput for a reason that says nothing or names somebody."""
    why = check_reason(reason)
    incident = load(house, incident_id)
    opened = open_door(house, Ask(actor, PURPOSE, Operation.STAND_DOWN, {}, incident=incident))
    with house.store.write(opened.leaf(Act.INCIDENT_STOOD_DOWN)) as writer:
        add(
            house,
            writer,
            catch_up(house, incident),
            Happening(EventType.STOOD_DOWN, actor, data={"reason": why}),
        )
