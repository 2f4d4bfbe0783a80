"""Each index of what is still to be done is of use to the queries it was made for, and to no others.

Why: `storage/live.py`. What sleeps or belongs to no clock is left out of the timers' indexes by the way.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = "status IN ('MQL', 'SAL', 'SQL', 'Opportunity')"
INDEXES = (
    ("message_due", "message", ["due_at"], "done_at IS NULL AND attempts >= 0"),
    ("message_lane", "message", ["lane", "rank", "due_at", "id"], "done_at IS NULL AND rank >= 0"),
    ("timer_due", "timer", ["due_at", "id"], "fired_at IS NULL AND due_at IS NOT NULL"),
    ("timer_of_clock", "timer", ["clock_id"], "fired_at IS NULL AND clock_id IS NOT NULL"),
    ("clock_unstopped", "clock", ["rep"], "stopped_at IS NULL AND spent >= 0"),
    ("lead_open_once", "lead", ["door", "external_id"], f"{OPEN} AND reassignments >= 0"),
)


def upgrade() -> None:
    """Bring the schema here."""
    for name, table, columns, rows in INDEXES:
        op.drop_index(name, table_name=table)
        where = sa.text(rows)
        op.create_index(
            name, table, columns, unique=name == "lead_open_once", sqlite_where=where, postgresql_where=where
        )
