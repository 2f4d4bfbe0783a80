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
from storage.tables import ASSIGNMENT, HISTORY, LEAD, WORKED_STATUSES

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


def latest(tx: Transaction, door: str, external_id: str) -> Lead | None:
    """The newest cycle of the sender's lead, locked."""
    query = select(LEAD).where(LEAD.c.door == door, LEAD.c.external_id == external_id)
    row = tx.connection.execute(query.order_by(LEAD.c.received_at.desc()).limit(1).with_for_update()).first()
    return from_row(row) if row else None


def change(tx: Transaction, before: Lead, after: Lead) -> None:
    """Write what differs between two states of one lead."""
    old, new = to_values(before), to_values(after)
    changed = {name: value for name, value in new.items() if old[name] != value}
    if changed:
        tx.connection.execute(update(LEAD).where(LEAD.c.id == before.id).values(**changed))


def holder_of(tx: Transaction, domain: str) -> str | None:
    """The rep who has, or had and did not turn away, the newest lead of this company's domain."""
    offered = and_(LEAD.c.status == Status.MQL, LEAD.c.plan == Plan.ASSIGNED)
    accepted = and_(LEAD.c.sal_at.is_not(None), LEAD.c.status.in_([*OPEN, Status.CUSTOMER, Status.RECYCLED]))
    query = select(LEAD.c.rep).where(LEAD.c.domain == domain, LEAD.c.rep.is_not(None), or_(offered, accepted))
    newest = func.coalesce(LEAD.c.sal_at, LEAD.c.assigned_at).desc()
    holder: str | None = tx.connection.execute(query.order_by(newest).limit(1)).scalar()
    return holder


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


def begin_assignment(tx: Transaction, lead: Lead, cost: int) -> None:
    """The rep's time with the lead begins."""
    values = {"lead_id": lead.id, "team": lead.team, "rep": lead.rep, "rule": lead.rule or ""}
    tx.connection.execute(insert(ASSIGNMENT), values | {"assigned_at": lead.assigned_at, "cost": cost})


def end_assignment(tx: Transaction, lead_id: str, at: datetime, outcome: str) -> int:
    """The rep's time with the lead ends; returns what their turn had cost, 0 when nobody had it."""
    current = and_(ASSIGNMENT.c.lead_id == lead_id, ASSIGNMENT.c.ended_at.is_(None))
    statement = update(ASSIGNMENT).where(current).values(ended_at=at, outcome=outcome).returning(ASSIGNMENT.c.cost)
    cost: int = tx.connection.execute(statement).scalar() or 0
    return cost


def worked_by(tx: Transaction, rep: str) -> list[Lead]:
    """The leads a rep has in work, oldest first, locked."""
    query = select(LEAD).where(sql(WORKED_STATUSES), LEAD.c.rep == rep).order_by(LEAD.c.received_at, LEAD.c.id)
    return [from_row(row) for row in tx.connection.execute(query.with_for_update())]
