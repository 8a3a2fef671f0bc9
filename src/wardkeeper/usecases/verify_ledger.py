"""Verify the ledger: every leaf and checkpoint, computed again from their bytes."""

from wardkeeper.ledger.verification import Verification, verify
from wardkeeper.usecases.house import House


def verify_ledger(house: House) -> Verification:
    """Say whether the ledger holds, and if not, what is the first thing wrong. Needs no permission: anyone may check."""
    return verify(house.store.leaves(), house.store.checkpoints(), house.store.verifier_key())
