"""The stage for these tests: a clock moved by hand, two real HTTP servers, and a place to hang a Bolt app."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.workspace import Workspace

T = TypeVar("T")
START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
EVERYTHING = [
    "chat:write",
    "commands",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
    "im:read",
    "im:write",
    "channels:history",
    "groups:history",
    "im:history",
]


class HandClock:
    """Stands still until it is moved."""

    speed = 1.0

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def set_speed(self, speed: float) -> None:
        self.speed = speed

    def advance(self, d: timedelta) -> None:
        self._now += d

    def pass_seconds(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))


class Server:
    """One real uvicorn for the whole session; each test puts its own app on it."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        # A port of uvicorn's own choosing: asyncio leaves out TCP_NODELAY on sockets made by hand, which costs
        # 40 ms an answer.
        config = uvicorn.Config(
            self._dispatch,
            port=0,
            log_level="error",
            lifespan="off",
            interface="asgi3",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "no app is on stage"
        await self.app(scope, receive, send)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


def bolt_app(workspace: Workspace, slack_url: str) -> AsyncApp:
    """A bot that does its work before it answers, so that a test sees the effect when a doing returns."""
    client = AsyncWebClient(workspace.bot_token, base_url=f"{slack_url}/api/", retry_handlers=[])
    return AsyncApp(client=client, signing_secret=workspace.signing_secret, process_before_response=True)


def over_http(bolt: AsyncApp) -> Starlette:
    handler = AsyncSlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


def run(doing: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(doing)


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, action_id: str, value: str = "lead-1") -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "action_id": action_id, "value": value, "text": text}


def buttons(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": "buttons", "elements": list(elements)}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    title = {"type": "plain_text", "text": "Reject lead"}
    submit = {"type": "plain_text", "text": "Reject"}
    return {
        "type": "modal",
        "callback_id": "reject",
        "title": title,
        "submit": submit,
        "blocks": list(blocks),
        **more,
    }


def note(**more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "note", **more}
    label = {"type": "plain_text", "text": "Note"}
    return {"type": "input", "block_id": "note", "label": label, "element": element}


def reason(*values: str) -> dict[str, Any]:
    options = [{"text": {"type": "plain_text", "text": v.title()}, "value": v} for v in values]
    element = {"type": "static_select", "action_id": "reason", "options": options}
    label = {"type": "plain_text", "text": "Reason"}
    return {"type": "input", "block_id": "reason", "label": label, "element": element}
