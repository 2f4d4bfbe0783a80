"""The workspace as one web application: Web API, response URLs, the page and its JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.connection import HangUpApp
from sandbox.errors import SlackRefuses
from sandbox.hosts import LoopbackOnly
from sandbox.model import Json
from sandbox.pages import Pages
from sandbox.replies import use_hook
from sandbox.state import State
from sandbox.web_api.door import Door
from sandbox.workspace import Workspace

STATIC = Path(__file__).parent / "static"


def create_app(workspace: Workspace, panel: str | None = None, routes: Sequence[BaseRoute] = ()) -> HangUpApp:
    """Serve this on a loopback address only. `panel` is a fragment of html for the page's side column; `routes` are
    whatever else the composer wants to answer."""
    door = Door(workspace.state, workspace.sockets)
    hooks = ResponseUrls(workspace.state)
    return HangUpApp(
        routes=[
            Route("/api/{method}", door.answer, methods=["GET", "POST"]),
            Route("/hooks/response/{id}", hooks.answer, methods=["POST"]),
            *Pages(workspace, panel).routes(),
            Route("/", index),
            Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
            *routes,
        ],
        middleware=[Middleware(LoopbackOnly)],
    )


async def index(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})


class ResponseUrls:
    """Answers `/hooks/response/{id}`: plain text `ok`, or Slack's word for what is wrong."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def answer(self, request: Request) -> Response:
        if self._state.switches.down:
            return PlainTextResponse("Service Unavailable", 503)
        body = said(await request.body())
        if body is None:
            return PlainTextResponse("invalid_payload", 400)
        with self._state.lock:
            hook = self._state.hooks.spend(request.path_params["id"])
            if isinstance(hook, str):
                return PlainTextResponse(hook, 404)
            try:
                use_hook(self._state, hook, body)
            except SlackRefuses as refusal:
                return PlainTextResponse(refusal.error, 400)
        return PlainTextResponse("ok")


def said(body: bytes) -> Json | None:
    """JSON, or a form with JSON in its `payload`."""
    text = body.decode(errors="replace")
    try:
        found = json.loads(parse_qs(text)["payload"][0] if text.startswith("payload=") else text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
