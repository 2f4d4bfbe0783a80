"""News between processes on PostgreSQL: who has committed something for others to do tells them by NOTIFY.

News are a hint that ends somebody's sleep early. They may be lost with a connection, so every sleep stays bounded and
nothing depends on them. SQLite has one process, which needs none.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import psycopg
from sqlalchemy import text as sql

from storage.database import ALIVE, Database
from storage.transaction import Transaction

log = logging.getLogger(__name__)
CHANNEL = "handoff"
FIRST_DELAY, LONGEST_DELAY = 0.1, 5.0
"""Seconds before a lost connection is opened again."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
EVERYTHING = {"message": LONG_AGO, "timer": LONG_AGO}
"""What may have been missed while nobody listened."""


def send(tx: Transaction, sender: str) -> None:
    """Tell every listening process, once the transaction is committed, what it has written for them."""
    wanted = {kind: due_at.isoformat() for kind, due_at in tx.news.items()}
    told = json.dumps({"sender": sender, "wanted": wanted})
    tx.connection.execute(sql("SELECT pg_notify(:channel, :told)"), {"channel": CHANNEL, "told": told})


def read(payload: str, own: str) -> Mapping[str, datetime]:
    """What another process has told; nothing when it was ourselves. What can't be read may mean anything."""
    try:
        told = json.loads(payload)
        if told["sender"] == own:
            return {}
        return {kind: datetime.fromisoformat(told["wanted"][kind]) for kind in EVERYTHING if kind in told["wanted"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return EVERYTHING


class Listener:
    """Hears what other processes tell, on a connection of its own. Start it inside the loop it shall run in."""

    def __init__(self, database: Database, own: str, on_news: Callable[[Mapping[str, datetime]], None]) -> None:
        self._database, self._own, self._on_news = database, own, on_news
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen from now on; on SQLite there is nobody to listen to."""
        if not self._database.is_sqlite:
            self._task = asyncio.create_task(self._run(), name="listener")

    async def stop(self) -> None:
        """Listen no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        delay = FIRST_DELAY
        while True:
            try:
                async with await self._connect() as connection:
                    delay = FIRST_DELAY
                    self._on_news(EVERYTHING)
                    await self._listen(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("news from other processes are late until the database is reached again: %s", error)
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    async def _connect(self) -> psycopg.AsyncConnection:
        _, arguments = self._database.writing.dialect.create_connect_args(self._database.url)
        connection = await psycopg.AsyncConnection.connect(**{**ALIVE, **arguments}, autocommit=True)
        try:
            await connection.execute(f"LISTEN {CHANNEL}")
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _listen(self, connection: psycopg.AsyncConnection) -> None:
        async for notice in connection.notifies():
            if told := read(notice.payload, self._own):
                self._on_news(told)
