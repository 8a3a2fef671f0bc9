"""What every store promises, whatever database is behind it."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from wardkeeper.adapters.database import open_store
from wardkeeper.adapters.database_tables import METADATA
from wardkeeper.incidents.events import Event, EventType
from wardkeeper.kernel.errors import Conflict, IntegrityBroken, StorageFailed
from wardkeeper.kernel.mandates import AtEnd, Mandate, MandateKind
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.ledger.checkpoints import Signer
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.ledger.verification import Verification, verify
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.usecases.ports import Account, Document, Session, StoredEvent, VaultFile

AT = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
LEAF = Leaf(Act.DOCUMENT_APPLIED, AT, "ana", "trafford-council", detail={"file": "agreements/fire.toml"})
ANA = Account(Actor("ana", "Ana Ng", "trafford-council", frozenset({Role.PLANNER, Role.DPO})), "$argon2id$x")
BEN = Account(Actor("ben", "Ben Ode", "gm-fire", frozenset()), "$argon2id$y", active=False)
SESSION = Session("5ab3", "ana", "c5f", AT, AT + timedelta(hours=12))
CARE = Mandate(
    id="care",
    kind=MandateKind.STANDING,
    title="Adult social care, for planning",
    purposes=frozenset({"emergency-planning", "emergency-response"}),
    gateways=("cca-2004", "care-act-2014"),
    starts=date(2026, 1, 1),
    ends=None,
    review_by=date(2026, 12, 31),
    at_end=AtEnd.REBASE,
    source="adult-social-care",
)
FLOOD = replace(CARE, id="flood", kind=MandateKind.INCIDENT, ends=date(2026, 12, 1), review_by=None, incident="inc-1")
DELIVERY = Delivery(
    id="del-1",
    source="care",
    file_name="care.csv",
    sha256="ab" * 32,
    extracted_on=date(2026, 11, 20),
    received_at=AT,
    rows=10,
    loaded=7,
    repaired=2,
    quarantined=1,
    records=11,
    assumed=("encoding cp1252", "dates dd/mm/yyyy"),
)
FILE = VaultFile(
    id="file-1",
    dataset="records/care",
    mandates=("care",),
    parents=("file-0",),
    columns=("record_id", "family"),
    rows=10,
    sha256="cd" * 32,
    written_at=AT,
)


def event(number, incident="inc-1", **other):
    happened = Event(incident, number, EventType.CHECK_TAKEN, AT, "crew", "gm-fire", "chk-1", **other)
    return StoredEvent(happened, b"sealed")


def write(store, *changes, leaf=LEAF):
    with store.write(leaf) as writer:
        for name, *arguments in changes:
            getattr(writer, name)(*arguments)


def check_whole(store):
    found = verify(store.leaves(), store.checkpoints(), store.verifier_key())
    assert found == Verification(store.ledger_size(), verified=True)


def test_a_new_store_is_empty_and_verifies(store):
    assert store.ledger_size() == 0
    assert [store.accounts(), store.deliveries(), store.currents(), store.mandates(), store.incidents()] == [[]] * 5
    check_whole(store)


def test_the_migrations_make_the_tables_the_program_reads(store):
    with store._engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    assert differences == []


def test_people_are_added_replaced_and_found(store):
    write(store, ("add_account", BEN), ("add_account", ANA))
    assert store.account("ana") == ANA
    assert store.accounts() == [ANA, BEN]
    write(store, ("add_account", replace(ANA, active=False)))
    assert store.account("ana") == replace(ANA, active=False)
    assert store.account("nobody") is None


def test_a_session_is_found_until_it_ends(store):
    write(store, ("add_session", SESSION))
    assert store.session("5ab3") == SESSION
    write(store, ("end_session", "5ab3"), ("end_session", "unknown"))
    assert store.session("5ab3") is None


def test_the_newest_version_of_a_document_is_in_force(store):
    first = Document("agreement", "fire", b"a = 1", "aa", AT)
    second = replace(first, content=b"a = 2", sha256="bb")
    other = replace(first, name="ambulance")
    contract = replace(first, kind="source")
    write(store, ("apply_document", first), ("apply_document", other), ("apply_document", contract))
    write(store, ("apply_document", second))
    assert store.document("agreement", "fire") == replace(second, version=2)
    assert store.documents("agreement") == [other, replace(second, version=2)]
    assert store.document("source", "fire") == contract
    assert store.document("purpose", "fire") is None
    assert store.documents("purpose") == []


def test_deliveries_are_listed_oldest_first_and_by_source(store):
    later = replace(DELIVERY, id="del-0", source="bins", assumed=())
    write(store, ("add_delivery", DELIVERY))
    write(store, ("add_delivery", later))
    assert store.deliveries() == [DELIVERY, later]
    assert store.deliveries("bins") == [later]


def test_a_delivery_recorded_twice_is_a_conflict(store):
    write(store, ("add_delivery", DELIVERY))
    with pytest.raises(Conflict, match="recorded already"):
        write(store, ("add_delivery", DELIVERY))
    assert store.ledger_size() == 1


def test_a_deliverys_counts_change_when_held_rows_are_put_right(store):
    write(store, ("add_delivery", DELIVERY))
    mended = replace(
        DELIVERY, repaired=DELIVERY.repaired + 1, quarantined=DELIVERY.quarantined - 1, records=DELIVERY.records + 1
    )
    write(store, ("count_again", replace(mended, file_name="another name")))
    assert store.deliveries() == [mended], "nothing but the counts changes"


@pytest.mark.parametrize("change", [{"id": "del-unknown"}, {"rows": 1, "loaded": 1, "repaired": 0, "quarantined": 0}])
def test_counts_of_another_file_are_a_conflict(store, change):
    write(store, ("add_delivery", DELIVERY))
    with pytest.raises(Conflict, match="not the one that was received"):
        write(store, ("count_again", replace(DELIVERY, **change)))


def test_the_pointer_moves_to_the_newest_version_and_the_old_one_is_kept(store):
    newer = replace(FILE, id="file-2", parents=("file-1",), written_at=AT + timedelta(days=1))
    write(store, ("set_current", FILE))
    assert store.current("records/care") == FILE
    write(store, ("set_current", newer))
    assert store.current("records/care") == newer
    assert store.files_under("care") == [FILE, newer]
    write(store, ("set_current", FILE))
    assert store.current("records/care") == FILE
    assert store.current("records/bins") is None


def test_current_files_are_found_by_the_start_of_their_dataset(store):
    names = ["records/a", "records/b", "Records/c", "recordsx", "re%ords/d"]
    files = [replace(FILE, id=f"file-{number}", dataset=name) for number, name in enumerate(names)]
    write(store, *(("set_current", file) for file in files))
    assert [file.dataset for file in store.currents("records/")] == ["records/a", "records/b"]
    assert [file.dataset for file in store.currents("re%")] == ["re%ords/d"]
    assert len(store.currents()) == 5


def test_destroyed_files_are_forgotten_under_every_mandate(store):
    both = replace(FILE, id="file-2", dataset="residents", mandates=("bins", "care"))
    write(store, ("set_current", FILE), ("set_current", both))
    assert store.files_under("bins") == [both]
    assert store.files_under("care") == [FILE, both]
    write(store, ("drop_files", ["file-2"]))
    assert store.current("residents") is None
    assert store.files_under("bins") == []
    assert store.files_under("care") == [FILE]
    write(store, ("drop_files", []))


def test_mandates_keep_their_place_when_an_end_is_recorded(store):
    write(store, ("add_mandate", FLOOD), ("add_mandate", CARE))
    ended = replace(FLOOD, ended_at=AT, destroyed_at=AT + timedelta(days=1))
    write(store, ("add_mandate", ended))
    assert store.mandate("flood") == ended
    assert store.mandates() == [ended, CARE]
    assert store.mandate("none") is None


def test_an_incidents_events_are_numbered_without_gaps(store):
    write(store, ("add_event", event(1)), ("add_event", event(2)))
    for number in (2, 4, 0):
        with pytest.raises(Conflict, match="Something else happened in this incident first"):
            write(store, ("add_event", event(number)))
    write(store, ("add_event", event(3)), ("add_event", event(1, "inc-0")))
    assert [stored.event.number for stored in store.events("inc-1")] == [1, 2, 3]
    assert [stored.event.number for stored in store.events("inc-1", after=2)] == [3]
    assert store.incidents() == ["inc-1", "inc-0"]
    assert store.events("inc-9") == []


def test_an_event_comes_back_whole_but_for_its_data_which_is_only_stored_sealed(store, tmp_path):
    stored = event(1, data={"note": "at the daughter's"}, version=2)
    write(store, ("add_event", stored))
    assert store.events("inc-1") == [StoredEvent(replace(stored.event, data={}), b"sealed")]
    with store._engine.connect() as connection:
        assert "daughter" not in str(connection.execute(text("SELECT * FROM events")).all())


def test_an_event_about_no_check_comes_back(store):
    declared = StoredEvent(Event("inc-1", 1, EventType.DECLARED, AT, "ana", "trafford-council"))
    write(store, ("add_event", declared))
    assert store.events("inc-1") == [declared]


def test_every_write_adds_its_leaves_in_order_and_one_checkpoint(store):
    write(store)
    more = replace(LEAF, act=Act.PERSON_ADDED)
    write(store, ("add_leaf", more), ("add_leaf", LEAF), leaf=replace(LEAF, login="ben"))
    expected = [each.to_bytes() for each in (LEAF, replace(LEAF, login="ben"), more, LEAF)]
    assert list(store.leaves()) == expected
    assert list(store.leaves(2)) == expected[2:]
    assert list(store.leaves(4)) == []
    assert [note.split("\n")[1] for note in store.checkpoints()] == ["1", "4"]
    check_whole(store)


def test_leaves_longer_than_a_page_are_all_given(store, monkeypatch):
    monkeypatch.setattr("wardkeeper.adapters.database.PAGE", 3)
    for number in range(8):
        write(store, leaf=replace(LEAF, login=f"login {number}"))
    assert len(list(store.leaves())) == len(list(store.checkpoints())) == 8
    check_whole(store)


def test_g12_an_error_within_the_transaction_leaves_neither_change_nor_leaf(store):
    write(store)
    with pytest.raises(AttributeError):
        write(store, ("add_account", ANA), ("add_leaf", LEAF), ("no_such_change",))
    assert store.accounts() == []
    assert store.ledger_size() == 1
    check_whole(store)


def test_g12_a_conflict_takes_the_whole_transaction_back(store):
    with pytest.raises(Conflict):
        write(store, ("add_account", ANA), ("add_event", event(7)))
    assert (store.accounts(), store.ledger_size()) == ([], 0)


def test_nothing_is_seen_before_the_transaction_ends(store, open_again):
    other = open_again()
    with store.write(LEAF) as writer:
        writer.add_account(ANA)
        assert (other.account("ana"), other.ledger_size()) == (None, 0)
    assert (other.account("ana"), other.ledger_size()) == (ANA, 1)


def test_the_change_number_differs_after_any_commit_and_only_then(store, open_again):
    other, seen = open_again(), [store.change_number()]
    for writer in (store, other, other, store):
        write(writer)
        assert other.change_number() == store.change_number()
        seen.append(store.change_number())
    assert len(set(seen)) == 5
    with pytest.raises(Conflict):
        write(other, ("add_event", event(9)))
    assert store.change_number() == seen[-1]


def test_threads_take_turns_and_the_tree_stays_whole(store, open_again):
    stores, failures = [store, open_again()], []

    def work(worker):
        try:
            for number in range(15):
                write(stores[worker % 2], leaf=replace(LEAF, login=f"{worker}-{number}"))
                store.account("ana")
        except Exception as error:  # noqa: BLE001 whatever it is, the test must show it
            failures.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.ledger_size() == 60
    check_whole(store)


def test_of_two_writers_of_the_same_event_one_gets_a_conflict(store, open_again):
    stores, outcomes = [store, open_again()], []
    together = threading.Barrier(2)

    def record(mine):
        together.wait()
        try:
            write(mine, ("add_event", event(1)))
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=record, args=(mine,)) for mine in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "done"]
    assert (len(store.events("inc-1")), store.ledger_size()) == (1, 1)


@pytest.mark.parametrize("table", ["leaves", "checkpoints"])
@pytest.mark.parametrize("change", ["DELETE FROM {table}", "UPDATE {table} SET {column} = {column}"])
def test_g12_the_ledger_takes_no_change_and_no_deletion(store, table, change):
    write(store)
    column = "content" if table == "leaves" else "note"
    with pytest.raises(DBAPIError, match="append-only"), store._engine.begin() as connection:
        connection.execute(text(change.format(table=table, column=column)))
    assert store.ledger_size() == 1


@pytest.mark.parametrize(
    ("table", "change", "problem"),
    [
        ("leaves", "UPDATE leaves SET content = :other WHERE number = 2", "leaf 2 is not what was signed"),
        ("leaves", "DELETE FROM leaves WHERE number = 2", "leaf 2 is not what was signed"),
        ("leaves", "DELETE FROM leaves WHERE number = 3", "leaf 3 is missing"),
        ("leaves", "INSERT INTO leaves VALUES (4, :other)", "Leaf 4 is covered by no checkpoint"),
        ("checkpoints", "DELETE FROM checkpoints WHERE size = 3", "Leaf 3 is covered by no checkpoint"),
        ("checkpoints", "UPDATE checkpoints SET note = 'x' WHERE size = 2", "Checkpoint 2: The checkpoint is not"),
    ],
)
def test_g12_whoever_gets_round_that_is_caught_by_verification(store, table, change, problem):
    for login in ("ana", "ben", "cat"):
        write(store, leaf=replace(LEAF, login=login))
    on = f" ON {table}" if store._engine.dialect.name == "postgresql" else ""
    with store._engine.begin() as connection:
        for kind in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_refuse_{kind}{on}"))
        connection.execute(text(change), {"other": b"{}"} if ":other" in change else {})
    found = verify(store.leaves(), store.checkpoints(), store.verifier_key())
    assert not found.verified
    assert problem in found.problem


def test_opening_again_changes_nothing_and_goes_on(store, open_again):
    write(store, ("add_account", ANA))
    again = open_again()
    assert again.account("ana") == ANA
    write(again)
    check_whole(store)


def test_a_ledger_signed_with_another_key_is_not_opened(store, location):
    write(store)
    with pytest.raises(IntegrityBroken, match="not signed by the ledger's key"):
        open_store(location, Signer("wardkeeper/trafford", bytes(32)))


def test_a_writer_waits_for_another_only_so_long(store, open_again, monkeypatch):
    monkeypatch.setattr("wardkeeper.adapters.database_engine.BUSY_SECONDS", 1)
    other = open_again()
    with store.write(LEAF), pytest.raises(StorageFailed, match="Another process has been writing"):
        write(other)
    assert store.ledger_size() == 1
