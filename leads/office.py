"""How the asynchronous edges reach the desk, which is plain code run on the writer's thread."""

import asyncio
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from leads.desk import Desk
from storage.database import Database
from storage.errors import Conflict
from storage.transaction import Transaction
from storage.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")
TRIES = 3


class Office:
    """The desk with its writer and its database."""

    def __init__(self, desk: Desk, writer: Writer, database: Database) -> None:
        self.desk = desk
        self._writer = writer
        self._database = database

    @property
    def is_alone(self) -> bool:
        """Whether no other process can be at work on the same database."""
        return self._database.is_sqlite

    async def run(self, verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a verb in a transaction; returns when its effect is durable.

        Raises what the verb raises, `StoreUnavailable` when the database is away and `QueueFull` when too much waits.
        """

        def unit(tx: Transaction) -> T:
            return verb(tx, *args, **kwargs)

        for _ in range(TRIES - 1):
            try:
                return await asyncio.wrap_future(self._writer.submit(unit))
            except Conflict:
                continue
        return await asyncio.wrap_future(self._writer.submit(unit))

    async def read(self, query: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query beside the writer, in a thread of its own."""

        def look() -> Any:
            with self._database.read() as tx:
                return query(tx, *args, **kwargs)

        found: T = await asyncio.to_thread(look)
        return found
