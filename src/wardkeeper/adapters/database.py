"""The store: everything but personal data in the clear, on SQLite or Postgres, every change with its leaf.

One transaction holds the changes, the leaves' bytes, the tree's new compact range and its signed checkpoint; all are
kept or none. What the ledger cannot show by itself: that nobody put back an older copy of the whole database. A
shorter history that was once true still verifies, until a partner who holds a later checkpoint compares.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, insert, select, text

from wardkeeper.adapters.database_engine import begin_writing, make_engine, migrate, storing
from wardkeeper.adapters.database_tables import (
    ACCOUNTS,
    CHECKPOINTS,
    CURRENTS,
    DELIVERIES,
    DOCUMENTS,
    EVENTS,
    FILE_MANDATES,
    FILES,
    LEAVES,
    MANDATES,
    MESSAGES,
    SESSIONS,
)
from wardkeeper.adapters.database_writer import DatabaseWriter
from wardkeeper.incidents.events import Event
from wardkeeper.kernel.ids import IncidentId, Login, MandateId
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.checkpoints import Signer
from wardkeeper.ledger.leaves import Leaf
from wardkeeper.ledger.proofs import Head
from wardkeeper.ledger.tree import CompactRange, hash_leaf
from wardkeeper.messages.sending import Message, Total
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.usecases.ports import Account, Document, Session, StoredEvent, VaultFile, Writer

PAGE = 5_000
"""Leaves read at a time, so that a long reading holds no transaction open."""


def open_store(location: str, signer: Signer) -> "DatabaseStore":
    """Open a database by URL, making or upgrading its schema.

    Raises BadInput on an unknown URL, IntegrityBroken when its newest checkpoint was signed with another key.
    """
    engine = make_engine(location)
    migrate(engine)
    return DatabaseStore(engine, signer)


class DatabaseStore:
    """The database behind the use cases. Threads may share it."""

    def __init__(self, engine: Engine, signer: Signer) -> None:
        self._engine, self._signer = engine, signer
        newest = self._rows(select(CHECKPOINTS).order_by(CHECKPOINTS.c.size.desc()).limit(1))
        if newest:
            signer.verifier.open_checkpoint(newest[0]["note"])

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def verifier_key(self) -> str:
        """Give the public key that checks the checkpoints."""
        return self._signer.verifier.to_text()

    @contextmanager
    def write(self, leaf: Leaf) -> Iterator[Writer]:
        """Open a transaction that commits its changes and its leaf together, with a signed checkpoint.

        Raises StorageFailed when the disk is full or the database cannot be reached. On any error nothing is written.
        """
        with storing(), begin_writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                # Writers take turns, as SQLite's do: each goes on from the tree of the one before.
                connection.execute(text("LOCK TABLE checkpoints IN EXCLUSIVE MODE"))
            writer = DatabaseWriter(connection, leaf)
            yield writer
            _append(connection, [each.to_bytes() for each in writer.leaves], self._signer)

    def account(self, login: Login) -> Account | None:
        """Find a person."""
        rows = self._rows(select(ACCOUNTS).where(ACCOUNTS.c.login == login))
        return _to_account(rows[0]) if rows else None

    def accounts(self) -> list[Account]:
        """List everybody who may sign in, by login; closed accounts are among them, marked so."""
        return [_to_account(row) for row in self._rows(select(ACCOUNTS).order_by(ACCOUNTS.c.login))]

    def session(self, token_hash: str) -> Session | None:
        """Find a session, ended ones excluded."""
        rows = self._rows(select(SESSIONS).where(SESSIONS.c.token_hash == token_hash))
        return Session(**rows[0]) if rows else None

    def document(self, kind: str, name: str) -> Document | None:
        """Give the version of a document that is in force: its newest."""
        mine = select(DOCUMENTS).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.name == name)
        rows = self._rows(mine.order_by(DOCUMENTS.c.version.desc()).limit(1))
        return Document(**rows[0]) if rows else None

    def documents(self, kind: str) -> list[Document]:
        """Give the documents of a kind that are in force, by name."""
        rows = self._rows(select(DOCUMENTS).where(DOCUMENTS.c.kind == kind).order_by(DOCUMENTS.c.version))
        newest = {row["name"]: Document(**row) for row in rows}
        return [newest[name] for name in sorted(newest)]

    def deliveries(self, source: str | None = None) -> list[Delivery]:
        """List received files, oldest first."""
        chosen = select(DELIVERIES).order_by(DELIVERIES.c.position)
        rows = self._rows(chosen if source is None else chosen.where(DELIVERIES.c.source == source))
        return [Delivery(**_without(row, "position")) for row in rows]

    def current(self, dataset: str) -> VaultFile | None:
        """Give the current version of a dataset."""
        files = self._files(_CURRENT.where(CURRENTS.c.dataset == dataset))
        return files[0] if files else None

    def currents(self, prefix: str = "") -> list[VaultFile]:
        """Give the current versions of the datasets whose name starts so, by name."""
        # SQLite's LIKE takes no notice of case, so the start itself is compared.
        starts = func.substr(CURRENTS.c.dataset, 1, len(prefix)) == prefix
        return self._files(_CURRENT.where(starts).order_by(CURRENTS.c.dataset))

    def files_under(self, mandate: MandateId) -> list[VaultFile]:
        """Give every file, current or not, sealed under a mandate and not destroyed, oldest first."""
        under = select(FILES).join(FILE_MANDATES).where(FILE_MANDATES.c.mandate == mandate, ~FILES.c.destroyed)
        return self._files(under.order_by(FILES.c.written_at, FILES.c.id))

    def mandate(self, mandate: MandateId) -> Mandate | None:
        """Find a mandate."""
        rows = self._rows(select(MANDATES).where(MANDATES.c.id == mandate))
        return Mandate(**_without(rows[0], "position")) if rows else None

    def mandates(self) -> list[Mandate]:
        """List mandates, oldest first."""
        rows = self._rows(select(MANDATES).order_by(MANDATES.c.position))
        return [Mandate(**_without(row, "position")) for row in rows]

    def incidents(self) -> list[IncidentId]:
        """List incidents, oldest first."""
        rows = self._rows(select(EVENTS.c.incident).where(EVENTS.c.number == 1).order_by(EVENTS.c.position))
        return [IncidentId(row["incident"]) for row in rows]

    def events(self, incident: IncidentId, after: int = 0) -> list[StoredEvent]:
        """Give an incident's events with a number above `after`, in order. Their data is only in `sealed`."""
        mine = select(EVENTS).where(EVENTS.c.incident == incident, EVENTS.c.number > after)
        rows = self._rows(mine.order_by(EVENTS.c.number))
        return [StoredEvent(Event(**_without(row, "position", "sealed")), row["sealed"]) for row in rows]

    def messages(self, campaign: str) -> list[Message]:
        """Give a campaign's messages, by reference."""
        mine = select(MESSAGES).where(MESSAGES.c.campaign == campaign)
        return [Message(**row) for row in self._rows(mine.order_by(MESSAGES.c.reference))]

    def count_messages(self, campaign: str) -> list[Total]:
        """Count a campaign's messages by channel and state."""
        columns = (MESSAGES.c.channel, MESSAGES.c.state)
        mine = select(*columns, func.count().label("messages")).where(MESSAGES.c.campaign == campaign)
        return [Total(**row) for row in self._rows(mine.group_by(*columns))]

    def messages_named(self, references: Sequence[str]) -> list[Message]:
        """Find messages of any campaign by their references, in their order; those that are not there are left out."""
        pages = [references[start : start + PAGE] for start in range(0, len(references), PAGE)]
        queries = [select(MESSAGES).where(MESSAGES.c.reference.in_(page)) for page in pages]
        found = {row["reference"]: Message(**row) for query in queries for row in self._rows(query)}
        return [found[one] for one in references if one in found]

    def leaves(self, start: int = 0) -> Iterator[bytes]:
        """Give the leaves' bytes from a position (counted from 0) on, in order."""
        while rows := self._rows(select(LEAVES).where(LEAVES.c.number > start).order_by(LEAVES.c.number).limit(PAGE)):
            yield from (row["content"] for row in rows)
            start = rows[-1]["number"]

    def ledger_size(self) -> int:
        """Give the number of leaves."""
        return int(self._rows(select(func.coalesce(func.max(CHECKPOINTS.c.size), 0).label("size")))[0]["size"])

    def checkpoints(self) -> Iterator[str]:
        """Give the signed checkpoints, oldest first."""
        start = 0
        while rows := self._rows(
            select(CHECKPOINTS).where(CHECKPOINTS.c.size > start).order_by(CHECKPOINTS.c.size).limit(PAGE)
        ):
            yield from (row["note"] for row in rows)
            start = rows[-1]["size"]

    def change_number(self) -> int:
        """Give a number that differs after any commit, by this process or another.

        The ledger's size does: there is no commit without a leaf.
        """
        return self.ledger_size()

    def _rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        with storing(), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _files(self, query: Select[Any]) -> list[VaultFile]:
        return [VaultFile(**_without(row, "destroyed")) for row in self._rows(query)]


_CURRENT = select(FILES).join(CURRENTS, CURRENTS.c.file == FILES.c.id)


def _append(connection: Connection, leaves: list[bytes], signer: Signer) -> None:
    """Add leaves to the ledger and sign the tree they make."""
    newest = connection.execute(select(CHECKPOINTS).order_by(CHECKPOINTS.c.size.desc()).limit(1)).first()
    tree = CompactRange.from_bytes(newest.size, newest.peaks) if newest else CompactRange()
    longer = tree.extend(map(hash_leaf, leaves))
    rows = [{"number": number, "content": leaf} for number, leaf in enumerate(leaves, tree.size + 1)]
    connection.execute(insert(LEAVES), rows)
    note = signer.sign(Head(longer.size, longer.root()))
    connection.execute(insert(CHECKPOINTS), {"size": longer.size, "note": note, "peaks": longer.to_bytes()})


def _to_account(row: Mapping[str, Any]) -> Account:
    actor = Actor(row["login"], row["name"], row["organisation"], row["roles"])
    return Account(actor, row["password_hash"], row["active"])


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
