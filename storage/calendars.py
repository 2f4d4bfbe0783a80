"""The calendars that clocks were started on, so that an edit of the policy can't recount what is past."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import select

from sla_engine import notation
from sla_engine.calendar import Calendar
from storage.statements import Prepared, adding_once, numbered, one_of, rounded
from storage.tables import CALENDAR
from storage.transaction import Transaction

KEEP = adding_once(CALENDAR, ("key", "definition"), "key")


@cache
def _of_keys(number: int) -> Prepared:
    return Prepared(select(CALENDAR).where(one_of(CALENDAR.c.key, "calendar", number)))


def keep(tx: Transaction, calendar: Calendar) -> str:
    """Keep a calendar's definition; returns its key."""
    key = notation.key(calendar)
    KEEP.run(tx, key=key, definition=notation.write(calendar))
    return key


def load(tx: Transaction, key: str) -> Calendar | None:
    """The calendar of a key."""
    return of(tx, {key}).get(key)


def of(tx: Transaction, keys: Collection[str]) -> dict[str, Calendar]:
    """The calendars of these keys, by key; none is missing that was ever kept."""
    if not keys:
        return {}
    names = rounded(keys)
    found = _of_keys(len(names)).all(tx, **numbered("calendar", names))
    return {row["key"]: notation.read(row["definition"]) for row in found}
