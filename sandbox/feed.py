"""Tells open pages that something changed: one number that only grows, and whoever waits for it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Feed:
    """Safe to `touch` from any thread; waiters are woken in their own event loop."""

    def __init__(self) -> None:
        self.revision = 0
        self.closed = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def touch(self) -> None:
        self.revision += 1
        for loop, event in list(self._waiting):
            # A page whose loop has stopped has nobody left to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        self.closed = True
        self.touch()

    async def revisions(self, silence: float) -> AsyncIterator[int | None]:
        """Each new revision, starting with the present one; `None` after `silence` real seconds without any."""
        event = asyncio.Event()
        waiter = (asyncio.get_running_loop(), event)
        self._waiting.append(waiter)
        try:
            yield self.revision
            while not self.closed:
                try:
                    await asyncio.wait_for(event.wait(), silence)
                except TimeoutError:
                    yield None
                    continue
                event.clear()
                if not self.closed:
                    yield self.revision
        finally:
            self._waiting.remove(waiter)
