"""The signed bodies that could not be used, as operators see and replay them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from storage.receipts import QUARANTINED
from storage.tables import RECEIPT
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Kept:
    """One delivery by its receipt; `body` is None once it was taken in, `received_at` is aware UTC."""

    id: int
    door: str
    webhook_id: str
    received_at: datetime
    state: str
    lead_id: str | None
    problem: str | None
    body: str | None


_COLUMNS = [RECEIPT.c[name] for name in Kept.__slots__]


def listed(tx: Transaction, limit: int) -> list[Kept]:
    """The oldest deliveries that were put aside."""
    query = select(*_COLUMNS).where(RECEIPT.c.state == QUARANTINED).order_by(RECEIPT.c.id).limit(limit)
    return [Kept(*row) for row in tx.connection.execute(query)]


def load(tx: Transaction, receipt_id: int, *, locked: bool = False) -> Kept | None:
    """One delivery; `locked` keeps a second replay waiting until the transaction ends."""
    query = select(*_COLUMNS).where(RECEIPT.c.id == receipt_id)
    row = tx.connection.execute(query.with_for_update() if locked else query).first()
    return Kept(*row) if row else None


def explain(tx: Transaction, receipt_id: int, problem: str) -> None:
    """What is wrong with a delivery that is still put aside, as of now."""
    mine = (RECEIPT.c.id == receipt_id) & (RECEIPT.c.state == QUARANTINED)
    tx.connection.execute(update(RECEIPT).where(mine).values(problem=problem))


def count(tx: Transaction) -> int:
    """How many deliveries are put aside."""
    found: int = tx.connection.execute(select(func.count()).where(RECEIPT.c.state == QUARANTINED)).scalar_one()
    return found
