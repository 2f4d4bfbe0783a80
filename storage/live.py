"""What is still to be done, each time in the words of the index that is to find it.

While there is little to do every index of what is still to be done looks equally small to PostgreSQL, so it takes any,
and it keeps a prepared statement's plan: with thousands waiting an hour later, each claim then read all of them, many
times. It takes no hints. But an index on some rows is used only where a query asks for those rows in its own words:
each of these indexes asks for one thing more that is always true, and so does who means it.
https://www.postgresql.org/docs/current/indexes-partial.html
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column

from storage.tables import CLOCK, MESSAGE

_ZERO: ColumnElement[int] = literal_column("0")


def of_lane(row: Any = MESSAGE) -> ColumnElement[bool]:
    """Messages that wait, to be found by conversation and rank: `message_lane`."""
    return and_(row.c.done_at.is_(None), row.c.rank >= _ZERO)


def by_time(row: Any = MESSAGE) -> ColumnElement[bool]:
    """Messages that wait, to be found by when they are due: `message_due`."""
    return and_(row.c.done_at.is_(None), row.c.attempts >= _ZERO)


def of_rep() -> ColumnElement[bool]:
    """Clocks that have not stopped, to be found by rep: `clock_unstopped`."""
    return and_(CLOCK.c.stopped_at.is_(None), CLOCK.c.spent >= _ZERO)
