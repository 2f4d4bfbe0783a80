"""Nothing looks leads up by when they were closed: each closing wrote an index for nobody."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.drop_index("lead_closed", table_name="lead")
