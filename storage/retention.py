"""Letting go of what has had its use: who old leads were, receipts, messages, timers. A small batch at a time."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, literal, not_, or_, select, union, update
from sqlalchemy import text as sql

from storage import aliases, leads
from storage.history import Happened
from storage.outbox import PARKED
from storage.receipts import DONE, QUARANTINED
from storage.tables import ASSIGNMENT, HISTORY, LEAD, MESSAGE, OPEN_STATUSES, PERSON, RECEIPT, TIMER, UNERASED_LEADS
from storage.transaction import Transaction

ERASED = "erased"
PERSONAL = (
    *("first_name", "last_name", "company", "title", "phone", "website", "postal_code"),
    *("message", "owner_email", "why", "pause_reason", "note"),
)
FIGURES = frozenset({"rep", "reason", "label", "outcome", "credit", "channel", "clock", "share", "turn", "team"})
"""What reports count by, none of it somebody's own words: the details of a lead's history that stay."""
OWN_WORDS = (Happened.PAUSED,)
"""Events whose `reason` somebody wrote themselves, rather than choosing it."""


def ended(tx: Transaction, before: datetime, limit: int) -> list[str]:
    """Leads, locked, that are in nobody's hands and to which nothing has happened since an instant, oldest first."""
    later = HISTORY.alias("later")
    since = select(later.c.id).where(later.c.lead_id == LEAD.c.id, later.c.at > before).exists()
    query = select(LEAD.c.id).where(sql(UNERASED_LEADS), LEAD.c.received_at <= before, ~since)
    query = query.order_by(LEAD.c.received_at).limit(limit).with_for_update(skip_locked=True)
    return list(tx.connection.execute(query).scalars())


def erase(tx: Transaction, lead_ids: list[str], now: datetime, team: Collection[str]) -> None:
    """Take out of these leads and their history all that says who they were; what is counted stays.

    So does who of the `team`, of the policy now or of earlier ones, did what; whom else a sender named goes.
    """
    aliases.move_on(tx, lead_ids)
    gone: dict[str, Any] = dict.fromkeys(PERSONAL)
    gone |= {"email": ERASED, "external_id": literal(f"{ERASED}:") + LEAD.c.id, "interests": [], "erased_at": now}
    tx.connection.execute(update(LEAD).where(LEAD.c.id.in_(lead_ids)).values(**gone))
    query = select(HISTORY, LEAD.c.door).join(LEAD, LEAD.c.id == HISTORY.c.lead_id)
    told = tx.connection.execute(query.where(HISTORY.c.lead_id.in_(lead_ids))).all()
    if not told:
        return
    named = {name for row in told for name in (row.actor, row.on_behalf_of) if name is not None}
    ours = {*team, *_ours(tx, named.difference(team))}
    lines = [
        {
            "its_id": row.id,
            "actor": row.actor if row.actor in ours else row.door,
            "on_behalf_of": row.on_behalf_of if row.on_behalf_of in ours else None,
            "detail": _counted(row.event, row.detail),
        }
        for row in told
    ]
    statement = update(HISTORY).where(HISTORY.c.id == bindparam("its_id"))
    new = {name: bindparam(name, type_=HISTORY.c[name].type) for name in ("actor", "on_behalf_of", "detail")}
    tx.connection.execute(statement.values(**new), lines)


def _ours(tx: Transaction, names: Collection[str]) -> set[str]:
    """Those of these names that are a source's, or the address of somebody who was met in Slack or had a lead."""
    met = select(PERSON.c.email).where(PERSON.c.email.in_(names))
    had = select(ASSIGNMENT.c.rep).where(ASSIGNMENT.c.rep.in_(names))
    return {*leads.doors(tx), *tx.connection.execute(union(met, had)).scalars()}


def _counted(event: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in detail.items() if name in FIGURES}
    if event in OWN_WORDS:
        kept.pop("reason", None)
    return kept | ({"note": ""} if "note" in detail else {})


def drop_messages(tx: Transaction, after: int, before: datetime, limit: int) -> int | None:
    """Look at so many of the oldest messages after an id, and drop those that nothing needs any more.

    A lead's messages go together, and only once it is in nobody's hands: a card is drawn again as long as the lead
    changes. Returns the id to go on from, None when all older ones were seen.
    """
    query = select(MESSAGE.c.id, MESSAGE.c.lead_id).where(MESSAGE.c.id > after, MESSAGE.c.created_at <= before)
    seen = tx.connection.execute(query.order_by(MESSAGE.c.id).limit(limit)).all()
    alone = [row.id for row in seen if not row.lead_id]
    tx.connection.execute(delete(MESSAGE).where(MESSAGE.c.id.in_(alone), ~_needed(before)))
    their = {row.lead_id for row in seen if row.lead_id}
    closed = their - _open_among(tx, their)
    # Asked with the deletion: a message may have been written to one of them meanwhile, which must not go unsent.
    theirs = MESSAGE.alias("theirs")
    busy = select(theirs.c.lead_id).where(theirs.c.lead_id.in_(closed), _needed(before, theirs))
    tx.connection.execute(delete(MESSAGE).where(MESSAGE.c.lead_id.in_(closed), MESSAGE.c.lead_id.not_in(busy)))
    return seen[-1].id if len(seen) == limit else None


def _open_among(tx: Transaction, lead_ids: Collection[str]) -> set[str]:
    """Those of these leads that are in somebody's hands, or wait for some."""
    return set(tx.connection.execute(select(LEAD.c.id).where(LEAD.c.id.in_(lead_ids), sql(OPEN_STATUSES))).scalars())


def drop_timers(tx: Transaction, after: int, before: datetime, limit: int) -> int | None:
    """Look at so many timers after an id, and drop those that fired by an instant and are of no open lead.

    Returns the id to go on from, None at the end.
    """
    query = select(TIMER.c.id, TIMER.c.lead_id, TIMER.c.fired_at).where(TIMER.c.id > after)
    seen = tx.connection.execute(query.order_by(TIMER.c.id).limit(limit)).all()
    fired = [row for row in seen if row.fired_at is not None and row.fired_at <= before]
    in_hand = _open_among(tx, {row.lead_id for row in fired if row.lead_id})
    useless = [row.id for row in fired if row.lead_id not in in_hand]
    # Asked again: one with a name of its own may have been set anew meanwhile.
    tx.connection.execute(delete(TIMER).where(TIMER.c.id.in_(useless), TIMER.c.fired_at <= before))
    return seen[-1].id if len(seen) == limit else None


def _needed(before: datetime, row: Any = MESSAGE) -> ColumnElement[bool]:
    return or_(row.c.done_at.is_(None), row.c.done_at > before, row.c.state == PARKED)


def drop_receipts(
    tx: Transaction, after: int, before: Mapping[str, datetime], bodies_before: datetime | None, limit: int
) -> int | None:
    """Look at so many of the oldest receipts after an id, and drop those that have had their use.

    `before` says by the beginning of a door until when its receipts of what was taken in go, under "" of every other;
    `bodies_before` the same of what was put aside, None to keep it. Returns the id to go on from, None at the end.
    """
    newest = max([*before.values(), *([bodies_before] if bodies_before else [])])
    query = select(RECEIPT.c.id).where(RECEIPT.c.id > after, RECEIPT.c.received_at <= newest)
    seen = list(tx.connection.execute(query.order_by(RECEIPT.c.id).limit(limit)).scalars())
    named = {name: RECEIPT.c.door.startswith(name, autoescape=True) for name in before if name}
    old = [and_(theirs, RECEIPT.c.received_at <= before[name]) for name, theirs in named.items()]
    old.append(and_(not_(or_(*named.values())), RECEIPT.c.received_at <= before[""]))
    useless = and_(RECEIPT.c.state == DONE, or_(*old))
    if bodies_before is not None:
        useless = or_(useless, and_(RECEIPT.c.state == QUARANTINED, RECEIPT.c.received_at <= bodies_before))
    tx.connection.execute(delete(RECEIPT).where(RECEIPT.c.id.in_(seen), useless))
    return seen[-1] if len(seen) == limit else None
