"""The one thread that writes: units of work run in the order they came and are committed in groups.

One commit for many units is what lets a single SQLite file take thousands of leads a second. A unit that fails before
it has written harms nobody; when one fails later, or the commit itself does, the group is undone and tried again one
by one. A unit may therefore run twice, and once more when another process was in the way: it must touch nothing but the
database. On PostgreSQL a group that wrote something others wait for ends with one NOTIFY, however many units it has.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

from storage import news
from storage.database import Database
from storage.errors import Contended, StoreError, StoreUnavailable, translated
from storage.transaction import Fact, Transaction

T = TypeVar("T")
log = logging.getLogger(__name__)
LARGEST_GROUP = 64
LONGEST_QUEUE = 2_000
TRIES = 5
LONGEST_PAUSE = 0.02
"""Seconds before the second try of a unit that was in another's way, at most; twice as many before each further one."""
CHANCE = random.SystemRandom()
STOP = None


class QueueFull(StoreError):
    """{waiting} units of work are waiting for the database already."""


@contextmanager
def _logged() -> Iterator[None]:
    try:
        yield
    except Exception:  # whatever a listener trips over is no fault of the group's, which is committed
        log.exception("somebody who was to hear of a commit failed")


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of work and the promise of its result."""

    unit: Callable[[Transaction], Any]
    future: "Future[Any]"


class Writer:
    """Takes units of work from any thread.

    `on_news` is called on the writer's thread after each commit that wrote something others wait for, with the earliest
    instant of each kind; `sender` names this process in what other processes are told of it. `on_facts` is called there
    with what a commit made true.
    """

    def __init__(
        self,
        database: Database,
        on_news: Callable[[Mapping[str, datetime]], None] = lambda _: None,
        sender: str = "",
        on_facts: Callable[[Sequence[Fact]], None] = lambda _: None,
    ) -> None:
        self._database, self._sender = database, sender
        self._queue: queue.Queue[Job | None] = queue.Queue(LONGEST_QUEUE)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self.on_news, self._on_facts = on_news, on_facts
        self._thread.start()

    def submit(self, unit: Callable[[Transaction], T]) -> "Future[T]":
        """Queue a unit; its future has the result once it is durable. Raises `QueueFull`."""
        future: Future[T] = Future()
        try:
            self._queue.put_nowait(Job(unit, future))
        except queue.Full as error:
            raise QueueFull(waiting=LONGEST_QUEUE) from error
        return future

    def call(self, unit: Callable[[Transaction], T]) -> T:
        """Run a unit and wait until it is durable."""
        return self.submit(unit).result()

    def close(self, within: float | None = None) -> None:
        """Finish what is queued, then stop; after so many seconds of waiting for it, leave it to its fate."""
        with suppress(queue.Full):
            self._queue.put(STOP, timeout=within)
        self._thread.join(within)
        if self._thread.is_alive():
            log.error("the database still has not done what it was asked to: whoever asked was not answered")

    def _run(self) -> None:
        while (first := self._queue.get()) is not STOP:
            group, stopping = self._gather(first)
            # Who stopped waiting before the work began wants it no more; once begun it can't be called back.
            self._commit([job for job in group if job.future.set_running_or_notify_cancel()])
            if stopping:
                return

    def _gather(self, first: Job) -> tuple[list[Job], bool]:
        group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                break
            if job is STOP:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, group: list[Job]) -> None:
        try:
            outcomes = self._attempt(group) if len(group) > 1 else self._insist(group)
        except Exception as error:
            if len(group) > 1 and not isinstance(error, StoreUnavailable):
                for job in group:
                    self._commit([job])
                return
            outcomes = [(None, error)] * len(group)
        for job, (result, failure) in zip(group, outcomes, strict=True):
            if failure is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(failure)

    def _insist(self, group: list[Job]) -> list[tuple[Any, Exception | None]]:
        # Pauses of random length keep two processes from meeting again at the next try.
        for number in range(TRIES - 1):
            try:
                return self._attempt(group)
            except Contended:
                time.sleep(CHANCE.uniform(0, LONGEST_PAUSE * 2**number))
        return self._attempt(group)

    def _attempt(self, group: list[Job]) -> list[tuple[Any, Exception | None]]:
        with translated(), self._database.writing.begin() as connection:
            transaction = Transaction(connection)
            outcomes = self._work(group, transaction)
            if transaction.news and not self._database.is_sqlite:
                news.send(transaction, self._sender)
        # What is committed is done, whatever those who hear of it make of it: an error here must not run it again.
        if transaction.news:
            with _logged():
                self.on_news(transaction.news)
        if transaction.facts:
            with _logged():
                self._on_facts(transaction.facts)
        return outcomes

    def _work(self, group: list[Job], transaction: Transaction) -> list[tuple[Any, Exception | None]]:
        outcomes: list[tuple[Any, Exception | None]] = []
        for job in group:
            transaction.has_written, noted = False, len(transaction.facts)
            try:
                outcomes.append((job.unit(transaction), None))
            except Exception as error:
                # A savepoint around each unit would spare the others this, and cost every group a sixth of its time.
                if transaction.has_written or isinstance(error, DBAPIError | Contended):
                    raise
                del transaction.facts[noted:]
                outcomes.append((None, error))
            transaction.check()
        return outcomes
