"""What operators see of the outbox, and what they may do to a message: have it tried again, or have it dropped."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select, update

from storage.lanes import REDRAWING
from storage.outbox import DROPPED, PARKED, PENDING, SENDING, SENT, UNKNOWN
from storage.tables import MESSAGE
from storage.transaction import Transaction

STATES = (PENDING, SENDING, UNKNOWN, PARKED, SENT, DROPPED)


class Unmovable(Exception):
    """A message is not what the operator takes it for; the text is a sentence."""


class NoSuchMessage(Unmovable):
    """The outbox has no message {id}: nothing was changed."""


class IsDone(Unmovable):
    """Message {id} was {state} already: nothing was changed."""


class IsBeingSent(Unmovable):
    """Message {id} is being sent just now: nothing was changed, try again in a minute."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the outbox; instants are aware UTC, `waiting` says that it still has to go."""

    id: int
    state: str
    kind: str
    lane: str
    lead_id: str | None
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    attempts: int
    problem: str | None


_COLUMNS = [MESSAGE.c[name] for name in Line.__slots__]
_UNLEASED: dict[str, Any] = {"lease": None, "leased_until": None}


def listed(tx: Transaction, state: str | None, limit: int) -> list[Line]:
    """The oldest messages in a state, or without one all that wait and all that are parked."""
    which = MESSAGE.c.state == state if state else _is_open()
    query = select(*_COLUMNS).where(which).order_by(MESSAGE.c.id).limit(limit)
    return [Line(*row) for row in tx.connection.execute(query)]


def _is_open() -> ColumnElement[bool]:
    return MESSAGE.c.done_at.is_(None) | (MESSAGE.c.state == PARKED)


def retry(tx: Transaction, ids: Collection[int], now: datetime) -> int:
    """Have messages tried now, with as many attempts as a new one; raises `Unmovable` and then changes none."""
    _check_movable(tx, ids, now)
    return _retry(tx, MESSAGE.c.id.in_(ids), now)


def retry_parked(tx: Transaction, now: datetime) -> int:
    """The same for everything that could not be delivered, in one statement however much it is."""
    return _retry(tx, MESSAGE.c.state == PARKED, now)


def _retry(tx: Transaction, which: ColumnElement[bool], now: datetime) -> int:
    # The last attempt may have arrived: it is looked for first, where that can be done.
    sure = or_(MESSAGE.c.lane == REDRAWING, MESSAGE.c.state == PENDING)
    afresh: dict[str, Any] = {"due_at": now, "done_at": None, "attempts": 0, "problem": None}
    again = update(MESSAGE).where(which).values(state=case((sure, PENDING), else_=UNKNOWN), **afresh, **_UNLEASED)
    tx.announce("message", now)
    return tx.connection.execute(again).rowcount


def drop(tx: Transaction, message_id: int, now: datetime, reason: str) -> None:
    """Give a message up; it stays on record with the reason. Raises `Unmovable`."""
    _check_movable(tx, [message_id], now)
    values: dict[str, Any] = {"state": DROPPED, "done_at": now, "problem": f"dropped by hand: {reason}"}
    tx.connection.execute(update(MESSAGE).where(MESSAGE.c.id == message_id).values(**values, **_UNLEASED))


def _check_movable(tx: Transaction, ids: Collection[int], now: datetime) -> None:
    """Lock these rows; raises `Unmovable` for the first that is done or under way."""
    columns = (MESSAGE.c.id, MESSAGE.c.state, MESSAGE.c.leased_until)
    rows = tx.connection.execute(select(*columns).where(MESSAGE.c.id.in_(ids)).with_for_update()).all()
    found = {row.id: row for row in rows}
    for number in ids:
        row = found.get(number)
        if row is None:
            raise _said(NoSuchMessage, id=number)
        if row.state in (SENT, DROPPED):
            raise _said(IsDone, id=number, state=row.state)
        if row.leased_until is not None and row.leased_until > now:
            raise _said(IsBeingSent, id=number)


def _said(kind: type[Unmovable], **facts: object) -> Unmovable:
    return kind((kind.__doc__ or "").format(**facts))
