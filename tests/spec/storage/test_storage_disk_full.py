"""A disk that fills up changes nothing and says so in plain words.

The operating system's own limit on the size of a file stands in for the end of the disk: both fail in the same calls.
"""

import resource
from contextlib import contextmanager
from datetime import UTC, datetime

import polars as pl
import pytest
from sqlalchemy import event

from fakes import make_permit
from wardkeeper.adapters.database import open_store
from wardkeeper.adapters.keys import KeyFolder
from wardkeeper.adapters.vault import SealedVault
from wardkeeper.kernel.errors import EXIT_CODES, HTTP_STATUSES, StorageFailed
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.ledger.verification import verify
from wardkeeper.usecases.ports import Document

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LEAF = Leaf(Act.DELIVERY_LOADED, AT, "ana", "trafford-council")
PERMIT = make_permit("records/care")
NEXT = "Free some space, or move the authority's folder to a larger disk, and do it again."


@contextmanager
def full_disk(room):
    """Let no file grow beyond `room` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def seal(vault, rows):
    frame = pl.DataFrame({"record_id": [f"care:{number * 7919 % 1000003}" for number in range(rows)]})
    return vault.write(frame, dataset="records/care", mandates=["care"], parents=[], permit=PERMIT)


@pytest.fixture
def vault(tmp_path, clock):
    vault = SealedVault(tmp_path / "vault", KeyFolder(tmp_path / "keys"), clock)
    vault.open_mandate("care")
    return vault


@pytest.fixture
def store(tmp_path):
    store = open_store(
        f"sqlite:///{tmp_path / 'ledger.db'}", KeyFolder(tmp_path / "keys").ledger_signer("wardkeeper/a")
    )
    with store.write(LEAF) as writer:
        writer.apply_document(Document("contract", "care", b"before", "aa", AT))
    yield store
    store.close()


def apply_large(store):
    with store.write(LEAF) as writer:
        writer.apply_document(Document("contract", "care", b"x" * 2_000_000, "bb", AT))


def check_unchanged(store):
    assert store.document("contract", "care").content == b"before"
    assert verify(store.leaves(), store.checkpoints(), store.verifier_key()).leaves == store.ledger_size() == 1


def test_disk_full_during_load_the_vault_keeps_no_half_file(vault, tmp_path):
    kept = seal(vault, 10)
    with full_disk(20_000), pytest.raises(StorageFailed) as raised:
        seal(vault, 50_000)
    assert raised.value.message == "The disk is full: the sealed file could not be written, and nothing was changed."
    assert raised.value.next == NEXT
    assert [path.name for path in (tmp_path / "vault").iterdir()] == [f"{kept.id}.parquet"]
    assert vault.read(kept, ["record_id"], permit=PERMIT).height == 10


def test_disk_full_during_load_the_database_keeps_neither_change_nor_leaf(store):
    event.listen(store._engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 100"))
    store._engine.dispose()  # so that the next connection has room for 100 pages
    with pytest.raises(StorageFailed) as raised:
        apply_large(store)
    assert raised.value.message == "The disk is full: the database could not be written, and nothing was changed."
    assert raised.value.next == NEXT
    check_unchanged(store)


def test_a_write_the_system_refuses_keeps_neither_change_nor_leaf(store):
    with full_disk(300_000), pytest.raises(StorageFailed) as raised:
        apply_large(store)
    assert raised.value.message.startswith("The disk is full or failing: the database could not be written")
    check_unchanged(store)


def test_when_there_is_room_again_the_same_act_goes_through(store, vault):
    with full_disk(300_000), pytest.raises(StorageFailed):
        apply_large(store)
    apply_large(store)
    assert store.document("contract", "care").version == 2
    with full_disk(20_000), pytest.raises(StorageFailed):
        seal(vault, 50_000)
    assert vault.read(seal(vault, 50_000), ["record_id"], permit=PERMIT).height == 50_000


def test_a_full_disk_has_its_own_exit_code_and_status():
    assert (EXIT_CODES[StorageFailed], HTTP_STATUSES[StorageFailed]) == (4, 507)
