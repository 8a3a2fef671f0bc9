import hashlib

import pytest

from wardkeeper.ledger.tree import EMPTY_ROOT, CompactRange, find_root, hash_leaf, hash_node

LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The test vectors that implementations of Certificate Transparency share: the root after each leaf."""


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size):
    hashes = [hash_leaf(bytes.fromhex(leaf)) for leaf in LEAVES[:size]]
    assert find_root(hashes).hex() == ROOTS[size]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert CompactRange().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_a_leaf_cannot_be_passed_off_as_a_node():
    left, right = hash_leaf(b"left"), hash_leaf(b"right")
    assert hash_leaf(left + right) != hash_node(left, right)


def test_a_range_goes_on_from_its_bytes():
    hashes = [hash_leaf(bytes([number])) for number in range(13)]
    part = CompactRange().extend(hashes[:7])
    restored = CompactRange.from_bytes(7, part.to_bytes())
    assert restored == part
    assert restored.extend(hashes[7:]).root() == find_root(hashes)


@pytest.mark.parametrize(
    ("size", "peaks", "words"),
    [
        (1, (), "cannot have 0 peaks"),
        (3, (bytes(32),), "cannot have 1 peaks"),
        (-1, (bytes(32),), "tree of -1 leaves"),
        (1, (bytes(31),), "not 32 bytes long"),
    ],
)
def test_a_damaged_range_is_noticed(size, peaks, words):
    with pytest.raises(ValueError, match=words):
        CompactRange(size, peaks)


def test_cut_off_bytes_are_noticed():
    with pytest.raises(ValueError, match="damaged"):
        CompactRange.from_bytes(3, bytes(63))
