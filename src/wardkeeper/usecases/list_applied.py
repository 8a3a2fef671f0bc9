"""List what is in force: each applied document, since when and by whom, and what waits for a second person."""

import json
from dataclasses import dataclass
from datetime import datetime

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.drafts import name_file
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document
from wardkeeper.usecases.proposals import Proposal, list_waiting
from wardkeeper.usecases.rulebook import RULES, Rulebook, rulebook
from wardkeeper.usecases.view_activity import PURPOSE

FOUNDED = f'"type":"{Act.AUTHORITY_CREATED}"'.encode()
APPLIED = f'"type":"{Act.DOCUMENT_APPLIED}"'.encode()


@dataclass(frozen=True, slots=True)
class InForce:
    """One applied document. `by` are the logins that brought it into force: two where it took a second person."""

    file: str
    title: str
    version: int
    sha256: str
    since: datetime
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What is in force, and what waits."""

    documents: tuple[InForce, ...]
    waiting: tuple[Proposal, ...]


def list_applied(house: House, actor: Actor) -> Applied:
    """Give what is in force, by file. Raises Refused."""
    open_door(house, Ask(actor, PURPOSE, Operation.VIEW_SOURCES, {}))
    book, signed = rulebook(house.store), _who_signed(house)
    found = [_line(book, one, signed) for kind in RULES for one in house.store.documents(kind)]
    return Applied(tuple(found), tuple(list_waiting(house)))


def _line(book: Rulebook, document: Document, signed: dict[str, tuple[str, ...]]) -> InForce:
    return InForce(
        file=name_file(document.kind, document.name),
        title=_title(book, document),
        version=document.version,
        sha256=document.sha256,
        since=document.applied_at,
        by=signed.get(f"{document.kind}/{document.name} {document.sha256}", ()),
    )


def _title(book: Rulebook, document: Document) -> str:
    titles = {
        **{f"source/{name}": contract.title for name, contract in book.contracts.items()},
        **{f"agreement/{agreement.slug}": agreement.title for agreement in book.agreements},
        "authority/authority": book.authority.name,
    }
    return titles.get(f"{document.kind}/{document.name}", "")


def _who_signed(house: House) -> dict[str, tuple[str, ...]]:
    """Read from the ledger who brought each version into force, by kind, name and checksum."""
    found: dict[str, tuple[str, ...]] = {}
    for leaf in house.store.leaves():
        # Most entries are about something else, and need not be parsed to see it.
        if APPLIED not in leaf and FOUNDED not in leaf:
            continue
        content = json.loads(leaf)
        detail = content["detail"]
        first = [detail["proposed_by"]] if detail.get("proposed_by") else []
        named = detail.get("documents") or [f"{detail['kind']}/{detail['name']} {detail['sha256']}"]
        found |= dict.fromkeys(named, (*first, content["login"]))
    return found
