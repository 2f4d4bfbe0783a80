"""What claiming due timers costs: with few and with many pending, at first and after many have fired.

Run by `make bench`, or `python benchmarks/timers.py [--quick]`, on SQLite and on the tests' own PostgreSQL. A pass is
what the running service does: ask for the earliest timer, claim a hundred that are due, and mark them as fired, through
the writer in one transaction. The quick form has a tenth of the timers, and fewer rounds. Exit status 1 when a bound is
missed.
"""

import itertools
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import text as sql

sys.path.insert(0, str(Path(__file__).parent.parent))  # so that it runs as a script, too

from leads.low_water import LowWater
from storage import clocks, schema
from storage.database import Database, open_database
from storage.transaction import Transaction
from storage.writer import Writer
from tests.postgres import PostgresServer, running_postgres

QUICK = "--quick" in sys.argv
FEW, MANY = 10_000, (100_000 if QUICK else 1_000_000)
AT_ONCE = 100
ROUNDS, PASSES = (3 if QUICK else 7), 6
DUE = (ROUNDS + 1) * PASSES * AT_ONCE
STREAM = 30_000 if QUICK else 300_000
BOUND = 2.0
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
FILL = {
    "sqlite": """
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :count)
        INSERT INTO timer (key, kind, lead_id, clock_id, share, detail, due_at, attempts)
        SELECT 'level-' || n, 'level', 'lead' || n, n, 50, '{"notify": ["rep"]}',
               strftime('%Y-%m-%d %H:%M:%f', 1795446000 + (n - :due) * 0.01, 'unixepoch') || '000', 0 FROM number
    """,
    "postgresql": """
        INSERT INTO timer (key, kind, lead_id, clock_id, share, detail, due_at, attempts)
        SELECT 'level-' || n, 'level', 'lead' || n, n, 50, '{"notify": ["rep"]}',
               to_timestamp(1795446000 + (n - :due) * 0.01), 0 FROM generate_series(1, :count) AS n
    """,
}
"""One timer every 10 ms of which :due are due at NOW (1795446000 seconds after 1970)."""


@dataclass(frozen=True)
class Result:
    """Milliseconds a pass in the easy and in the hard case, and the median of the rounds' ratios."""

    name: str
    easy: float
    hard: float
    ratio: float

    @property
    def holds(self) -> bool:
        return self.ratio <= BOUND


class Queue:
    """A database full of timers, and the parts of the product that empty it."""

    def __init__(self, url: str, pending: int, due: int) -> None:
        self.database: Database = open_database(url)
        schema.migrate(self.database)
        self._writer = Writer(self.database)
        self._low_water = LowWater()
        self._writer.call(lambda tx: tx.connection.execute(sql(FILL[self.kind]), {"count": pending, "due": due}))

    @property
    def kind(self) -> str:
        return "sqlite" if self.database.is_sqlite else "postgresql"

    def one_pass(self, now: datetime) -> float:
        """Milliseconds to find, claim and fire a hundred timers."""

        def fire(tx: Transaction) -> int:
            found = clocks.due(tx, NOW, AT_ONCE, self._low_water.mark)
            clocks.fired(tx, [timer.id for timer in found], NOW)
            return len(found)

        began = perf_counter()
        with self.database.read() as tx:
            self._low_water.found(clocks.next_due(tx, self._low_water.begin(now)), now)
        count = self._writer.call(fire)
        took = (perf_counter() - began) * 1000
        assert count == AT_ONCE, f"{count} timers were due"
        return took

    def stream(self) -> None:
        """Fire all of the stream in one go, sweeping as often as the service does."""
        began = perf_counter()
        for _ in range(STREAM // AT_ONCE):
            self.one_pass(NOW + timedelta(seconds=perf_counter() - began))

    def close(self) -> None:
        self._writer.close()
        self.database.close()


def main() -> int:
    """Runs everything, prints the table, answers the exit status."""
    print(f"{'':54} {'easy':>8} {'hard':>8} {'ratio':>6} {'bound':>6}", flush=True)
    failed = False
    with tempfile.TemporaryDirectory(prefix="handoff-timers-") as folder, running_postgres() as server:
        for each in itertools.chain.from_iterable(measured(kind, Path(folder), server) for kind in FILL):
            show(each)
            failed |= not each.holds
    return int(failed)


def show(each: Result) -> None:
    """Prints what was measured and what it is held to."""
    costs = f"{each.easy:6.2f}ms {each.hard:6.2f}ms {each.ratio:5.2f}×"
    print(f"{each.name:54} {costs} {BOUND:5.1f}× {'PASS' if each.holds else 'FAIL'}", flush=True)


def measured(kind: str, folder: Path, server: PostgresServer) -> Iterator[Result]:
    """Both cases on one kind of database."""
    numbers = itertools.count(1)

    def url() -> str:
        if kind == "sqlite":
            return f"sqlite:///{folder}/{next(numbers)}.db"
        return server.url(server.create_database())

    with queue(url(), FEW, DUE) as few, queue(url(), MANY, DUE) as many:
        yield compared(f"{kind}: {FEW:,}, {MANY:,} pending", few, many)
    with queue(url(), FEW, DUE) as fresh, queue(url(), STREAM + FEW, STREAM + DUE) as used:
        used.stream()
        yield compared(f"{kind}: fresh, after a stream of {STREAM:,}", fresh, used)
    if kind == "postgresql":
        with queue(url(), FEW, DUE) as fresh, queue(url(), STREAM + FEW, STREAM + DUE) as used, held(used.database):
            used.stream()
            yield compared(f"{kind}: the same, under an old transaction", fresh, used)


@contextmanager
def queue(url: str, pending: int, due: int) -> Iterator[Queue]:
    """A queue, and its end."""
    made = Queue(url, pending, due)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def held(database: Database) -> Iterator[None]:
    """A transaction that keeps PostgreSQL from forgetting the index entries of what has fired."""
    with database.reading.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.execute(sql("SELECT count(*) FROM lead"))
        yield


def compared(name: str, easy: Queue, hard: Queue) -> Result:
    """Passes taken turn by turn, so that what slows the machine slows both; the first round is thrown away."""
    rounds = [[(easy.one_pass(NOW), hard.one_pass(NOW)) for _ in range(PASSES)] for _ in range(ROUNDS + 1)][1:]
    medians = [tuple(map(statistics.median, zip(*passes, strict=True))) for passes in rounds]
    costs = [statistics.median(times) for times in zip(*medians, strict=True)]
    return Result(name, costs[0], costs[1], statistics.median(hard / easy for easy, hard in medians))


if __name__ == "__main__":
    sys.exit(main())
