"""How much waits to be done and since when: figures for those who watch the service. Nothing is written."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from storage import live
from storage.outbox import PENDING, SENDING, UNKNOWN
from storage.tables import MESSAGE, TIMER
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many of one kind; the oldest waits since `since` (aware, UTC), None when there are none."""

    count: int = 0
    since: datetime | None = None


def unsent(tx: Transaction) -> dict[str, Waiting]:
    """The outbox by state, since when its oldest message was written."""
    query = select(MESSAGE.c.state, func.count(), func.min(MESSAGE.c.created_at)).where(live.by_time())
    found = {state: Waiting(count, since) for state, count, since in tx.connection.execute(query.group_by("state"))}
    return {state: found.get(state, Waiting()) for state in (PENDING, SENDING, UNKNOWN)}


def messages(tx: Transaction, now: datetime) -> Waiting:
    """What could go now and has not, since the oldest was due."""
    due = and_(live.by_time(), MESSAGE.c.due_at <= now)
    count, since = tx.connection.execute(select(func.count(), func.min(MESSAGE.c.due_at)).where(due)).one()
    return Waiting(count, since)


def timers(tx: Transaction, now: datetime) -> Waiting:
    """What should have fired and has not, since the oldest was due."""
    due = and_(TIMER.c.fired_at.is_(None), TIMER.c.due_at <= now)
    count, since = tx.connection.execute(select(func.count(), func.min(TIMER.c.due_at)).where(due)).one()
    return Waiting(count, since)
