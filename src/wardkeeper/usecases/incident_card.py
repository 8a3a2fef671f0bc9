"""An incident's card: what may be known of it without its key. It outlives the incident's data."""

import json
from dataclasses import asdict, dataclass

from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.geojson import Outline
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.ids import IncidentId, MandateId
from wardkeeper.usecases.ports import Store
from wardkeeper.usecases.rulebook import Kind


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """What was declared: nothing here is about a resident."""

    id: IncidentId
    name: str
    hazard: Hazard
    outline: Outline
    necessity: str
    mandate: MandateId
    declared_by_role: str
    areas: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """Give the canonical bytes that are stored."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "IncidentCard":
        """Read a stored card."""
        values = json.loads(content)
        return cls(**{**values, "hazard": Hazard(values["hazard"]), "areas": tuple(values["areas"])})


def card(store: Store, incident: IncidentId) -> IncidentCard:
    """Find an incident's card. Raises NotFound."""
    document = store.document(Kind.INCIDENT, incident)
    if document is None:
        raise NotFound("There is no such incident.", "Go back to the list of incidents.")
    return IncidentCard.from_bytes(document.content)
