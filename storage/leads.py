"""Leads and the history of each."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, insert, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from sla_engine.lead import FIELDS, OPEN, Lead, LeadData, Plan, Status
from storage.database import Conflict, Transaction
from storage.tables import ASSIGNMENT, HISTORY, LEAD, OPEN_STATUSES, WAITING_PLANS, WORKED_STATUSES

WAITING = sql(WAITING_PLANS)
NO_SCORE = -1e300
"""Colder than any score: how a lead without one sorts, alike on every database."""
_STATE = tuple(item.name for item in fields(Lead) if item.name not in ("data", "status", "plan", "refused_by"))


def from_row(row: Row[Any]) -> Lead:
    """The engine's lead from a row of the table."""
    found = row._mapping
    data = LeadData(
        **{name: found[name] for name in FIELDS if name != "interests"}, interests=tuple(found["interests"])
    )
    return Lead(
        data=data,
        status=Status(found["status"]),
        plan=Plan(found["plan"]),
        refused_by=frozenset(found["refused_by"]),
        **{name: found[name] for name in _STATE},
    )


def to_values(lead: Lead) -> dict[str, Any]:
    """The columns of a lead."""
    values: dict[str, Any] = {name: lead.data.value(name) for name in FIELDS}
    values |= {name: getattr(lead, name) for name in _STATE}
    return values | {
        "interests": list(lead.data.interests),
        "status": lead.status.value,
        "plan": lead.plan.value,
        "refused_by": sorted(lead.refused_by),
    }


def add(tx: Transaction, lead: Lead) -> None:
    """A new lead; raises `Conflict` when another transaction has just opened the same one."""
    try:
        tx.connection.execute(insert(LEAD), to_values(lead))
    except IntegrityError as error:
        raise Conflict from error


def load(tx: Transaction, lead_id: str, *, locked: bool = False) -> Lead | None:
    """The lead with this id; `locked` keeps other processes from deciding about it until the transaction ends."""
    query = select(LEAD).where(LEAD.c.id == lead_id)
    row = tx.connection.execute(query.with_for_update() if locked else query).first()
    return from_row(row) if row else None


def latest(tx: Transaction, door: str, external_id: str, *, locked: bool = True) -> Lead | None:
    """The newest cycle of the sender's lead."""
    query = select(LEAD).where(LEAD.c.door == door, LEAD.c.external_id == external_id)
    query = query.order_by(LEAD.c.received_at.desc()).limit(1)
    row = tx.connection.execute(query.with_for_update() if locked else query).first()
    return from_row(row) if row else None


def change(tx: Transaction, before: Lead, after: Lead) -> None:
    """Write what differs between two states; raises `Conflict` as `add` does, where the lead is opened by this."""
    old, new = to_values(before), to_values(after)
    changed = {name: value for name, value in new.items() if old[name] != value}
    if changed:
        try:
            tx.connection.execute(update(LEAD).where(LEAD.c.id == before.id).values(**changed))
        except IntegrityError as error:
            raise Conflict from error


def holder_of(tx: Transaction, domain: str) -> str | None:
    """The rep who has, or had and did not turn away, the newest lead of this company's domain."""
    offered = and_(LEAD.c.status == Status.MQL, LEAD.c.plan == Plan.ASSIGNED)
    accepted = and_(LEAD.c.sal_at.is_not(None), LEAD.c.status.in_([*OPEN, Status.CUSTOMER, Status.RECYCLED]))
    query = select(LEAD.c.rep).where(LEAD.c.domain == domain, LEAD.c.rep.is_not(None), or_(offered, accepted))
    newest = func.coalesce(LEAD.c.sal_at, LEAD.c.assigned_at).desc()
    holder: str | None = tx.connection.execute(query.order_by(newest).limit(1)).scalar()
    return holder


def companion_of(tx: Transaction, lead: Lead, since: datetime) -> str | None:
    """The rep who was given the newest other lead of this company since an instant, and still has or had it."""
    theirs = (LEAD.c.domain == lead.data.domain, LEAD.c.id != lead.id, LEAD.c.assigned_at >= since)
    query = select(LEAD.c.rep).where(*theirs, LEAD.c.rep.is_not(None)).order_by(LEAD.c.assigned_at.desc()).limit(1)
    rep: str | None = tx.connection.execute(query).scalar()
    return rep


def open_with_email(tx: Transaction, email: str, *, locked: bool = True) -> Lead | None:
    """The newest open lead with this address."""
    query = select(LEAD).where(LEAD.c.email == email, sql(OPEN_STATUSES)).order_by(LEAD.c.received_at.desc()).limit(1)
    row = tx.connection.execute(query.with_for_update() if locked else query).first()
    return from_row(row) if row else None


def waiting(tx: Transaction, team: str, now: datetime, limit: int) -> list[Lead]:
    """A team's leads that nobody has and that are to be tried again by now: hottest first, then oldest, locked.

    Those that another process is busy with are left to it.
    """
    query = select(LEAD).where(WAITING, LEAD.c.team == team, LEAD.c.hold_until <= now)
    hottest = func.coalesce(LEAD.c.score, NO_SCORE).desc()
    query = query.order_by(hottest, LEAD.c.received_at, LEAD.c.door, LEAD.c.external_id).limit(limit)
    return [from_row(row) for row in tx.connection.execute(query.with_for_update(skip_locked=True))]


def next_waiting(tx: Transaction, team: str) -> datetime | None:
    """When the first of a team's leads that nobody has is to be tried again, in UTC."""
    query = select(func.min(LEAD.c.hold_until)).where(WAITING, LEAD.c.team == team)
    earliest: datetime | None = tx.connection.execute(query).scalar()
    return earliest


def hasten_waiting(tx: Transaction, now: datetime) -> set[str]:
    """Have every lead that nobody has tried again now; returns the teams that have some."""
    statement = update(LEAD).where(WAITING, LEAD.c.hold_until > now).values(hold_until=now).returning(LEAD.c.team)
    return set(tx.connection.execute(statement).scalars())


def record(
    tx: Transaction,
    lead: Lead,
    event: str,
    at: datetime,
    actor: str,
    *,
    on_behalf_of: str | None = None,
    before: Status | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one line to a lead's history; `before` is the status it had."""
    values = {
        "lead_id": lead.id,
        "at": at,
        "event": event,
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "before": (before or lead.status).value,
        "after": lead.status.value,
        "policy_hash": lead.policy_hash,
        "detail": dict(detail or {}),
    }
    tx.connection.execute(insert(HISTORY), values)


def begin_assignment(tx: Transaction, lead: Lead, turn: int | None) -> None:
    """The rep's time with the lead begins, by this turn of the ledger if it was one."""
    values = {"lead_id": lead.id, "team": lead.team, "rep": lead.rep, "rule": lead.rule or ""}
    tx.connection.execute(insert(ASSIGNMENT), values | {"assigned_at": lead.assigned_at, "turn": turn})


def end_assignment(tx: Transaction, lead_id: str, at: datetime, outcome: str) -> int | None:
    """The rep's time with the lead ends; returns their turn's number in the ledger, None when it was no turn."""
    current = and_(ASSIGNMENT.c.lead_id == lead_id, ASSIGNMENT.c.ended_at.is_(None))
    statement = update(ASSIGNMENT).where(current).values(ended_at=at, outcome=outcome).returning(ASSIGNMENT.c.turn)
    turn: int | None = tx.connection.execute(statement).scalar()
    return turn


def worked_by(tx: Transaction, rep: str) -> list[Lead]:
    """The leads a rep has in work, oldest first, locked."""
    query = select(LEAD).where(sql(WORKED_STATUSES), LEAD.c.rep == rep).order_by(LEAD.c.received_at, LEAD.c.id)
    return [from_row(row) for row in tx.connection.execute(query.with_for_update())]
