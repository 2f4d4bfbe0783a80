"""How the database says no, in our words: it is away, it is wrong, or others were in the way."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError

CONTENTION = {"40001", "40P01"}
"""PostgreSQL's codes for a serialization failure and a deadlock: the transaction may succeed if it is run again.
https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
"""
OUT_OF_ORDER = {"08", "53", "55", "57", "58", "XX"}
"""Classes of PostgreSQL's codes for a server that is away, full, locked, shut down or broken.
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""
REFUSED = {"25006", "42501"}
"""For a server that only lets us read, as one does that stands by or is full, and for a role without the right."""


class StoreError(Exception):
    """The database can't be used."""

    def __init__(self, **facts: object) -> None:
        super().__init__((type(self).__doc__ or "").format(**facts))


class UnusableUrl(StoreError):
    """DATABASE_URL is {url}: expected sqlite:///path/to/handoff.db or postgresql://user:password@host/name."""


class StoreUnavailable(StoreError):
    """The database is not reachable: {problem}."""


class StoreRefuses(StoreUnavailable):
    """The database refuses this: {problem}."""


class Contended(StoreError):
    """Others are writing the same rows at the same moment: {problem}."""


class Spoiled(StoreError):
    """A statement failed, and its transaction with it."""


class OldSchema(StoreError):
    """The database's schema is {found}, this version needs {needed}: run `handoff migrate`."""


class NewSchema(StoreError):
    """The database's schema {found} is newer than this version of Handoff knows: install the newer version again."""


class Conflict(Exception):
    """Another transaction has just written the same thing: tried again, the unit of work will see it."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's ways of saying that the database is away or refuses into `StoreUnavailable` or `Contended`."""
    try:
        with contended():
            yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in REFUSED:
            raise StoreRefuses(problem=_first_line(error)) from error
        if is_away(error):
            raise unavailable(error) from error
        raise


@contextmanager
def contended() -> Iterator[None]:
    """Turn PostgreSQL's ways of saying that a transaction lost against another into `Contended`."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in CONTENTION:
            raise Contended(problem=_first_line(error)) from error
        raise


def is_away(error: DBAPIError) -> bool:
    """Whether a driver's error says that the database can't be used now, rather than that the data are wrong."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state)[:2] in OUT_OF_ORDER
    # SQLite says "not a database" and "malformed" with the class itself, wrong data with its children.
    broken = type(error.orig) is sqlite3.DatabaseError
    return broken or isinstance(error, OperationalError) or bool(error.connection_invalidated)


def unavailable(error: DBAPIError) -> StoreUnavailable:
    """The sentence for a driver's error."""
    return StoreUnavailable(problem=_first_line(error))


def _first_line(error: DBAPIError) -> str:
    # The first line carries no data of a lead.
    return (str(error.orig).strip().splitlines() or ["no reason given"])[0]
