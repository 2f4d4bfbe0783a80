"""The clock jumps: ahead by an hour or a day, and back."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock
from bot.scheduler import Beat, Metronome
from tests.faults.auditor import judge
from tests.faults.evidence import Span
from tests.hosting import Loop
from tests.screens import buttons
from tests.world import World

JUMPS = [timedelta(hours=1), timedelta(days=1)]


def leap(world: World, jump: timedelta) -> Span:
    """The clock jumps, and what it leapt over happens; returns how long that took, on the clock."""
    world.clock.advance(jump)
    landed = world.clock.now()
    world.settle()
    return Span(landed, world.clock.now())


def cards(world: World, name: str) -> int:
    """How many offers of leads somebody was made."""
    return sum(bool(buttons(message)) for message in world.dm(name))


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_jumps_ahead_fires_what_was_leapt_over_once(world: World, jump: timedelta) -> None:
    world.lead()
    caught_up = leap(world, jump)
    assert (cards(world, "alice"), cards(world, "bob")) == (0, 1), "it passed on once"
    world.forward(minutes=2, seconds=31)
    judge(world, outages=[caught_up])


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_was_set_ahead_and_is_set_back_fires_nothing_twice_and_goes_on(
    world: World, jump: timedelta
) -> None:
    world.lead()
    caught_up = leap(world, jump)
    before = {name: len(world.dm(name)) for name in ("alice", "bob", "dana")}
    world.clock.advance(-jump)
    world.settle()
    assert {name: len(world.dm(name)) for name in before} == before
    other = world.lead(external_id="other").json()["lead_id"]
    assert sum(not message.thread_ts for message in world.channel("leads-us")) == 2, "the new lead's card came at once"
    rep = (world.view(other).lead.rep or "").partition("@")[0]
    told = len(world.dm(rep))
    world.forward(minutes=2, seconds=31)
    assert len(world.dm(rep)) == told + 1, "its first level fired at its own time"
    again = leap(world, jump)
    # A minute outside both, so that what has not fired has no excuse.
    world.forward(minutes=1)
    judge(world, outages=[caught_up, again])


def test_the_parts_are_asked_on_when_the_system_clock_is_set_back(loop: Loop) -> None:
    asked: list[float] = []

    async def ask() -> None:
        asked.append(time.monotonic())

    async def go_on() -> None:
        metronome = Metronome(SystemClock(), [Beat("part", ask)])
        metronome.start()
        await asyncio.sleep(0.2)
        # To the scheduler a clock that was set back by an hour is a next turn that lies an hour ahead.
        metronome._scheduler.modify_job("part", next_run_time=datetime.now(UTC) + JUMPS[0])
        asked.clear()
        patience = time.monotonic() + 10
        while not asked and time.monotonic() < patience:
            await asyncio.sleep(0.1)
        await metronome.stop()
        metronome.close()

    loop.run(go_on())
    assert asked
