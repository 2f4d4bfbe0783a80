"""The calendars that clocks were started on, so that an edit of the policy can't recount what is past."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from sla_engine import notation
from sla_engine.calendar import Calendar
from storage.database import Transaction
from storage.tables import CALENDAR


def keep(tx: Transaction, calendar: Calendar) -> str:
    """Keep a calendar's definition; returns its key."""
    dialect = sqlite if tx.connection.dialect.name == "sqlite" else postgresql
    key = notation.key(calendar)
    values = {"key": key, "definition": notation.write(calendar)}
    tx.connection.execute(dialect.insert(CALENDAR).values(**values).on_conflict_do_nothing(index_elements=["key"]))
    return key


def load(tx: Transaction, key: str) -> Calendar | None:
    """The calendar of a key."""
    definition = tx.connection.execute(select(CALENDAR.c.definition).where(CALENDAR.c.key == key)).scalar()
    return notation.read(definition) if definition else None
