"""Leads that a sender knows under two ids, because they came with one address while the first was open."""

from sqlalchemy import bindparam, delete, select

from storage.statements import Prepared, putting
from storage.tables import ALIAS, LEAD
from storage.transaction import Transaction

_PUT = putting(ALIAS, ALIAS.c.keys(), ["door", "external_id"], ["lead_id"])
_MEANT = Prepared(
    select(LEAD.c.door, LEAD.c.external_id).where(
        ALIAS.c.door == bindparam("its_door"), ALIAS.c.external_id == bindparam("its_id"), LEAD.c.id == ALIAS.c.lead_id
    )
)


def put(tx: Transaction, door: str, external_id: str, lead_id: str) -> None:
    """From now on this sender means this lead by this id."""
    _PUT.run(tx, door=door, external_id=external_id, lead_id=lead_id)


def meant(tx: Transaction, door: str, external_id: str) -> tuple[str, str] | None:
    """Through which door and under which id the lead first came that is meant by this id."""
    found = _MEANT.first(tx, its_door=door, its_id=external_id)
    return (found["door"], found["external_id"]) if found else None


def drop(tx: Transaction, lead_ids: list[str]) -> None:
    """Forget the other ids of these leads."""
    tx.connection.execute(delete(ALIAS).where(ALIAS.c.lead_id.in_(lead_ids)))
