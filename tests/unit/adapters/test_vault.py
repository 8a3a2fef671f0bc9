import hashlib
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from fakes import make_permit
from wardkeeper.adapters.keys import KeyFolder
from wardkeeper.adapters.vault import SealedVault
from wardkeeper.kernel.decisions import Outcome
from wardkeeper.kernel.errors import BadInput, Conflict, IntegrityBroken, Refused, StorageFailed, UsageError

FRAME = pl.DataFrame(
    {
        "record_id": ["care:1", "care:2"],
        "row": [1, 2],
        "family": ["SMITH", None],
        "birth_date": [date(1940, 5, 1), None],
        "postcode": ["M33 7ZF", "M33 7ZG"],
        "factor": ["oxygen-at-home", "hearing-loss"],
        "needs": [["Oxygen", "Carry"], []],
        "protected": [True, False],
        "certainty": [0.75, None],
    }
)
PERMIT = make_permit("records/care")


@pytest.fixture
def keys(tmp_path):
    return KeyFolder(tmp_path / "keys")


@pytest.fixture
def vault(tmp_path, keys, clock):
    vault = SealedVault(tmp_path / "vault", keys, clock)
    vault.open_mandate("care")
    vault.open_mandate("bins")
    return vault


def write(vault, frame=FRAME, *, mandates=("care",), permit=PERMIT, dataset="records/care"):
    return vault.write(frame, dataset=dataset, mandates=mandates, parents=["file-000000000000"], permit=permit)


def stored(vault, file):
    return vault._folder / f"{file.id}.parquet"


def test_what_was_written_is_read_back_whole(vault):
    file = write(vault)
    assert vault.read(file, FRAME.columns, permit=PERMIT).equals(FRAME)


def test_columns_come_in_the_order_asked_for(vault):
    frame = vault.read(write(vault), ["protected", "record_id"], permit=PERMIT)
    assert frame.equals(FRAME.select("protected", "record_id"))


def test_the_manifest_tells_what_was_sealed(vault, clock):
    file = write(vault, mandates=["care", "bins", "care"])
    assert file.dataset == "records/care"
    assert file.mandates == ("bins", "care")
    assert file.parents == ("file-000000000000",)
    assert file.columns == tuple(FRAME.columns)
    assert (file.rows, file.written_at, file.engine) == (2, clock.now(), "local")


def test_an_empty_frame_can_be_stored(vault):
    empty = FRAME.clear()
    assert vault.read(write(vault, empty), empty.columns, permit=PERMIT).equals(empty)


def test_no_value_and_no_column_name_stands_in_the_file(vault):
    content = stored(vault, write(vault)).read_bytes()
    for word in (b"SMITH", b"M33", b"oxygen", b"Oxygen", b"family", b"postcode", b"care:1"):
        assert word not in content


def test_the_file_is_its_owners_alone(vault):
    assert stored(vault, write(vault)).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("permit", "words"),
    [
        (make_permit("records/care", outcome=Outcome.REFUSE), "does not allow"),
        (make_permit("records/care", outcome=Outcome.NEEDS_A_HUMAN), "does not allow"),
        (make_permit("records/bins"), "does not cover “records/care”"),
        (make_permit(), "does not cover “records/care”"),
    ],
)
def test_g1_without_an_allowing_decision_nothing_is_read_or_written(vault, permit, words):
    file = write(vault)
    with pytest.raises(Refused, match=words) as raised:
        vault.read(file, ["record_id"], permit=permit)
    assert raised.value.decision is permit
    with pytest.raises(Refused, match=words):
        write(vault, permit=permit)


def test_g1_a_refusal_gives_the_nearest_miss_as_the_next_step(vault):
    with pytest.raises(Refused, match="Name a purpose"):
        write(vault, permit=make_permit("records/care", outcome=Outcome.REFUSE))


def test_g1_an_allowance_with_conditions_opens_too(vault):
    permit = make_permit("records/care", outcome=Outcome.ALLOW_WITH_CONDITIONS)
    assert vault.read(write(vault), ["row"], permit=permit).height == 2


def test_g1_columns_beyond_the_decision_are_refused_by_name(vault):
    permit = make_permit("records/care", fields={"record_id", "postcode"})
    file = write(vault)
    assert vault.read(file, ["record_id"], permit=permit).columns == ["record_id"]
    with pytest.raises(Refused, match="these columns of “records/care”: factor, family"):
        vault.read(file, ["record_id", "family", "factor"], permit=permit)
    with pytest.raises(Refused, match="does not cover these columns of “records/care”"):
        write(vault, permit=permit)


def test_g5_access_ends_on_the_second(vault, clock):
    file, sealed = write(vault), vault.seal("care", b"note")
    clock.move(timedelta(minutes=59, seconds=59))
    vault.read(file, ["row"], permit=PERMIT)
    vault.unseal("care", sealed, permit=PERMIT)
    clock.move(timedelta(seconds=1))
    for act in (
        lambda: vault.read(file, ["row"], permit=PERMIT),
        lambda: vault.unseal("care", sealed, permit=PERMIT),
        lambda: write(vault),
    ):
        with pytest.raises(Refused, match="has run out"):
            act()


def test_g4_data_without_a_mandate_is_refused(vault):
    with pytest.raises(Refused, match="without a mandate"):
        write(vault, mandates=[])


def test_g4_a_mandate_without_a_key_is_refused(vault):
    with pytest.raises(Refused, match="“flood” has no key"):
        write(vault, mandates=["care", "flood"])


def test_a_column_without_a_class_is_refused(vault):
    with pytest.raises(BadInput, match="these columns have no class, so they cannot be stored: shoe_size".capitalize()):
        write(vault, FRAME.with_columns(shoe_size=9))
    assert list(vault._folder.iterdir()) == []


def test_a_column_the_file_does_not_have_is_a_usage_error(vault):
    with pytest.raises(UsageError, match="“records/care” has no column email"):
        vault.read(write(vault), ["email"], permit=PERMIT)


def test_a_column_that_is_newer_than_the_file_is_empty(vault):
    read = vault.read(write(vault), ["ni_number", "record_id"], permit=PERMIT)
    assert read.columns == ["ni_number", "record_id"]
    assert read["ni_number"].to_list() == [None] * FRAME.height


def test_a_missing_file_breaks_integrity(vault):
    file = write(vault)
    stored(vault, file).unlink()
    with pytest.raises(IntegrityBroken, match="missing, or is not what was written"):
        vault.read(file, ["row"], permit=PERMIT)


def test_another_file_in_its_place_breaks_integrity(vault):
    first, second = write(vault), write(vault, FRAME.head(1))
    stored(vault, second).replace(stored(vault, first))
    with pytest.raises(IntegrityBroken):
        vault.read(first, ["row"], permit=PERMIT)


def test_a_manifest_changed_to_fit_another_file_does_not_open_it(vault):
    first, second = write(vault), write(vault, mandates=["bins"])
    stored(vault, first).write_bytes(stored(vault, second).read_bytes())
    object.__setattr__(first, "sha256", second.sha256)
    with pytest.raises(IntegrityBroken, match="names other keys than its manifest does"):
        vault.read(first, ["row"], permit=PERMIT)


def test_a_manifest_of_something_that_is_no_sealed_file_does_not_open_it(vault):
    file = write(vault)
    stored(vault, file).write_bytes(b"PAR1 and nothing more")
    object.__setattr__(file, "sha256", hashlib.sha256(b"PAR1 and nothing more").hexdigest())
    with pytest.raises(IntegrityBroken, match="cannot be opened with its keys"):
        vault.read(file, ["row"], permit=PERMIT)


def test_a_manifest_cannot_lead_out_of_the_vault(vault):
    file = write(vault)
    object.__setattr__(file, "id", "../keys/root")
    with pytest.raises(IntegrityBroken, match="no sealed file"):
        vault.read(file, ["row"], permit=PERMIT)


def test_an_id_drawn_twice_overwrites_nothing(vault, clock, monkeypatch):
    monkeypatch.setattr(clock, "entropy", bytes)
    first = write(vault)
    with pytest.raises(Conflict):
        write(vault, FRAME.head(1))
    assert vault.read(first, ["row"], permit=PERMIT).height == 2


def test_small_values_are_bound_to_their_mandate(vault):
    sealed = vault.seal("care", b"no reply at the door")
    assert b"door" not in sealed
    assert vault.unseal("care", sealed, permit=PERMIT) == b"no reply at the door"
    with pytest.raises(IntegrityBroken):
        vault.unseal("bins", sealed, permit=PERMIT)


def test_unsealing_needs_an_allowing_decision(vault):
    with pytest.raises(Refused):
        vault.unseal("care", vault.seal("care", b"x"), permit=make_permit(outcome=Outcome.REFUSE))


def test_a_subject_is_the_same_each_time_and_differs_by_mandate(vault):
    subject = vault.subject("care", "res-1")
    assert subject == vault.subject("care", "res-1")
    assert len({subject, vault.subject("care", "res-2"), vault.subject("bins", "res-1")}) == 3
    assert len(subject) == 32
    assert int(subject, 16)


@pytest.mark.parametrize(
    ("vault_name", "keys_name"), [("vault", "vault/keys"), ("keys/vault", "keys"), ("same", "same"), ("v/../k", "k")]
)
def test_keys_are_never_inside_the_vault_nor_the_vault_inside_the_keys(tmp_path, clock, vault_name, keys_name):
    (tmp_path / "v").mkdir()
    with pytest.raises(UsageError, match="lie inside each other"):
        SealedVault(tmp_path / vault_name, KeyFolder(tmp_path / keys_name), clock)


def test_a_vault_that_cannot_be_made_is_a_storage_failure(tmp_path, keys, clock):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed):
        SealedVault(tmp_path / "file" / "vault", keys, clock)


def test_files_that_no_manifest_names_are_swept_when_they_are_old(vault):
    kept, orphan = write(vault), write(vault)
    part = stored(vault, kept).with_name(f".{kept.id}.parquet.0a0a0a0a.part")
    part.write_bytes(b"half")
    stranger = part.with_name("notes.txt")
    stranger.write_text("not ours")
    assert vault.sweep({kept.id}, datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert vault.sweep({kept.id}, datetime(2100, 1, 1, tzinfo=UTC)) == 2
    assert stored(vault, kept).exists()
    assert stranger.exists()
    assert not stored(vault, orphan).exists()
    assert not part.exists()
