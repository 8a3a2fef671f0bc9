"""Follow an incident live: the events after a number, decided anew each time somebody is told (rule G5)."""

from dataclasses import dataclass
from datetime import datetime

from wardkeeper.governance.operations import Operation
from wardkeeper.incidents.checks import WORDING, CheckStatus
from wardkeeper.incidents.events import Event
from wardkeeper.kernel.ids import CheckId, IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.usecases.door import Opened, consider, refusal
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Incident, events, load
from wardkeeper.usecases.view_incident import list_ask


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One event as a screen needs it: where a check stands now, without its note."""

    number: int
    type: str
    check_id: CheckId | None
    status: str
    outcome: str
    by_organisation: str
    at: datetime


def follow(house: House, actor: Actor, incident_id: IncidentId, after: int) -> list[LiveEvent]:
    """Give the events after a number. Raises Refused the moment access has ended, NotFound.

    Telling somebody of events is one leaf; finding that there are none is not an act and leaves none.
    """
    incident = load(house, incident_id)
    ask = list_ask(house, actor, incident, Operation.OPEN_LIST)
    decision = consider(house, ask)
    opened = Opened(house, ask, decision)
    if not decision.allows:
        with house.store.write(opened.leaf(Act.DECIDED, {"operation": decision.operation, "outcome": "refuse"})):
            pass
        raise refusal(decision)
    if incident.state.last <= after:
        return []
    now = load(house, incident_id, permit=decision)
    told = [_live(event, now) for event in events(house, incident_id, after, permit=decision)]
    detail: dict[str, Detail] = {"events": f"{told[0].number}-{told[-1].number}", "count": len(told)}
    with house.store.write(opened.leaf(Act.READ, detail)):
        return told


def _live(event: Event, incident: Incident) -> LiveEvent:
    check = incident.state.checks.get(event.check) if event.check else None
    return LiveEvent(
        number=event.number,
        type=event.type.value,
        check_id=event.check,
        status=check.status.value if check else CheckStatus.TO_DO.value,
        outcome=WORDING[check.outcome] if check and check.outcome else "",
        by_organisation=event.organisation,
        at=event.at,
    )
