"""How fast the outbox drains: against the pace Slack allows, and against a Slack that answers at once.

Run by `make bench`, or `python benchmarks/drain.py [--quick]`. First, what a claim costs with few and with many
messages waiting. Then 10,000 messages to 200 channels go to a process that answers everything at once, with no pace
kept. Last, as many go to the local Slack with its limits in force, on a clock that runs 10 times faster for both sides:
what Slack allows in 10 minutes must be done in one. The quick form has 3,000 messages. Exit status 1 when a bound is
missed.
"""

import asyncio
import itertools
import json
import multiprocessing
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import uvicorn

sys.path.insert(0, str(Path(__file__).parent.parent))  # so that it runs as a script, too

from bot.clock import AdjustableClock
from bot.policy import load_policy
from bot.serving import listen
from connectors.delivery import Delivery
from connectors.pace import Allowance, Quota, Tempo
from connectors.slack.client import SlackClient
from connectors.slack.directory import Directory
from leads.desk import Desk
from leads.office import Office
from sandbox.app import create_app
from sandbox.workspace import Workspace
from storage import claims, outbox, schema
from storage.database import open_database
from storage.tables import LEAD
from storage.transaction import Transaction
from storage.writer import Writer
from tests.postgres import running_postgres
from tests.sample import ACCEPTANCE

QUICK = "--quick" in sys.argv
MESSAGES, CHANNELS = (3_000 if QUICK else 10_000), 200
SPEED = 10
RATIO, CLAIM_BOUND = 0.95, 2.0
AT_LEAST = 50
"""Messages a second that one process must manage where nothing holds it back: ten times what Slack allows."""
START = datetime(2026, 11, 23, 15, tzinfo=UTC)
UNBOUND = Allowance(timedelta(microseconds=1), 1_000)
AT_ONCE = Tempo(UNBOUND, Quota(1_000_000), UNBOUND)


class Undone(Exception):
    """Takes back what was only measured."""


class Bench:
    """A database with a backlog, and the parts of the product that empty it."""

    def __init__(self, url: str, clock: Any, slack_url: str, token: str, tempo: Tempo) -> None:
        policy, self.clock = load_policy(ACCEPTANCE, START.date()), clock
        self.database = open_database(url)
        schema.migrate(self.database)
        self.writer = Writer(self.database)
        self.office = Office(Desk(lambda: policy, clock.now), self.writer, self.database)
        self.slack = SlackClient(token, slack_url)
        directory = Directory(self.slack, self.office, lambda: policy, clock.now)
        self.delivery = Delivery(self.office, self.slack, directory, lambda: policy, clock.now, tempo)

    async def drain(self) -> float:
        """Deliver everything; returns the seconds of the clock it took."""
        await self.slack.open()
        began = self.clock.now()
        while (due := await self.delivery.deliver_due()) is not None:
            await asyncio.sleep(min(1.0, max(0.0, self.clock.seconds_until(due))))
        await self.slack.close()
        took: float = (self.clock.now() - began).total_seconds()
        return took

    def fill(self, count: int, lanes: int = CHANNELS) -> None:
        """Notices about one lead each, in turn to every channel."""

        def write(tx: Transaction) -> None:
            for name in range(count):
                detail = {"kind": "card", "lane": "person:alice@acme.example", "problem": "user_not_found"}
                lane = f"channel:#c{name % lanes}"
                outbox.post(
                    tx, START, key=f"k{name}", kind="undeliverable", lane=lane, lead_id=f"L{name}", detail=detail
                )

        self.writer.call(lambda tx: tx.connection.execute(LEAD.insert(), [lead(name) for name in range(count)]))
        self.writer.call(write)

    def close(self) -> None:
        """The end."""
        self.writer.close()
        self.database.close()


def lead(number: int) -> dict[str, Any]:
    """A lead as a row."""
    told = {"id": f"L{number}", "door": "website", "external_id": str(number), "email": f"pat@b{number}.example"}
    state = {"status": "MQL", "plan": "assigned", "team": "us-inbound", "rep": "bob@acme.example"}
    return {**told, **state, "interests": [], "refused_by": [], "reassignments": 0, "received_at": START}


async def at_slacks_pace(url: str) -> bool:
    """The backlog against the local Slack with its limits."""
    clock = AdjustableClock(START, 0)
    workspace = Workspace(clock=clock, scopes=("chat:write", "chat:write.public"))
    for number in range(CHANNELS):
        workspace.add_channel(f"c{number}")
    async with served(create_app(workspace)) as address:
        bench = Bench(url, clock, f"{address}/api/", workspace.bot_token, Tempo())
        bench.fill(MESSAGES)
        clock.set_speed(SPEED)
        took = await bench.drain()
        bench.close()
    refused = [call for call in workspace.calls if call.status == 429]
    allowed = MESSAGES / workspace.state.limits.allowance.posts * 60
    sent = sum(len(workspace.messages(channel.id)) for channel in workspace.state.directory.channels.values())
    holds = sent == MESSAGES and not refused and allowed / took >= RATIO
    say(f"{sent:,} messages, {len(refused)} refused, {took / 60:.1f} min of Slack's", allowed / took, RATIO, holds)
    return holds


async def at_once(name: str, url: str) -> bool:
    """The backlog against a Slack that answers at once."""
    with answering() as address:
        bench = Bench(url, AdjustableClock(START), f"{address}/api/", "xoxb-1", AT_ONCE)
        bench.fill(MESSAGES)
        began = perf_counter()
        await bench.drain()
        rate = MESSAGES / (perf_counter() - began)
        bench.close()
    say(f"{name}: messages a second, with no pace to keep", rate, AT_LEAST, rate >= AT_LEAST)
    return rate >= AT_LEAST


def claiming(name: str, url: str, other: str) -> bool:
    """A claim with a hundred times as many messages waiting in as many conversations."""
    few, many = (Bench(one, AdjustableClock(START), "http://127.0.0.1:9", "xoxb-1", AT_ONCE) for one in (url, other))
    few.fill(2 * CHANNELS)
    many.fill(2 * CHANNELS * 100)
    pairs = [(a_claim(few), a_claim(many)) for _ in range(60)][10:]
    costs = [statistics.median(times) * 1000 for times in zip(*pairs, strict=True)]
    few.close()
    many.close()
    ratio: float = costs[1] / costs[0]
    what = f"{name}: a claim with 400 and 40,000 waiting, {costs[0]:.1f} and {costs[1]:.1f} ms"
    say(what, ratio, CLAIM_BOUND, ratio <= CLAIM_BOUND)
    return ratio <= CLAIM_BOUND


def a_claim(bench: Bench) -> float:
    """Seconds to find what goes next, with half of the conversations busy; nothing is changed."""
    busy = [f"channel:#c{number}" for number in range(0, CHANNELS, 2)]
    now = START

    def unit(tx: Transaction) -> None:
        with suppress(Undone), tx.savepoint():
            found = claims.claim_posts(tx, now, "bench", now + timedelta(minutes=1), 20, busy)
            outbox.next_due(tx)
            assert len(found) == 20
            raise Undone

    began = perf_counter()
    bench.writer.call(unit)
    return perf_counter() - began


def say(what: str, found: float, bound: float, holds: bool) -> None:
    """Prints what was measured and what it is held to."""
    print(f"{what:74} {found:8.2f} {bound:8.2f} {'PASS' if holds else 'FAIL'}", flush=True)


@asynccontextmanager
async def served(app: Any) -> Any:
    """An application on a port of this loop."""
    sock = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve([sock]))
    yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    server.should_exit = True
    await serving


@contextmanager
def answering() -> Iterator[str]:
    """A process that says yes to everything."""
    sock = listen("127.0.0.1", 0)
    process = multiprocessing.get_context("fork").Process(target=answer, args=(sock,), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    process.kill()
    process.join()


def answer(sock: Any) -> None:
    """Slack, at its fastest."""
    numbers = itertools.count(1)

    async def app(_scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        while (await receive()).get("more_body"):
            pass
        body = json.dumps({"ok": True, "channel": "C1", "ts": f"{next(numbers)}.000000"}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", access_log=False)).run([sock])


def main() -> int:
    """Runs everything, prints the table, answers the exit status."""
    print(f"{'':74} {'found':>8} {'bound':>8}", flush=True)
    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(prefix="handoff-drain-") as folder, running_postgres() as server:

        def sqlite() -> str:
            return f"sqlite:///{folder}/{next(numbers)}.db"

        def postgresql() -> str:
            return server.url(server.create_database())

        held = [claiming(url.__name__, url(), url()) for url in (sqlite, postgresql)]
        held += [asyncio.run(at_once(url.__name__, url())) for url in (sqlite, postgresql)]
        held.append(asyncio.run(at_slacks_pace(sqlite())))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
