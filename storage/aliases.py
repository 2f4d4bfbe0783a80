"""Leads that a sender knows under two ids, because they came with one address while the first was open."""

from sqlalchemy import bindparam, delete, select

from sla_engine.lead import Lead
from storage import leads
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


def newest(tx: Transaction, door: str, external_id: str, *, locked: bool = True) -> Lead | None:
    """The newest cycle of what a sender means by this id: a lead of its own, or one that was found to be the same."""
    found = leads.latest(tx, door, external_id, locked=locked)
    if found is None and (meant := _MEANT.first(tx, its_door=door, its_id=external_id)):
        return leads.latest(tx, meant["door"], meant["external_id"], locked=locked)
    return found


def drop(tx: Transaction, lead_ids: list[str]) -> None:
    """Forget the other ids of these leads."""
    tx.connection.execute(delete(ALIAS).where(ALIAS.c.lead_id.in_(lead_ids)))
