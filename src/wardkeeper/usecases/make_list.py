"""Make an incident's list: find the homes in its outline and seal the list under the incident's mandate."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.incidents.events import EventType
from wardkeeper.kernel.columns import DOOR, LIST
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.datasets import incident_doors, incident_list
from wardkeeper.usecases.door import Ask, Opened, current, open_door
from wardkeeper.usecases.find_homes import GROUND_WITH_NAMES, find_with
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Happening, Incident, add
from wardkeeper.usecases.ports import VaultFile, Writer

LIST_COLUMNS = [column.name for column in LIST]
DOOR_COLUMNS = [column.name for column in DOOR]


@dataclass(frozen=True, slots=True)
class SealedList:
    """A list found and sealed, but not yet on record: the files nobody can find until it is."""

    opened: Opened
    files: tuple[VaultFile, VaultFile]
    homes: int

    def keep(self, writer: Writer, incident: Incident) -> Incident:
        """Put the list on record within a transaction; give the incident after it."""
        ask = self.opened.ask
        writer.add_leaf(self.opened.leaf(Act.LIST_FOUND, {"hazard": incident.card.hazard.value, "homes": self.homes}))
        for file in self.files:
            writer.set_current(file)
        listed = Happening(EventType.LISTED, ask.actor, data={"homes": self.homes})
        return add(self.opened.house, writer, incident, listed)


def make_list(house: House, actor: Actor, incident: Incident, mandate: Mandate, *, purpose: str) -> SealedList:
    """Find the homes of an incident about to be declared, and seal them under its mandate. Raises Refused, NotFound."""
    lines, doors = incident_list(incident.card.id), incident_doors(incident.card.id)
    wanted = {**GROUND_WITH_NAMES, lines: LIST_COLUMNS, doors: DOOR_COLUMNS}
    ask = Ask(
        actor,
        purpose,
        Operation.PREPARE,
        wanted,
        Tier.NAMES,
        incident=incident,
        mandates=(mandate.id,),
        opening=mandate,
    )
    opened = open_door(house, ask)
    found = find_with(opened, incident.card.hazard, incident.card.outline)
    files = (_seal(opened, found.lines, lines), _seal(opened, found.doors, doors))
    return SealedList(opened, files, found.lines.height)


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
