"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema here."""
    _assignment()
    _calendar()
    _clock()
    _history()
    _lead()
    _leave()
    _message()
    _person()
    _receipt()
    _timer()


def _assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("rep", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("assigned_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("turn", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("assignment_of_lead", "assignment", ["lead_id"], unique=False)
    op.create_index("assignment_of_rep", "assignment", ["rep", "assigned_at"], unique=False)


def _calendar() -> None:
    op.create_table(
        "calendar",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _leave() -> None:
    op.create_table(
        "leave",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("rep", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("leave_of_rep", "leave", ["rep", "starts_at"], unique=False)


def _clock() -> None:
    op.create_table(
        "clock",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("rep", sa.String(), nullable=True),
        sa.Column("promise", sa.String(), nullable=True),
        sa.Column("policy_hash", sa.String(), nullable=True),
        sa.Column("count", sa.String(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("running_since", INSTANT, nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("breached_at", INSTANT, nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("clock_of_lead", "clock", ["lead_id"], unique=False)
    op.create_index("clock_of_rep", "clock", ["rep", "started_at"], unique=False)
    unstopped = sa.text("stopped_at IS NULL")
    op.create_index("clock_unstopped", "clock", ["rep"], sqlite_where=unstopped, postgresql_where=unstopped)


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("policy_hash", sa.String(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("history_of_event", "history", ["event", "at"], unique=False)
    op.create_index("history_of_lead", "history", ["lead_id"], unique=False)


def _columns(kind: sa.types.TypeEngine[Any], names: str, *, nullable: bool = True) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _lead() -> None:
    op.create_table(
        "lead",
        *_columns(sa.String(), "id door", nullable=False),
        *_columns(sa.Text(), "external_id email", nullable=False),
        *_columns(sa.Text(), "first_name last_name company title phone website country state postal_code industry"),
        *_columns(sa.BigInteger(), "employees"),
        *_columns(sa.Text(), "lead_type source campaign"),
        *_columns(sa.Float(), "score"),
        *_columns(sa.JSON(), "interests", nullable=False),
        *_columns(sa.Text(), "message owner_email domain"),
        *_columns(sa.String(), "status plan", nullable=False),
        *_columns(sa.String(), "team rep rule promise policy_hash"),
        *_columns(sa.Text(), "why"),
        *_columns(INSTANT, "received_at", nullable=False),
        *_columns(INSTANT, "mql_at assigned_at sal_at first_response_at sql_at closed_at hold_until paused_at"),
        *_columns(sa.Text(), "pause_reason"),
        *_columns(sa.String(), "reason"),
        *_columns(sa.Text(), "note"),
        *_columns(sa.Integer(), "reassignments", nullable=False),
        *_columns(sa.String(), "previous"),
        *_columns(sa.JSON(), "refused_by", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _lead_indexes()


def _lead_indexes() -> None:
    op.create_index("lead_closed", "lead", ["closed_at"], unique=False)
    op.create_index("lead_of_email", "lead", ["email"], unique=False)
    op.create_index("lead_of_domain", "lead", ["domain", "sal_at"], unique=False)
    op.create_index("lead_of_sender", "lead", ["door", "external_id", "received_at"], unique=False)
    op.create_index(
        "lead_open_once",
        "lead",
        ["door", "external_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('MQL', 'SAL', 'SQL', 'Opportunity')"),
        postgresql_where=sa.text("status IN ('MQL', 'SAL', 'SQL', 'Opportunity')"),
    )
    waiting = sa.text("plan IN ('held', 'claimable')")
    op.create_index("lead_waiting", "lead", ["team", "hold_until"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index(
        "lead_worked",
        "lead",
        ["rep"],
        unique=False,
        sqlite_where=sa.text("status IN ('MQL', 'SAL')"),
        postgresql_where=sa.text("status IN ('MQL', 'SAL')"),
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    _message_indexes()


def _message_indexes() -> None:
    undone, leased = sa.text("done_at IS NULL"), sa.text("leased_until IS NOT NULL")
    urgency = ["lane", "rank", "due_at", "id"]
    op.create_index("message_due", "message", ["due_at"], sqlite_where=undone, postgresql_where=undone)
    op.create_index("message_lane", "message", urgency, sqlite_where=undone, postgresql_where=undone)
    op.create_index("message_leased", "message", ["lane"], sqlite_where=leased, postgresql_where=leased)
    op.create_index("message_of_lead", "message", ["lead_id", "lane"], unique=False)


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("slack_id", sa.String(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("looked_up_at", INSTANT, nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("status_until", INSTANT, nullable=True),
        sa.Column("unreachable_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("email"),
        sa.UniqueConstraint("slack_id"),
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("receipt_once", "receipt", ["door", "webhook_id"], unique=True)


def _timer() -> None:
    op.create_table(
        "timer",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lead_id", sa.String(), nullable=True),
        sa.Column("clock_id", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("fired_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    unfired = sa.text("fired_at IS NULL")
    op.create_index("timer_due", "timer", ["due_at", "id"], sqlite_where=unfired, postgresql_where=unfired)
    op.create_index("timer_of_clock", "timer", ["clock_id"], sqlite_where=unfired, postgresql_where=unfired)
