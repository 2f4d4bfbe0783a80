"""Letting time pass by hand, from one due instant to the next: for the demo's past, and for the tests."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.handoff import Handoff
from storage import outbox

MARGIN = timedelta(seconds=2)


class MovableClock(Clock, Protocol):
    """A clock that stands still until it is moved."""

    def advance(self, d: timedelta) -> None:
        """Move it ahead."""
        ...


class Steps:
    """Moves a clock and has the service do what falls due on the way, each thing at its own instant."""

    def __init__(self, service: Handoff, clock: MovableClock) -> None:
        self._service, self._clock = service, clock

    async def forward_to(self, target: datetime) -> None:
        """Let time pass until an instant; one that has passed only does what is due now."""
        await self._pass()
        while (due := await self._next_due()) is not None and due <= target:
            self._move(due)
            await self._pass()
        self._move(target)

    async def settle(self) -> None:
        """Let everything that is due now happen, as fast as Slack's pace allows."""
        await self.forward_to(self._clock.now())
        for _ in range(1_000):
            waiting = await self._service.office.read(outbox.next_due)
            if waiting is None or waiting > self._clock.now() + MARGIN:
                return
            await self.forward_to(self._clock.now() + timedelta(seconds=1))

    def _move(self, instant: datetime) -> None:
        self._clock.advance(max(instant - self._clock.now(), timedelta(0)))

    async def _pass(self) -> None:
        await self._service.fire_due()
        await self._service.deliver_due()

    async def _next_due(self) -> datetime | None:
        timers = await self._service.office.read(self._service.desk.next_due)
        messages = await self._service.office.read(outbox.next_due)
        if messages is not None and messages <= self._clock.now():
            messages = self._service.delivery.next_free()
        return min((due for due in (timers, messages) if due is not None), default=None)
