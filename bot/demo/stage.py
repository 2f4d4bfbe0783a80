"""The demo's time as its audience handles it: they set its speed, and skipping ahead plays what they skip."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import AdjustableClock
from bot.handoff import Handoff
from bot.stepping import Steps


class StageClock:
    """What the page turns: the speed that is wanted, whether or not the clock runs yet, and skips."""

    def __init__(self, clock: AdjustableClock, speed: float) -> None:
        self._clock = clock
        self.speed = speed
        self.running = False
        self.skips: asyncio.Queue[timedelta] = asyncio.Queue()

    def now(self) -> datetime:
        """The demo's instant."""
        return self._clock.now()

    def set_speed(self, speed: float) -> None:
        """Run faster or slower, at once if the clock runs."""
        self.speed = speed
        if self.running:
            self._clock.set_speed(speed)

    def advance(self, d: timedelta) -> None:
        """Skip ahead; what falls due on the way is played first."""
        self.skips.put_nowait(d)

    def run(self) -> None:
        """Let the clock run."""
        self.running = True
        self._clock.set_speed(self.speed)

    def stop(self) -> None:
        """Let it stand."""
        self.running = False
        self._clock.set_speed(0)


async def play_skips(stage: StageClock, clock: AdjustableClock, service: Handoff, seen: Callable[[], None]) -> None:
    """Play every span that is skipped, each thing at its own instant, so that no deadline is jumped over."""
    steps = Steps(service, clock)
    while True:
        span = await stage.skips.get()
        stage.stop()
        await service.metronome.rest()
        await steps.forward_to(clock.now() + span)
        service.metronome.go_on()
        stage.run()
        seen()
