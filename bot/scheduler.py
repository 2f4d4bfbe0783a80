"""The metronome: APScheduler asks each part "what is due?", and sleeps until the next instant that is.

It owns no state: deadlines are rows. A pass answers with the next instant it knows of; the sleep until then is
bounded, and news from the writer ends it early.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from storage.errors import StoreError

log = logging.getLogger(__name__)
ASKED_AT_MOST = 10
"""APScheduler counts a pass until a moment after its end, and would drop one that is due in that moment. That there is
only one at a time is `Beat.running`'s to see to."""
LONGEST_SLEEP = 1.0
"""Seconds after which every part is asked again, whether or not anything is known to be due."""

logging.getLogger("apscheduler").setLevel(logging.ERROR)


@dataclass
class Beat:
    """One part that is asked: `run` does what is due and returns the next instant it knows of.

    It is asked every so many seconds at least, and left in peace for `rest` seconds after each pass: what comes
    meanwhile is done together.
    """

    name: str
    run: Callable[[], Awaitable[datetime | None]]
    every: float = LONGEST_SLEEP
    rest: float = 0.0
    wanted: bool = False
    called: bool = False
    running: bool = False
    failed: bool = False
    ticked: float = 0.0
    trouble: str = "has not run yet"


class Metronome:
    """Runs every beat whenever it may have something to do. Start it inside the loop it shall run in."""

    def __init__(self, clock: Clock, beats: list[Beat]) -> None:
        self._clock = clock
        self._beats = {beat.name: beat for beat in beats}
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watching: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Ask every part now, and from now on."""
        self._loop = asyncio.get_running_loop()
        self._watching = self._loop.call_later(LONGEST_SLEEP, self._watch)
        for beat in self._beats.values():
            # Without a grace time a pass that is late by more than a second would be dropped in silence.
            self._scheduler.add_job(
                self._ask,
                "interval",
                [beat],
                id=beat.name,
                seconds=beat.every,
                next_run_time=datetime.now(UTC),
                misfire_grace_time=None,
                coalesce=True,
                max_instances=ASKED_AT_MOST,
            )
        self._scheduler.start()

    async def stop(self, within: float = math.inf) -> None:
        """Ask nobody any more, and let the passes that run come to their end, for so many seconds at most."""
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.pause()
            await self.idle(within)

    def close(self) -> None:
        """The end, after `stop`; a pass that runs all the same is broken off."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def rest(self) -> None:
        """Ask nobody until `go_on`; returns when no pass runs any more."""
        self._scheduler.pause()
        await self.idle()

    async def idle(self, within: float = math.inf) -> None:
        """Wait until no pass runs, for so many seconds at most."""
        patience = time.monotonic() + within
        while any(beat.running for beat in self._beats.values()) and time.monotonic() < patience:
            await asyncio.sleep(0.005)

    def go_on(self) -> None:
        """Ask everybody now, and from now on."""
        self._scheduler.resume()
        self._wake(tuple(self._beats))

    def hear(self, name: str, due: datetime) -> None:
        """There is something for this part to do at an instant (UTC); may be called from any thread.

        What lies further ahead than the part would ever sleep is found by a later pass, without waking it now.
        """
        beat = self._beats.get(name)
        if beat is None or self._loop is None or self._loop.is_closed():
            return
        if self._clock.seconds_until(due) < beat.every:
            self._loop.call_soon_threadsafe(self._call, beat)

    def alive(self, name: str) -> None:
        """A part whose pass is long says that it goes on."""
        if name in self._beats:
            self._beats[name].ticked = time.monotonic()

    def silence(self) -> dict[str, float | None]:
        """Seconds since each part last ran; None for one that has not run yet."""
        now = time.monotonic()
        return {beat.name: now - beat.ticked if beat.ticked else None for beat in self._beats.values()}

    def troubles(self, longest: float, among: Collection[str] | None = None) -> list[str]:
        """The parts, of all or of some, whose last pass failed, or that were silent for more than `longest` seconds."""
        asked = [beat for beat in self._beats.values() if among is None or beat.name in among]
        found = [f"{beat.name}: {beat.trouble}" for beat in asked if beat.trouble]
        for beat in asked:
            silent = time.monotonic() - beat.ticked
            if not beat.trouble and silent > longest + beat.every:
                found.append(f"{beat.name}: last ran {silent:.0f} s ago")
        return found

    def _watch(self) -> None:
        """Ask again whoever failed, and whoever was forgotten: APScheduler goes by a clock that may be set back."""
        late = time.monotonic() - 2 * LONGEST_SLEEP
        idle = [beat for beat in self._beats.values() if not beat.running]
        self._wake(tuple(beat.name for beat in idle if beat.failed or beat.ticked + beat.every < late))
        if self._loop is not None:
            self._watching = self._loop.call_later(LONGEST_SLEEP, self._watch)

    def _call(self, beat: Beat) -> None:
        if not beat.called:
            self._wake((beat.name,))

    def _wake(self, names: tuple[str, ...]) -> None:
        for beat in (self._beats[name] for name in names if name in self._beats):
            beat.wanted = beat.called = True
            if not beat.running and self._scheduler.running:
                rest = max(0.0, beat.ticked + beat.rest - time.monotonic())
                self._scheduler.modify_job(beat.name, next_run_time=datetime.now(UTC) + timedelta(seconds=rest))

    async def _ask(self, beat: Beat) -> None:
        beat.wanted = True
        if beat.running:
            return
        beat.running = True
        due: datetime | None = None
        try:
            while beat.wanted:
                beat.wanted = beat.called = False
                due = await beat.run()
                beat.ticked, beat.trouble, beat.failed = time.monotonic(), "", False
                if beat.wanted:
                    await asyncio.sleep(beat.rest)
        except StoreError as error:
            beat.trouble, beat.failed = str(error), True
            log.warning("%s: %s", beat.name, error)
        except Exception as error:
            beat.trouble, beat.failed = type(error).__name__, True
            log.exception("%s failed and is tried again", beat.name)
        finally:
            beat.running = False
        if due is not None and self._scheduler.running:
            delay = min(max(self._clock.seconds_until(due), 0.0), beat.every)
            self._scheduler.modify_job(beat.name, next_run_time=datetime.now(UTC) + timedelta(seconds=delay))
