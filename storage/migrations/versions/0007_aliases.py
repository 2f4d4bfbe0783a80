"""The other ids of leads that were merged, and one lead below the bar for each id; a column that nobody reads goes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW = "status NOT IN ('MQL', 'SAL', 'SQL', 'Opportunity', 'Customer', 'Recycled', 'Disqualified')"
SENT_TWICE = """
    UPDATE lead SET status = 'Disqualified', reason = 'Sent twice', closed_at = received_at
    WHERE status = 'New' AND EXISTS (
        SELECT 1 FROM lead AS later
        WHERE later.door = lead.door AND later.external_id = lead.external_id AND later.status = 'New'
        AND (later.received_at > lead.received_at OR later.received_at = lead.received_at AND later.id > lead.id)
    )
"""
"""Two processes could keep one twice, in one moment: the later is the one that went on."""


def upgrade() -> None:
    """Bring the schema here."""
    op.create_table(
        "alias",
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("door", "external_id"),
    )
    op.create_index("alias_of_lead", "alias", ["lead_id"], unique=False)
    op.execute(SENT_TWICE)
    where = sa.text(NEW)
    op.create_index(
        "lead_new_once", "lead", ["door", "external_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
    op.drop_column("person", "looked_up_at")
