"""The ledger's tree against a plain reading of RFC 6962 and against pymerkle, written by others."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from wardkeeper.ledger.proofs import Head, holds_consistency, holds_inclusion, prove_consistency, prove_inclusion
from wardkeeper.ledger.tree import CompactRange, find_root, hash_leaf

leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def read_rfc(contents):
    """The definition in RFC 6962, section 2.1, word for word."""
    if not contents:
        return hashlib.sha256(b"").digest()
    if len(contents) == 1:
        return hashlib.sha256(b"\x00" + contents[0]).digest()
    split = 1
    while split * 2 < len(contents):
        split *= 2
    return hashlib.sha256(b"\x01" + read_rfc(contents[:split]) + read_rfc(contents[split:])).digest()


def grow(contents):
    tree = InmemoryTree(algorithm="sha256")
    for content in contents:
        tree.append_entry(content)
    return tree


@given(leaves)
def test_the_root_is_that_of_the_definition_and_of_pymerkle(contents):
    root = find_root([hash_leaf(content) for content in contents])
    assert root == read_rfc(contents) == grow(contents).get_root()


@given(leaves, st.data())
def test_a_range_gives_every_root_on_the_way_and_survives_its_bytes(contents, data):
    pause = data.draw(st.integers(0, len(contents)))
    tree = CompactRange().extend(map(hash_leaf, contents[:pause]))
    assert tree.root() == read_rfc(contents[:pause])
    restored = CompactRange.from_bytes(tree.size, tree.to_bytes())
    assert restored.extend(map(hash_leaf, contents[pause:])).root() == read_rfc(contents)


@given(leaves, st.data())
def test_inclusion_proofs_are_pymerkles_and_hold(contents, data):
    index = data.draw(st.integers(0, len(contents) - 1))
    hashes = [hash_leaf(content) for content in contents]
    proof = prove_inclusion(hashes, index)
    head = Head(len(contents), find_root(hashes))
    theirs = grow(contents).prove_inclusion(index + 1, len(contents))
    assert [hashes[index], *proof] == list(theirs.path)
    verify_inclusion(hashes[index], head.root, theirs)
    assert holds_inclusion(hashes[index], index, head, proof)


@given(leaves, st.data())
def test_an_inclusion_proof_holds_for_no_other_place_or_root(contents, data):
    index = data.draw(st.integers(0, len(contents) - 1))
    other = data.draw(st.integers(-2, len(contents) + 2).filter(lambda number: number != index))
    hashes = [hash_leaf(bytes([place]) + content) for place, content in enumerate(contents)]
    head, proof = Head(len(hashes), find_root(hashes)), prove_inclusion(hashes, index)
    assert not holds_inclusion(hashes[index], other, head, proof)
    assert not holds_inclusion(hashes[index], index, Head(head.size, hash_leaf(head.root)), proof)


@given(leaves, st.data())
def test_consistency_proofs_hold_and_pymerkle_agrees_on_the_roots(contents, data):
    earlier = data.draw(st.integers(1, len(contents)))
    hashes = [hash_leaf(content) for content in contents]
    old, new = Head(earlier, find_root(hashes[:earlier])), Head(len(hashes), find_root(hashes))
    tree = grow(contents)
    verify_consistency(old.root, new.root, tree.prove_consistency(earlier, len(contents)))
    assert holds_consistency(old, new, prove_consistency(hashes, earlier))


@given(leaves, st.data())
def test_no_consistency_proof_holds_once_an_early_leaf_is_changed(contents, data):
    earlier = data.draw(st.integers(1, len(contents)))
    changed = data.draw(st.integers(0, earlier - 1))
    hashes = [hash_leaf(content) for content in contents]
    forged = [*hashes[:changed], hash_leaf(contents[changed] + b"!"), *hashes[changed + 1 :]]
    old, new = Head(earlier, find_root(hashes[:earlier])), Head(len(forged), find_root(forged))
    assert not holds_consistency(old, new, prove_consistency(forged, earlier))
    assert not holds_consistency(old, new, prove_consistency(hashes, earlier))
