"""Destroy what an ended permission held, key and files in one act, and keep the receipt (rule G6).

When it is due is decided where something is closed: an incident with its end, a campaign by a second person.
"""

import json
from dataclasses import asdict, replace

from wardkeeper.kernel.ids import MandateId
from wardkeeper.kernel.mandates import Mandate, MandateKind
from wardkeeper.kernel.spans import from_text, to_text
from wardkeeper.ledger.leaves import Act, Detail, Leaf
from wardkeeper.messages.campaign_life import State
from wardkeeper.usecases.campaign_book import kept_campaigns, name_mandate
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Receipt
from wardkeeper.usecases.rulebook import Kind

ADMINISTRATION = "administration"


def finish_destruction(house: House) -> list[Receipt]:
    """Destroy what closed incidents and destroyed campaigns held, and write the receipts.

    Safe to run again: it takes up where a crash between the destruction and its receipt left off.
    """
    ended = [one for one in house.store.mandates() if one.ended_at is not None and one.destroyed_at is None]
    campaigns = _destroyed_campaigns(house) if any(one.kind is MandateKind.NOTICE for one in ended) else frozenset()
    due = [one for one in ended if one.kind is MandateKind.INCIDENT or one.id in campaigns]
    return [_destroy(house, mandate) for mandate in due]


def receipt_of(house: House, mandate: MandateId) -> Receipt | None:
    """Give the receipt of a permission's destruction; None before it."""
    document = house.store.document(Kind.RECEIPT, mandate)
    if document is None:
        return None
    values = json.loads(document.content)
    return Receipt(
        **{**values, "files": tuple(map(tuple, values["files"])), "destroyed_at": from_text(values["destroyed_at"])}
    )


def _destroyed_campaigns(house: House) -> frozenset[MandateId]:
    return frozenset(name_mandate(one.id) for one in kept_campaigns(house) if one.state is State.DESTROYED)


def _destroy(house: House, mandate: Mandate) -> Receipt:
    files = house.store.files_under(mandate.id)
    receipt = house.vault.destroy(mandate.id, files)
    now = house.clock.now()
    content = json.dumps({**asdict(receipt), "destroyed_at": to_text(receipt.destroyed_at)}, sort_keys=True).encode()
    detail: dict[str, Detail] = {
        "mandate": mandate.id,
        "key": receipt.key_id,
        "commitment": receipt.commitment,
        "files": [f"{file} {checksum}" for file, checksum in receipt.files],
    }
    leaf = Leaf(Act.DATA_DESTROYED, now, "wardkeeper", "", ADMINISTRATION, detail=detail)
    with house.store.write(leaf) as writer:
        writer.drop_files([file.id for file in files])
        writer.add_mandate(replace(mandate, destroyed_at=now))
        writer.apply_document(document_of(house, Kind.RECEIPT, mandate.id, content))
    return receipt
