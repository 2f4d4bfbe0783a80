"""Who changed what about a rep's leave and limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from storage.presence_tables import PRESENCE
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of whose presence, when, by whom; `detail` depends on the event."""

    rep: str
    at: datetime
    event: str
    actor: str
    detail: Mapping[str, Any]


def record(tx: Transaction, change: Change) -> None:
    """Keep a change."""
    values = {"rep": change.rep, "at": change.at, "event": change.event, "actor": change.actor}
    tx.connection.execute(insert(PRESENCE), values | {"detail": dict(change.detail)})


def latest(tx: Transaction, reps: Iterable[str], limit: int) -> list[Change]:
    """The last changes about these reps, the newest first."""
    columns = (PRESENCE.c.rep, PRESENCE.c.at, PRESENCE.c.event, PRESENCE.c.actor, PRESENCE.c.detail)
    query = select(*columns).where(PRESENCE.c.rep.in_(list(reps))).order_by(PRESENCE.c.id.desc()).limit(limit)
    return [Change(*row) for row in tx.connection.execute(query)]
