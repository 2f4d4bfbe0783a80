"""A lead keeps on what ground it is with its rep; those of before have the words alone, and are told in these."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.add_column("lead", sa.Column("ground", sa.String(), nullable=True))
