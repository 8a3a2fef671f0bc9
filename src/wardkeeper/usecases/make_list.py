"""Make an incident's list: find the homes in its outline and seal the list under the incident's mandate."""

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.incidents.events import EventType
from wardkeeper.kernel.columns import DOOR, LIST
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.datasets import incident_doors, incident_list
from wardkeeper.usecases.door import Ask, Opened, current, open_door
from wardkeeper.usecases.find_homes import GROUND_WITH_NAMES, find_with
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Happening, add, load
from wardkeeper.usecases.ports import VaultFile

LIST_COLUMNS = [column.name for column in LIST]
DOOR_COLUMNS = [column.name for column in DOOR]


def make_list(house: House, actor: Actor, incident_id: IncidentId, *, purpose: str) -> int:
    """Make the list and give the number of homes on it. Raises Refused, Conflict, NotFound."""
    incident = load(house, incident_id)
    wanted = {
        **GROUND_WITH_NAMES,
        incident_list(incident_id): LIST_COLUMNS,
        incident_doors(incident_id): DOOR_COLUMNS,
    }
    ask = Ask(
        actor, purpose, Operation.PREPARE, wanted, Tier.NAMES, incident=incident, mandates=(incident.card.mandate,)
    )
    opened = open_door(house, ask)
    found = find_with(opened, incident.card.hazard, incident.card.outline)
    files = [
        _seal(opened, found.lines, incident_list(incident_id)),
        _seal(opened, found.doors, incident_doors(incident_id)),
    ]
    leaf = opened.leaf(Act.LIST_FOUND, {"hazard": incident.card.hazard.value, "homes": found.lines.height})
    with house.store.write(leaf) as writer:
        for file in files:
            writer.set_current(file)
        add(house, writer, incident, Happening(EventType.LISTED, actor, data={"homes": found.lines.height}))
    return found.lines.height


def _seal(opened: Opened, frame: pl.DataFrame, dataset: str) -> VaultFile:
    """Seal a frame under the incident's mandate and every mandate that what it is made of is held under."""
    parents = [current(opened.house, name) for name in GROUND_WITH_NAMES]
    mandates = dict.fromkeys([*opened.ask.mandates, *(one for parent in parents for one in parent.mandates)])
    return opened.house.vault.write(
        frame,
        dataset=dataset,
        mandates=list(mandates),
        parents=[parent.id for parent in parents],
        permit=opened.decision,
    )
