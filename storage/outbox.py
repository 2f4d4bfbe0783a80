"""The outbox: what must be told, committed with the state it tells of.

A row says what happened and to which conversation (`lane`) it goes; it is drawn when it is delivered. One row of
a lane at a time is leased, so a conversation reads in order; a lease that runs out is taken over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, update

from storage.database import Transaction
from storage.statements import Prepared, adding_once
from storage.tables import MESSAGE

PENDING, UNKNOWN = "pending", "unknown"
SENT, DROPPED, PARKED = "sent", "dropped", "parked"
_POST = adding_once(
    MESSAGE, ("key", "kind", "lane", "lead_id", "detail", "state", "created_at", "due_at", "attempts"), "key"
)
_OF_LEAD = MESSAGE.c.lead_id == bindparam("lead_id")
_DRAWN = Prepared(
    select(MESSAGE.c.id)
    .where(_OF_LEAD, MESSAGE.c.kind == "card", or_(MESSAGE.c.ts.is_not(None), MESSAGE.c.leased_until.is_not(None)))
    .limit(1)
)
_WAITING = Prepared(
    select(MESSAGE.c.id)
    .where(MESSAGE.c.lane == bindparam("lane"), MESSAGE.c.done_at.is_(None), MESSAGE.c.leased_until.is_(None))
    .limit(1)
)
_COUNT = Prepared(select(func.count()).where(_OF_LEAD))


@dataclass(frozen=True, slots=True)
class Message:
    """One row to be told: `kind` and `detail` say what happened, `lane` which conversation hears of it."""

    id: int
    key: str
    kind: str
    lane: str
    lead_id: str | None
    detail: Mapping[str, Any]
    state: str
    created_at: datetime
    due_at: datetime
    attempts: int
    channel: str | None
    ts: str | None


def _to_message(row: Row[Any]) -> Message:
    return Message(**{name: row._mapping[name] for name in Message.__slots__})


def post(
    tx: Transaction,
    now: datetime,
    *,
    key: str,
    kind: str,
    lane: str,
    lead_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Queue a message; a second one with the same key is not queued, and False returned."""
    values: dict[str, Any] = {"key": key, "kind": kind, "lane": lane, "lead_id": lead_id, "detail": dict(detail or {})}
    values |= {"state": PENDING, "created_at": now, "due_at": due_at or now, "attempts": 0}
    tx.announce("message", due_at or now)
    return bool(_POST.run(tx, **values))


def refresh(tx: Transaction, now: datetime, lead_id: str) -> None:
    """Have the lead's cards drawn again; changes that come before that is done are drawn with it."""
    lane = f"cards:{lead_id}"
    if _DRAWN.first(tx, lead_id=lead_id) is not None and _WAITING.first(tx, lane=lane) is None:
        count = _COUNT.value(tx, lead_id=lead_id)
        post(tx, now, key=f"{lane}:{count}", kind="cards", lane=lane, lead_id=lead_id)


def claim(
    tx: Transaction, now: datetime, lease: str, until: datetime, limit: int, busy: Iterable[str]
) -> list[Message]:
    """Lease the oldest due message of each lane that has none under way and is not in `busy`."""
    other = MESSAGE.alias()
    blocked = (
        select(other.c.id)
        .where(other.c.lane == MESSAGE.c.lane, other.c.done_at.is_(None), other.c.id < MESSAGE.c.id)
        .exists()
    )
    free = or_(MESSAGE.c.leased_until.is_(None), MESSAGE.c.leased_until <= now)
    ready = and_(MESSAGE.c.done_at.is_(None), MESSAGE.c.due_at <= now, free, ~blocked)
    query = select(MESSAGE).where(ready, MESSAGE.c.lane.not_in(list(busy)))
    query = query.order_by(MESSAGE.c.due_at, MESSAGE.c.id).limit(limit).with_for_update(skip_locked=True)
    found = [_to_message(row) for row in tx.connection.execute(query)]
    if found:
        mine = MESSAGE.c.id.in_([message.id for message in found])
        values = {"lease": lease, "leased_until": until, "attempts": MESSAGE.c.attempts + 1}
        tx.connection.execute(update(MESSAGE).where(mine).values(**values))
    return found


def finish(
    tx: Transaction,
    message_id: int,
    now: datetime,
    state: str,
    *,
    channel: str | None = None,
    ts: str | None = None,
    problem: str | None = None,
) -> None:
    """The message was sent, dropped because its news is stale, or parked because it can never be sent."""
    values = {"state": state, "done_at": now, "channel": channel, "ts": ts, "problem": problem}
    _write(tx, message_id, values)


def retry(tx: Transaction, message_id: int, due_at: datetime, problem: str, *, state: str = PENDING) -> None:
    """Try again at `due_at`; `state` is UNKNOWN when the last try may have arrived."""
    _write(tx, message_id, {"state": state, "due_at": due_at, "problem": problem})


def give_back(tx: Transaction, message_id: int, due_at: datetime) -> None:
    """The message was not tried after all: it keeps its place and its number of attempts."""
    _write(tx, message_id, {"due_at": due_at, "attempts": MESSAGE.c.attempts - 1})


def _write(tx: Transaction, message_id: int, values: dict[str, Any]) -> None:
    values |= {"lease": None, "leased_until": None}
    tx.connection.execute(update(MESSAGE).where(MESSAGE.c.id == message_id).values(**values))


def cards(tx: Transaction, lead_id: str) -> list[Message]:
    """The cards of a lead that stand in Slack, oldest first."""
    query = select(MESSAGE).where(MESSAGE.c.lead_id == lead_id, MESSAGE.c.kind == "card", MESSAGE.c.ts.is_not(None))
    return [_to_message(row) for row in tx.connection.execute(query.order_by(MESSAGE.c.id))]


def overtaken(tx: Transaction, message: Message) -> bool:
    """Whether a later reminder about the same clock, or about the lead's next rep, waits for the same conversation."""
    later = and_(MESSAGE.c.lead_id == message.lead_id, MESSAGE.c.lane == message.lane, MESSAGE.c.id > message.id)
    query = select(MESSAGE.c.detail).where(later, MESSAGE.c.kind == message.kind, MESSAGE.c.done_at.is_(None))
    mine = message.detail
    later_details = (detail for (detail,) in tx.connection.execute(query))
    return any(detail["clock"] == mine["clock"] or detail["rep"] != mine["rep"] for detail in later_details)


def card_under_way(tx: Transaction, lead_id: str) -> bool:
    """Whether a card of the lead is being posted now, perhaps drawn before the latest change."""
    mine = and_(MESSAGE.c.lead_id == lead_id, MESSAGE.c.kind == "card")
    posting = and_(mine, MESSAGE.c.done_at.is_(None), MESSAGE.c.leased_until.is_not(None))
    return tx.connection.execute(select(MESSAGE.c.id).where(posting)).first() is not None


def next_due(tx: Transaction) -> datetime | None:
    """When the earliest unfinished message may be tried, in UTC."""
    instant = func.coalesce(MESSAGE.c.leased_until, MESSAGE.c.due_at)
    earliest: datetime | None = tx.connection.execute(
        select(func.min(instant)).where(MESSAGE.c.done_at.is_(None))
    ).scalar()
    return earliest


def parked(tx: Transaction) -> list[tuple[str, str, str]]:
    """Messages that could not be delivered: kind, conversation and problem."""
    query = select(MESSAGE.c.kind, MESSAGE.c.lane, MESSAGE.c.problem).where(MESSAGE.c.state == PARKED)
    return [(kind, lane, problem) for kind, lane, problem in tx.connection.execute(query.order_by(MESSAGE.c.id))]
