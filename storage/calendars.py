"""The calendars that clocks were started on, so that an edit of the policy can't recount what is past."""

from sqlalchemy import select

from sla_engine import notation
from sla_engine.calendar import Calendar
from storage.statements import adding_once
from storage.tables import CALENDAR
from storage.transaction import Transaction

KEEP = adding_once(CALENDAR, ("key", "definition"), "key")


def keep(tx: Transaction, calendar: Calendar) -> str:
    """Keep a calendar's definition; returns its key."""
    key = notation.key(calendar)
    KEEP.run(tx, key=key, definition=notation.write(calendar))
    return key


def load(tx: Transaction, key: str) -> Calendar | None:
    """The calendar of a key."""
    definition = tx.connection.execute(select(CALENDAR.c.definition).where(CALENDAR.c.key == key)).scalar()
    return notation.read(definition) if definition else None
