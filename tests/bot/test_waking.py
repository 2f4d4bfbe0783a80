"""Two services on one PostgreSQL: what one commits, the other hears of long before it would have looked."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.clock import SystemClock
from bot.handoff import Handoff
from bot.serving import read_policy
from bot.settings import read_settings
from storage import clocks
from storage.clocks import Purpose
from storage.database import open_database
from storage.news import EVERYTHING, read
from storage.transaction import Transaction
from tests.bot.stage import Stage, eventually
from tests.hosting import Loop

LONG = 600.0
SOON = 2.0
"""Seconds; a machine under load needs a part of them, a sleep that was not ended all of LONG."""
NOBODYS = (Purpose.DIGEST, "nobody's")


@pytest.fixture
def shared(loop: Loop, tmp_path: Path, fresh_postgres_url: Callable[[], str]) -> Iterator[Stage]:
    """A local Slack, and an environment that points at it, with a PostgreSQL database."""
    made = Stage(loop, tmp_path, fresh_postgres_url())
    yield made
    made.close()


@contextmanager
def service(stage: Stage, *, beating: bool) -> Iterator[Handoff]:
    """A service that looks by itself only every ten minutes, until the block ends."""
    settings = read_settings(stage.environment, Path("/nonexistent"))
    made = Handoff(
        settings, read_policy(settings), open_database(settings.database_url), SystemClock(), longest_sleep=LONG
    )
    stage.loop.run(made.start(beating=beating))
    try:
        yield made
    finally:
        stage.loop.run(made.stop())


def set_timer(stage: Stage, writing: Handoff, seconds: float) -> None:
    """A timer that changes nothing but itself when it fires."""

    def unit(tx: Transaction) -> None:
        clocks.set_timer(tx, *NOBODYS, datetime.now(UTC) + timedelta(seconds=seconds))

    stage.loop.run(writing.office.run(unit))


def fired(stage: Stage, reading: Handoff) -> bool:
    """Whether it has."""
    return stage.loop.run(reading.office.read(clocks.pending_at, *NOBODYS)) is None


def listeners(stage: Stage) -> list[int]:
    """The server's processes behind the connections that listen."""
    with psycopg.connect(stage.environment["DATABASE_URL"], autocommit=True) as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN handoff' AND datname = current_database()"
        return [pid for (pid,) in connection.execute(query)]


def terminate(stage: Stage, pid: int) -> None:
    """End one of them."""
    with psycopg.connect(stage.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", [pid])


def asleep(stage: Stage, sleeping: Handoff) -> None:
    """Wait until a service listens and has nothing to do."""
    eventually(lambda: listeners(stage), "the service to listen")
    eventually(lambda: not sleeping.metronome.troubles(LONG), "its first passes")
    time.sleep(0.3)


def test_a_new_earlier_deadline_wakes_the_other_service(shared: Stage) -> None:
    with service(shared, beating=True) as sleeping, service(shared, beating=False) as writing:
        asleep(shared, sleeping)
        set_timer(shared, writing, 0.2)
        eventually(lambda: fired(shared, writing), "the other service to fire it", within=SOON)


def test_a_deadline_in_the_past_is_found_below_the_mark_of_the_other_service(shared: Stage) -> None:
    with service(shared, beating=True) as sleeping, service(shared, beating=False) as writing:
        asleep(shared, sleeping)
        set_timer(shared, writing, -3600)
        eventually(lambda: fired(shared, writing), "the other service to fire it", within=SOON)


def test_a_listener_that_is_cut_off_listens_again_and_catches_up(
    shared: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with service(shared, beating=True) as sleeping, service(shared, beating=False) as writing:
        asleep(shared, sleeping)
        (first,) = listeners(shared)
        terminate(shared, first)
        set_timer(shared, writing, 0.0)
        eventually(lambda: fired(shared, writing), "what was told meanwhile to be looked for", within=5)
        eventually(lambda: listeners(shared) and listeners(shared) != [first], "the service to listen again", within=5)
        asleep(shared, sleeping)
        set_timer(shared, writing, 0.2)
        eventually(lambda: fired(shared, writing), "the other service to fire it", within=SOON)
    assert "news from other processes are late" in caplog.text


def test_a_service_does_not_wait_for_what_another_has_claimed(shared: Stage) -> None:
    with service(shared, beating=False) as waiting, waiting.database.read() as tx:
        set_timer(shared, waiting, -1)
        assert len(clocks.due(tx, datetime.now(UTC), 10)) == 1
        again = shared.loop.run(asyncio.wait_for(waiting.fire_due(), SOON))
        assert again is not None
        assert again > datetime.now(UTC) - timedelta(seconds=SOON)
        assert not fired(shared, waiting)


def test_one_group_is_told_once_and_only_if_it_wrote_something_to_do(shared: Stage) -> None:
    told: list[str] = []

    async def listen(work: Callable[[], None]) -> None:
        address = shared.environment["DATABASE_URL"]
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            await connection.execute("LISTEN handoff")
            await asyncio.to_thread(work)
            async for notice in connection.notifies(timeout=0.5):
                told.append(notice.payload)

    with service(shared, beating=False) as writing:

        def work() -> None:
            def unit(tx: Transaction) -> None:
                clocks.set_timer(tx, *NOBODYS, datetime.now(UTC))

            waiting = writing.writer.submit(lambda _: time.sleep(0.2))
            group = [writing.writer.submit(unit) for _ in range(20)]
            for future in [waiting, *group]:
                future.result(10)

        asyncio.run(listen(work))
    assert len(told) == 1
    assert list(read(told[0], "another")) == ["timer"]


def test_what_another_version_tells_is_taken_for_anything() -> None:
    assert read("timer", "me") == EVERYTHING
    assert read('{"sender": "other", "wanted": {"report": "2026-11-23T12:00:00+00:00"}}', "me") == {}
    assert read('{"sender": "me", "wanted": {"timer": "2026-11-23T12:00:00+00:00"}}', "me") == {}
