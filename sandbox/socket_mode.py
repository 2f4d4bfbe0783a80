"""Socket Mode: the bot connects out to us and gets everything over a websocket.

The websocket has a loopback port of its own, served by aiohttp: uvicorn speaks websockets only with a further
package, and a bot goes wherever `apps.connections.open` sends it anyway.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import secrets
import uuid
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

from sandbox.delivery import Answer, Delivery, Silence
from sandbox.hosts import is_loopback
from sandbox.model import Json
from sandbox.team import Team

MOST_SOCKETS = 10
# What Slack tells a client to expect; real connections live "a few hours".
CONNECTION_SECONDS = 18_060

# Real seconds between telling a client to reconnect and closing on it.
GRACE = 0.5

T = TypeVar("T")


class Sockets:
    """All connections of the app. Each payload goes to one of them, in turn."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._runner: web.AppRunner | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._port = 0
        self._turn = 0

    @property
    def connected(self) -> bool:
        return bool(self._open)

    async def listen(self) -> None:
        """Opens the port on the first call."""
        if self._runner is not None:
            return
        app = web.Application()
        app.router.add_get("/socket/{ticket}", self._connect)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        self._loop = asyncio.get_running_loop()

    def ticket(self) -> str:
        """An address good for one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self._port}/socket/{ticket}"

    async def tell(self, delivery: Delivery, attempt: int, reason: str, patience: float) -> Answer:
        """Sends one envelope and waits `patience` real seconds for its ack. Raises Silence."""
        return await self._at_home(self._exchange(delivery, attempt, reason, patience))

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tells every client to go and come back, then closes."""
        await self._at_home(self._dismiss(reason))

    async def stop(self) -> None:
        if self._runner is not None:
            await self._at_home(self._shut())

    async def _at_home(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs in the loop the websockets live in, whichever loop the caller is in."""
        if self._loop is None or self._loop is asyncio.get_running_loop():
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.match_info["ticket"]
        if not is_loopback(request.host) or ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        client = web.WebSocketResponse()
        await client.prepare(request)
        if len(self._open) >= MOST_SOCKETS:
            await client.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await client.close()
            return client
        self._open.append(client)
        try:
            await client.send_json(self._hello())
            async for message in client:
                if message.type is WSMsgType.TEXT:
                    self._take_ack(json.loads(message.data))
        finally:
            if client in self._open:
                self._open.remove(client)
        return client

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self._team.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": CONNECTION_SECONDS},
        }

    def _take_ack(self, message: Json) -> None:
        waiting = self._acks.pop(message.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("payload") or {})

    async def _exchange(self, delivery: Delivery, attempt: int, reason: str, patience: float) -> Answer:
        envelope: Json = {
            "type": delivery.kind,
            "envelope_id": str(uuid.uuid4()),
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api" or attempt:
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        ack = asyncio.get_running_loop().create_future()
        self._acks[envelope["envelope_id"]] = ack
        self._turn += 1
        try:
            await self._open[self._turn % len(self._open)].send_json(envelope)
            return Answer(await asyncio.wait_for(ack, patience))
        except TimeoutError:
            word = f"the bot did not acknowledge within {patience:g} s"
            raise Silence("operation_timeout", "timeout", word) from None
        except (ConnectionError, ZeroDivisionError):
            raise Silence("dispatch_failed", "connection_failed", "the bot's websocket is gone") from None
        finally:
            self._acks.pop(envelope["envelope_id"], None)

    async def _dismiss(self, reason: str) -> None:
        leaving, self._open[:] = list(self._open), []
        for client in leaving:
            goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
            await client.send_json(goodbye)
        # Clients go by themselves; who stays is cut off, as by Slack.
        await asyncio.sleep(GRACE)
        for client in leaving:
            await client.close()

    async def _shut(self) -> None:
        for client in list(self._open):
            await client.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
