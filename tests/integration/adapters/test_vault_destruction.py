"""Rule G6: destruction reaches backups. All of it within one process, where caches could defeat it."""

import shutil
from dataclasses import replace

import polars as pl
import pytest

from fakes import make_permit
from wardkeeper.adapters.keys import KeyFolder
from wardkeeper.adapters.vault import SealedVault
from wardkeeper.kernel.errors import Refused, StorageFailed

COLUMNS = ["record_id", "family", "postcode", "factor", "protected"]
PERMIT = make_permit("records/care", "records/bins", "residents")


def make_frame(prefix):
    return pl.DataFrame(
        {
            "record_id": [f"{prefix}:{number}" for number in range(50)],
            "family": ["SMITH"] * 50,
            "postcode": ["M33 7ZF"] * 50,
            "factor": ["oxygen-at-home"] * 50,
            "protected": [False] * 50,
        }
    )


@pytest.fixture
def vault(tmp_path, clock):
    vault = SealedVault(tmp_path / "vault", KeyFolder(tmp_path / "keys"), clock)
    for mandate in ("care", "bins"):
        vault.open_mandate(mandate)
    return vault


@pytest.fixture
def files(vault):
    """One file under each mandate, and one derived from both."""
    return {
        dataset: vault.write(make_frame(dataset), dataset=dataset, mandates=mandates, parents=[], permit=PERMIT)
        for dataset, mandates in (
            ("records/care", ["care"]),
            ("records/bins", ["bins"]),
            ("residents", ["bins", "care"]),
        )
    }


def read(vault, file):
    return vault.read(file, COLUMNS, permit=PERMIT)


def back_up(tmp_path, clock, name="backup"):
    """Last week's copy of the vault's folder, opened with the keys of today."""
    shutil.copytree(tmp_path / "vault", tmp_path / name)
    return SealedVault(tmp_path / name, KeyFolder(tmp_path / "keys"), clock)


def test_g6_after_destruction_neither_the_vault_nor_a_backup_opens(vault, files, tmp_path, clock):
    for file in files.values():
        read(vault, file)
    backup = back_up(tmp_path, clock)
    assert read(backup, files["records/care"]).equals(make_frame("records/care"))
    vault.destroy("care", [files["records/care"], files["residents"]])
    for place in (vault, backup, back_up(tmp_path, clock, "later")):
        with pytest.raises(Refused, match="“care” was destroyed"):
            read(place, files["records/care"])


def test_g6_other_mandates_files_still_open_in_both(vault, files, tmp_path, clock):
    backup = back_up(tmp_path, clock)
    vault.destroy("care", [files["records/care"], files["residents"]])
    for place in (vault, backup):
        assert read(place, files["records/bins"]).equals(make_frame("records/bins"))


@pytest.mark.parametrize("first", ["care", "bins"])
def test_g6_a_derived_file_dies_with_the_first_of_its_mandates(vault, files, tmp_path, clock, first):
    backup = back_up(tmp_path, clock)
    vault.destroy(first, [])
    for place in (vault, backup):
        with pytest.raises(Refused, match=f"“{first}” was destroyed"):
            read(place, files["residents"])


def test_g6_a_manifest_that_leaves_the_dead_mandate_out_does_not_help(vault, files):
    vault.destroy("care", [])
    with pytest.raises(Exception, match="names other keys than its manifest"):
        read(vault, replace(files["residents"], mandates=("bins",)))


def test_g6_small_values_and_subjects_die_with_the_mandate(vault):
    sealed = vault.seal("care", b"no reply")
    vault.unseal("care", sealed, permit=PERMIT)
    vault.destroy("care", [])
    for act in (
        lambda: vault.unseal("care", sealed, permit=PERMIT),
        lambda: vault.subject("care", "res-1"),
        lambda: vault.seal("care", b"more"),
        lambda: vault.open_mandate("care"),
    ):
        with pytest.raises(Refused, match="destroyed"):
            act()


def test_g6_nothing_new_can_be_derived_under_a_destroyed_mandate(vault):
    vault.destroy("care", [])
    with pytest.raises(Refused, match="destroyed"):
        vault.write(make_frame("x"), dataset="residents", mandates=["bins", "care"], parents=[], permit=PERMIT)


def test_g6_the_receipt_proves_what_is_gone_and_says_its_limits(vault, files, clock, tmp_path):
    commitment = vault.open_mandate("care")
    receipt = vault.destroy("care", [files["records/care"], files["residents"]])
    assert receipt.mandate == "care"
    assert receipt.key_id.startswith("key-")
    assert receipt.commitment == commitment
    assert receipt.files == tuple((files[name].id, files[name].sha256) for name in ("records/care", "residents"))
    assert receipt.destroyed_at == clock.now()
    for limit in ("printed, exported", "copy of the key folder", "snapshotted blocks"):
        assert limit in receipt.limits
    assert [path.stem for path in (tmp_path / "vault").iterdir()] == [files["records/bins"].id]


def test_g6_an_interrupted_destruction_is_finished_by_doing_it_again(vault, files, tmp_path):
    first = vault.destroy("care", [])
    again = vault.destroy("care", [files["records/care"]])
    assert (again.key_id, again.destroyed_at) == (first.key_id, first.destroyed_at)
    assert not (tmp_path / "vault" / f"{files['records/care'].id}.parquet").exists()


def test_g6_another_mandates_file_cannot_be_destroyed_along(vault, files):
    with pytest.raises(Refused, match="another mandate cannot be destroyed with this one: records/bins"):
        vault.destroy("care", [files["records/care"], files["records/bins"]])
    assert read(vault, files["records/care"]).height == 50


def test_g6_when_the_files_cannot_be_deleted_the_key_is_gone_all_the_same(vault, files, tmp_path):
    path = tmp_path / "vault" / f"{files['records/care'].id}.parquet"
    path.unlink()
    path.mkdir()  # something that cannot be unlinked
    with pytest.raises(StorageFailed):
        vault.destroy("care", [files["records/care"]])
    path.rmdir()
    with pytest.raises(Refused, match="destroyed"):
        read(vault, files["records/care"])


def test_g6_key_files_put_back_from_a_copy_do_not_bring_a_mandate_back(vault, files, tmp_path):
    kept = (tmp_path / "keys" / "mandates" / "care.key").read_bytes()
    vault.destroy("care", [])
    (tmp_path / "keys" / "mandates" / "care.key").write_bytes(kept)
    with pytest.raises(Refused, match="destroyed"):
        read(vault, files["records/care"])
