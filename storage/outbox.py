"""The outbox: what must be told, committed with the state it tells of.

A row says what happened and to which conversation it goes (`lane`, see `storage/lanes`); it is drawn when it is
delivered. News of one lead reach a conversation in their order; news of another lead may overtake them by rank. How
rows leave: `storage/claims`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from secrets import token_hex
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update

from storage import live
from storage.lanes import REDRAWING
from storage.statements import Prepared, adding_once
from storage.tables import MESSAGE
from storage.transaction import Transaction

PENDING, SENDING, UNKNOWN = "pending", "sending", "unknown"
IN_DOUBT = (SENDING, UNKNOWN)
"""The message may stand in Slack: an answer was lost, or the process that sent it died."""
SENT, DROPPED, PARKED = "sent", "dropped", "parked"


class Rank(IntEnum):
    """What goes first when not all can go at once."""

    OFFER = 0
    NEWS = 1
    REDRAW = 2
    REDRAW_OF_THE_PAST = 3
    DIGEST = 4


_POST = adding_once(
    MESSAGE, ("key", "kind", "lane", "lead_id", "detail", "rank", "state", "created_at", "due_at", "attempts"), "key"
)
_OF_LEAD = MESSAGE.c.lead_id == bindparam("lead")
_WAITING = and_(_OF_LEAD, MESSAGE.c.lane == bindparam("in_lane"), MESSAGE.c.done_at.is_(None))
_LEND = Prepared(update(MESSAGE).where(_WAITING, MESSAGE.c.rank > bindparam("above")), ["rank"])
_A_CARD = (_OF_LEAD, MESSAGE.c.kind == "card")
_STANDS = or_(MESSAGE.c.ts.is_not(None), MESSAGE.c.done_at.is_(None))
_CARDS = Prepared(select(MESSAGE).where(*_A_CARD, _STANDS).order_by(MESSAGE.c.id))
_CARD_IN = Prepared(select(MESSAGE.c.id).where(*_A_CARD, MESSAGE.c.lane == bindparam("in_lane"), _STANDS).limit(1))
_CARD_UNDER_WAY = Prepared(
    select(MESSAGE.c.id).where(*_A_CARD, MESSAGE.c.done_at.is_(None), MESSAGE.c.leased_until.is_not(None)).limit(1)
)
_FIRST = select(func.min(MESSAGE.c.due_at).label("due_at")).where(live.by_time())
_NEXT, _NEXT_AFTER = Prepared(_FIRST), Prepared(_FIRST.where(MESSAGE.c.due_at > bindparam("after")))


def _shown() -> Prepared:
    """A lead's cards but those that never come, and its redrawings that wait; `is_ours` is what nobody has in hand.

    That is locked until the transaction ends: other processes pass over it, and draw it from what is committed then.
    What can't be locked is being claimed just now.
    """
    waits = MESSAGE.c.done_at.is_(None)
    # A parked card may be tried again by hand at any moment.
    card = and_(MESSAGE.c.kind == "card", or_(_STANDS, MESSAGE.c.state == PARKED))
    shown = and_(_OF_LEAD, or_(card, and_(MESSAGE.c.lane == REDRAWING, waits)))
    free = and_(MESSAGE.c.leased_until.is_(None), or_(waits, MESSAGE.c.state == PARKED))
    columns = (MESSAGE.c.id, MESSAGE.c.lane, MESSAGE.c.rank)
    ours = select(MESSAGE.c.id).where(shown, free).with_for_update(skip_locked=True).cte("ours")
    query = select(*columns, ours.c.id.is_not(None).label("is_ours"))
    query = query.outerjoin_from(MESSAGE, ours, ours.c.id == MESSAGE.c.id).where(shown)
    return Prepared(query, on_sqlite=select(*columns, free.label("is_ours")).where(shown))


_SHOWN = _shown()
_LATER = Prepared(
    select(MESSAGE.c.detail).where(
        _WAITING, MESSAGE.c.id > bindparam("above_id"), MESSAGE.c.kind == bindparam("of_kind")
    )
)
_REMINDERS = Prepared(select(MESSAGE.c.detail).where(_OF_LEAD, MESSAGE.c.kind == "reminder"))


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
    tried_at: datetime | None
    attempts: int
    channel: str | None
    ts: str | None

    @property
    def ids(self) -> dict[str, object]:
        """What a line of the log names it by."""
        return {"message_id": self.id, "lead_id": self.lead_id}

    @property
    def in_doubt(self) -> bool:
        """Whether an earlier attempt may have arrived."""
        return self.state in IN_DOUBT


def to_message(found: Mapping[Any, Any]) -> Message:
    """The columns of a row as the deliverers know them."""
    return Message(**{name: found[name] for name in Message.__slots__})


def post(
    tx: Transaction,
    now: datetime,
    *,
    key: str,
    kind: str,
    lane: str,
    rank: Rank = Rank.NEWS,
    lead_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
    first: bool = False,
) -> bool:
    """Queue a message; a second one with the same key is not queued, and False returned.

    `first` spares looking for older messages of a lead that has none.
    """
    values: dict[str, Any] = {"key": key, "kind": kind, "lane": lane, "lead_id": lead_id, "detail": dict(detail or {})}
    values |= {"rank": rank.value, "state": PENDING, "created_at": now, "due_at": now, "attempts": 0}
    tx.announce("message", now)
    queued = bool(_POST.run(tx, **values))
    if queued and rank is Rank.OFFER and lead_id is not None and not first:
        # What an urgent message has to wait for is as urgent.
        _LEND.run(tx, lead=lead_id, in_lane=lane, above=rank.value, rank=rank.value)
    return queued


def refresh(tx: Transaction, now: datetime, lead_id: str, rank: Rank) -> None:
    """Have the lead's cards drawn again; changes that come before that is done are drawn with it.

    What somebody has in hand may have been drawn already, without this change. What nobody has is drawn with it,
    since other processes can't claim it before this is committed.
    """
    shown = _SHOWN.all(tx, lead=lead_id)
    if any(row["is_ours"] for row in shown):
        # Another process that asked meanwhile has found nothing it could claim.
        tx.announce("message", now)
    if all(row["is_ours"] for row in shown if row["lane"] != REDRAWING):
        return
    waiting = next((row for row in shown if row["is_ours"] and row["lane"] == REDRAWING), None)
    if waiting is None:
        post(tx, now, key=f"cards:{token_hex(8)}", kind="cards", lane=REDRAWING, rank=rank, lead_id=lead_id)
    elif waiting["rank"] != rank:
        tx.connection.execute(update(MESSAGE).where(MESSAGE.c.id == waiting["id"]).values(rank=rank.value))


def hurry(tx: Transaction, lead_id: str) -> None:
    """Have the lead's cards drawn again before others': somebody has just pressed a button there and looks at them."""
    _LEND.run(tx, lead=lead_id, in_lane=REDRAWING, above=Rank.NEWS.value, rank=Rank.NEWS.value)


def cards(tx: Transaction, lead_id: str) -> list[Message]:
    """The cards of a lead that stand in Slack, and those without a `ts` that are about to, oldest first."""
    return [to_message(found) for found in _CARDS.all(tx, lead=lead_id)]


def has_card(tx: Transaction, lead_id: str, lane: str) -> bool:
    """Whether a card of the lead stands in this conversation, or is about to."""
    return _CARD_IN.first(tx, lead=lead_id, in_lane=lane) is not None


def overtaken(tx: Transaction, message: Message) -> bool:
    """Whether a later reminder about the same clock, or about the lead's next rep, waits for the same conversation."""
    which = {"lead": message.lead_id, "in_lane": message.lane, "above_id": message.id, "of_kind": message.kind}
    mine, later = message.detail, (row["detail"] for row in _LATER.all(tx, **which))
    return any(detail["clock"] == mine["clock"] or detail["rep"] != mine["rep"] for detail in later)


def highest_told(tx: Transaction, lead_id: str, clock_id: int) -> int:
    """The highest level of a clock that anybody was told of, or is about to be; 0 when none was."""
    found = (row["detail"] for row in _REMINDERS.all(tx, lead=lead_id))
    return max((detail["share"] for detail in found if detail["clock"] == clock_id), default=0)


def card_under_way(tx: Transaction, lead_id: str) -> bool:
    """Whether a card of the lead is being posted now, perhaps drawn before the latest change."""
    return _CARD_UNDER_WAY.first(tx, lead=lead_id) is not None


def channel_of(tx: Transaction, message: Message) -> str | None:
    """Slack's id of the conversation, as an earlier message about the same lead found it."""
    mine = and_(MESSAGE.c.lead_id == message.lead_id, MESSAGE.c.lane == message.lane, MESSAGE.c.channel.is_not(None))
    found: str | None = tx.connection.execute(select(MESSAGE.c.channel).where(mine).limit(1)).scalar()
    return found


def next_due(tx: Transaction, after: datetime | None = None) -> datetime | None:
    """When the earliest unfinished message may be tried, or a lease ends, in UTC; of those `after`, if it is given."""
    earliest: datetime | None = _NEXT.value(tx) if after is None else _NEXT_AFTER.value(tx, after=after)
    return earliest
