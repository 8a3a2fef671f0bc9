"""Verify a ledger offline: recompute everything from the leaves' bytes, trusting nothing but a public key.

What this shows: each leaf is, byte for byte and in its place, what was signed when it was written, and none of them
is missing, moved or added. What it cannot show: that nobody put back an *older copy* of the whole file, or kept a
second ledger signed with the same key for other eyes. A shorter history that was once true still verifies. Only a
later checkpoint held by someone else, such as a partner's countersignature, reveals that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from wardkeeper.kernel.errors import IntegrityBroken
from wardkeeper.ledger.checkpoints import Verifier
from wardkeeper.ledger.proofs import Head
from wardkeeper.ledger.tree import CompactRange, hash_leaf


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. `leaves` counts those that hold, from the first; `problem` names the first that does not.

    Leaves and checkpoints are counted from 1.
    """

    leaves: int
    verified: bool
    problem: str = ""


def verify(leaves: Iterable[bytes], checkpoints: Iterable[str], verifier_key: str) -> Verification:
    """Check every leaf and checkpoint, oldest first, in one pass. Raises BadInput when the key itself is malformed."""
    verifier = Verifier.from_text(verifier_key)
    remaining, tree = iter(leaves), CompactRange()
    for number, note in enumerate(checkpoints, 1):
        try:
            longer = _follow(tree, remaining, verifier.open_checkpoint(note))
        except IntegrityBroken as broken:
            return Verification(tree.size, verified=False, problem=f"Checkpoint {number}: {broken.message}")
        tree = longer
    if next(remaining, None) is not None:
        problem = f"Leaf {tree.size + 1} is covered by no checkpoint: it was added without being signed."
        return Verification(tree.size, verified=False, problem=problem)
    return Verification(tree.size, verified=True)


def _follow(tree: CompactRange, remaining: Iterator[bytes], head: Head) -> CompactRange:
    """Add the leaves that a checkpoint covers beyond the one before. Raises IntegrityBroken when they do not fit."""
    if head.size <= tree.size:
        raise IntegrityBroken(f"it covers {head.size} leaves, no more than the one before it.", "")
    longer = tree.extend(hash_leaf(leaf) for leaf in islice(remaining, head.size - tree.size))
    if longer.size < head.size:
        raise IntegrityBroken(f"leaf {longer.size + 1} is missing; {head.size} were signed.", "")
    if longer.root() != head.root:
        raise IntegrityBroken(f"{_name_leaves(tree.size + 1, head.size)} not what was signed.", "")
    return longer


def _name_leaves(first: int, last: int) -> str:
    return f"leaf {first} is" if first == last else f"one of leaves {first} to {last} is"
