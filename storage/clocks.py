"""Clocks and the timers that wake somebody about them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, select, update

from sla_engine.clock import Clock, Kind
from storage import live
from storage.statements import Prepared, adding, numbered, one_of, putting, rounded
from storage.tables import CLOCK, TIMER
from storage.transaction import Transaction

_SAME = (
    "team",
    "rep",
    "promise",
    "policy_hash",
    "count",
    "started_at",
    "running_since",
    "stopped_at",
    "breached_at",
    "answered",
    "calendar",
)
_MICROSECOND = timedelta(microseconds=1)
_VALUES = (*_SAME, "kind", "target", "spent", "account")
_START = adding(CLOCK, ("lead_id", *_VALUES), CLOCK.c.id)
_SAVE = Prepared(update(CLOCK).where(CLOCK.c.id == bindparam("this")), _VALUES)
_UNSTOPPED = Prepared(
    select(CLOCK).where(CLOCK.c.lead_id == bindparam("lead_id"), CLOCK.c.stopped_at.is_(None)).order_by(CLOCK.c.id)
)
_SET_LEVEL = adding(TIMER, ("key", "kind", "lead_id", "clock_id", "share", "detail", "due_at", "attempts"))
_UNFIRED = TIMER.c.fired_at.is_(None)
_PENDING_AT = ("due_at", "fired_at", "attempts")
_SET_TIMER = putting(TIMER, ("key", "kind", "lead_id", "detail", *_PENDING_AT), ["key"], _PENDING_AT)
_OF_CLOCK = (TIMER.c.clock_id == bindparam("clock_id"), _UNFIRED)
_DUE_OF_CLOCK = Prepared(
    select(TIMER)
    .where(*_OF_CLOCK, TIMER.c.due_at <= bindparam("now"))
    .order_by(TIMER.c.share)
    .with_for_update(skip_locked=True)
)
_PENDING = Prepared(select(TIMER).where(*_OF_CLOCK).order_by(TIMER.c.share))
_MOVE = Prepared(update(TIMER).where(TIMER.c.id == bindparam("this")), ["due_at"])
_DROP = Prepared(delete(TIMER).where(*_OF_CLOCK))
_FIRED = Prepared(update(TIMER).where(TIMER.c.id == bindparam("this")), ["fired_at"])
_IN_ORDER = (TIMER.c.due_at, TIMER.c.id)
_READY = select(TIMER).where(_UNFIRED, TIMER.c.due_at <= bindparam("now")).order_by(*_IN_ORDER)
_DUE = {
    marked: Prepared(query.limit(bindparam("at_most")).with_for_update(skip_locked=True))
    for marked, query in ((False, _READY), (True, _READY.where(TIMER.c.due_at >= bindparam("since"))))
}
_AHEAD = select(TIMER.c.due_at).where(_UNFIRED, TIMER.c.due_at.is_not(None)).order_by(TIMER.c.due_at).limit(1)
_NEXT_DUE = {False: Prepared(_AHEAD), True: Prepared(_AHEAD.where(TIMER.c.due_at >= bindparam("since")))}


@cache
def _of_leads(number: int) -> Prepared:
    return Prepared(select(CLOCK).where(one_of(CLOCK.c.lead_id, "lead", number)).order_by(CLOCK.c.id))


class Purpose(StrEnum):
    """What a timer is for: the kind in its row, and how its key begins."""

    LEVEL = "level"
    RESUME = "resume"
    RELEASE = "release"
    DIGEST = "digest"


def _key(purpose: Purpose, subject: str) -> str:
    return f"{purpose.value}:{subject}"


@dataclass(frozen=True, slots=True)
class Timer:
    """Something due: `kind` says what, the rest says of which lead, clock and share, or what else it is about."""

    id: int
    key: str
    kind: str
    due_at: datetime | None
    lead_id: str | None
    clock_id: int | None
    share: int | None
    detail: Mapping[str, Any]
    attempts: int

    @property
    def subject(self) -> str:
        """What a timer is about that is no clock's: a lead's id, a team, the name of a report."""
        return self.key.partition(":")[2]


def _to_clock(found: Mapping[Any, Any]) -> Clock:
    return Clock(
        id=found["id"],
        kind=Kind(found["kind"]),
        target=timedelta(microseconds=found["target"]),
        spent=timedelta(microseconds=found["spent"]),
        reckoning=found["account"],
        **{name: found[name] for name in _SAME},
    )


def _to_values(clock: Clock) -> dict[str, Any]:
    values = {name: getattr(clock, name) for name in _SAME}
    return values | {
        "kind": clock.kind.value,
        "target": clock.target // _MICROSECOND,
        "spent": clock.spent // _MICROSECOND,
        "account": clock.reckoning,
    }


def _to_timer(found: Mapping[str, Any]) -> Timer:
    return Timer(**{name: found[name] for name in Timer.__slots__})


def start(tx: Transaction, lead_id: str, clock: Clock) -> int:
    """A new clock of a lead; returns its id."""
    number: int = _START.value(tx, lead_id=lead_id, **_to_values(clock))
    return number


def save(tx: Transaction, clock: Clock) -> None:
    """Write a clock that was started before."""
    _SAVE.run(tx, this=clock.id, **_to_values(clock))


def unstopped(tx: Transaction, lead_id: str) -> list[Clock]:
    """The clocks of a lead that run or are paused, oldest first."""
    return [_to_clock(found) for found in _UNSTOPPED.all(tx, lead_id=lead_id)]


def of_leads(tx: Transaction, lead_ids: Collection[str]) -> dict[str, list[Clock]]:
    """Every clock of these leads by lead, oldest first."""
    ids, clocks = rounded(lead_ids), dict[str, list[Clock]]()
    for found in _of_leads(len(ids)).all(tx, **numbered("lead", ids)):
        clocks.setdefault(found["lead_id"], []).append(_to_clock(found))
    return clocks


def from_rows(rows: Iterable[Row[Any]]) -> list[Clock]:
    """The engine's clocks from rows of the table."""
    return [_to_clock(row._mapping) for row in rows]


def running(tx: Transaction, rep: str | None = None) -> list[tuple[str, Clock]]:
    """Every clock that has not stopped, of one rep or of all, with its lead's id."""
    mine = live.of_rep() if rep is None else and_(live.of_rep(), CLOCK.c.rep == rep)
    query = select(CLOCK).where(mine).order_by(CLOCK.c.id)
    return [(row._mapping["lead_id"], _to_clock(row._mapping)) for row in tx.connection.execute(query)]


def set_levels(
    tx: Transaction, lead_id: str, clock_id: int, levels: Iterable[tuple[int, datetime | None, Any]]
) -> None:
    """The timers of a clock that starts: share, instant (None: asleep), and what the policy says today to do then."""
    rows: list[dict[str, Any]] = [
        {"key": _key(Purpose.LEVEL, f"{clock_id}:{share}"), "kind": Purpose.LEVEL.value, "lead_id": lead_id}
        | {"clock_id": clock_id, "share": share, "due_at": due, "detail": detail, "attempts": 0}
        for share, due, detail in levels
    ]
    if rows:
        _SET_LEVEL.run_each(tx, rows)
        _announce(tx, (row["due_at"] for row in rows))


def _announce(tx: Transaction, instants: Iterable[datetime | None]) -> None:
    if awake := [due for due in instants if due is not None]:
        tx.announce("timer", min(awake))


def pending(tx: Transaction, clock_id: int) -> list[Timer]:
    """The timers of a clock that have not fired, asleep or not, by share."""
    return [_to_timer(found) for found in _PENDING.all(tx, clock_id=clock_id)]


def move_levels(tx: Transaction, instants: Mapping[int, datetime | None]) -> None:
    """Give timers, by id, a new instant; None puts one to sleep."""
    _announce(tx, instants.values())
    _MOVE.run_each(tx, [{"this": timer_id, "due_at": due} for timer_id, due in instants.items()])


def drop_levels(tx: Transaction, clock_id: int) -> None:
    """Forget the timers of a clock that has stopped."""
    _DROP.run(tx, clock_id=clock_id)


def set_timer(tx: Transaction, purpose: Purpose, subject: str, due_at: datetime, lead_id: str | None = None) -> None:
    """The one timer of this purpose and subject: pending at `due_at` from now on, whether or not it was there."""
    values = {"due_at": due_at, "fired_at": None, "attempts": 0}
    _SET_TIMER.run(tx, key=_key(purpose, subject), kind=purpose.value, lead_id=lead_id, detail={}, **values)
    tx.announce("timer", due_at)


def bring_forward(tx: Transaction, purpose: Purpose, subject: str, due_at: datetime) -> None:
    """The one timer of this purpose and subject is pending at `due_at` at the latest."""
    earlier = pending_at(tx, purpose, subject)
    if earlier is None or due_at < earlier:
        set_timer(tx, purpose, subject, due_at)


def pending_at(tx: Transaction, purpose: Purpose, subject: str) -> datetime | None:
    """When the one timer of this purpose and subject is due; None when it has fired or never was."""
    due: datetime | None = tx.connection.execute(
        select(TIMER.c.due_at).where(TIMER.c.key == _key(purpose, subject), TIMER.c.fired_at.is_(None))
    ).scalar()
    return due


def drop_timer(tx: Transaction, purpose: Purpose, subject: str) -> None:
    """Forget the one timer of this purpose and subject, if it is pending."""
    tx.connection.execute(delete(TIMER).where(TIMER.c.key == _key(purpose, subject), TIMER.c.fired_at.is_(None)))


def due(tx: Transaction, now: datetime, limit: int, since: datetime | None = None) -> list[Timer]:
    """Claim the timers that are due, oldest first; the claim is a row lock that other processes step around.

    `since` is an instant before which none is pending. It spares PostgreSQL from stepping over the index entries of all
    that have fired: without it a claim grows from 1 to 10 ms in 300,000 timers.
    """
    mark = {} if since is None else {"since": since}
    return [_to_timer(found) for found in _DUE[since is not None].all(tx, now=now, at_most=limit, **mark)]


def due_of(tx: Transaction, clock_id: int, now: datetime) -> list[Timer]:
    """Claim the timers of one clock that are due, by share, save those that another process has claimed."""
    return [_to_timer(found) for found in _DUE_OF_CLOCK.all(tx, clock_id=clock_id, now=now)]


def fired(tx: Transaction, timer_ids: Iterable[int], at: datetime) -> None:
    """These timers are done with."""
    _FIRED.run_each(tx, [{"this": timer_id, "fired_at": at} for timer_id in timer_ids])


def postpone(tx: Transaction, timer_id: int, due_at: datetime) -> None:
    """Push away a timer whose handling failed, so that it does not block the others."""
    values = {"due_at": due_at, "attempts": TIMER.c.attempts + 1}
    tx.connection.execute(update(TIMER).where(TIMER.c.id == timer_id).values(**values))


def next_due(tx: Transaction, since: datetime | None = None) -> datetime | None:
    """When the earliest pending timer is due, in UTC; `since` as in `due`."""
    mark = {} if since is None else {"since": since}
    earliest: datetime | None = _NEXT_DUE[since is not None].value(tx, **mark)
    return earliest
