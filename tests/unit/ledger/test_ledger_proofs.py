import pytest

from wardkeeper.ledger.proofs import (
    Head,
    holds_consistency,
    holds_inclusion,
    prove_consistency,
    prove_inclusion,
)
from wardkeeper.ledger.tree import EMPTY_ROOT, find_root, hash_leaf

HASHES = [hash_leaf(bytes([number])) for number in range(7)]
HEAD = Head(7, find_root(HASHES))


def head(size):
    return Head(size, find_root(HASHES[:size]))


@pytest.mark.parametrize(("index", "steps"), [(0, 3), (3, 3), (4, 3), (6, 2)])
def test_the_example_of_rfc_6962_has_proofs_of_this_length(index, steps):
    proof = prove_inclusion(HASHES, index)
    assert len(proof) == steps
    assert holds_inclusion(HASHES[index], index, HEAD, proof)


@pytest.mark.parametrize(("earlier", "steps"), [(3, 4), (4, 1), (6, 3)])
def test_the_consistency_proofs_of_rfc_6962_have_this_length(earlier, steps):
    proof = prove_consistency(HASHES, earlier)
    assert len(proof) == steps
    assert holds_consistency(head(earlier), HEAD, proof)


@pytest.mark.parametrize("index", [-1, 7])
def test_a_leaf_outside_the_tree_has_no_proof(index):
    with pytest.raises(ValueError, match="there is no leaf"):
        prove_inclusion(HASHES, index)
    assert not holds_inclusion(HASHES[0], index, HEAD, prove_inclusion(HASHES, 0))


@pytest.mark.parametrize("earlier", [-1, 8])
def test_a_tree_has_no_larger_earlier_size(earlier):
    with pytest.raises(ValueError, match="no earlier size"):
        prove_consistency(HASHES, earlier)


def test_a_proof_of_inclusion_holds_for_nothing_else():
    proof = prove_inclusion(HASHES, 2)
    assert not holds_inclusion(HASHES[3], 2, HEAD, proof)
    assert not holds_inclusion(HASHES[2], 3, HEAD, proof)
    assert not holds_inclusion(HASHES[2], 2, Head(7, EMPTY_ROOT), proof)
    assert not holds_inclusion(HASHES[2], 2, HEAD, proof[:-1])
    assert not holds_inclusion(HASHES[2], 2, HEAD, (*proof, HASHES[0]))


def test_every_tree_goes_on_from_the_empty_one_and_from_itself():
    assert prove_consistency(HASHES, 0) == ()
    assert holds_consistency(Head(0, EMPTY_ROOT), HEAD, ())
    assert prove_consistency(HASHES, 7) == ()
    assert holds_consistency(HEAD, HEAD, ())


def test_a_proof_of_consistency_holds_for_nothing_else():
    proof = prove_consistency(HASHES, 3)
    assert not holds_consistency(Head(3, find_root(HASHES[1:4])), HEAD, proof)
    assert not holds_consistency(head(3), Head(7, find_root(HASHES[::-1])), proof)
    assert not holds_consistency(head(3), HEAD, proof[:-1])
    assert not holds_consistency(head(3), HEAD, (*proof, HASHES[0]))
    assert not holds_consistency(head(3), HEAD, ())


@pytest.mark.parametrize(
    ("earlier", "later"),
    [(Head(0, HASHES[0]), HEAD), (HEAD, head(3)), (Head(7, HASHES[0]), HEAD), (HEAD, Head(0, EMPTY_ROOT))],
    ids=["a false empty tree", "a shorter tree", "another root at the same size", "an emptied tree"],
)
def test_a_tree_does_not_go_on_from(earlier, later):
    assert not holds_consistency(earlier, later, ())
