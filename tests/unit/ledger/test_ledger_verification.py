import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.ledger.checkpoints import Signer
from wardkeeper.ledger.proofs import Head
from wardkeeper.ledger.tree import find_root, hash_leaf
from wardkeeper.ledger.verification import Verification, verify

SIGNER = Signer("wardkeeper/trafford", bytes(range(32)))
KEY = SIGNER.verifier.to_text()
LEAVES = [f"leaf {number}".encode() for number in range(1, 8)]


def sign(size, leaves=LEAVES):
    return SIGNER.sign(Head(size, find_root([hash_leaf(leaf) for leaf in leaves[:size]])))


NOTES = [sign(size) for size in (1, 2, 5, 7)]
"""Leaves 3 to 5, and 6 to 7, were written in one transaction each."""


def change(things, position, thing):
    return [*things[:position], thing, *things[position + 1 :]]


def drop(things, position):
    return [*things[:position], *things[position + 1 :]]


def test_a_whole_ledger_verifies():
    assert verify(LEAVES, NOTES, KEY) == Verification(7, verified=True)


def test_an_empty_ledger_verifies():
    assert verify([], [], KEY) == Verification(0, verified=True)


def test_it_reads_its_input_once_and_in_order():
    assert verify(iter(LEAVES), iter(NOTES), KEY).verified


@pytest.mark.parametrize(
    ("leaves", "notes", "held", "problem"),
    [
        (change(LEAVES, 0, b"Leaf 1"), NOTES, 0, "Checkpoint 1: leaf 1 is not what was signed."),
        (change(LEAVES, 1, b""), NOTES, 1, "Checkpoint 2: leaf 2 is not what was signed."),
        (change(LEAVES, 3, b"x"), NOTES, 2, "Checkpoint 3: one of leaves 3 to 5 is not what was signed."),
        (drop(LEAVES, 1), NOTES, 1, "Checkpoint 2: leaf 2 is not what was signed."),
        (LEAVES[:6], NOTES, 5, "Checkpoint 4: leaf 7 is missing; 7 were signed."),
        ([], NOTES, 0, "Checkpoint 1: leaf 1 is missing; 1 were signed."),
        ([*LEAVES, b"more"], NOTES, 7, "Leaf 8 is covered by no checkpoint: it was added without being signed."),
        (LEAVES, [], 0, "Leaf 1 is covered by no checkpoint: it was added without being signed."),
        (LEAVES, drop(NOTES, 3), 5, "Leaf 6 is covered by no checkpoint: it was added without being signed."),
        ([LEAVES[1], LEAVES[0], *LEAVES[2:]], NOTES, 0, "Checkpoint 1: leaf 1 is not what was signed."),
        (LEAVES, [NOTES[0], *NOTES], 1, "Checkpoint 2: it covers 1 leaves, no more than the one before it."),
        (LEAVES, NOTES[::-1], 7, "Checkpoint 2: it covers 5 leaves, no more than the one before it."),
        (LEAVES, change(NOTES, 1, "gone"), 1, "Checkpoint 2: The checkpoint is not a signed note."),
        (LEAVES, [SIGNER.sign(Head(0, bytes(32)))], 0, "Checkpoint 1: it covers 0 leaves, no more than"),
    ],
    ids=[
        "first leaf changed",
        "single leaf emptied",
        "leaf in a batch changed",
        "leaf taken out",
        "last leaf taken off",
        "all leaves taken",
        "leaf added",
        "all checkpoints taken",
        "last checkpoint taken",
        "leaves swapped",
        "checkpoint doubled",
        "checkpoints reversed",
        "checkpoint damaged",
        "checkpoint of nothing",
    ],
)
def test_the_first_thing_that_does_not_hold_is_named(leaves, notes, held, problem):
    found = verify(leaves, notes, KEY)
    assert not found.verified
    assert found.leaves == held
    assert found.problem.startswith(problem)


def test_a_ledger_signed_with_another_key_does_not_verify():
    other = Signer(SIGNER.name, bytes(32)).verifier.to_text()
    assert verify(LEAVES, NOTES, other).problem == "Checkpoint 1: The checkpoint is not signed by the ledger's key."


def test_what_it_cannot_show_a_shorter_history_that_was_once_true_still_verifies():
    assert verify(LEAVES[:5], NOTES[:3], KEY) == Verification(5, verified=True)


def test_a_malformed_key_is_bad_input_not_a_broken_ledger():
    with pytest.raises(BadInput):
        verify(LEAVES, NOTES, "no key")
