"""Changes within one transaction of the database, all of which come with a leaf."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Connection, Table, and_, bindparam, func, insert, select, update

from wardkeeper.adapters.database_tables import (
    ACCOUNTS,
    CURRENTS,
    DELIVERIES,
    DOCUMENTS,
    EVENTS,
    FILE_MANDATES,
    FILES,
    MANDATES,
    MESSAGES,
    SESSIONS,
)
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.ids import FileId
from wardkeeper.kernel.mandates import Mandate
from wardkeeper.ledger.leaves import Leaf
from wardkeeper.messages.sending import Message, MessageState
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.usecases.ports import Account, Document, Session, StoredEvent, VaultFile


class DatabaseWriter:
    """What may be changed. The store makes one per transaction and commits it with its leaves."""

    def __init__(self, connection: Connection, leaf: Leaf) -> None:
        self._connection = connection
        self.leaves = [leaf]

    def add_leaf(self, leaf: Leaf) -> None:
        """Record a further act in this transaction."""
        self.leaves.append(leaf)

    def add_account(self, account: Account) -> None:
        """Add a person, or replace the one with this login."""
        actor = account.actor
        values = {
            "name": actor.name,
            "organisation": actor.organisation,
            "roles": actor.roles,
            "password_hash": account.password_hash,
            "active": account.active,
        }
        self._put(ACCOUNTS, {"login": actor.login}, values)

    def add_session(self, session: Session) -> None:
        """Open a session."""
        self._connection.execute(insert(SESSIONS), asdict(session))

    def end_session(self, token_hash: str) -> None:
        """End a session; nothing happens when it has ended already."""
        self._connection.execute(SESSIONS.delete().where(SESSIONS.c.token_hash == token_hash))

    def apply_document(self, document: Document) -> None:
        """Store a document as its next version, whatever version it says, and make that the one in force."""
        mine = and_(DOCUMENTS.c.kind == document.kind, DOCUMENTS.c.name == document.name)
        newest = self._connection.scalar(select(func.max(DOCUMENTS.c.version)).where(mine))
        self._connection.execute(insert(DOCUMENTS), asdict(document) | {"version": (newest or 0) + 1})

    def add_delivery(self, delivery: Delivery) -> None:
        """Record a received file."""
        self._connection.execute(insert(DELIVERIES), asdict(delivery))

    def count_again(self, delivery: Delivery) -> None:
        """Change the counts of a received file after held rows were put right; nothing else of it."""
        counts = {name: getattr(delivery, name) for name in ("loaded", "repaired", "quarantined", "records")}
        same = and_(DELIVERIES.c.id == delivery.id, DELIVERIES.c.rows == delivery.rows)
        if self._connection.execute(update(DELIVERIES).where(same).values(**counts)).rowcount == 0:
            raise Conflict("This file is not the one that was received.", "Look at the sources again.")

    def set_current(self, file: VaultFile) -> None:
        """Make a sealed file the current version of its dataset. Earlier versions keep their manifests."""
        known = self._connection.scalar(select(FILES.c.id).where(FILES.c.id == file.id))
        if known is None:
            self._connection.execute(insert(FILES), asdict(file) | {"destroyed": False})
            links = [{"mandate": mandate, "file": file.id} for mandate in file.mandates]
            self._connection.execute(insert(FILE_MANDATES), links)
        self._put(CURRENTS, {"dataset": file.dataset}, {"file": file.id})

    def drop_files(self, files: Sequence[FileId]) -> None:
        """Forget files that were destroyed; their manifests stay, marked destroyed."""
        self._connection.execute(CURRENTS.delete().where(CURRENTS.c.file.in_(files)))
        self._connection.execute(update(FILES).where(FILES.c.id.in_(files)).values(destroyed=True))

    def add_mandate(self, mandate: Mandate) -> None:
        """Add a mandate, or replace the one with this id (an end recorded)."""
        values = {field.name: getattr(mandate, field.name) for field in fields(mandate) if field.name != "id"}
        self._put(MANDATES, {"id": mandate.id}, values)

    def add_event(self, stored: StoredEvent) -> None:
        """Add an incident's next event. Raises Conflict when its number is not the next one.

        Only the sealed form of its data is stored.
        """
        occurred = stored.event
        newest = self._connection.scalar(
            select(func.max(EVENTS.c.number)).where(EVENTS.c.incident == occurred.incident)
        )
        if occurred.number != (newest or 0) + 1:
            raise Conflict("Something else happened in this incident first.", "Look at it again, then decide.")
        values = {field.name: getattr(occurred, field.name) for field in fields(occurred) if field.name != "data"}
        self._connection.execute(insert(EVENTS), values | {"sealed": stored.sealed})

    def add_messages(self, messages: Sequence[Message]) -> None:
        """Add messages to be sent. Raises Conflict when a reference is there already."""
        if messages:
            self._connection.execute(insert(MESSAGES), [asdict(one) for one in messages])

    def claim_messages(self, references: Sequence[str], at: datetime) -> None:
        """Take waiting messages to send them. Raises Conflict, and takes none, when one of them no longer waits."""
        mine = and_(MESSAGES.c.reference.in_(references), MESSAGES.c.state == MessageState.WAITING)
        claimed = {"state": MessageState.CLAIMED, "attempted_at": at, "changed_at": at}
        if self._connection.execute(update(MESSAGES).where(mine).values(**claimed)).rowcount != len(references):
            raise Conflict("Another run is sending this campaign.", "Wait for it to end, then send again.")

    def change_messages(self, messages: Sequence[Message]) -> None:
        """Record what became of messages: their state, Notify's id and status, and when."""
        if not messages:
            return
        changed = ("state", "notify_id", "status", "attempted_at", "changed_at")
        rows = [{"of": one.reference, **{name: getattr(one, name) for name in changed}} for one in messages]
        same = MESSAGES.c.reference == bindparam("of")
        self._connection.execute(update(MESSAGES).where(same).values({name: bindparam(name) for name in changed}), rows)

    def _put(self, table: Table, key: Mapping[str, object], values: Mapping[str, object]) -> None:
        """Replace the row with this key, or add it. Writers take turns, so nothing comes in between."""
        same = and_(*(table.c[name] == value for name, value in key.items()))
        if self._connection.execute(update(table).where(same).values(**values)).rowcount == 0:
            self._connection.execute(insert(table), {**key, **values})
