"""Reveal the address behind one line of a list: an act of its own, by a named officer in Control, with a reason."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.incidents.events import EventType
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.ids import CheckId, IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.datasets import incident_doors
from wardkeeper.usecases.declare_incident import PURPOSE
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import Happening, add, catch_up, load

WANTED = ["check_id", "address", "postcode"]


@dataclass(frozen=True, slots=True)
class Door:
    """Where a line's home is."""

    address: str
    postcode: str


def reveal(house: House, actor: Actor, incident_id: IncidentId, check_id: CheckId, reason: str) -> Door:
    """Give the address of one line, and write down who asked and that they did. Raises Refused, NotFound.

    The reason is kept sealed among the incident's events; the ledger names the door only by its HMAC.
    """
    incident = load(house, incident_id)
    dataset = incident_doors(incident_id)
    ask = Ask(
        actor, PURPOSE, Operation.REVEAL, {dataset: WANTED}, Tier.NAMES, incident=incident, necessity=reason.strip()
    )
    opened = open_door(house, ask)
    found = opened.read(dataset).filter(pl.col("check_id") == check_id)
    if found.is_empty():
        raise NotFound("There is no such home on this list.", "Go back to the list: it may have been made again.")
    subject = house.vault.subject(incident.card.mandate, check_id)
    happening = Happening(EventType.DOOR_REVEALED, actor, check_id, {"reason": reason.strip()})
    with house.store.write(opened.leaf(Act.DOOR_REVEALED, subject=subject)) as writer:
        add(house, writer, catch_up(house, incident), happening)
        row = found.row(0, named=True)
        return Door(row["address"], row["postcode"] or "")
