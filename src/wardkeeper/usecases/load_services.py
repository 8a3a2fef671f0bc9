"""Load the directory of services: shelters, food, transport, advice. Nothing in it is about a resident."""

from collections.abc import Sequence
from dataclasses import dataclass

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.sources.services import LeftOut, parse_all
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import Kind

NAME = "services"
"""There is one directory; loading puts another in its place."""


@dataclass(frozen=True, slots=True)
class ServicesLoaded:
    """What was loaded, and what was not."""

    services: int
    closed: int
    without_place: int
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


def load_services(
    house: House, actor: Actor, files: Sequence[tuple[str, bytes]], *, purpose: str = PURPOSE
) -> ServicesLoaded:
    """Load the pages of a directory, in place of what was loaded before. Raises BadInput, Refused."""
    opened = open_door(house, Ask(actor, purpose, Operation.LOAD_SERVICES, {}))
    read = parse_all(files)
    document = document_of(house, Kind.SERVICES, NAME, read.to_bytes())
    detail: dict[str, Detail] = {
        "files": [name for name, _ in files],
        "services": len(read.services),
        "left_out": len(read.left_out),
        "sha256": document.sha256,
    }
    with house.store.write(opened.leaf(Act.SERVICES_LOADED, detail)) as writer:
        writer.apply_document(document)
    return ServicesLoaded(
        services=len(read.services),
        closed=sum(not one.is_open for one in read.services),
        without_place=sum(not one.locations for one in read.services),
        left_out=read.left_out,
        notes=read.notes,
    )
