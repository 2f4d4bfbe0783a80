"""Opening the database: SQLite with one writer, or PostgreSQL.

SQLite runs in WAL with `synchronous=FULL`, so that what was committed survives a power cut, and every writing
transaction begins with BEGIN IMMEDIATE: without it two people can accept one lead.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from psycopg import Connection as PostgresConnection
from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import StoreRefuses, StoreUnavailable, UnusableUrl, translated
from storage.transaction import Transaction

BUSY_MILLISECONDS = 5_000
READERS = 8
ALIVE: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A connection that was cut without a word looks merely quiet: the kernel asks after it, and gives it up in 35 s.
https://www.postgresql.org/docs/current/libpq-connect.html (seconds; the last in milliseconds)
"""
PATIENCE = {"lock_timeout": "5s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"}
"""How long PostgreSQL lets us wait for others, for a lock as long as SQLite does: a 503 is better than silence.
And how long others wait for us: a process that was frozen in a transaction loses it, and the locks it held.
https://www.postgresql.org/docs/current/runtime-config-client.html
"""


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


JSON: Mapping[str, Any] = {"json_serializer": _to_json, "json_deserializer": orjson.loads}
"""How both databases' JSON is written and read: a lead has a dozen of it."""


@dataclass(frozen=True, slots=True)
class Database:
    """The engines of one database: one for the writer, one for readers."""

    url: URL
    writing: Engine
    reading: Engine

    @property
    def shown(self) -> str:
        """The URL as its user wrote it, without the passwords, which PostgreSQL takes in the query too."""
        kept = {name: value for name, value in self.url.query.items() if "pass" not in name}
        plain = self.url.set(drivername=self.url.get_backend_name(), query=kept)
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


def ensure_writable(tx: Transaction) -> None:
    """Raises `StoreRefuses` when the server lets nobody write, as a PostgreSQL that stands by does.

    A SQLite file that can't be written is found by whoever writes.
    """
    if tx.dialect.name == "postgresql" and tx.connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on":
        raise StoreRefuses(problem="it can only be read now")


def open_database(url: str, *, beside: bool = False) -> Database:
    """Engines for `sqlite:///…` or `postgresql://…`; nothing is connected yet. Raises `UnusableUrl`.

    `beside` is for a command that writes while the service may be running: on SQLite checkpoints are left to that.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # the latter for a port that is no number
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
    path = Path(str(url.database))
    if not path.parent.is_dir():
        raise StoreUnavailable(problem=f"the folder {path.parent} does not exist")
    writing = create_engine(url, pool_size=1, max_overflow=0, **JSON)
    reading = create_engine(url, pool_size=READERS, max_overflow=0, **JSON)
    for engine, begin in ((writing, "BEGIN IMMEDIATE"), (reading, "BEGIN")):
        if "uri" not in url.query:  # else it is not a path
            event.listen(engine, "do_connect", partial(_create_private, path))
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _beginner(begin))
    return Database(url, writing, reading)


def _create_private(path: Path, *_: Any) -> None:
    """A new database is its owner's alone; the files that SQLite puts beside it are as it is."""
    with suppress(OSError):  # It is there, or SQLite says what is wrong.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


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
    try:
        make_conninfo("", **{name: str(value) for name, value in url.query.items()})
    except ProgrammingError as error:
        raise UnusableUrl(url=f"{url.render_as_string(hide_password=True)} ({str(error).strip()})") from error
    options: dict[str, Any] = {"pool_pre_ping": True, "connect_args": {**ALIVE}, **JSON}
    writing = create_engine(url, pool_size=2, max_overflow=2, **options)
    reading = create_engine(url, pool_size=READERS, max_overflow=READERS, **options)
    for engine in (writing, reading):
        event.listen(engine, "connect", _prepare_postgresql)
    return Database(url, writing, reading)


def _prepare_postgresql(connection: PostgresConnection[Any], _record: Any) -> None:
    connection.autocommit = True
    for setting in PATIENCE.items():
        connection.execute("SELECT set_config(%s, %s, false)", setting)
    connection.autocommit = False
