"""Proposals: drafts that one person has put forward, and that wait for a second person of another role."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.spans import from_text, to_text
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.drafts import Draft
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document
from wardkeeper.usecases.rulebook import RULES, Kind


class Standing(StrEnum):
    """How far a proposal has come."""

    WAITING = "waiting"
    APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Drafts put forward by one person. `bases` are the checksums of the applied documents they are compared with."""

    id: str
    by: Login
    at: datetime
    drafts: tuple[Draft, ...]
    bases: tuple[str, ...]
    standing: Standing = Standing.WAITING

    def to_document(self, house: House) -> Document:
        """Give the document that keeps it."""
        drafts = [
            {"kind": one.kind.value, "name": one.name, "text": one.text, "base": base}
            for one, base in zip(self.drafts, self.bases, strict=True)
        ]
        content = {"type": "proposal", "version": 1, "by": self.by, "at": to_text(self.at), "drafts": drafts}
        text = json.dumps({**content, "standing": self.standing.value}, sort_keys=True, ensure_ascii=False)
        return document_of(house, Kind.PROPOSAL, self.id, text.encode())


def load_proposal(house: House, proposal_id: str) -> Proposal:
    """Find a proposal. Raises NotFound, naming those that wait."""
    document = house.store.document(Kind.PROPOSAL, proposal_id)
    if document is None:
        waiting = ", ".join(one.id for one in list_waiting(house)) or "none"
        raise NotFound("Nothing is waiting under this id.", f"Waiting to be confirmed: {waiting}.")
    return _read(document)


def list_waiting(house: House) -> list[Proposal]:
    """List the proposals that can still be confirmed: a change of what they were compared with ends them."""
    found = [_read(document) for document in house.store.documents(Kind.PROPOSAL)]
    return [one for one in found if one.standing is Standing.WAITING and is_current(house, one)]


def is_current(house: House, proposal: Proposal) -> bool:
    """Tell whether what is applied is still what the drafts were compared with."""
    applied = {(one.kind, one.name): one.sha256 for kind in RULES for one in house.store.documents(kind)}
    return all(
        applied.get((one.kind, one.name), "") == base for one, base in zip(proposal.drafts, proposal.bases, strict=True)
    )


def _read(document: Document) -> Proposal:
    content = json.loads(document.content)
    return Proposal(
        id=document.name,
        by=Login(content["by"]),
        at=from_text(content["at"]),
        drafts=tuple(Draft(Kind(one["kind"]), one["name"], one["text"]) for one in content["drafts"]),
        bases=tuple(one["base"] for one in content["drafts"]),
        standing=Standing(content["standing"]),
    )
