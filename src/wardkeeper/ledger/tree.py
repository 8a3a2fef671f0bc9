"""The Merkle tree of RFC 6962, kept as a compact range: enough to append and to give the root, in 32 × log₂ n bytes.

The source is RFC 6962, section 2.1 (its successor RFC 9162 keeps the same hashes). Proofs are in `proofs`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_SIZE = 32
"""Bytes in a SHA-256 digest."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def hash_leaf(content: bytes) -> bytes:
    """Give the hash of a leaf's bytes. The prefix 0 keeps a leaf from being passed off as a node."""
    return hashlib.sha256(b"\x00" + content).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Give the hash of a node from its two children's hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """The roots of the perfect subtrees that a tree of `size` leaves is made of, largest first.

    There is one for each bit set in `size`. Raises ValueError when they cannot belong to that size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves cannot have {len(self.peaks)} peaks: the range is damaged")
        if any(len(peak) != HASH_SIZE for peak in self.peaks):
            raise ValueError(f"a peak is not {HASH_SIZE} bytes long: the range is damaged")

    @classmethod
    def from_bytes(cls, size: int, content: bytes) -> "CompactRange":
        """Read the peaks of a tree of `size` leaves. Raises ValueError as the class does."""
        starts = range(0, len(content), HASH_SIZE)
        return cls(size, tuple(content[start : start + HASH_SIZE] for start in starts))

    def to_bytes(self) -> bytes:
        """Give the peaks, one after another."""
        return b"".join(self.peaks)

    def append(self, leaf_hash: bytes) -> "CompactRange":
        """Give the range with one more leaf."""
        peaks, carried, size = list(self.peaks), leaf_hash, self.size
        while size & 1:
            carried = hash_node(peaks.pop(), carried)
            size >>= 1
        return CompactRange(self.size + 1, (*peaks, carried))

    def extend(self, leaf_hashes: Iterable[bytes]) -> "CompactRange":
        """Give the range with more leaves, in order."""
        longer = self
        for leaf_hash in leaf_hashes:
            longer = longer.append(leaf_hash)
        return longer

    def root(self) -> bytes:
        """Give the tree's root hash."""
        if not self.peaks:
            return EMPTY_ROOT
        *larger, root = self.peaks
        for peak in reversed(larger):
            root = hash_node(peak, root)
        return root


def find_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Give the root hash of a whole tree from its leaves' hashes."""
    return CompactRange().extend(leaf_hashes).root()
