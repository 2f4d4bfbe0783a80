"""When reps are on leave: spans of instants; one without an end lasts until somebody says."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import and_, delete, insert, or_, select, update

from storage.statements import Found, Prepared, numbered, one_of
from storage.tables import LEAVE
from storage.transaction import Transaction

Span = tuple[datetime, datetime | None]
COLUMNS = (LEAVE.c.id, LEAVE.c.rep, LEAVE.c.starts_at, LEAVE.c.ends_at)

_SPANS = select(LEAVE.c.rep, LEAVE.c.starts_at, LEAVE.c.ends_at).order_by(LEAVE.c.starts_at, LEAVE.c.id)
_EVERYBODYS = Prepared(_SPANS)


@dataclass(frozen=True, slots=True)
class Leave:
    """One leave of one rep, in UTC."""

    id: int
    rep: str
    starts_at: datetime
    ends_at: datetime | None


def add(tx: Transaction, rep: str, span: Span) -> None:
    """A leave that somebody entered; who did is kept in `storage/presence.py`."""
    starts, ends = span
    tx.connection.execute(insert(LEAVE), {"rep": rep, "starts_at": starts, "ends_at": ends})


def find(tx: Transaction, leave_id: int) -> Leave | None:
    """The leave with this number, locked."""
    row = tx.connection.execute(select(*COLUMNS).where(LEAVE.c.id == leave_id).with_for_update()).first()
    return Leave(*row) if row else None


def drop(tx: Transaction, leave_id: int) -> None:
    """A leave that nobody took is called off."""
    tx.connection.execute(delete(LEAVE).where(LEAVE.c.id == leave_id))


def end(tx: Transaction, leave: Leave, now: datetime) -> None:
    """A leave that has begun ends here; others of the same rep last as they did."""
    if leave.starts_at == now:
        drop(tx, leave.id)
    else:
        tx.connection.execute(update(LEAVE).where(LEAVE.c.id == leave.id).values(ends_at=now))


def cut(tx: Transaction, rep: str, now: datetime) -> bool:
    """The rep is back: every leave that covers `now` ends here. False when none does."""
    mine = and_(LEAVE.c.rep == rep, LEAVE.c.starts_at <= now)
    current = and_(mine, or_(LEAVE.c.ends_at.is_(None), LEAVE.c.ends_at > now))
    begun = tx.connection.execute(delete(LEAVE).where(current, LEAVE.c.starts_at == now)).rowcount
    return bool(tx.connection.execute(update(LEAVE).where(current).values(ends_at=now)).rowcount + begun)


def of(tx: Transaction, rep: str) -> list[Leave]:
    """A rep's leaves, past ones too, in order."""
    rows = tx.connection.execute(select(*COLUMNS).where(LEAVE.c.rep == rep).order_by(LEAVE.c.starts_at, LEAVE.c.id))
    return [Leave(*row) for row in rows]


def ahead(tx: Transaction, reps: Iterable[str], now: datetime) -> list[Leave]:
    """The leaves of these reps that are not over at `now`, those that began first before the others."""
    lasting = and_(LEAVE.c.rep.in_(list(reps)), or_(LEAVE.c.ends_at.is_(None), LEAVE.c.ends_at > now))
    rows = tx.connection.execute(select(*COLUMNS).where(lasting).order_by(LEAVE.c.starts_at, LEAVE.c.id))
    return [Leave(*row) for row in rows]


@cache
def _of_reps(number: int) -> Prepared:
    return Prepared(_SPANS.where(one_of(LEAVE.c.rep, "rep", number)))


def spans(tx: Transaction, reps: Collection[str]) -> dict[str, tuple[Span, ...]]:
    """The leaves of several reps as spans, in order."""
    return _by_rep(_of_reps(len(reps)).all(tx, **numbered("rep", reps)))


def everybodys(tx: Transaction) -> dict[str, tuple[Span, ...]]:
    """Everybody's leaves as spans, in order."""
    return _by_rep(_EVERYBODYS.all(tx))


def _by_rep(rows: Iterable[Found]) -> dict[str, tuple[Span, ...]]:
    found: dict[str, tuple[Span, ...]] = {}
    for row in rows:
        found[row["rep"]] = (*found.get(row["rep"], ()), (row["starts_at"], row["ends_at"]))
    return found
