"""The first schema: people, sessions, documents, deliveries, files, mandates, events and the append-only ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

PROTECTED = ("leaves", "checkpoints")
"""Tables whose rows may be added but never changed or deleted."""

POSTGRES_REFUSAL = """
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only';
END $$
"""


def upgrade() -> None:
    """Make every table, then protect the ledger's against change."""
    _create_people()
    _create_documents()
    _create_files()
    _create_mandates()
    _create_events()
    _create_ledger()
    _protect_ledger()


def _create_people() -> None:
    op.create_table(
        "accounts",
        sa.Column("login", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("organisation", sa.String, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String, primary_key=True),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("csrf", sa.String, nullable=False),
        sa.Column("opened_at", sa.String, nullable=False),
        sa.Column("ends_at", sa.String, nullable=False),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("applied_at", sa.String, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("source", sa.String, nullable=False, index=True),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("extracted_on", sa.Date, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("loaded", sa.Integer, nullable=False),
        sa.Column("repaired", sa.Integer, nullable=False),
        sa.Column("quarantined", sa.Integer, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("assumed", sa.Text, nullable=False),
    )


def _create_files() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("dataset", sa.String, nullable=False, index=True),
        sa.Column("mandates", sa.Text, nullable=False),
        sa.Column("parents", sa.Text, nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("written_at", sa.String, nullable=False),
        sa.Column("engine", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("destroyed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "file_mandates",
        sa.Column("mandate", sa.String, primary_key=True),
        sa.Column("file", sa.String, sa.ForeignKey("files.id"), primary_key=True),
    )
    op.create_index("file_mandates_file", "file_mandates", ["file"])
    op.create_table(
        "currents",
        sa.Column("dataset", sa.String, primary_key=True),
        sa.Column("file", sa.String, sa.ForeignKey("files.id"), nullable=False),
    )


def _create_mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("purposes", sa.Text, nullable=False),
        sa.Column("gateways", sa.Text, nullable=False),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("ends", sa.Date),
        sa.Column("review_by", sa.Date),
        sa.Column("at_end", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("incident", sa.String),
        sa.Column("ended_at", sa.String),
        sa.Column("destroyed_at", sa.String),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("incident", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("organisation", sa.String, nullable=False),
        sa.Column("check", sa.String),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("incident", "number", name="events_incident_number"),
    )


def _create_ledger() -> None:
    op.create_table(
        "leaves",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
    )


def _protect_ledger() -> None:
    """Stop slips, not attackers: whoever may drop a trigger is caught by verification instead."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(POSTGRES_REFUSAL)
    for table in PROTECTED:
        for change in ("UPDATE", "DELETE"):
            name = f"{table}_refuse_{change.lower()}"
            action = "EXECUTE FUNCTION refuse_ledger_change()" if postgres else _SQLITE_REFUSAL
            each = "FOR EACH ROW" if postgres else ""
            op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} {each} {action}")


_SQLITE_REFUSAL = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
