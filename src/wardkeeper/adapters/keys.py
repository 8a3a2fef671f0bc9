"""The key folder: one root key, one key per mandate wrapped under it, and the ledger's signing key.

It stands apart from the vault and must not be in the vault's backups: what makes destruction reach a backup is that
the backup holds no key. A mandate's key is never kept in memory between calls, so that removing its file is enough.
"""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wardkeeper.adapters.durable_files import (
    make_private_folder,
    publish,
    shred,
    storage_failures,
)
from wardkeeper.kernel.columns import Sensitivity
from wardkeeper.kernel.errors import BadInput, IntegrityBroken, Refused
from wardkeeper.kernel.ids import MandateId, mint
from wardkeeper.kernel.spans import from_text, to_text
from wardkeeper.ledger.checkpoints import Signer

KEY_SIZE = 32
"""AES-256."""

NONCE_SIZE = 12
"""The nonce of AES-GCM (NIST SP 800-38D). Random ones are safe for 2³² messages under one key."""

OPEN_TO_OTHERS = 0o077
MANDATE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
"""What a mandate's id must look like, being the name of a file."""


def encrypt(key: bytes, plain: bytes, about: bytes) -> bytes:
    """Encrypt with AES-256-GCM: a random nonce, then the ciphertext. `about` is bound to it, not hidden."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def decrypt(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """Undo `encrypt`. Raises IntegrityBroken when a byte, the key or `about` is another."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], about)
    except (InvalidTag, ValueError):
        raise IntegrityBroken(
            "Sealed data does not open with its key: it was changed, or belongs to another place.",
            "Restore it from a backup, and tell the data protection officer.",
        ) from None


@dataclass(frozen=True, slots=True)
class MandateKey:
    """A mandate's key, opened. Other keys are derived from it (HKDF, RFC 5869), so they die with it."""

    mandate: MandateId
    id: str
    commitment: str
    secret: bytes = field(repr=False)

    def for_class(self, sensitivity: Sensitivity) -> bytes:
        """Give the key under which this mandate wraps the data keys of one class of column."""
        return self._derive(f"class {sensitivity.value}")

    def for_values(self) -> bytes:
        """Give the key for small sealed values."""
        return self._derive("values")

    def for_subjects(self) -> bytes:
        """Give the key for the HMACs by which leaves name their subjects."""
        return self._derive("subjects")

    def _derive(self, use: str) -> bytes:
        info = f"wardkeeper 1 {use}".encode()
        return HKDF(algorithm=hashes.SHA256(), length=KEY_SIZE, salt=None, info=info).derive(self.secret)


@dataclass(frozen=True, slots=True)
class DestroyedKey:
    """What is left of a key: its id, the commitment made when it was new, and when it was destroyed."""

    id: str
    commitment: str
    destroyed_at: datetime


class KeyFolder:
    """Keys in files that only their owner may read. Made on first use.

    Raises Refused when the folder is open to other users, and StorageFailed when it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with storage_failures("the key folder"):
            make_private_folder(folder)
            make_private_folder(folder / "mandates")
            publish(folder / "root.key", secrets.token_bytes(KEY_SIZE))
            self._check_private()

    def open_mandate(self, mandate: MandateId) -> str:
        """Make the mandate's key unless it has one; give the commitment to it. Refused once it was destroyed."""
        self._check_not_destroyed(mandate)
        secret, key_id = secrets.token_bytes(KEY_SIZE), mint("key", secrets.token_bytes(8))
        content = {
            "version": 1,
            "id": key_id,
            "commitment": _commit(secret, secrets.token_bytes(KEY_SIZE)),
            "wrapped": encrypt(self._root(), secret, f"{mandate} {key_id}".encode()).hex(),
        }
        with storage_failures("the mandate's key"):
            publish(self._path(mandate, "key"), json.dumps(content).encode())
        return self.mandate_key(mandate).commitment

    def mandate_key(self, mandate: MandateId) -> MandateKey:
        """Open a mandate's key, from its file each time. Refused when it has none, or it was destroyed."""
        self._check_not_destroyed(mandate)
        content = self._read(mandate, "key")
        if content is None:
            raise Refused(
                f"The mandate “{mandate}” has no key in the key folder.",
                "Open the mandate before writing under it; if the key folder was lost, what it sealed cannot be read.",
            )
        key_id = content["id"]
        secret = decrypt(self._root(), bytes.fromhex(content["wrapped"]), f"{mandate} {key_id}".encode())
        return MandateKey(mandate, key_id, content["commitment"], secret)

    def destroy(self, mandate: MandateId, at: datetime) -> DestroyedKey:
        """Overwrite and remove a mandate's key; say what it was. Doing it again finishes what was interrupted."""
        destroyed = self._find_destroyed(mandate)
        if destroyed is None:
            key = self.mandate_key(mandate)
            content = {"version": 1, "id": key.id, "commitment": key.commitment, "at": to_text(at)}
            with storage_failures("the note of the key's destruction"):
                publish(self._path(mandate, "destroyed"), json.dumps(content).encode())
            destroyed = DestroyedKey(key.id, key.commitment, at)
        with storage_failures("the mandate's key"):
            shred(self._path(mandate, "key"))
        return destroyed

    def ledger_signer(self, name: str) -> Signer:
        """Give the ledger's signing key, made on first use. `name` is the log's origin, such as `wardkeeper/trafford`."""
        path, about = self.folder / "ledger.key", b"ledger signing key"
        with storage_failures("the ledger's key"):
            publish(path, encrypt(self._root(), secrets.token_bytes(KEY_SIZE), about))
            content = path.read_bytes()
        return Signer(name, decrypt(self._root(), content, about))

    def _check_private(self) -> None:
        mandates = self.folder / "mandates"
        for path in (self.folder, *self.folder.glob("*.key"), mandates, *mandates.iterdir()):
            if _is_open_to_others(path):
                raise Refused(
                    "The key folder can be opened by other users of this machine.",
                    "Take their permissions away (chmod -R go= on the key folder) and start again.",
                )

    def _check_not_destroyed(self, mandate: MandateId) -> None:
        destroyed = self._find_destroyed(mandate)
        if destroyed is not None:
            raise Refused(
                f"The key of the mandate “{mandate}” was destroyed at {to_text(destroyed.destroyed_at)}.",
                "What was held under it cannot be read again; new data needs a new mandate.",
            )

    def _find_destroyed(self, mandate: MandateId) -> DestroyedKey | None:
        content = self._read(mandate, "destroyed")
        return DestroyedKey(content["id"], content["commitment"], from_text(content["at"])) if content else None

    def _read(self, mandate: MandateId, kind: str) -> dict[str, str] | None:
        path = self._path(mandate, kind)
        try:
            with storage_failures("the mandate's key"):
                content: dict[str, str] | None = json.loads(path.read_bytes()) if path.exists() else None
        except ValueError:
            raise IntegrityBroken(
                f"The key file of the mandate “{mandate}” is damaged.",
                "Restore the key folder from its own backup, and tell the data protection officer.",
            ) from None
        return content

    def _path(self, mandate: MandateId, kind: str) -> Path:
        """Give the file of a mandate. Raises BadInput on an id that could lead elsewhere."""
        if not MANDATE_NAME.fullmatch(mandate):
            raise BadInput(
                "A mandate's id is not a plain name.",
                "Use up to 100 small letters, digits, dots, hyphens and underscores, starting with a letter or digit.",
            )
        return self.folder / "mandates" / f"{mandate}.{kind}"

    def _root(self) -> bytes:
        with storage_failures("the root key"):
            return (self.folder / "root.key").read_bytes()


def _is_open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & OPEN_TO_OTHERS)
    except FileNotFoundError:  # another process destroyed this key meanwhile
        return False


def _commit(secret: bytes, nonce: bytes) -> str:
    """Give the nonce and the SHA-256 of nonce and key: enough to recognise the key, useless for finding it."""
    return f"{nonce.hex()}.{hashlib.sha256(nonce + secret).hexdigest()}"
