"""The rows, one class a table. Every instant is aware UTC, every duration a count of microseconds.

What a lead is now stands on its row; how it came to be so stands in `history`, which is only ever added to.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Table, Text, func
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from storage.columns import Instant, numbered

OPEN_STATUSES = "status IN ('MQL', 'SAL', 'SQL', 'Opportunity')"
OPEN_LEADS = f"{OPEN_STATUSES} AND reassignments >= 0"
"""The same in the words of an index: see `storage/live.py`."""
NEW_LEADS = "status NOT IN ('MQL', 'SAL', 'SQL', 'Opportunity', 'Customer', 'Recycled', 'Disqualified')"
"""Not `status = 'New'`: SQLite would then plan each statement that asks for a status by parameter anew at every run."""
WORKED_STATUSES = "status IN ('MQL', 'SAL')"
UNERASED_LEADS = "erased_at IS NULL AND status NOT IN ('MQL', 'SAL', 'SQL', 'Opportunity')"
WAITING_PLANS = "plan IN ('held', 'claimable')"


def _only(rows: str) -> dict[str, Any]:
    """What makes an index one of some rows; why they ask for more than they seem to need: `storage/live.py`."""
    return {"sqlite_where": sql(rows), "postgresql_where": sql(rows)}


class LeadRow(SQLModel, table=True):
    """One lead in one cycle of handoff."""

    __tablename__ = "lead"
    id: str = Field(primary_key=True)
    door: str
    external_id: str = Field(sa_type=Text)
    email: str = Field(sa_type=Text)
    first_name: str | None = Field(default=None, sa_type=Text)
    last_name: str | None = Field(default=None, sa_type=Text)
    company: str | None = Field(default=None, sa_type=Text)
    title: str | None = Field(default=None, sa_type=Text)
    phone: str | None = Field(default=None, sa_type=Text)
    website: str | None = Field(default=None, sa_type=Text)
    country: str | None = Field(default=None, sa_type=Text)
    state: str | None = Field(default=None, sa_type=Text)
    postal_code: str | None = Field(default=None, sa_type=Text)
    industry: str | None = Field(default=None, sa_type=Text)
    employees: int | None = Field(default=None, sa_type=BigInteger)
    lead_type: str | None = Field(default=None, sa_type=Text)
    source: str | None = Field(default=None, sa_type=Text)
    campaign: str | None = Field(default=None, sa_type=Text)
    score: float | None = None
    interests: list[str] = Field(default_factory=list, sa_type=JSON)
    message: str | None = Field(default=None, sa_type=Text)
    owner_email: str | None = Field(default=None, sa_type=Text)
    domain: str | None = Field(default=None, sa_type=Text)
    status: str
    plan: str
    team: str | None = None
    rep: str | None = None
    rule: str | None = None
    promise: str | None = None
    policy_hash: str | None = None
    why: str | None = Field(default=None, sa_type=Text)
    ground: str | None = None
    received_at: datetime = Field(sa_type=Instant)
    mql_at: datetime | None = Field(default=None, sa_type=Instant)
    assigned_at: datetime | None = Field(default=None, sa_type=Instant)
    sal_at: datetime | None = Field(default=None, sa_type=Instant)
    first_response_at: datetime | None = Field(default=None, sa_type=Instant)
    sql_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    hold_until: datetime | None = Field(default=None, sa_type=Instant)
    paused_at: datetime | None = Field(default=None, sa_type=Instant)
    pause_reason: str | None = Field(default=None, sa_type=Text)
    reason: str | None = None
    note: str | None = Field(default=None, sa_type=Text)
    reassignments: int = 0
    previous: str | None = None
    refused_by: list[str] = Field(default_factory=list, sa_type=JSON)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


_lead = SQLModel.metadata.tables["lead"]
Index(
    "lead_open_once",
    _lead.c.door,
    _lead.c.external_id,
    unique=True,
    **_only(OPEN_LEADS),
)
Index("lead_new_once", _lead.c.door, _lead.c.external_id, unique=True, **_only(NEW_LEADS))
Index("lead_of_sender", _lead.c.door, _lead.c.external_id, _lead.c.received_at)
Index("lead_of_domain", _lead.c.domain, _lead.c.sal_at)
Index("lead_waiting", _lead.c.team, _lead.c.hold_until, **_only(WAITING_PLANS))
Index("lead_of_email", func.lower(_lead.c.email))
Index("lead_worked", _lead.c.rep, **_only(WORKED_STATUSES))
Index("lead_unerased", _lead.c.received_at, **_only(UNERASED_LEADS))


class AliasRow(SQLModel, table=True):
    """Another id under which a sender knows a lead: it came as its own, with the address of a lead that was open."""

    __tablename__ = "alias"
    __table_args__ = (Index("alias_of_lead", "lead_id"),)
    door: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True, sa_type=Text)
    lead_id: str


class AssignmentRow(SQLModel, table=True):
    """One rep's time with one lead; `outcome` says how it ended, `turn` is its number in the ledger, if it was one."""

    __tablename__ = "assignment"
    __table_args__ = (Index("assignment_of_rep", "rep", "assigned_at"), Index("assignment_of_lead", "lead_id"))
    id: int | None = numbered()
    lead_id: str
    team: str
    rep: str
    rule: str
    assigned_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str | None = None
    turn: int | None = Field(default=None, sa_type=BigInteger)


class ClockRow(SQLModel, table=True):
    """One promise of one lead being kept or broken; `account` is how its time was counted (`Clock.reckoning`)."""

    __tablename__ = "clock"
    __table_args__ = (
        Index("clock_of_lead", "lead_id"),
        Index("clock_of_rep", "rep", "started_at"),
        Index("clock_unstopped", "rep", **_only("stopped_at IS NULL AND spent >= 0")),
    )
    id: int | None = numbered()
    lead_id: str
    kind: str
    team: str | None = None
    rep: str | None = None
    promise: str | None = None
    policy_hash: str | None = None
    count: str
    target: int = Field(sa_type=BigInteger)
    spent: int = Field(default=0, sa_type=BigInteger)
    started_at: datetime = Field(sa_type=Instant)
    running_since: datetime | None = Field(default=None, sa_type=Instant)
    stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    breached_at: datetime | None = Field(default=None, sa_type=Instant)
    answered: bool = False
    calendar: str | None = None
    account: str | None = Field(default=None, sa_type=Text)


class TimerRow(SQLModel, table=True):
    """Something to do at `due_at`: pending while `fired_at` is empty, asleep while `due_at` is empty too."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("timer_due", "due_at", "id", **_only("fired_at IS NULL AND due_at IS NOT NULL")),
        Index("timer_of_clock", "clock_id", **_only("fired_at IS NULL AND clock_id IS NOT NULL")),
        # SQLite would give a dropped timer's number to the next one, and who had claimed the old would fire the new.
        {"sqlite_autoincrement": True},
    )
    id: int | None = numbered()
    key: str = Field(unique=True)
    kind: str
    lead_id: str | None = None
    clock_id: int | None = Field(default=None, sa_type=BigInteger)
    share: int | None = None
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    fired_at: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = 0


class HistoryRow(SQLModel, table=True):
    """One thing that happened to a lead; only ever added."""

    __tablename__ = "history"
    __table_args__ = (Index("history_of_lead", "lead_id"), Index("history_of_event", "event", "at"))
    id: int | None = numbered()
    lead_id: str
    at: datetime = Field(sa_type=Instant)
    event: str
    actor: str
    on_behalf_of: str | None = None
    before: str | None = None
    after: str | None = None
    policy_hash: str | None = None
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class MessageRow(SQLModel, table=True):
    """The outbox: something to tell, by what happened. `lane` is the conversation it goes to, empty for a redrawing.

    The lower the `rank`, the sooner it goes. While a row is leased, `due_at` is when the lease ends. `tried_at` is when
    the first attempt began whose outcome nobody knows.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("message_due", "due_at", **_only("done_at IS NULL AND attempts >= 0")),
        Index("message_lane", "lane", "rank", "due_at", "id", **_only("done_at IS NULL AND rank >= 0")),
        Index("message_leased", "lane", **_only("leased_until IS NOT NULL")),
        Index("message_of_lead", "lead_id", "lane"),
    )
    id: int | None = numbered()
    key: str = Field(unique=True, sa_type=Text)
    kind: str
    lane: str
    lead_id: str | None = None
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    rank: int
    state: str = "pending"
    created_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    tried_at: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = 0
    lease: str | None = None
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    channel: str | None = None
    ts: str | None = None
    problem: str | None = Field(default=None, sa_type=Text)


class ReceiptRow(SQLModel, table=True):
    """One webhook delivery, for telling a repeat; the body is kept only of what could not be used."""

    __tablename__ = "receipt"
    __table_args__ = (Index("receipt_once", "door", "webhook_id", unique=True),)
    id: int | None = numbered()
    door: str
    webhook_id: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=Instant)
    state: str
    lead_id: str | None = None
    body: str | None = Field(default=None, sa_type=Text)
    problem: str | None = Field(default=None, sa_type=Text)


class PersonRow(SQLModel, table=True):
    """Somebody of the team as Slack knows them: their status there, and until when it can't reach them."""

    __tablename__ = "person"
    email: str = Field(primary_key=True)
    slack_id: str | None = Field(default=None, unique=True)
    name: str | None = Field(default=None, sa_type=Text)
    timezone: str | None = None
    status: str | None = Field(default=None, sa_type=Text)
    status_until: datetime | None = Field(default=None, sa_type=Instant)
    unreachable_until: datetime | None = Field(default=None, sa_type=Instant)


class LeaveRow(SQLModel, table=True):
    """A rep is not there from `starts_at` to `ends_at`, or until somebody says so."""

    __tablename__ = "leave"
    __table_args__ = (Index("leave_of_rep", "rep", "starts_at"),)
    id: int | None = numbered()
    rep: str
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime | None = Field(default=None, sa_type=Instant)


class CalendarRow(SQLModel, table=True):
    """A calendar that some clock counts or counted on, by a hash of its definition."""

    __tablename__ = "calendar"
    key: str = Field(primary_key=True)
    definition: str = Field(sa_type=Text)


def table(name: str) -> Table:
    """The Core table behind one of the classes above, for statements on hot paths."""
    return SQLModel.metadata.tables[name]


LEAD = table("lead")
ALIAS = table("alias")
ASSIGNMENT = table("assignment")
CLOCK = table("clock")
TIMER = table("timer")
HISTORY = table("history")
MESSAGE = table("message")
RECEIPT = table("receipt")
PERSON = table("person")
LEAVE = table("leave")
CALENDAR = table("calendar")
