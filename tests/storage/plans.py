"""How a database goes about what it is asked."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from storage.database import Database
from storage.transaction import Transaction, itself


class Watched(Transaction):
    """A transaction that keeps all that it is asked."""

    asked: list[tuple[str, Any]]

    def read(self, statement: str, parameters: Any = (), of: Callable[[Any], Any] = itself) -> Any:
        self.asked.append((statement, parameters))
        return Transaction.read(self, statement, parameters, of)


def plan(database: Database, query: Callable[[Transaction], object], *, tiny: bool = False) -> str:
    """How the database goes about all that a query asks. `tiny` tables it would rather read from end to end."""
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    with database.writing.connect() as connection:
        if tiny and not database.is_sqlite:
            connection.execute(text("SET enable_seqscan = off"))
        watched = Watched(connection)
        watched.asked = []
        query(watched)
        told = [Transaction(connection).read(f"{explain} {said}", values) for said, values in watched.asked]
        return "\n".join(str(row) for rows in told for row in rows)
