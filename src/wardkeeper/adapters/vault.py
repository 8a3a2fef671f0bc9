"""The vault: the one door to stored personal data (rules G1, G4, G5 and G6).

Every file is immutable and sealed under the keys of all its mandates. The keys stand in another folder, so a copy of
this one, however old, is unreadable once a mandate's key is gone.
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from wardkeeper.adapters.durable_files import make_private_folder, publish, storage_failures, sync_folder
from wardkeeper.adapters.keys import KeyFolder, MandateKey, decrypt, encrypt
from wardkeeper.adapters.vault_parquet import Seal, classify, open_frame, seal_frame
from wardkeeper.kernel.columns import LATER
from wardkeeper.kernel.decisions import Decision
from wardkeeper.kernel.errors import Conflict, IntegrityBroken, Refused, UsageError, Where
from wardkeeper.kernel.ids import FileId, MandateId, mint
from wardkeeper.usecases.ports import Clock, Receipt, VaultFile

SUBJECT_LENGTH = 32
"""Hexadecimal characters of a subject: 128 bits, enough that no two ids meet."""

FILE_NAME = re.compile(r"file-[0-9a-z]{12}")

LIMITS = (
    "This shows that the key was removed from this key folder and the files from this vault; every copy of those "
    "files, in backups too, is unreadable without the key. It says nothing about what was printed, exported or "
    "remembered before, nor about a copy of the key folder made against instructions. A disk may keep worn or "
    "snapshotted blocks of the small key file; they are of use only together with the root key."
)


class SealedVault:
    """Sealed Parquet files in one folder, keys in another.

    Raises UsageError when one folder lies inside the other, for a backup of one would then hold both.
    """

    def __init__(self, folder: Path, keys: KeyFolder, clock: Clock) -> None:
        _check_apart(folder.resolve(), keys.folder.resolve())
        self._folder, self._keys, self._clock = folder, keys, clock
        with storage_failures("the vault's folder"):
            make_private_folder(folder)

    def open_mandate(self, mandate: MandateId) -> str:
        """Make the mandate's key; give the public commitment to it. Safe to call again."""
        return self._keys.open_mandate(mandate)

    def write(
        self,
        frame: pl.DataFrame,
        *,
        dataset: str,
        mandates: Sequence[MandateId],
        parents: Sequence[FileId],
        permit: Decision,
    ) -> VaultFile:
        """Seal a frame under every mandate.

        Raises Refused unless `permit` allows `dataset` and all its columns, and each mandate has its key; BadInput when
        a column has no class, StorageFailed when the disk is full.
        """
        self._check_permit(permit, dataset)
        classify(frame.columns)
        _check_covered(permit, dataset, frame.columns)
        if not mandates:
            raise Refused("Data without a mandate cannot be stored.", "Name the mandates it is held under.")
        file = FileId(mint("file", self._clock.entropy(8)))
        names = tuple(sorted(set(mandates)))
        content = seal_frame(frame, self._seal_for(file, names))
        with storage_failures("the sealed file"):
            published = publish(self._path(file), content)
        if not published:
            raise Conflict("A sealed file of this id is there already.", "Do it again: a new id will be drawn.")
        return VaultFile(
            id=file,
            dataset=dataset,
            mandates=names,
            parents=tuple(parents),
            columns=tuple(frame.columns),
            rows=frame.height,
            sha256=hashlib.sha256(content).hexdigest(),
            written_at=self._clock.now(),
        )

    def read(self, file: VaultFile, columns: Sequence[str], *, permit: Decision) -> pl.DataFrame:
        """Open columns of a file.

        Raises Refused unless `permit` allows this dataset and all these columns, now, and every mandate still has its
        key; IntegrityBroken when a byte of the file has changed. A column newer than the file is null in every row.
        """
        self._check_permit(permit, file.dataset)
        _check_fields(permit, file, columns)
        seal = self._seal_for(file.id, file.mandates)
        content = self._fetch(file)
        there = [name for name in columns if name in file.columns]
        later = [pl.lit(None, pl.String).alias(name) for name in columns if name not in file.columns]
        return open_frame(content, there, seal).with_columns(later).select(columns)

    def seal(self, mandate: MandateId, plain: bytes) -> bytes:
        """Encrypt a small value (an event's data) under the mandate's key."""
        return encrypt(self._keys.mandate_key(mandate).for_values(), plain, mandate.encode())

    def unseal(self, mandate: MandateId, sealed: bytes, *, permit: Decision) -> bytes:
        """Decrypt a small value. Raises Refused unless `permit` allows, now, and the key is there."""
        self._check_in_time(permit)
        return decrypt(self._keys.mandate_key(mandate).for_values(), sealed, mandate.encode())

    def subject(self, mandate: MandateId, name: str) -> str:
        """Give the HMAC-SHA256 of an id under the mandate's key, cut to 128 bits: how a leaf names its subject."""
        return self.subjects(mandate, [name])[0]

    def subjects(self, mandate: MandateId, names: Sequence[str]) -> list[str]:
        """Give the HMAC of each id, as `subject` does, with the key opened once."""
        key = self._keys.mandate_key(mandate).for_subjects()
        return [hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:SUBJECT_LENGTH] for name in names]

    def sweep(self, known: Collection[FileId], before: datetime) -> int:
        """Remove sealed files, and parts of some, that no manifest names and that are older; give how many.

        A run that is killed leaves them: nothing refers to them, and nobody can open them without a manifest.
        """
        swept = 0
        with storage_failures("the vault's folder"):
            for path in self._folder.iterdir():
                name = path.name.removeprefix(".").partition(".")[0]
                old = datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
                if FILE_NAME.fullmatch(name) and (path.name.startswith(".") or name not in known) and old:
                    path.unlink(missing_ok=True)
                    swept += 1
            if swept:
                sync_folder(self._folder)
        return swept

    def destroy(self, mandate: MandateId, files: Sequence[VaultFile]) -> Receipt:
        """Destroy the mandate's key and the files under it, in one act. Safe to repeat after an interruption.

        The key goes first: from that moment nothing under it can be read, whatever happens to the files.
        """
        strangers = [file.dataset for file in files if mandate not in file.mandates]
        if strangers:
            raise Refused(
                f"Files of another mandate cannot be destroyed with this one: {', '.join(strangers)}.",
                "Name only the files held under the mandate that ends.",
            )
        key = self._keys.destroy(mandate, self._clock.now())
        with storage_failures("the vault's folder"):
            for file in files:
                self._path(file.id).unlink(missing_ok=True)
            sync_folder(self._folder)
        inventory = tuple((file.id, file.sha256) for file in files)
        return Receipt(mandate, key.id, key.commitment, inventory, key.destroyed_at, LIMITS)

    def _seal_for(self, file: FileId, mandates: Sequence[MandateId]) -> Seal:
        keys: tuple[MandateKey, ...] = tuple(self._keys.mandate_key(mandate) for mandate in mandates)
        return Seal(file, keys)

    def _fetch(self, file: VaultFile) -> bytes:
        """Read a file whole and compare it with its manifest, so that what was checked is what is opened."""
        path = self._path(file.id)
        with storage_failures("the sealed file"):
            content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise IntegrityBroken(
                f"A sealed file of “{file.dataset}” is missing, or is not what was written.",
                "Restore it from a backup, and tell the data protection officer.",
                Where(file=file.id),
            )
        return content

    def _path(self, file: FileId) -> Path:
        if not FILE_NAME.fullmatch(file):
            raise IntegrityBroken("A manifest names something that is no sealed file.", "Restore the database.")
        return self._folder / f"{file}.parquet"

    def _check_permit(self, permit: Decision, dataset: str) -> None:
        self._check_in_time(permit)
        if dataset not in permit.datasets:
            raise Refused(
                f"The decision does not cover “{dataset}”.", "Ask for a decision that names it.", Where(), permit
            )

    def _check_in_time(self, permit: Decision) -> None:
        if not permit.allows:
            raise Refused("The decision does not allow this.", permit.nearest_miss, Where(), permit)
        if self._clock.now() >= permit.until:
            raise Refused("The decision has run out.", "Ask again: access is decided each time.", Where(), permit)


def _check_covered(permit: Decision, dataset: str, columns: Sequence[str]) -> None:
    beyond = sorted(set(columns) - permit.fields)
    if beyond:
        raise Refused(
            f"The decision does not cover these columns of “{dataset}”: {', '.join(beyond)}.",
            "Ask only for columns that it names.",
            Where(),
            permit,
        )


def _check_fields(permit: Decision, file: VaultFile, columns: Sequence[str]) -> None:
    _check_covered(permit, file.dataset, columns)
    missing = sorted(set(columns) - set(file.columns) - LATER)
    if missing:
        raise UsageError(f"“{file.dataset}” has no column {', '.join(missing)}.", "Ask for columns that it has.")


def _check_apart(vault: Path, keys: Path) -> None:
    if vault == keys or vault in keys.parents or keys in vault.parents:
        raise UsageError(
            "The key folder and the vault's folder lie inside each other.",
            "Keep them side by side, so that a backup of the vault holds no key.",
        )
