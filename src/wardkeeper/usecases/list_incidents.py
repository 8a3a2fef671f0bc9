"""List incidents: their names and phases, and whether the viewer may open each now."""

from dataclasses import dataclass
from datetime import datetime

from wardkeeper.governance.operations import Operation
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.usecases.door import consider, refusal
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import load
from wardkeeper.usecases.view_incident import list_ask


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """One incident on a start page. `reason` tells why it may not be opened; empty when it may."""

    id: IncidentId
    name: str
    hazard: Hazard
    phase: Phase
    started_at: datetime
    may_open: bool
    reason: str


def list_incidents(house: House, actor: Actor) -> list[IncidentSummary]:
    """Give the incidents, newest first."""
    return [_summary(house, actor, incident) for incident in reversed(house.store.incidents())]


def _summary(house: House, actor: Actor, incident_id: IncidentId) -> IncidentSummary:
    incident = load(house, incident_id)
    decision = consider(house, list_ask(house, actor, incident, Operation.OPEN_LIST))
    assert incident.state.phase is not None
    assert incident.state.started_at is not None
    return IncidentSummary(
        id=incident.card.id,
        name=incident.card.name,
        hazard=incident.card.hazard,
        phase=incident.state.phase,
        started_at=incident.state.started_at,
        may_open=decision.allows,
        reason="" if decision.allows else refusal(decision).message,
    )
