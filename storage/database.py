"""Opening the database: SQLite with one writer, or PostgreSQL.

SQLite runs in WAL with `synchronous=FULL`, so that what was committed survives a power cut, and every writing
transaction begins with BEGIN IMMEDIATE: without it two people can accept one lead.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

BUSY_MILLISECONDS = 5_000
READERS = 8
CONTENTION = {"40001", "40P01"}
"""PostgreSQL's codes for a serialization failure and a deadlock: the transaction may succeed if it is run again.
https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
"""
OUT_OF_ORDER = {"08", "53", "55", "57", "58", "XX"}
"""Classes of PostgreSQL's codes for a server that is away, full, locked, shut down or broken.
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


class StoreError(Exception):
    """The database can't be used."""

    def __init__(self, **facts: object) -> None:
        super().__init__((type(self).__doc__ or "").format(**facts))


class UnusableUrl(StoreError):
    """DATABASE_URL is {url}: expected sqlite:///path/to/handoff.db or postgresql://user:password@host/name."""


class StoreUnavailable(StoreError):
    """The database is not reachable: {problem}."""


class Contended(StoreError):
    """Others are writing the same rows at the same moment: {problem}."""


class OldSchema(StoreError):
    """The database's schema is {found}, this version needs {needed}: run `handoff migrate`."""


class NewSchema(StoreError):
    """The database's schema {found} is newer than this version of Handoff knows: install the newer version again."""


class Conflict(Exception):
    """Another transaction has just written the same thing: tried again, the unit of work will see it."""


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


JSON: Mapping[str, Any] = {"json_serializer": _to_json, "json_deserializer": orjson.loads}
"""How both databases' JSON is written and read: a lead has a dozen of it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, for whoever counts: how late or how long in seconds, if that means anything here."""

    event: str
    seconds: float
    labels: Mapping[str, str]


@dataclass(slots=True)
class Transaction:
    """A transaction that is open; the functions of this room take it as their first argument.

    `news` gathers what was written that somebody may be waiting for: "message" or "timer", each with the earliest
    instant (aware, UTC) at which there is something to do. `facts` gathers what is worth counting once it is committed.
    """

    connection: Connection
    news: dict[str, datetime] = field(default_factory=dict)
    facts: list["Fact"] = field(default_factory=list)
    _driver: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._driver = self.connection.connection.driver_connection

    def announce(self, kind: str, due_at: datetime) -> None:
        """Something of this kind is to be done at an instant."""
        self.news[kind] = min(self.news.get(kind, due_at), due_at)

    def execute(self, statement: str, parameters: Any = ()) -> Any:
        """Run a statement as the driver takes it; returns the driver's cursor. Raises what SQLAlchemy raises."""
        try:
            return self._driver.execute(statement, parameters)
        except self.connection.dialect.loaded_dbapi.Error as error:
            raise self._told(statement, error) from error

    def execute_each(self, statement: str, rows: Sequence[Any]) -> None:
        """Run a statement once for each of these parameters, in one go."""
        cursor = self._driver.cursor()
        try:
            cursor.executemany(statement, rows)
        except self.connection.dialect.loaded_dbapi.Error as error:
            raise self._told(statement, error) from error
        finally:
            cursor.close()

    def _told(self, statement: str, error: Any) -> BaseException:
        """The driver's error as SQLAlchemy tells it, without the parameters, which are a lead's data."""
        connection, dialect = self.connection, self.connection.dialect
        raw: Any = connection.connection.dbapi_connection
        is_lost = dialect.is_disconnect(error, raw, None)
        if is_lost:
            connection.invalidate(error)
        base = dialect.loaded_dbapi.Error
        told: BaseException = DBAPIError.instance(
            statement, None, error, base, connection_invalidated=is_lost, dialect=dialect
        )
        return told

    def note(self, event: str, seconds: float = 0.0, **labels: str) -> None:
        """Something worth counting happens, if this is committed; no label may hold what a buyer or sender wrote."""
        self.facts.append(Fact(event, seconds, labels))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part whose failure undoes only the part. Raises `Contended` when it lost against another process."""
        before = len(self.facts)
        with contended():
            self.execute("SAVEPOINT part")
            try:
                yield
            except BaseException:
                del self.facts[before:]
                self.execute("ROLLBACK TO SAVEPOINT part")
                self.execute("RELEASE SAVEPOINT part")
                raise
            self.execute("RELEASE SAVEPOINT part")


@dataclass(frozen=True, slots=True)
class Database:
    """The engines of one database: one for the writer, one for readers."""

    url: URL
    writing: Engine
    reading: Engine

    @property
    def shown(self) -> str:
        """The URL as its user wrote it, without the password."""
        plain = self.url.set(drivername=self.url.get_backend_name())
        return plain.render_as_string(hide_password=True)

    @property
    def exists(self) -> bool:
        """Whether the file of a SQLite database is there; opening it would create it. A PostgreSQL counts as there."""
        return not self.is_sqlite or Path(str(self.url.database)).is_file()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite, which allows one writing process."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A read-only transaction; raises `StoreUnavailable` when the database can't be reached."""
        with translated(), self.reading.begin() as connection:
            yield Transaction(connection)

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """A read-only transaction that sees one instant, whatever others commit meanwhile, as SQLite's all do.

        PostgreSQL would show each question what has been committed by then. Raises as `read` does.
        """
        with self.read() as tx:
            if not self.is_sqlite:
                tx.connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield tx

    def close(self) -> None:
        """Give back every connection."""
        self.reading.dispose()
        self.writing.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's ways of saying that the database is away into `StoreUnavailable`, or `Contended`."""
    try:
        with contended():
            yield
    except DBAPIError as error:
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


def open_database(url: str, *, beside: bool = False) -> Database:
    """Engines for `sqlite:///…` or `postgresql://…`; nothing is connected yet. Raises `UnusableUrl`.

    `beside` is for a command that writes while the service may be running: on SQLite checkpoints are left to that.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnusableUrl(url="unreadable") from error
    shown = parsed.render_as_string(hide_password=True)
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        opened = _open_sqlite(parsed.set(drivername="sqlite+pysqlite"))
        if beside:
            event.listen(opened.writing, "connect", _leave_checkpoints)
        return opened
    if backend in ("postgresql", "postgres"):
        return _open_postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise UnusableUrl(url=shown)


def _open_sqlite(url: URL) -> Database:
    folder = Path(str(url.database)).parent
    if not folder.is_dir():
        raise StoreUnavailable(problem=f"the folder {folder} does not exist")
    writing = create_engine(url, pool_size=1, max_overflow=0, **JSON)
    reading = create_engine(url, pool_size=READERS, max_overflow=0, **JSON)
    for engine, begin in ((writing, "BEGIN IMMEDIATE"), (reading, "BEGIN")):
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _beginner(begin))
    return Database(url, writing, reading)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling begins too late for BEGIN IMMEDIATE: it is switched off.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _leave_checkpoints(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA wal_autocheckpoint=0")


def _beginner(statement: str) -> Any:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin


def _open_postgresql(url: URL) -> Database:
    options: dict[str, Any] = {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}, **JSON}
    writing = create_engine(url, pool_size=2, max_overflow=2, **options)
    reading = create_engine(url, pool_size=READERS, max_overflow=READERS, **options)
    return Database(url, writing, reading)
