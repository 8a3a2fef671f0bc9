"""What is left on the disk when a process is killed, another one writes, or the disk is full."""

import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from wardkeeper.adapters.database import open_store
from wardkeeper.adapters.database_engine import REVISION
from wardkeeper.kernel.errors import BadInput, StorageFailed
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.checkpoints import Signer
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.ledger.verification import verify
from wardkeeper.usecases.ports import Account, Document

SIGNER = Signer("wardkeeper/trafford", bytes(range(32)))
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LEAF = Leaf(Act.PERSON_ADDED, AT, "ana", "trafford-council")

PROLOGUE = """
import sys, time
from datetime import UTC, datetime
from wardkeeper.adapters.database import open_store
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.checkpoints import Signer
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.usecases.ports import Account

store = open_store(sys.argv[1], Signer("wardkeeper/trafford", bytes(range(32))))
leaf = Leaf(Act.PERSON_ADDED, datetime(2026, 11, 22, tzinfo=UTC), "ana", "trafford-council")

def add(writer, number):
    writer.add_account(Account(Actor(f"login-{number}", "A Person", "gm-fire", frozenset()), "hash"))
"""

HANGS_BEFORE_ITS_END = """
with store.write(leaf) as writer:
    for number in range(1000):
        add(writer, number)
    print("half-way", flush=True)
    time.sleep(60)
"""

NEVER_STOPS = """
for number in range(10**9):
    with store.write(leaf) as writer:
        add(writer, number)
    print("half-way", flush=True)
"""

WRITES_ONCE = """
with store.write(leaf) as writer:
    add(writer, 1)
"""


@pytest.fixture
def location(tmp_path):
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def store(location):
    store = open_store(location, SIGNER)
    yield store
    store.close()


def start(script, location):
    return subprocess.Popen([sys.executable, "-c", PROLOGUE + script, location], stdout=subprocess.PIPE, text=True)


def check_whole(store, accounts):
    found = verify(store.leaves(), store.checkpoints(), store.verifier_key())
    assert (found.verified, found.leaves, len(store.accounts())) == (True, store.ledger_size(), accounts)


def test_killed_within_a_transaction_leaves_nothing_of_it(store, location):
    process = start(HANGS_BEFORE_ITS_END, location)
    assert process.stdout.readline() == "half-way\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    check_whole(store, accounts=0)
    with store.write(LEAF):
        pass
    check_whole(store, accounts=0)


def test_killed_at_any_moment_leaves_whole_transactions(store, location):
    process = start(NEVER_STOPS, location)
    process.stdout.readline()
    time.sleep(0.15)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert store.ledger_size() >= 1
    check_whole(store, accounts=store.ledger_size())


def test_what_another_process_commits_is_noticed(store, location):
    with store.write(LEAF):
        pass
    before = store.change_number()
    assert start(WRITES_ONCE, location).wait() == 0
    assert store.change_number() != before
    assert store.account("login-1") is not None
    check_whole(store, accounts=1)


def test_two_processes_may_open_a_new_database_at_once(location, tmp_path):
    processes = [start(WRITES_ONCE.replace("1)", f"{number})"), location) for number in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    store = open_store(location, SIGNER)
    check_whole(store, accounts=2)
    store.close()


def test_the_database_is_in_wal_mode_and_its_owners_alone(store, tmp_path):
    with store.write(LEAF):
        pass
    files = list(tmp_path.glob("ledger.db*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    with store._engine.connect() as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert values == ["wal", 2]


def test_the_schema_is_at_the_revision_this_version_needs(store, tmp_path):
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]


def test_a_database_of_a_newer_version_is_left_alone(store, location, tmp_path):
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageFailed, match="made by a newer version"):
        open_store(location, SIGNER)


def test_a_writer_that_waits_too_long_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr("wardkeeper.adapters.database_engine.BUSY_SECONDS", 0.05)
    store = open_store(f"sqlite:///{tmp_path / 'busy.db'}", SIGNER)
    blocker = sqlite3.connect(tmp_path / "busy.db")
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFailed, match="Another process has been writing"), store.write(LEAF):
        pass
    blocker.close()
    with store.write(LEAF):
        pass
    check_whole(store, accounts=0)
    store.close()


def test_a_file_that_is_no_database_is_a_storage_failure(tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"not a database, but long enough to be read as one" * 50)
    with pytest.raises(StorageFailed, match="could not be read or written"):
        open_store(f"sqlite:///{tmp_path / 'ledger.db'}", SIGNER)


def test_a_folder_that_is_not_there_is_a_storage_failure(tmp_path):
    with pytest.raises(StorageFailed, match="No such file or directory"):
        open_store(f"sqlite:///{tmp_path / 'absent' / 'ledger.db'}", SIGNER)


def test_a_server_that_is_not_there_is_a_storage_failure():
    with pytest.raises(StorageFailed, match="could not be read or written") as raised:
        open_store("postgresql://nobody:secret@127.0.0.1:9/none?connect_timeout=1", SIGNER)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("location", ["", "ledger.db", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_any_other_address_is_bad_input(location):
    with pytest.raises(BadInput, match="not one that Wardkeeper knows"):
        open_store(location, SIGNER)


def test_values_are_never_pasted_into_sql(store):
    name = "x'); DROP TABLE accounts; --"
    with store.write(LEAF) as writer:
        writer.add_account(Account(Actor(name, name, "gm-fire", frozenset()), "hash"))
        writer.apply_document(Document("kind", name, b"", "", AT))
    assert store.account(name).actor.name == name
    assert store.document("kind", name).name == name
    assert re.fullmatch(r"\d+", str(store.ledger_size()))
