import hashlib
import json
import stat
from datetime import UTC, datetime

import pytest

from wardkeeper.adapters.keys import KeyFolder, decrypt, encrypt
from wardkeeper.kernel.columns import Sensitivity
from wardkeeper.kernel.errors import BadInput, IntegrityBroken, Refused, StorageFailed
from wardkeeper.ledger.proofs import Head
from wardkeeper.ledger.tree import EMPTY_ROOT

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path):
    return KeyFolder(tmp_path / "keys")


def key_file(keys, mandate):
    return keys.folder / "mandates" / f"{mandate}.key"


def test_folder_and_files_are_their_owners_alone(keys):
    keys.open_mandate("care")
    keys.ledger_signer("wardkeeper/trafford")
    folders = [keys.folder, *(path for path in keys.folder.rglob("*") if path.is_dir())]
    files = [path for path in keys.folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len(files) == 3


@pytest.mark.parametrize(("name", "mode"), [(".", 0o750), ("root.key", 0o640), ("mandates", 0o701)])
def test_a_folder_open_to_others_is_refused(keys, name, mode):
    (keys.folder / name).chmod(mode)
    with pytest.raises(Refused, match="can be opened by other users"):
        KeyFolder(keys.folder)


@pytest.mark.parametrize("name", ["ledger.key", "mandates/care.key", "mandates/gone.destroyed"])
def test_every_file_in_it_is_looked_at(keys, name):
    keys.open_mandate("care")
    keys.open_mandate("gone")
    keys.destroy("gone", datetime(2026, 11, 22, tzinfo=UTC))
    keys.ledger_signer("wardkeeper/trafford")
    KeyFolder(keys.folder)
    (keys.folder / name).chmod(0o604)
    with pytest.raises(Refused, match="can be opened by other users"):
        KeyFolder(keys.folder)


def test_a_mandates_key_is_made_once_and_kept(keys):
    commitment = keys.open_mandate("care")
    assert keys.open_mandate("care") == commitment
    assert KeyFolder(keys.folder).mandate_key("care") == keys.mandate_key("care")


def test_every_key_differs_by_mandate_and_by_use(keys):
    keys.open_mandate("care")
    keys.open_mandate("bins")
    derived = [
        made
        for key in (keys.mandate_key("care"), keys.mandate_key("bins"))
        for made in (key.secret, key.for_values(), key.for_subjects(), *map(key.for_class, Sensitivity))
    ]
    assert len(set(derived)) == len(derived) == 16
    assert {len(made) for made in derived} == {32}


def test_the_commitment_recognises_the_key(keys):
    nonce, digest = keys.open_mandate("care").split(".")
    secret = keys.mandate_key("care").secret
    assert hashlib.sha256(bytes.fromhex(nonce) + secret).hexdigest() == digest


def test_a_key_is_never_shown(keys):
    keys.open_mandate("care")
    key = keys.mandate_key("care")
    assert "secret" not in repr(key)
    assert key.secret.hex() not in key_file(keys, "care").read_text()


def test_a_mandate_without_a_key_is_refused(keys):
    with pytest.raises(Refused, match="“care” has no key"):
        keys.mandate_key("care")


@pytest.mark.parametrize(
    "mandate", ["../care", "care/more", "", ".", "..", ".hidden", "Care", "a b", "é", "a" * 101, "care\n", "c\0"]
)
def test_an_id_that_is_no_plain_name_is_bad_input(keys, mandate):
    for act in (keys.open_mandate, keys.mandate_key, lambda one: keys.destroy(one, AT)):
        with pytest.raises(BadInput, match="not a plain name"):
            act(mandate)


def test_destroying_removes_the_key_and_tells_what_it_was(keys):
    commitment = keys.open_mandate("care")
    key_id = keys.mandate_key("care").id
    destroyed = keys.destroy("care", AT)
    assert (destroyed.id, destroyed.commitment, destroyed.destroyed_at) == (key_id, commitment, AT)
    assert not key_file(keys, "care").exists()


def test_a_destroyed_key_cannot_be_used_or_made_again(keys):
    keys.open_mandate("care")
    keys.destroy("care", AT)
    for act in (keys.mandate_key, keys.open_mandate, KeyFolder(keys.folder).open_mandate):
        with pytest.raises(Refused, match="“care” was destroyed at 2026-11-22T09:30:00"):
            act("care")


def test_destroying_again_finishes_what_was_interrupted(keys):
    keys.open_mandate("care")
    kept = key_file(keys, "care").read_bytes()
    first = keys.destroy("care", AT)
    key_file(keys, "care").write_bytes(kept)  # as if it had stopped before the key was removed
    with pytest.raises(Refused):
        keys.mandate_key("care")
    assert keys.destroy("care", datetime(2027, 1, 1, tzinfo=UTC)) == first
    assert not key_file(keys, "care").exists()


def test_another_mandates_key_file_does_not_open_in_its_place(keys):
    keys.open_mandate("care")
    keys.open_mandate("bins")
    key_file(keys, "care").write_bytes(key_file(keys, "bins").read_bytes())
    with pytest.raises(IntegrityBroken, match="does not open with its key"):
        keys.mandate_key("care")


def test_a_key_under_another_root_does_not_open(keys):
    keys.open_mandate("care")
    (keys.folder / "root.key").write_bytes(bytes(32))
    with pytest.raises(IntegrityBroken):
        keys.mandate_key("care")


def test_a_damaged_key_file_is_named_by_its_mandate(keys):
    keys.open_mandate("care")
    key_file(keys, "care").write_bytes(b"{")
    with pytest.raises(IntegrityBroken, match="key file of the mandate “care” is damaged"):
        keys.mandate_key("care")


def test_a_key_file_with_another_id_inside_does_not_open(keys):
    keys.open_mandate("care")
    content = json.loads(key_file(keys, "care").read_bytes())
    key_file(keys, "care").write_text(json.dumps(content | {"id": "key-000000000000"}))
    with pytest.raises(IntegrityBroken):
        keys.mandate_key("care")


def test_a_folder_that_cannot_be_made_is_a_storage_failure(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="The key folder could not be read or written"):
        KeyFolder(tmp_path / "file" / "keys")


def test_the_ledgers_signer_is_made_once_and_kept_encrypted(keys):
    signer = keys.ledger_signer("wardkeeper/trafford")
    assert KeyFolder(keys.folder).ledger_signer("wardkeeper/trafford") == signer
    assert signer.seed not in (keys.folder / "ledger.key").read_bytes()
    head = Head(0, EMPTY_ROOT)
    assert signer.verifier.open_checkpoint(signer.sign(head)) == head


def test_sealed_bytes_are_bound_to_what_they_are_about():
    key = bytes(32)
    sealed = encrypt(key, b"plain", b"care")
    assert decrypt(key, sealed, b"care") == b"plain"
    assert encrypt(key, b"plain", b"care") != sealed
    for wrong in (
        (bytes(31) + b"\1", sealed, b"care"),
        (key, sealed, b"bins"),
        (key, sealed[:-1], b"care"),
        (key, b"", b"care"),
    ):
        with pytest.raises(IntegrityBroken):
            decrypt(*wrong)
