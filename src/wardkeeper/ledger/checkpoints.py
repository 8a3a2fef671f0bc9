"""Checkpoints: a tree's size and root, signed, in the C2SP formats that other logs and their witnesses read.

Sources: C2SP `tlog-checkpoint` (the three lines) and `signed-note` (the lines below them), with Ed25519 (RFC 8032).
Signatures of keys we do not know are passed over, as the format asks, so that partners can countersign a note.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wardkeeper.kernel.errors import BadInput, IntegrityBroken
from wardkeeper.ledger.proofs import Head
from wardkeeper.ledger.tree import HASH_SIZE

ED25519 = b"\x01"
"""The signature type of Ed25519 in a signed note's keys."""

KEY_ID_SIZE = 4
KEY_NAME = re.compile(r"[^\s+]+")
SIZE = re.compile(r"0|[1-9][0-9]*")
SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<content>[A-Za-z0-9+/]+={0,2})")

ADVICE = "Compare it with a copy that a partner holds, and tell the data protection officer."


@dataclass(frozen=True, slots=True)
class Verifier:
    """Anyone's half of a signing key: enough to check a checkpoint, not to make one."""

    name: str
    public: bytes

    @classmethod
    def from_text(cls, text: str) -> "Verifier":
        """Read a key as `to_text` wrote it. Raises BadInput."""
        name, _, rest = text.strip().partition("+")
        key_id, _, content = rest.partition("+")
        material = _from_base64(content) or b""
        verifier = cls(name, material[1:])
        if not KEY_NAME.fullmatch(name) or material[:1] != ED25519 or len(verifier.public) != HASH_SIZE:
            raise BadInput("This is not an Ed25519 verifier key.", "Give it as name+key id+key, in one piece.")
        if verifier.key_id.hex() != key_id:
            raise BadInput("The verifier key does not match its own key id.", "Copy it again, whole.")
        return verifier

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names this key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_SIZE]

    def to_text(self) -> str:
        """Give the key in the signed-note form: name, key id and key, joined by `+`."""
        return f"{self.name}+{self.key_id.hex()}+{_to_base64(ED25519 + self.public)}"

    def open_checkpoint(self, note: str) -> Head:
        """Give what a checkpoint states. Raises IntegrityBroken unless this key signed exactly these bytes."""
        body, gap, signatures = note.rpartition("\n\n")
        if not gap or not signatures.endswith("\n"):
            raise IntegrityBroken("The checkpoint is not a signed note.", ADVICE)
        text = body + "\n"
        signature = self._find_signature(signatures.removesuffix("\n").split("\n"))
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, UnicodeEncodeError):
            raise IntegrityBroken("The checkpoint's signature does not hold.", ADVICE) from None
        return _parse_body(text, self.name)

    def _find_signature(self, lines: list[str]) -> bytes:
        """Give the signature by this key. Raises IntegrityBroken on a malformed line or when there is none."""
        found = b""
        for line in lines:
            parts = SIGNATURE_LINE.fullmatch(line)
            content = _from_base64(parts["content"]) if parts else None
            if parts is None or content is None:
                raise IntegrityBroken("The checkpoint has a damaged signature line.", ADVICE)
            if parts["name"] == self.name and content[:KEY_ID_SIZE] == self.key_id:
                found = content[KEY_ID_SIZE:]
        if not found:
            raise IntegrityBroken("The checkpoint is not signed by the ledger's key.", ADVICE)
        return found


@dataclass(frozen=True, slots=True)
class Signer:
    """The ledger's own signing key. `name` is also the log's origin, the first line of each checkpoint."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not KEY_NAME.fullmatch(self.name) or len(self.seed) != HASH_SIZE:
            raise ValueError("a signer needs a name without spaces or + and a seed of 32 bytes")

    @property
    def verifier(self) -> Verifier:
        """The half that may be given to anybody."""
        return Verifier(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, head: Head) -> str:
        """Give the signed checkpoint of a tree."""
        text = f"{self.name}\n{head.size}\n{_to_base64(head.root)}\n"
        signature = _to_base64(self.verifier.key_id + self._private.sign(text.encode()))
        return f"{text}\n— {self.name} {signature}\n"

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def _parse_body(text: str, origin: str) -> Head:
    """Read the three lines that were signed."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) != 3 or lines[0] != origin or not SIZE.fullmatch(lines[1]):
        raise IntegrityBroken("The signed note is not a checkpoint of this ledger.", ADVICE)
    root = _from_base64(lines[2])
    if root is None or len(root) != HASH_SIZE:
        raise IntegrityBroken("The checkpoint's root is not a SHA-256 hash.", ADVICE)
    return Head(int(lines[1]), root)


def _to_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _from_base64(text: str) -> bytes | None:
    """Decode strictly: one text for one value, so that no byte can be changed without notice."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if _to_base64(content) == text else None
