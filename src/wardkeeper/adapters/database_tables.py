"""The database's tables, and the types that turn their columns into the values of the cores and back.

The migrations create these tables; a test compares the two. Nothing about a resident is stored here in the clear.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from wardkeeper.incidents.events import EventType
from wardkeeper.kernel.mandates import AtEnd, MandateKind
from wardkeeper.kernel.people import Role
from wardkeeper.kernel.spans import from_text, to_text
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.sending import MessageState


class Instant(TypeDecorator[datetime]):
    """An instant as text in UTC, whose order is time's order on every database."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 SQLAlchemy's signature
        """Write it."""
        return None if value is None else to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        """Read it."""
        return None if value is None else from_text(value)


class Code(TypeDecorator[StrEnum]):
    """A member of an Enum, as its value."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 SQLAlchemy's signature
        """Write it."""
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 SQLAlchemy's signature
        """Read it."""
        return None if value is None else self.kind(value)


class Words(TypeDecorator[Iterable[str]]):
    """Several words as a JSON array: a tuple keeps its order, a set is sorted."""

    impl = Text
    cache_ok = True

    def __init__(self, gather: type[tuple[str, ...]] | type[frozenset[str]] = tuple, kind: type[str] = str) -> None:
        super().__init__()
        self.gather = gather
        self.kind = kind

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:  # noqa: ARG002 SQLAlchemy's signature
        """Write them."""
        words = list(value or ())
        return json.dumps(sorted(words) if self.gather is frozenset else words, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Iterable[str]:  # noqa: ARG002 SQLAlchemy's signature
        """Read them."""
        gather: Callable[[Iterable[str]], Iterable[str]] = self.gather
        return gather(map(self.kind, json.loads(value or "[]")))


METADATA = MetaData()

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("login", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("roles", Words(frozenset, Role), nullable=False),
    Column("password_hash", String, nullable=False),
    Column("active", Boolean, nullable=False),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token_hash", String, primary_key=True),
    Column("login", String, nullable=False),
    Column("csrf", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String, nullable=False),
    Column("applied_at", Instant, nullable=False),
)

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("source", String, nullable=False, index=True),
    Column("file_name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("extracted_on", Date, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("loaded", Integer, nullable=False),
    Column("repaired", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("records", Integer, nullable=False),
    Column("assumed", Words, nullable=False),
    Column("unused", Integer, nullable=False, server_default="0"),
)

FILES = Table(
    "files",
    METADATA,
    Column("id", String, primary_key=True),
    Column("dataset", String, nullable=False, index=True),
    Column("mandates", Words, nullable=False),
    Column("parents", Words, nullable=False),
    Column("columns", Words, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("sha256", String, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("engine", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("destroyed", Boolean, nullable=False),
)

FILE_MANDATES = Table(
    "file_mandates",
    METADATA,
    Column("mandate", String, primary_key=True),
    Column("file", String, ForeignKey("files.id"), primary_key=True),
)
"""Finds the files under a mandate; `FILES.mandates` is the manifest itself."""

CURRENTS = Table(
    "currents",
    METADATA,
    Column("dataset", String, primary_key=True),
    Column("file", String, ForeignKey("files.id"), nullable=False),
)

MANDATES = Table(
    "mandates",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("kind", Code(MandateKind), nullable=False),
    Column("title", String, nullable=False),
    Column("purposes", Words(frozenset), nullable=False),
    Column("gateways", Words, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("review_by", Date),
    Column("at_end", Code(AtEnd), nullable=False),
    Column("source", String, nullable=False),
    Column("incident", String),
    Column("ended_at", Instant),
    Column("destroyed_at", Instant),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("incident", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("type", Code(EventType), nullable=False),
    Column("at", Instant, nullable=False),
    Column("login", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("check", String),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("incident", "number", name="events_incident_number"),
)
"""An event's data only as `sealed`, under its incident's mandate."""

MESSAGES = Table(
    "messages",
    METADATA,
    Column("reference", String, primary_key=True),
    Column("campaign", String, nullable=False, index=True),
    Column("channel", Code(Channel), nullable=False),
    Column("language", String, nullable=False),
    Column("state", Code(MessageState), nullable=False),
    Column("notify_id", String, nullable=False),
    Column("status", String, nullable=False),
    Column("attempted_at", Instant),
    Column("changed_at", Instant),
)
"""A campaign's messages by reference: to whom each goes is sealed in the vault."""

LEAVES = Table(
    "leaves",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)
"""Numbered from 1, without gaps. Triggers refuse to change or delete a row."""

CHECKPOINTS = Table(
    "checkpoints",
    METADATA,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)
"""One per transaction: the signed note, and the compact range that the next one goes on from."""

Index("file_mandates_file", FILE_MANDATES.c.file)
