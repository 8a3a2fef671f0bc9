"""Proofs about the tree: that a leaf is in it, and that a larger tree only added to a smaller one.

Making a proof needs every leaf's hash; checking one needs a few hashes and no trust in whoever made it.
Sources: RFC 6962, sections 2.1.1 and 2.1.2; the checks are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wardkeeper.ledger.tree import EMPTY_ROOT, find_root, hash_node

Path = tuple[bytes, ...]
"""The hashes of a proof, lowest in the tree first."""


@dataclass(frozen=True, slots=True)
class Head:
    """A tree's size and root, as a checkpoint states them."""

    size: int
    root: bytes


def prove_inclusion(leaf_hashes: Sequence[bytes], index: int) -> Path:
    """Give the proof that leaf `index` (from 0) is in the tree. Raises ValueError when it is not."""
    size = len(leaf_hashes)
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}: give an index from 0 to {size - 1}")
    if size == 1:
        return ()
    split = _find_split(size)
    if index < split:
        return (*prove_inclusion(leaf_hashes[:split], index), find_root(leaf_hashes[split:]))
    return (*prove_inclusion(leaf_hashes[split:], index - split), find_root(leaf_hashes[:split]))


def holds_inclusion(leaf_hash: bytes, index: int, head: Head, proof: Path) -> bool:
    """Tell whether the proof shows that the leaf stands at `index` (from 0) in the tree."""
    if not 0 <= index < head.size:
        return False
    node, last, computed = index, head.size - 1, leaf_hash
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            computed = hash_node(step, computed)
            node, last = _climb_to_right_child(node, last)
        else:
            computed = hash_node(computed, step)
        node, last = node >> 1, last >> 1
    return last == 0 and computed == head.root


def prove_consistency(leaf_hashes: Sequence[bytes], earlier: int) -> Path:
    """Give the proof that the tree only added to its first `earlier` leaves. Raises ValueError when it has fewer."""
    if not 0 <= earlier <= len(leaf_hashes):
        raise ValueError(f"a tree of {len(leaf_hashes)} leaves has no earlier size {earlier}: give a smaller size")
    return _prove_part(leaf_hashes, earlier, known=True) if earlier else ()


def holds_consistency(earlier: Head, later: Head, proof: Path) -> bool:
    """Tell whether the proof shows that the later tree only added to the earlier one."""
    if earlier.size >= later.size or earlier.size == 0:
        same = earlier == later or earlier == Head(0, EMPTY_ROOT)
        return same and earlier.size <= later.size and not proof
    # A perfect earlier tree is its own first step, so the proof leaves it out.
    perfect = earlier.size.bit_count() == 1
    steps = (earlier.root, *proof) if perfect else proof
    return bool(steps) and _walk_consistency(earlier, later, steps)


def _prove_part(leaf_hashes: Sequence[bytes], earlier: int, *, known: bool) -> Path:
    """Prove one subtree. `known` says whether the checker already holds its root."""
    size = len(leaf_hashes)
    if earlier == size:
        return () if known else (find_root(leaf_hashes),)
    split = _find_split(size)
    if earlier <= split:
        return (*_prove_part(leaf_hashes[:split], earlier, known=known), find_root(leaf_hashes[split:]))
    return (*_prove_part(leaf_hashes[split:], earlier - split, known=False), find_root(leaf_hashes[:split]))


def _walk_consistency(earlier: Head, later: Head, steps: Path) -> bool:
    """Rebuild both roots from the steps at once."""
    node, last = earlier.size - 1, later.size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = hash_node(step, old), hash_node(step, new)
            node, last = _climb_to_right_child(node, last)
        else:
            new = hash_node(new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and (old, new) == (earlier.root, later.root)


def _climb_to_right_child(node: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the rightmost node has no sibling."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _find_split(size: int) -> int:
    """Give the largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)
