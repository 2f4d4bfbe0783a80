"""An open transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import RawCursor
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.errors import Spoiled, contended


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, for whoever counts: how late or how long in seconds, if that means anything here."""

    event: str
    seconds: float
    labels: Mapping[str, str]


def itself(cursor: Any) -> Any:
    """What is wanted of a cursor where it will be read, or nothing is."""
    return cursor


class Transaction:
    """A transaction that is open; the functions of this room take it as their first argument.

    `news` gathers what was written that somebody may be waiting for: "message" or "timer", each with the earliest
    instant (aware, UTC) at which there is something to do. `facts` gathers what is worth counting once it is committed.
    `has_written` is set by whatever may have changed something, or failed; who has a use for it clears it.
    """

    def __init__(self, connection: Connection) -> None:
        self.news: dict[str, datetime] = {}
        self.facts: list[Fact] = []
        self.has_written = False
        self.dialect = connection.dialect
        self._connection = connection
        driver: Any = connection.connection.driver_connection
        self._driver = driver
        # A cursor that is kept, and parameters by number, spare PostgreSQL's driver a seventh of its time.
        self._runner: Any = RawCursor(driver) if self.dialect.name == "postgresql" else driver

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection, for what is asked too rarely to be prepared: to write, for all we know."""
        self.has_written = True
        return self._connection

    def announce(self, kind: str, due_at: datetime) -> None:
        """Something of this kind is to be done at an instant."""
        self.news[kind] = min(self.news.get(kind, due_at), due_at)

    def read(self, statement: str, parameters: Any = (), of: Callable[[Any], Any] = itself) -> Any:
        """Run a SELECT as the driver takes it; returns what is wanted `of` its cursor. Raises what SQLAlchemy raises.

        SQLite goes on working while rows are fetched, and may fail then.
        """
        try:
            return of(self._runner.execute(statement, parameters))
        except self.dialect.loaded_dbapi.Error as error:
            self.has_written = True
            raise self._told(statement, error) from error

    def write(self, statement: str, parameters: Any = (), of: Callable[[Any], Any] = itself) -> Any:
        """Run any other statement, in the same way."""
        self.has_written = True
        return self.read(statement, parameters, of)

    def write_each(self, statement: str, rows: Sequence[Any]) -> None:
        """Run a statement once for each of these parameters, in one go."""
        self.has_written = True
        try:
            self._runner.executemany(statement, rows)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._told(statement, error) from error

    def check(self) -> None:
        """To be called after each unit of work: a statement may have failed, and who ran it made light of it.

        Raises `Spoiled`. PostgreSQL would answer the COMMIT with a rollback, and no error; SQLite has rolled back by
        itself when its disk or memory was exhausted, and would commit each further statement as it comes.
        https://www.postgresql.org/docs/current/sql-commit.html, https://www.sqlite.org/lang_transaction.html
        """
        if self.dialect.name == "postgresql":
            is_open = self._driver.info.transaction_status in (TransactionStatus.IDLE, TransactionStatus.INTRANS)
        else:
            is_open = self._driver.in_transaction
        if not is_open:
            raise Spoiled

    def _told(self, statement: str, error: Any) -> BaseException:
        """The driver's error as SQLAlchemy tells it, without the parameters, which are a lead's data."""
        raw: Any = self._connection.connection.dbapi_connection
        is_lost = self.dialect.is_disconnect(error, raw, None)
        if is_lost:
            self._connection.invalidate(error)
        base = self.dialect.loaded_dbapi.Error
        told: BaseException = DBAPIError.instance(
            statement, None, error, base, connection_invalidated=is_lost, dialect=self.dialect
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
            self.read("SAVEPOINT part")
            try:
                yield
            except BaseException:
                del self.facts[before:]
                self.read("ROLLBACK TO SAVEPOINT part")
                self.read("RELEASE SAVEPOINT part")
                raise
            self.read("RELEASE SAVEPOINT part")
