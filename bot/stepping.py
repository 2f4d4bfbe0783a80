"""Letting time pass by hand, from one due instant to the next: for the demo's past, and for the tests."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.handoff import Handoff
from storage import outbox
from storage.transaction import Transaction

MARGIN = timedelta(seconds=2)
MOST_SECONDS = 1_000
AT_ONCE = timedelta(0)


class MovableClock(Clock, Protocol):
    """A clock that stands still until it is moved."""

    def advance(self, d: timedelta) -> None:
        """Move it ahead."""
        ...


class Steps:
    """Moves a clock and has the service do what falls due on the way, each timer at its own instant.

    Messages that wait for Slack's pace alone are asked for after `breath` at the earliest, when several may go at once.
    """

    def __init__(self, service: Handoff, clock: MovableClock, breath: timedelta = AT_ONCE) -> None:
        self._service, self._clock, self._breath = service, clock, breath

    async def forward_to(self, target: datetime) -> None:
        """Let time pass until an instant; one that has passed only does what is due now."""
        due = await self._pass()
        while due is not None and due <= target:
            self._move(due)
            due = await self._pass()
        self._move(target)

    async def settle(self) -> None:
        """Let everything that is due now happen, as fast as Slack's pace allows."""
        await self.forward_to(self._clock.now())
        for _ in range(MOST_SECONDS):
            waiting = await self._service.office.read(outbox.next_due)
            if waiting is None or waiting > self._clock.now() + MARGIN:
                return
            await self.forward_to(self._clock.now() + timedelta(seconds=1))

    def _move(self, instant: datetime) -> None:
        self._clock.advance(max(instant - self._clock.now(), timedelta(0)))

    async def _pass(self) -> datetime | None:
        """What is due happens; returns when something is due next."""
        timers, messages = await self._service.office.read(self._next_due)
        if self._is_due(timers):
            await self._service.fire_due()
            timers, messages = await self._service.office.read(self._next_due)
        if self._is_due(messages):
            held = await self._service.deliver_due()
            timers, messages = await self._service.office.read(self._next_due)
            if self._is_due(messages):
                messages = None if held is None else max(held, self._clock.now() + self._breath)
        return min((due for due in (timers, messages) if due is not None), default=None)

    def _next_due(self, tx: Transaction) -> tuple[datetime | None, datetime | None]:
        return self._service.desk.next_due(tx), outbox.next_due(tx)

    def _is_due(self, instant: datetime | None) -> bool:
        return instant is not None and instant <= self._clock.now()
