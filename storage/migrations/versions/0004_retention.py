"""Retention: when the personal data of a lead were erased."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
UNERASED = sa.text("erased_at IS NULL AND status NOT IN ('MQL', 'SAL', 'SQL', 'Opportunity')")


def upgrade() -> None:
    """Bring the schema here."""
    op.add_column("lead", sa.Column("erased_at", INSTANT, nullable=True))
    op.create_index(
        "lead_unerased", "lead", ["received_at"], unique=False, sqlite_where=UNERASED, postgresql_where=UNERASED
    )
