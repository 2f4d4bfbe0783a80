"""What a world stands on: a clock that waits for the test, an event loop beside it, applications served over HTTP."""

import asyncio
import ssl
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx
import uvicorn

from bot.serving import listen

T = TypeVar("T")


def client(base_url: str = "") -> httpx.Client:
    """An HTTP client for loopback, without TLS: the system's certificates take longer to read than the rest."""
    return httpx.Client(base_url=base_url, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), timeout=10)


class HandClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, start: datetime) -> None:
        self.instant = start
        self.speed = 1.0

    def now(self) -> datetime:
        """Where the hand points."""
        return self.instant

    def seconds_until(self, instant: datetime) -> float:
        """As far as the hand would have to move."""
        return (instant - self.instant).total_seconds()

    def set_speed(self, speed: float) -> None:
        """It stands still at any speed."""
        self.speed = speed

    def advance(self, d: timedelta) -> None:
        """Move the hand."""
        self.instant += d


class Loop:
    """An event loop in a thread of its own, for tests that are plain functions: the kind the service runs on."""

    def __init__(self) -> None:
        make = uvicorn.Config("", log_config=None).get_loop_factory() or asyncio.new_event_loop
        self._loop = make()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loop", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], within: float = 60) -> T:
        """Run something there and wait for it, so many seconds at most."""
        return self.submit(work).result(within)

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run something there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Stop it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Site:
    """An application served over HTTP on a free port of the loop."""

    def __init__(self, loop: Loop, app: Any) -> None:
        self._loop = loop
        self._socket = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on", access_log=False))
        loop.run(self._open())

    def close(self) -> None:
        """Stop serving."""
        self._loop.run(self._close())

    async def _open(self) -> None:
        self._server.config.load()
        self._server.lifespan = self._server.config.lifespan_class(self._server.config)
        await self._server.startup([self._socket])

    async def _close(self) -> None:
        # Uvicorn's own shutdown looks around every 0.1 s; with some hundred worlds in a run that would be a minute.
        for server in self._server.servers:
            server.close()
        for connection in list(self._server.server_state.connections):
            connection.shutdown()
        patience = time.monotonic() + 10
        while (
            self._server.server_state.connections or self._server.server_state.tasks
        ) and time.monotonic() < patience:
            await asyncio.sleep(0.001)
        await self._server.lifespan.shutdown()
        self._socket.close()
