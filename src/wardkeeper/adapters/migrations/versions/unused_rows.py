"""Count the rows of a file that is recorded and not used apart from those that are."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the count to deliveries."""
    op.add_column("deliveries", sa.Column("unused", sa.Integer, nullable=False, server_default="0"))
