"""Leasing what the outbox holds, and writing down what became of it.

A claim asks one question of each conversation, so it costs as much as there are conversations with something to tell,
however long their backlogs are. A lease has a name of its own: who lost it writes nothing.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from storage import live
from storage.lanes import REDRAWING
from storage.outbox import IN_DOUBT, PENDING, SENDING, UNKNOWN, Message, to_message
from storage.statements import Found, Prepared, among, numbered, one_of, rounded
from storage.tables import MESSAGE
from storage.transaction import Transaction

WAITING = MESSAGE.c.done_at.is_(None)
NOT_A_MESSAGE = 0
"""No message has this id."""


def claim_posts(
    tx: Transaction, now: datetime, lease: str, until: datetime, limit: int, busy: Collection[str]
) -> list[Message]:
    """Lease the most urgent due message of each conversation that has none under way and is not in `busy`."""
    lanes = rounded(busy or [REDRAWING])
    found = posts(len(lanes)).all(tx, now=now, limit=limit, **numbered("busy", lanes))
    # Slack may have it from here on: if this process dies, the row says so.
    return _lease(tx, found, now, lease, until, SENDING)


def claim_redrawings(
    tx: Transaction, now: datetime, lease: str, until: datetime, limit: int, busy: Collection[int]
) -> list[Message]:
    """Lease the most urgent redrawings but those in `busy`, one of a lead at a time."""
    ids = rounded(busy or [NOT_A_MESSAGE])
    found = _redrawings(len(ids)).all(tx, now=now, limit=limit, **numbered("busy", ids))
    return _lease(tx, found, now, lease, until, PENDING)


def _heads(busy: int) -> Select[Any]:
    """The ids of what each conversation would hear next, but for so many that are busy.

    SQL has no word for skipping from one value of an index to the next; this recursion is the usual way to say it:
    https://wiki.postgresql.org/wiki/Loose_indexscan
    """
    row = MESSAGE.alias("row")
    first = select(func.min(row.c.lane).label("lane")).where(live.of_lane(row), row.c.lane > REDRAWING)
    lanes = first.cte("lanes", recursive=True)
    following = select(func.min(row.c.lane)).where(live.of_lane(row), row.c.lane > lanes.c.lane)
    lanes = lanes.union_all(select(following.scalar_subquery()).where(lanes.c.lane.is_not(None)))
    mine = MESSAGE.alias("mine")
    ready = and_(live.of_lane(mine), mine.c.lane == lanes.c.lane, mine.c.due_at <= NOW, ~_follows_another(mine))
    head = select(mine.c.id).where(ready).order_by(mine.c.rank, mine.c.due_at, mine.c.id).limit(1).scalar_subquery()
    under_way = MESSAGE.alias("under_way")
    leased = and_(under_way.c.lane == lanes.c.lane, under_way.c.leased_until.is_not(None))
    speaking = select(under_way.c.id).where(leased, under_way.c.leased_until > NOW).exists()
    return select(head).where(lanes.c.lane.is_not(None), ~one_of(lanes.c.lane, "busy", busy), ~speaking)


def _follows_another(row: Any = MESSAGE) -> ColumnElement[bool]:
    """Whether older news of the same lead wait for the same conversation."""
    older = MESSAGE.alias("older")
    same = and_(older.c.lead_id == row.c.lead_id, older.c.lane == row.c.lane)
    return select(older.c.id).where(same, older.c.done_at.is_(None), older.c.id < row.c.id).exists()


def _most_urgent(which: ColumnElement[bool]) -> Select[Any]:
    # What another process leased since the query began has another `due_at`, which PostgreSQL asks once more.
    query = select(MESSAGE).where(which, WAITING, MESSAGE.c.due_at <= NOW)
    query = query.order_by(MESSAGE.c.rank, MESSAGE.c.due_at, MESSAGE.c.id)
    return query.limit(bindparam("limit", type_=Integer)).with_for_update(skip_locked=True)


NOW = bindparam("now", type_=MESSAGE.c.due_at.type)


@cache
def posts(busy: int) -> Prepared:
    """What asks for the most urgent messages, but for those of so many conversations that are busy."""
    heads = _heads(busy)
    # PostgreSQL would rather read the whole backlog than believe that so few ids come of it, unless they are an array.
    listed = MESSAGE.c.id == func.any(func.array(heads.scalar_subquery()))
    return Prepared(_most_urgent(listed), on_sqlite=_most_urgent(MESSAGE.c.id.in_(heads)))


@cache
def _redrawings(busy: int) -> Prepared:
    free = ~one_of(MESSAGE.c.id, "busy", busy)
    return Prepared(_most_urgent(and_(live.of_lane(), MESSAGE.c.lane == REDRAWING, free, ~_follows_another())))


@cache
def _leasing(number: int) -> Prepared:
    began = case((among(MESSAGE.c.state, IN_DOUBT), MESSAGE.c.tried_at), else_=NOW)
    mine = update(MESSAGE).where(one_of(MESSAGE.c.id, "message", number))
    leased = mine.values(tried_at=began, attempts=MESSAGE.c.attempts + 1)
    return Prepared(leased, ("lease", "leased_until", "due_at", "state"))


def _lease(
    tx: Transaction, found: list[Found], now: datetime, lease: str, until: datetime, state: str
) -> list[Message]:
    if found:
        ids = rounded(row["id"] for row in found)
        leased = {"lease": lease, "leased_until": until, "due_at": until, "state": state}
        _leasing(len(ids)).run(tx, now=now, **leased, **numbered("message", ids))
    return [to_message(row) for row in found]


def inherit(tx: Transaction, now: datetime) -> None:
    """A process starts: on SQLite it is the only one, so that no lease is anybody's; elsewhere they run out."""
    if tx.dialect.name == "sqlite":
        left = and_(WAITING, MESSAGE.c.leased_until.is_not(None))
        tx.connection.execute(update(MESSAGE).where(left).values(lease=None, leased_until=None, due_at=now))


_EARLIER = case(
    # What had been in doubt before bears an earlier instant.
    (or_(MESSAGE.c.lane == REDRAWING, MESSAGE.c.tried_at == NOW), PENDING),
    else_=UNKNOWN,
)
_OF_LEASE = and_(MESSAGE.c.leased_until.is_not(None), MESSAGE.c.lease == bindparam("its_lease"))
_UNTRIED = update(MESSAGE).where(_OF_LEASE).values(state=_EARLIER, attempts=MESSAGE.c.attempts - 1)
_RELEASED = Prepared(_UNTRIED, ("lease", "leased_until", "due_at"))


def release(tx: Transaction, lease: str, claimed_at: datetime) -> None:
    """Nothing that was leased under this name at that instant was tried: it is as it was, and may go now."""
    _RELEASED.run(tx, its_lease=lease, now=claimed_at, lease=None, leased_until=None, due_at=claimed_at)


def finish(
    tx: Transaction,
    message: Message,
    lease: str,
    now: datetime,
    state: str,
    *,
    channel: str | None = None,
    ts: str | None = None,
    problem: str | None = None,
) -> bool:
    """The message was sent, dropped because its news is stale, or parked because it can never be sent."""
    values = {"state": state, "done_at": now, "channel": channel, "ts": ts, "problem": problem}
    finished = _write(tx, message, lease, values)
    if finished:
        tx.note("message done", kind=message.kind, state=state)
    return finished


def retry(
    tx: Transaction, message: Message, lease: str, due_at: datetime, problem: str, *, state: str, counted: bool = True
) -> bool:
    """Try again at `due_at`; `state` is UNKNOWN when the last try may have arrived."""
    values: dict[str, Any] = {"state": state, "due_at": due_at, "problem": problem}
    return _write(tx, message, lease, values if counted else values | {"attempts": message.attempts})


def give_back(tx: Transaction, message: Message, lease: str, due_at: datetime | None = None) -> bool:
    """The message was not tried after all: it keeps its number of attempts, and its place if no `due_at` is given."""
    values = {"state": message.state, "due_at": due_at or message.due_at, "attempts": message.attempts}
    return _write(tx, message, lease, values | {"tried_at": message.tried_at})


def _write(tx: Transaction, message: Message, lease: str, values: dict[str, Any]) -> bool:
    released = values | {"lease": None, "leased_until": None}
    return bool(_writing(tuple(released)).run(tx, its_id=message.id, its_lease=lease, **released))


@cache
def _writing(names: tuple[str, ...]) -> Prepared:
    """A statement that writes these columns."""
    mine = and_(MESSAGE.c.id == bindparam("its_id"), MESSAGE.c.lease == bindparam("its_lease"))
    return Prepared(update(MESSAGE).where(mine), names)
