"""Engines: how SQLite and Postgres are opened, how a transaction begins on each, and what their failures mean."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from wardkeeper.adapters import migrations
from wardkeeper.adapters.durable_files import OWNER_ONLY, storage_failures
from wardkeeper.kernel.errors import BadInput, Conflict, StorageFailed, WardkeeperError

REVISION = "0003"
"""The migration that this version of the program needs; a test compares it with the newest one there is."""

BUSY_SECONDS = 30
"""How long a writer waits for another one."""

WRITING = {"wardkeeper_writing": True}
"""The execution option of a connection that will write."""

FAILURES = (
    (
        ("disk is full", "disk full", "no space left"),
        "The disk is full: the database could not be written, and nothing was changed.",
        "Free some space, or move the authority's folder to a larger disk, and do it again.",
    ),
    (
        # What SQLite says when the system refuses a write for another reason, such as a limit on the file's size.
        ("disk i/o error", "file too large"),
        "The disk is full or failing: the database could not be written, and nothing was changed.",
        "Free some space, look at the disk's health, and do it again.",
    ),
    (
        ("database is locked", "lock timeout"),
        f"Another process has been writing to the database for {BUSY_SECONDS} seconds; nothing was changed.",
        "Wait for it to end, and do it again.",
    ),
    (
        ("",),
        "The database could not be read or written; nothing was changed.",
        "Check that it is running, that its disk is there, and that Wardkeeper's user may write to it.",
    ),
)
"""Signs in what a database says, what we say instead, and what to do next. The first row that fits is used."""

OPENING_TRIES, OPENING_PAUSE = 100, 0.05
"""How often, and after how many seconds, a new database file that another process is opening is tried again."""

MIGRATION_LOCK = 7_211_946
"""Any fixed number: it keeps two starting processes from migrating one Postgres database at once."""


def make_engine(location: str) -> Engine:
    """Open a database by URL: `sqlite:///path` or `postgresql://…` (15 or newer). Raises BadInput on any other."""
    try:
        url = make_url(location)
    except ArgumentError:
        raise _unknown_database() from None
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return _make_sqlite(url, Path(url.database))
        case "postgresql":
            return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        case _:
            raise _unknown_database()


def migrate(engine: Engine) -> None:
    """Bring the schema to this version, in one transaction; quick when it is there already."""
    with storing(), engine.connect() as connection:
        if _find_revision(connection) == REVISION:
            return
    with storing(), begin_writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        configuration = Config()
        configuration.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
        configuration.attributes["connection"] = connection
        try:
            command.upgrade(configuration, "head")
        except CommandError as error:
            raise StorageFailed(
                "The database was made by a newer version of Wardkeeper; nothing was changed.",
                "Use that version, or open another database.",
            ) from error


@contextmanager
def begin_writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that takes the write lock at once, so that it never fails half-way for want of it."""
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
        yield connection


@contextmanager
def storing() -> Iterator[None]:
    """Turn the database's errors into the kernel's. The transaction has been rolled back by then."""
    try:
        yield
    except WardkeeperError:
        raise
    except IntegrityError as error:
        raise Conflict("This was recorded already, or by someone else just now.", "Look again.") from error
    except DBAPIError as error:
        raise _describe(error) from error
    except SQLAlchemyError as error:
        following = "Do it again; if it fails again, tell whoever runs Wardkeeper."
        raise StorageFailed("The database did not answer as expected; nothing was changed.", following) from error


def _describe(error: DBAPIError) -> StorageFailed:
    said = str(error.orig).lower()
    message, following = next(words for signs, *words in FAILURES if any(sign in said for sign in signs))
    return StorageFailed(message, following)


def _make_sqlite(url: URL, path: Path) -> Engine:
    with storage_failures("the database"), suppress(FileExistsError):
        # Made here so that nobody else may read it; SQLite gives its side files the same permissions.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, pool_size=10, max_overflow=30)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Python's driver would begin transactions at moments of its own choosing: we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
        _set(cursor, pragma)
    cursor.close()


def _set(cursor: DBAPICursor, pragma: str) -> None:
    """Set a pragma. SQLite itself does not wait when two processes open a new file at once, so this does."""
    for _ in range(OPENING_TRIES):
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(OPENING_PAUSE)
        else:
            return
    cursor.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("wardkeeper_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _find_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _unknown_database() -> BadInput:
    return BadInput(
        "The database's address is not one that Wardkeeper knows.",
        "Give sqlite:///path/to/ledger.db or postgresql://user@host/name.",
    )
