"""Webhook deliveries: which were seen, and the bodies of those that could not be used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from storage.errors import Conflict
from storage.statements import Prepared, adding
from storage.tables import RECEIPT
from storage.transaction import Transaction

SLACK = "slack:"
"""How the doors begin under which people's requests are remembered: no source's name can have a colon."""
DONE, QUARANTINED = "done", "quarantined"
NAMES = ("door", "webhook_id", "received_at", "state", "lead_id", "body", "problem")
FIND = Prepared(
    select(RECEIPT.c.id, RECEIPT.c.state, RECEIPT.c.lead_id).where(
        RECEIPT.c.door == bindparam("door"), RECEIPT.c.webhook_id == bindparam("webhook_id")
    )
)
ADD = adding(RECEIPT, NAMES)
_FORGET = Prepared(delete(RECEIPT).where(RECEIPT.c.door == bindparam("door")))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery that came before."""

    id: int
    state: str
    lead_id: str | None


def find(tx: Transaction, door: str, webhook_id: str) -> Receipt | None:
    """The receipt of a delivery, if it came before."""
    row = FIND.first(tx, door=door, webhook_id=webhook_id)
    return Receipt(**row) if row else None


def done(
    tx: Transaction, earlier: Receipt | None, door: str, webhook_id: str, now: datetime, lead_id: str | None = None
) -> None:
    """The delivery was taken in, as this lead if it brought one; one that was quarantined before is so no more."""
    values = {"state": DONE, "lead_id": lead_id, "body": None, "problem": None}
    _put(tx, earlier, values | {"door": door, "webhook_id": webhook_id, "received_at": now})


def forget(tx: Transaction, door: str) -> None:
    """No delivery by this door is known any more."""
    _FORGET.run(tx, door=door)


def quarantine(tx: Transaction, door: str, webhook_id: str, now: datetime, body: str, problem: str) -> None:
    """Keep a signed body that could not be used, so that it can be replayed."""
    values = {"state": QUARANTINED, "lead_id": None, "body": body, "problem": problem}
    earlier = find(tx, door, webhook_id)
    if earlier is None or earlier.state == QUARANTINED:
        _put(tx, earlier, values | {"door": door, "webhook_id": webhook_id, "received_at": now})


def _put(tx: Transaction, earlier: Receipt | None, values: dict[str, object]) -> None:
    if earlier is None:
        try:
            ADD.run(tx, **values)
        except IntegrityError as error:
            raise Conflict from error
        return
    # Two may take one delivery in at the same moment, by replay and by its sender: the second one is to see the first.
    unchanged = and_(RECEIPT.c.id == earlier.id, RECEIPT.c.state == earlier.state)
    if not tx.connection.execute(update(RECEIPT).where(unchanged).values(**values)).rowcount:
        raise Conflict
