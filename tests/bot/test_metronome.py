"""Who is asked when: what is due at once is not left until the next look, and what comes together is done together."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock
from bot.scheduler import Beat, Metronome
from tests.hosting import Loop

NEVER = 600.0


def test_a_part_that_has_more_to_do_at_once_is_asked_again_at_once(loop: Loop) -> None:
    asked = 0

    async def ask() -> datetime:
        nonlocal asked
        asked += 1
        await asyncio.to_thread(lambda: None)
        return datetime.now(UTC)

    async def go_on() -> None:
        metronome = Metronome(SystemClock(), [Beat("part", ask, every=NEVER)])
        metronome.start()
        while asked < 50:
            await asyncio.sleep(0.01)
        await metronome.stop()
        metronome.close()

    loop.run(asyncio.wait_for(go_on(), 60))


def test_a_part_is_asked_for_what_is_due_before_it_would_look_and_for_nothing_else(loop: Loop) -> None:
    asked = asyncio.Event()

    async def ask() -> datetime:
        asked.set()
        return datetime.now(UTC) + timedelta(hours=1)

    async def go_on() -> None:
        metronome = Metronome(SystemClock(), [Beat("part", ask, every=NEVER)])
        metronome.start()
        await asked.wait()
        asked.clear()
        metronome.hear("part", datetime.now(UTC) + timedelta(seconds=2 * NEVER))
        await asyncio.sleep(0.2)
        assert not asked.is_set(), "it will have looked by then"
        metronome.hear("part", datetime.now(UTC))
        await asked.wait()
        await metronome.stop()
        metronome.close()

    loop.run(asyncio.wait_for(go_on(), 60))


def test_what_comes_while_a_part_rests_is_done_in_one_pass(loop: Loop) -> None:
    asked = 0

    async def ask() -> None:
        nonlocal asked
        asked += 1

    async def go_on() -> None:
        metronome = Metronome(SystemClock(), [Beat("part", ask, every=NEVER, rest=0.5)])
        metronome.start()
        while not asked:
            await asyncio.sleep(0.01)
        for _ in range(100):
            metronome.hear("part", datetime.now(UTC))
            await asyncio.sleep(0)
        while asked < 2:
            await asyncio.sleep(0.01)
        await metronome.stop()
        metronome.close()

    loop.run(asyncio.wait_for(go_on(), 60))
    assert asked == 2
