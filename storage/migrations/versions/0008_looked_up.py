"""Buyers' addresses are looked up without regard to capitals; what `presence` says too, and nobody reads, goes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


UNREAD = (("cap", "set_by"), ("cap", "set_at"), ("leave", "entered_by"), ("leave", "entered_at"))


def upgrade() -> None:
    """Bring the schema here."""
    op.drop_index("lead_of_email", table_name="lead")
    op.create_index("lead_of_email", "lead", [sa.text("lower(email)")], unique=False)
    for table, column in UNREAD:
        op.drop_column(table, column)
