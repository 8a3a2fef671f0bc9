from dataclasses import dataclass, field
from itertools import chain, permutations

import polars as pl
import pytest

from wardkeeper.adapters.keys import MandateKey
from wardkeeper.adapters.vault_parquet import Seal, classify, open_frame, seal_frame
from wardkeeper.kernel.columns import FACTOR, HOME, LIST, RECORD, RESIDENT, SENSITIVITY, Sensitivity
from wardkeeper.kernel.errors import BadInput, IntegrityBroken

CARE, BINS, FLOOD = (
    MandateKey(name, f"key-{name}", "", bytes([number]) * 32) for number, name in enumerate(("care", "bins", "flood"))
)
SEAL = Seal("file-000000000000", (CARE, BINS, FLOOD))
FRAME = pl.DataFrame({"record_id": ["care:1"], "family": ["SMITH"], "postcode": ["M33 7ZF"], "needs": [["Oxygen"]]})


@dataclass(frozen=True)
class WatchedSeal(Seal):
    """A seal that notes what it was asked to wrap."""

    seen: list = field(default_factory=list)

    def wrap(self, data_key, label):
        self.seen.append((label.split("/")[0], data_key))
        return super().wrap(data_key, label)


def test_every_column_has_a_data_key_of_256_bits_of_its_own_under_its_class():
    watched = WatchedSeal(SEAL.file, SEAL.keys)
    seal_frame(FRAME, watched)
    assert sorted(kind for kind, _ in watched.seen) == ["health", "identity", "key", "key", "place"]
    keys = [data_key for _, data_key in watched.seen]
    assert {len(data_key) for data_key in keys} == {32}
    assert len(set(keys)) == len(keys)


def test_no_two_files_share_a_data_key():
    first, second = WatchedSeal(SEAL.file, SEAL.keys), WatchedSeal(SEAL.file, SEAL.keys)
    seal_frame(FRAME, first)
    seal_frame(FRAME, second)
    assert not {key for _, key in first.seen} & {key for _, key in second.seen}


def test_a_wrapped_key_needs_every_mandate_in_its_place():
    label = SEAL.label(Sensitivity.HEALTH)
    wrapped = SEAL.wrap(b"k" * 32, label)
    assert SEAL.unwrap(wrapped, label) == b"k" * 32
    for keys in permutations((CARE, BINS, FLOOD)):
        for some in (keys[:2], keys[:1], keys):
            other = Seal(SEAL.file, some)
            if other != SEAL:
                with pytest.raises(IntegrityBroken, match="names other keys"):
                    other.unwrap(wrapped, label)


def test_the_right_names_with_a_wrong_key_do_not_open():
    false = MandateKey("bins", "key-bins", "", bytes(32))
    label = SEAL.label(Sensitivity.HEALTH)
    with pytest.raises(IntegrityBroken, match="does not open with its key"):
        Seal(SEAL.file, (CARE, false, FLOOD)).unwrap(SEAL.wrap(b"k" * 32, label), label)


def test_a_key_wrapped_for_one_class_does_not_open_as_another():
    wrapped = SEAL.wrap(b"k" * 32, SEAL.label(Sensitivity.HEALTH))
    with pytest.raises(IntegrityBroken):
        SEAL.unwrap(wrapped, SEAL.label(Sensitivity.PLACE))


def test_a_sealed_frame_opens_with_its_seal_and_no_other():
    content = seal_frame(FRAME, SEAL)
    assert open_frame(content, FRAME.columns, SEAL).equals(FRAME)
    for other in (Seal(SEAL.file, (CARE, BINS)), Seal("file-000000000001", SEAL.keys)):
        with pytest.raises(IntegrityBroken):
            open_frame(content, ["record_id"], other)


def test_a_file_names_its_classes_and_mandates_but_no_column():
    content = seal_frame(FRAME, SEAL)
    assert b"key/file-000000000000/care+bins+flood" in content
    for column in FRAME.columns:
        assert column.encode() not in content


def test_columns_are_sorted_by_class():
    assert classify(FRAME.columns) == {
        Sensitivity.KEY: ["record_id"],
        Sensitivity.IDENTITY: ["family"],
        Sensitivity.PLACE: ["postcode"],
        Sensitivity.HEALTH: ["needs"],
    }


@pytest.mark.parametrize("columns", [RECORD, FACTOR, RESIDENT, HOME, LIST])
def test_every_frame_between_rooms_can_be_stored(columns):
    names = [column.name for column in columns]
    assert sorted(chain.from_iterable(classify(names).values())) == sorted(names)


def test_all_columns_without_a_class_are_named():
    assert "shoe_size" not in SENSITIVITY
    with pytest.raises(BadInput, match="shoe_size, hat_size"):
        classify(["record_id", "shoe_size", "hat_size"])
