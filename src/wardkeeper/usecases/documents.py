"""Documents: the canonical bytes that are stored when something is applied."""

import hashlib

from wardkeeper.kernel.ids import DeliveryId
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document
from wardkeeper.usecases.rulebook import Kind


def document_of(house: House, kind: Kind, name: str, content: bytes) -> Document:
    """Make the document of these bytes, with their checksum."""
    return Document(kind, name, content, hashlib.sha256(content).hexdigest(), house.clock.now())


def report_name(source: str, delivery: DeliveryId) -> str:
    """Name a delivery's quality report: each keeps its own, so that earlier ones stay readable."""
    return f"{source}/{delivery}"
