"""What use cases ask of the outside: a clock, the vault, the store and the stream of changes.

Adapters answer these protocols; the contract tests hold every adapter to the same promises.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import polars as pl

from wardkeeper.incidents.events import Event
from wardkeeper.kernel.decisions import Decision
from wardkeeper.kernel.errors import ServiceFailed
from wardkeeper.kernel.ids import FileId, IncidentId, Login, MandateId
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Leaf
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.sending import Message, Total
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import FileForm


class Clock(Protocol):
    """The one source of the present instant and of randomness."""

    def now(self) -> datetime:
        """Give the present instant, in UTC."""

    def entropy(self, size: int) -> bytes:
        """Give random bytes fit for ids and tokens."""


@dataclass(frozen=True, slots=True)
class VaultFile:
    """The manifest of one sealed, immutable file."""

    id: FileId
    dataset: str
    mandates: tuple[MandateId, ...]
    parents: tuple[FileId, ...]
    columns: tuple[str, ...]
    rows: int
    sha256: str
    written_at: datetime
    engine: str = "local"
    version: int = 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a mandate's key and files are gone, with the honest limits."""

    mandate: MandateId
    key_id: str
    commitment: str
    files: tuple[tuple[FileId, str], ...]
    destroyed_at: datetime
    limits: str


class Vault(Protocol):
    """The only door to stored personal data. Every call needs an allowing decision or a mandate in force."""

    def open_mandate(self, mandate: MandateId) -> str:
        """Make the mandate's key; give the public commitment to it. Safe to call again."""

    def write(
        self,
        frame: pl.DataFrame,
        *,
        dataset: str,
        mandates: Sequence[MandateId],
        parents: Sequence[FileId],
        permit: Decision,
    ) -> VaultFile:
        """Seal a frame under every mandate. Refused unless `permit` allows writing `dataset`."""

    def read(self, file: VaultFile, columns: Sequence[str], *, permit: Decision) -> pl.DataFrame:
        """Open columns of a file. Refused unless `permit` allows this dataset and all these columns, now."""

    def seal(self, mandate: MandateId, plain: bytes) -> bytes:
        """Encrypt a small value (an event's data) under the mandate's key."""

    def unseal(self, mandate: MandateId, sealed: bytes, *, permit: Decision) -> bytes:
        """Decrypt a small value. Refused unless `permit` allows, now; fails when the key is gone."""

    def subject(self, mandate: MandateId, name: str) -> str:
        """Give the HMAC of an id under the mandate's key: how a leaf names its subject."""

    def subjects(self, mandate: MandateId, names: Sequence[str]) -> list[str]:
        """Give the HMAC of each id, as `subject` does, with the key opened once."""

    def sweep(self, known: Collection[FileId], before: datetime) -> int:
        """Remove sealed files that no manifest names and that are older; give how many. They are left by killed runs."""

    def destroy(self, mandate: MandateId, files: Sequence[VaultFile]) -> Receipt:
        """Destroy the mandate's key and the files under it, in one act. What was read from it is dropped first."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in."""

    actor: Actor
    password_hash: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. Only the hash of its token is stored."""

    token_hash: str
    login: Login
    csrf: str
    opened_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """An applied draft: the canonical bytes that are enforced."""

    kind: str
    name: str
    content: bytes
    sha256: str
    applied_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored: its data sealed under the incident's mandate."""

    event: Event
    sealed: bytes = field(default=b"", repr=False)


class Writer(Protocol):
    """Changes within one transaction. There is no way to get one without a leaf."""

    def add_leaf(self, leaf: Leaf) -> None:
        """Record a further act in this transaction."""

    def add_account(self, account: Account) -> None:
        """Add a person, or replace the one with this login."""

    def add_session(self, session: Session) -> None:
        """Open a session."""

    def end_session(self, token_hash: str) -> None:
        """End a session."""

    def apply_document(self, document: Document) -> None:
        """Store a new version of a document and make it the one in force."""

    def add_delivery(self, delivery: Delivery) -> None:
        """Record a received file."""

    def count_again(self, delivery: Delivery) -> None:
        """Change the counts of a received file after held rows were put right; nothing else of it."""

    def set_current(self, file: VaultFile) -> None:
        """Make a sealed file the current version of its dataset."""

    def drop_files(self, files: Sequence[FileId]) -> None:
        """Forget files that were destroyed; their manifests stay, marked destroyed."""

    def add_mandate(self, mandate: Mandate) -> None:
        """Add a mandate, or replace the one with this id (an end recorded)."""

    def add_event(self, stored: StoredEvent) -> None:
        """Add an incident's next event. Raises Conflict when its number is not the next one."""

    def add_messages(self, messages: Sequence[Message]) -> None:
        """Add messages to be sent. Raises Conflict when a reference is there already."""

    def claim_messages(self, references: Sequence[str], at: datetime) -> None:
        """Take waiting messages to send them. Raises Conflict, and takes none, when one of them no longer waits."""

    def change_messages(self, messages: Sequence[Message]) -> None:
        """Record what became of messages: their state, Notify's id and status, and when."""


class Store(Protocol):
    """The database: everything but personal data in the clear."""

    def write(self, leaf: Leaf) -> AbstractContextManager[Writer]:
        """Open a transaction that commits its changes and its leaf together, with a signed checkpoint."""

    def account(self, login: Login) -> Account | None:
        """Find a person."""

    def accounts(self) -> list[Account]:
        """List everybody who may sign in."""

    def session(self, token_hash: str) -> Session | None:
        """Find a session, ended ones excluded."""

    def document(self, kind: str, name: str) -> Document | None:
        """Give the version of a document that is in force."""

    def documents(self, kind: str) -> list[Document]:
        """Give the documents of a kind that are in force, by name."""

    def deliveries(self, source: str | None = None) -> list[Delivery]:
        """List received files, oldest first."""

    def current(self, dataset: str) -> VaultFile | None:
        """Give the current version of a dataset."""

    def currents(self, prefix: str = "") -> list[VaultFile]:
        """Give the current versions of the datasets whose name starts so."""

    def files_under(self, mandate: MandateId) -> list[VaultFile]:
        """Give every file, current or not, sealed under a mandate and not destroyed."""

    def mandate(self, mandate: MandateId) -> Mandate | None:
        """Find a mandate."""

    def mandates(self) -> list[Mandate]:
        """List mandates, oldest first."""

    def incidents(self) -> list[IncidentId]:
        """List incidents, oldest first."""

    def events(self, incident: IncidentId, after: int = 0) -> list[StoredEvent]:
        """Give an incident's events with a number above `after`, in order."""

    def messages(self, campaign: str) -> list[Message]:
        """Give a campaign's messages, by reference."""

    def count_messages(self, campaign: str) -> list[Total]:
        """Count a campaign's messages by channel and state."""

    def messages_named(self, references: Sequence[str]) -> list[Message]:
        """Find messages of any campaign by their references, in their order; those that are not there are left out."""

    def leaves(self, start: int = 0) -> Iterator[bytes]:
        """Give the leaves' bytes from a position on, in order."""

    def ledger_size(self) -> int:
        """Give the number of leaves."""

    def checkpoints(self) -> Iterator[str]:
        """Give the signed checkpoints, oldest first."""

    def verifier_key(self) -> str:
        """Give the public key that checks the checkpoints, as a signed note's verifier key."""

    def change_number(self) -> int:
        """Give a number that differs after any commit, by this process or another."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send. `to` is a number or an e-mail address; a letter's address is in `personalisation`.

    `version` is that of the template when its words were held to what was approved.
    """

    reference: str
    channel: Channel
    template: str
    to: str = field(repr=False)
    personalisation: Mapping[str, str] = field(repr=False)
    version: int = 1


class Answer(StrEnum):
    """What came of one attempt."""

    TAKEN = "taken"
    NOT_TAKEN = "not taken"
    """It was refused for good: the recipient can't be reached so."""
    UNSURE = "unsure"
    """No answer came, or a fault: it may or may not be on its way."""
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying to send one message. `status` is the service's word, `id` its own name of the message."""

    reference: str
    answer: Answer
    id: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a batch: an attempt for each message, in their order, and why it went no further, if it did not."""

    attempts: tuple[Attempt, ...]
    halted: ServiceFailed | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What the service says of a message it took. It tells nothing of the recipient."""

    reference: str
    id: str
    status: str


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """A template as the service holds it."""

    channel: Channel
    body: str
    subject: str
    version: int


class MessageService(Protocol):
    """Sends texts, e-mails and letters. It does not know a reference it was given before: asking is the caller's part.

    Every method may raise ServiceFailed, in words without any recipient: nobody answered, or the key is not accepted.
    """

    def send_all(self, batch: Sequence[Outgoing], *, may_begin: Callable[[], bool], proven: bool) -> Batch:
        """Post each message once, while `may_begin` holds. `proven` says that this key has sent to residents before."""

    def find(self, reference: str) -> Report | None:
        """Find a message by its reference; None when the service has none."""

    def reports(self, references: Collection[str]) -> Iterator[Report]:
        """Give what became of messages. Those that the service does not know, or no longer, are left out."""

    def template(self, template: str) -> TemplateWords:
        """Give a template's words. Raises NotFound when there is none of this id."""


ReadTable = Callable[[bytes, FileForm], RawTable]
"""Reads a received file's bytes as text cells under its contract's columns. Raises BadInput."""


class Passwords(Protocol):
    """Hashes passwords so that they cannot be read back."""

    def hash(self, password: str) -> str:
        """Give a salted hash."""

    def verify(self, password_hash: str, password: str) -> bool:
        """Tell whether the password made the hash."""

    def nobody(self) -> str:
        """Give a hash that no password made, so that an unknown login takes as long to refuse as a known one."""
