"""Read models: what cards, commands and reports show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy import text as sql

from sla_engine.clock import Clock, Kind
from sla_engine.lead import Lead
from storage import clocks, leads
from storage.database import Transaction
from storage.people import Person, everyone
from storage.tables import ASSIGNMENT, CLOCK, HISTORY, LEAD, MESSAGE, WORKED_STATUSES


@dataclass(frozen=True, slots=True)
class LeadView:
    """A lead as people are shown it: with its clocks, what was last said of it, and who everybody is."""

    lead: Lead
    clocks: tuple[Clock, ...]
    people: dict[str, Person]

    def clock(self, kind: Kind) -> Clock | None:
        """The newest clock of a kind."""
        return next((clock for clock in reversed(self.clocks) if clock.kind is kind), None)

    @property
    def open_clocks(self) -> tuple[Clock, ...]:
        """The clocks that run or are paused."""
        return tuple(clock for clock in self.clocks if clock.stopped_at is None and clock.kind is not Kind.ROUTING)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lead's history."""

    at: datetime
    event: str
    actor: str
    on_behalf_of: str | None
    before: str | None
    after: str | None
    policy_hash: str | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejection:
    """One rejection, as marketing reads it."""

    at: datetime
    lead_id: str
    company: str | None
    source: str
    campaign: str | None
    rep: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How a rep keeps one promise: `spent` is the counted time of each one answered."""

    rep: str
    kind: Kind
    answered: int
    missed: int
    running_late: int
    spent: tuple[timedelta, ...]


def lead_view(tx: Transaction, lead_id: str) -> LeadView | None:
    """One lead with all that is shown of it."""
    lead = leads.load(tx, lead_id)
    return LeadView(lead, tuple(clocks.of_lead(tx, lead_id)), everyone(tx)) if lead else None


def open_leads(tx: Transaction, rep: str) -> list[LeadView]:
    """A rep's leads in work, oldest first."""
    query = select(LEAD).where(sql(WORKED_STATUSES), LEAD.c.rep == rep).order_by(LEAD.c.received_at, LEAD.c.id)
    people = everyone(tx)
    found = [leads.from_row(row) for row in tx.connection.execute(query)]
    return [LeadView(lead, tuple(clocks.of_lead(tx, lead.id)), people) for lead in found]


def find(tx: Transaction, words: str) -> Lead | None:
    """The newest lead that has this id, external id or e-mail address."""
    wanted = words.strip()
    named = (func.lower(LEAD.c.id) == wanted.lower()) | (LEAD.c.external_id == wanted)
    query = select(LEAD).where(named | (func.lower(LEAD.c.email) == wanted.lower()))
    row = tx.connection.execute(query.order_by(LEAD.c.received_at.desc()).limit(1)).first()
    return leads.from_row(row) if row else None


def history(tx: Transaction, lead_id: str) -> list[Entry]:
    """Everything that happened to a lead, in the order it was written."""
    rows = tx.connection.execute(select(HISTORY).where(HISTORY.c.lead_id == lead_id).order_by(HISTORY.c.id))
    return [Entry(**{name: row._mapping[name] for name in Entry.__slots__}) for row in rows]


def rejections(tx: Transaction, start: datetime, end: datetime) -> list[Rejection]:
    """The rejections from `start` up to but not including `end`, oldest first."""
    columns = (HISTORY.c.at, HISTORY.c.detail, LEAD.c.id, LEAD.c.company, LEAD.c.source, LEAD.c.campaign)
    within = and_(HISTORY.c.event == "rejected", HISTORY.c.at >= start, HISTORY.c.at < end)
    query = select(*columns).join(LEAD, LEAD.c.id == HISTORY.c.lead_id).where(within).order_by(HISTORY.c.id)
    return [
        Rejection(
            row.at,
            row.id,
            row.company,
            row.source or "unknown source",
            row.campaign,
            row.detail["rep"],
            row.detail["reason"],
            row.detail["note"],
        )
        for row in tx.connection.execute(query)
    ]


def handed_over(tx: Transaction, start: datetime, end: datetime) -> int:
    """How many leads were given to a rep for the first time in a span, however often they were passed on."""
    earlier = ASSIGNMENT.alias()
    before = select(earlier.c.id).where(earlier.c.lead_id == ASSIGNMENT.c.lead_id, earlier.c.assigned_at < start)
    first = and_(ASSIGNMENT.c.assigned_at >= start, ASSIGNMENT.c.assigned_at < end, ~before.exists())
    count: int = tx.connection.execute(select(func.count(ASSIGNMENT.c.lead_id.distinct())).where(first)).scalar_one()
    return count


def kept(tx: Transaction, reps: list[str], since: datetime) -> list[Kept]:
    """How these reps kept each promise that began since an instant; one that fell away counts only if missed."""
    query = select(CLOCK).where(CLOCK.c.rep.in_(reps), CLOCK.c.started_at >= since).order_by(CLOCK.c.id)
    groups: dict[tuple[str, Kind], list[Clock]] = {}
    for clock in clocks.from_rows(tx.connection.execute(query)):
        groups.setdefault((clock.rep or "", clock.kind), []).append(clock)
    return [_kept(rep, kind, group) for (rep, kind), group in groups.items()]


def _kept(rep: str, kind: Kind, group: list[Clock]) -> Kept:
    answered = [clock for clock in group if clock.stopped_at and (clock.answered or clock.breached_at)]
    return Kept(
        rep,
        kind,
        answered=len(answered),
        missed=sum(1 for clock in answered if clock.breached_at),
        running_late=sum(1 for clock in group if clock.stopped_at is None and clock.breached_at),
        spent=tuple(clock.spent for clock in answered if clock.answered),
    )


def undelivered_since(tx: Transaction) -> datetime | None:
    """When the oldest message that is still to be delivered was written."""
    oldest: datetime | None = tx.connection.execute(
        select(func.min(MESSAGE.c.created_at)).where(MESSAGE.c.done_at.is_(None))
    ).scalar()
    return oldest
