"""What happened to a lead, one entry for each thing, written in the transaction that made it so and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import func, select

from sla_engine.lead import Lead, Status
from storage.statements import Prepared, adding, among, numbered, one_of, rounded
from storage.tables import HISTORY
from storage.transaction import Transaction


class Happened(StrEnum):
    """Everything that can stand in a lead's history, in the order of its life."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    HELD = "held"
    CLAIMABLE = "claimable"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    UNREACHABLE = "unreachable"
    LEVEL_REACHED = "level reached"
    BREACHED = "breached"
    TOUCHED = "touched"
    QUALIFIED = "qualified"
    PAUSED = "paused"
    RESUMED = "resumed"
    CALENDAR_CHANGED = "calendar changed"
    UPDATED = "updated"
    CAME_AGAIN = "came again"
    REPLIED = "replied"
    STATUS_CHANGED = "status changed"
    RECYCLED = "recycled"
    DISQUALIFIED = "disqualified"


TOLD_ON_CARDS = (Happened.TOUCHED, Happened.QUALIFIED, Happened.PAUSED, Happened.CAME_AGAIN)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lead's history; `event` is one of `Happened`, or what an earlier version wrote."""

    at: datetime
    event: str
    actor: str
    on_behalf_of: str | None
    before: str | None
    after: str | None
    policy_hash: str | None
    detail: dict[str, Any]


_RECORD = adding(HISTORY, [column.name for column in HISTORY.c if column.name != "id"])


def record(
    tx: Transaction,
    lead: Lead,
    event: Happened,
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
        "event": event.value,
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "before": (before or lead.status).value,
        "after": lead.status.value,
        "policy_hash": lead.policy_hash,
        "detail": dict(detail or {}),
    }
    _RECORD.run(tx, **values)


def of(tx: Transaction, lead_id: str) -> list[Entry]:
    """Everything that happened to a lead, in the order it was written."""
    rows = tx.connection.execute(select(HISTORY).where(HISTORY.c.lead_id == lead_id).order_by(HISTORY.c.id))
    return [_to_entry(row) for row in rows.mappings()]


def newest(tx: Transaction, lead_ids: list[str]) -> dict[str, dict[str, Entry]]:
    """The newest entry of each event that a card tells of, by lead."""
    ids, told = rounded(lead_ids), dict[str, dict[str, Entry]]()
    for row in _newest_of(len(ids)).all(tx, **numbered("lead", ids)):
        told.setdefault(row["lead_id"], {})[row["event"]] = _to_entry(row)
    return told


@cache
def _newest_of(number: int) -> Prepared:
    events = among(HISTORY.c.event, [event.value for event in TOLD_ON_CARDS])
    of_these = one_of(HISTORY.c.lead_id, "lead", number) & events
    last = select(func.max(HISTORY.c.id)).where(of_these).group_by(HISTORY.c.lead_id, HISTORY.c.event)
    return Prepared(select(HISTORY).where(HISTORY.c.id.in_(last)))


def _to_entry(row: Mapping[Any, Any]) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__slots__})
