"""Keep a campaign's messages by reference, so that a run that was cut off sends nobody twice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of messages. It holds no name, number or address."""
    op.create_table(
        "messages",
        sa.Column("reference", sa.String, primary_key=True),
        sa.Column("campaign", sa.String, nullable=False, index=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("notify_id", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempted_at", sa.String),
        sa.Column("changed_at", sa.String),
    )
