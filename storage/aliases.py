"""Leads that a sender knows under two ids, because they came with one address while the first was open."""

import zlib
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, delete, func, select, update

from sla_engine.lead import Lead, Status
from storage import leads
from storage.statements import Prepared, putting
from storage.tables import ALIAS, LEAD
from storage.transaction import Transaction

ADDRESSES = 0x4D41494C
"""Any number: PostgreSQL keeps locks of two numbers, this and one of an address, apart from those of one."""
_LOCK = Prepared(select(func.pg_advisory_xact_lock(ADDRESSES, bindparam("address", type_=Integer))))
_PUT = putting(ALIAS, ALIAS.c.keys(), ["door", "external_id"], ["lead_id"])
_MEANT = Prepared(
    select(LEAD.c.door, LEAD.c.external_id).where(
        ALIAS.c.door == bindparam("its_door"), ALIAS.c.external_id == bindparam("its_id"), LEAD.c.id == ALIAS.c.lead_id
    )
)


def lock_address(tx: Transaction, email: str) -> None:
    """From here to the end of the transaction nobody else decides whether an address has an open lead.

    To be called before anybody decides about a turn. Two addresses that share a number only wait for each other; SQLite
    has one writer anyway.
    """
    if tx.dialect.name == "postgresql":
        _LOCK.run(tx, address=zlib.crc32(email.casefold().encode()) - 2**31)


def put(tx: Transaction, door: str, external_id: str, lead_id: str) -> None:
    """From now on this sender means this lead by this id."""
    _PUT.run(tx, door=door, external_id=external_id, lead_id=lead_id)


def newest(tx: Transaction, door: str, external_id: str, *, locked: bool = True) -> Lead | None:
    """What a sender means by this id, of the lead it is the own id of and the one that was found to be the same.

    The open one, else the one that waits below the bar, else the newest; of each the newest cycle.
    """
    own = leads.latest(tx, door, external_id, locked=locked)
    if own is not None and own.status.is_open:
        return own
    meant = _MEANT.first(tx, its_door=door, its_id=external_id)
    other = leads.latest(tx, meant["door"], meant["external_id"], locked=locked) if meant else None
    return max(filter(None, (own, other)), key=_nearness, default=None)


def _nearness(lead: Lead) -> tuple[bool, bool, datetime]:
    return lead.status.is_open, lead.status is Status.NEW, lead.received_at


def move_on(tx: Transaction, lead_ids: list[str]) -> None:
    """These cycles are about to be erased: their other ids mean the newest of each that stays, if one does."""
    gone, stays = LEAD.alias(), LEAD.alias()
    same = and_(stays.c.door == gone.c.door, stays.c.external_id == gone.c.external_id, stays.c.id.not_in(lead_ids))
    query = select(stays.c.id).join(gone, same).where(gone.c.id == ALIAS.c.lead_id)
    newest = query.order_by(stays.c.received_at.desc()).limit(1).scalar_subquery()
    theirs = ALIAS.c.lead_id.in_(lead_ids)
    tx.connection.execute(delete(ALIAS).where(theirs, newest.is_(None)))
    tx.connection.execute(update(ALIAS).where(theirs).values(lead_id=newest))
