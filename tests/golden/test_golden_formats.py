"""Bytes that must never change: what was written once is read for years, and hashes are taken over it.

A new format is a new version beside the old one, never an edit of these.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wardkeeper.incidents.events import EventType
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.ledger.checkpoints import Signer
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.ledger.proofs import Head
from wardkeeper.ledger.tree import hash_leaf
from wardkeeper.usecases.incident_card import IncidentCard

AT = datetime(2026, 11, 22, 3, 0, 0, 42, tzinfo=UTC)
LEAF = Leaf(
    Act.READ,
    AT,
    "crew@gm-fire.example",
    "gm-fire",
    "emergency-response",
    "dec-1",
    "0" * 32,
    {"rows": 3, "datasets": ["incidents/inc-1/list"], "zoë": None},
)
CARD = IncidentCard(
    "inc-1",
    "Mersey flood",
    Hazard.FLOOD,
    '{"type":"Polygon"}',
    "Water by 3am.",
    "mandate-inc-1",
    "planner",
    ("E08000009",),
)
FORMATS = {
    "leaf-1": LEAF.to_bytes(),
    "leaf-1-hash": hash_leaf(LEAF.to_bytes()).hex().encode(),
    "checkpoint": Signer("wardkeeper/test", bytes(range(32))).sign(Head(1, hash_leaf(LEAF.to_bytes()))).encode(),
    "incident-card": CARD.to_bytes(),
    "acts": "\n".join(sorted(Act)).encode(),
    "events": "\n".join(sorted(EventType)).encode(),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_stored_format_stays_as_it_was(name):
    golden = (Path(__file__).parent / f"{name}.golden").read_bytes()
    assert FORMATS[name] == golden


def test_an_incident_card_is_read_back_whole():
    assert IncidentCard.from_bytes((Path(__file__).parent / "incident-card.golden").read_bytes()) == CARD
