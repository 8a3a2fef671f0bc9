"""The sealed vault against the frames themselves, and against any single changed byte."""

import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import FixedClock, make_permit
from wardkeeper.adapters.keys import KeyFolder
from wardkeeper.adapters.vault import SealedVault
from wardkeeper.kernel.errors import IntegrityBroken

SCHEMA = {
    "record_id": pl.String,
    "row": pl.Int64,
    "family": pl.String,
    "birth_date": pl.Date,
    "longitude": pl.Float64,
    "needs": pl.List(pl.String),
    "protected": pl.Boolean,
}
PERMIT = make_permit("records/care")

words = st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=6))
days = st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2030, 1, 1)))
rows = st.tuples(
    words,
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    words,
    days,
    st.one_of(st.none(), st.floats(allow_nan=False)),
    st.one_of(st.none(), st.lists(words, max_size=3)),
    st.one_of(st.none(), st.booleans()),
)


def make_vault(folder):
    vault = SealedVault(Path(folder) / "vault", KeyFolder(Path(folder) / "keys"), FixedClock())
    vault.open_mandate("care")
    vault.open_mandate("bins")
    return vault


def seal(vault, frame):
    return vault.write(frame, dataset="records/care", mandates=["care", "bins"], parents=[], permit=PERMIT)


@pytest.fixture(scope="module")
def shared():
    with tempfile.TemporaryDirectory() as folder:
        yield make_vault(folder)


@given(content=st.lists(rows, max_size=12), chosen=st.permutations(list(SCHEMA)))
@settings(max_examples=60)
def test_any_frame_comes_back_as_it_was(shared, content, chosen):
    frame = pl.DataFrame(content, schema=SCHEMA, orient="row")
    assert shared.read(seal(shared, frame), chosen, permit=PERMIT).equals(frame.select(chosen))


@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
@settings(max_examples=60)
def test_any_changed_byte_of_a_file_is_noticed(shared, place, mask):
    frame = pl.DataFrame(
        [("care:1", 1, "SMITH", date(1940, 5, 1), -2.3, ["Oxygen"], True)], schema=SCHEMA, orient="row"
    )
    file = seal(shared, frame)
    path = shared._folder / f"{file.id}.parquet"
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= mask
    path.write_bytes(content)
    with pytest.raises(IntegrityBroken, match="missing, or is not what was written"):
        shared.read(file, ["family"], permit=PERMIT)


@given(plain=st.binary(max_size=60), place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
@settings(max_examples=60)
def test_any_changed_byte_of_a_sealed_value_is_noticed(shared, plain, place, mask):
    sealed = bytearray(shared.seal("care", plain))
    assert shared.unseal("care", bytes(sealed), permit=PERMIT) == plain
    sealed[int(place * len(sealed))] ^= mask
    with pytest.raises(IntegrityBroken):
        shared.unseal("care", bytes(sealed), permit=PERMIT)
