"""Change any single byte of any leaf or checkpoint, and the ledger no longer verifies."""

from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.ledger.checkpoints import Signer
from wardkeeper.ledger.proofs import Head
from wardkeeper.ledger.tree import CompactRange, hash_leaf
from wardkeeper.ledger.verification import verify

SIGNER = Signer("wardkeeper/trafford", bytes(range(32)))
KEY = SIGNER.verifier.to_text()

batches = st.lists(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=4), min_size=1, max_size=6)


def write(transactions):
    """The leaves and checkpoints that a store would have after these transactions."""
    leaves, notes, tree = [], [], CompactRange()
    for transaction in transactions:
        leaves += transaction
        tree = tree.extend(map(hash_leaf, transaction))
        notes.append(SIGNER.sign(Head(tree.size, tree.root())))
    return leaves, notes


def flip(content, position, mask):
    return content[:position] + bytes([content[position] ^ mask]) + content[position + 1 :]


@given(batches)
def test_what_was_written_verifies(transactions):
    leaves, notes = write(transactions)
    found = verify(leaves, notes, KEY)
    assert (found.leaves, found.verified, found.problem) == (len(leaves), True, "")


@given(batches, st.data(), st.integers(1, 255))
def test_any_byte_of_any_leaf(transactions, data, mask):
    leaves, notes = write(transactions)
    victim = data.draw(st.integers(0, len(leaves) - 1))
    place = data.draw(st.integers(0, len(leaves[victim]) - 1))
    leaves[victim] = flip(leaves[victim], place, mask)
    found = verify(leaves, notes, KEY)
    assert not found.verified
    assert found.leaves <= victim


@given(batches, st.data(), st.integers(1, 255))
def test_any_byte_of_any_checkpoint(transactions, data, mask):
    leaves, notes = write(transactions)
    victim = data.draw(st.integers(0, len(notes) - 1))
    content = notes[victim].encode()
    changed = flip(content, data.draw(st.integers(0, len(content) - 1)), mask)
    notes[victim] = changed.decode(errors="surrogateescape")
    found = verify(leaves, notes, KEY)
    assert not found.verified
    assert found.problem.startswith(f"Checkpoint {victim + 1}:")
