"""Slack's way in without an address of our own: a websocket that is opened to Slack, as soon as Slack lets us."""

import asyncio
import logging
import time
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest

from connectors.slack.client import LockedOut, RateLimited, Rejected, SlackClient, SlackProblem

log = logging.getLogger(__name__)
OPEN = "apps.connections.open"


class SocketMode:
    """Bolt's handler of Socket Mode, connected beside everything else: leads are taken in while Slack is away.

    `gate` is a client with the app token, opened and closed by this; `pause` are seconds between tries and between
    pings. Build it inside the running loop.
    """

    def __init__(self, app: AsyncApp, gate: SlackClient, pause: float = 10.0) -> None:
        self._gate, self._pause = gate, pause
        self._handler = AsyncSocketModeHandler(app, gate.token, web_client=app.client, ping_interval=pause)
        self._client: Any = self._handler.client  # whose methods have no types
        self._client.socket_mode_request_listeners[:] = [self._answer]
        self._answering = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._task = asyncio.create_task(self._stay_connected())
        self._task.add_done_callback(_told)

    async def close(self, within: float = 0.0) -> None:
        """Hang up, or stop trying; what has come is answered before that, if it takes no more than so many seconds."""
        patience = time.monotonic() + within
        while self._is_asked() and time.monotonic() < patience:
            await asyncio.sleep(0.005)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._client.close()
        await self._gate.close()

    async def is_connected(self) -> bool:
        """Whether buttons and commands reach us now."""
        return bool(await self._client.is_connected())

    async def _answer(self, client: Any, request: SocketModeRequest) -> None:
        # The SDK would hang up on those who wait for an answer, which leaves by this connection alone.
        self._answering += 1
        try:
            await self._handler.handle(client, request)
        finally:
            self._answering -= 1

    def _is_asked(self) -> bool:
        """Whether somebody waits for an answer."""
        return self._answering > 0 or not self._client.message_queue.empty()

    async def _stay_connected(self) -> None:
        await self._gate.open()
        self._client.wss_uri = await self._address()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._client.connect())
            both.create_task(self._renew_addresses())

    async def _address(self) -> str:
        """Where to connect, once Slack says so; each new reason why it doesn't is told once."""
        told = ""
        while True:
            try:
                return str((await self._gate.call(OPEN))["url"])
            except SlackProblem as problem:
                if (said := not_connected(problem)) != told:
                    log.error("no button and no command is heard until this is mended: %s", said)
                    told = said
                patience = problem.seconds if isinstance(problem, RateLimited) else 0.0
            await asyncio.sleep(max(self._pause, patience))

    async def _renew_addresses(self) -> None:
        """See to it that an address which did not lead to a connection is not tried again.

        The SDK connects anew by itself when a connection breaks, but tries the address it got for ever, also when the
        network came back too late for it.
        """
        while True:
            await asyncio.sleep(self._pause)
            if not await self.is_connected():
                self._client.wss_uri = None


def _told(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("Socket Mode is given up until the next start", exc_info=error)


def not_connected(problem: SlackProblem) -> str:
    """What is wrong when Slack names no address to connect to, and what to do about it."""
    if isinstance(problem, LockedOut | Rejected):
        return (
            f"Slack refuses SLACK_APP_TOKEN ({problem}): copy it again from Basic Information, App-Level Tokens; "
            "it needs the scope connections:write."
        )
    return f"Slack does not open Socket Mode ({problem})."
