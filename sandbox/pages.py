"""The page's own JSON under /ui/: what one person sees, and what they do."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.clock import ClockCannotBeSet, SystemClock
from sandbox.errors import SandboxError
from sandbox.model import Channel, Json, Message, User
from sandbox.workspace import Workspace

# Real seconds between comments on a silent event stream, so that proxies and browsers keep it.
SILENCE = 15.0

Doing = Callable[[Json], Awaitable[Json]]


class Pages:
    """Reads for the page and its doings. A doing that fails answers 200 with `ok: false` and a sentence."""

    def __init__(self, workspace: Workspace, panel: str | None) -> None:
        self._workspace = workspace
        self._panel = panel

    def routes(self) -> list[Route]:
        doings: dict[str, Doing] = {
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "command": self._command,
            "message": self._message,
            "home": self._home,
            "clock": self._clock,
        }
        return [
            Route("/ui/state", self._state),
            Route("/ui/messages", self._messages),
            Route("/ui/events", self._events),
            Route("/ui/panel", self._panel_fragment),
            *(Route(f"/ui/{name}", act(doing), methods=["POST"]) for name, doing in doings.items()),
        ]

    async def _state(self, request: Request) -> Response:
        workspace, viewer = self._workspace, request.query_params.get("as", "")
        directory = workspace.state.directory
        known = viewer in directory.users
        with workspace.state.lock:
            channels = directory.visible_to(viewer)
            conversations = [self._conversation(c, viewer) for c in channels]
            if known:
                conversations.append(self._conversation(workspace.im(viewer), viewer))
            return JSONResponse(
                {
                    "revision": workspace.feed.revision,
                    "team": {"name": workspace.state.team.name},
                    "clock": self._clock_json(),
                    "bot": self._bot_json(),
                    "users": [person_json(u) for u in directory.people()],
                    "conversations": conversations,
                    "commands": workspace.state.commands,
                    "home": workspace.home(viewer),
                    "modal": workspace.modal(viewer),
                    "panel": self._panel is not None,
                }
            )

    def _clock_json(self) -> Json:
        clock = self._workspace.state.clock
        adjustable = not isinstance(clock, SystemClock)
        return {"now": clock.now().timestamp(), "speed": clock.speed, "adjustable": adjustable}

    def _bot_json(self) -> Json:
        bot = self._workspace.state.directory.bot
        return {"user_id": bot.id, "name": bot.real_name, "connected": self._workspace.deliveries.connected}

    def _conversation(self, channel: Channel, viewer: str) -> Json:
        messages = self._workspace.state.timeline.messages(channel.id, viewer)
        answer: Json = {"id": channel.id, "name": channel.name, "kind": channel.kind, "count": len(messages)}
        answer["latest_ts"] = messages[-1].ts if messages else None
        if channel.kind == "im":
            return {**answer, "name": self._workspace.state.directory.bot.real_name}
        return {**answer, "topic": channel.topic}

    async def _messages(self, request: Request) -> Response:
        viewer, channel = request.query_params.get("as", ""), request.query_params.get("conversation", "")
        workspace = self._workspace
        with workspace.state.lock:
            try:
                workspace.people.place(viewer, channel)
            except SandboxError as error:
                return JSONResponse({"ok": False, "message": str(error)}, 404)
            shown = [self._message_json(m) for m in workspace.state.timeline.messages(channel, viewer)]
        return JSONResponse({"messages": shown})

    def _message_json(self, message: Message) -> Json:
        return {
            "ts": message.ts,
            "user": message.user,
            "is_bot": message.is_bot,
            "text": message.text,
            "blocks": message.blocks,
            "thread_ts": message.thread_ts,
            "reply_count": len(self._workspace.state.timeline.replies(message.channel, message.ts)),
            "edited": message.edited is not None,
            "ephemeral": message.ephemeral,
            "deleted": message.deleted,
            "reply_broadcast": message.reply_broadcast,
        }

    async def _events(self, _request: Request) -> Response:
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        async for revision in self._workspace.feed.revisions(SILENCE):
            yield ": still here\n\n" if revision is None else f'data: {{"revision": {revision}}}\n\n'

    async def _panel_fragment(self, _request: Request) -> Response:
        return HTMLResponse(self._panel or "", 200 if self._panel is not None else 404)

    async def _click(self, asked: Json) -> Json:
        value = chosen(asked)
        where: Json = {"action_id": asked.get("action_id"), "block_id": asked.get("block_id"), "value": value}
        if asked.get("view_id"):
            given = asked.get("state") or {}
            await self._workspace.click_in_view(asked["as"], asked["view_id"], state=given, **where)
        else:
            await self._workspace.click(asked["as"], asked["conversation"], asked["ts"], **where)
        return {}

    async def _submit(self, asked: Json) -> Json:
        errors = await self._workspace.submit(asked["as"], asked["view_id"], asked.get("state") or {})
        return {"errors": errors}

    async def _close(self, asked: Json) -> Json:
        await self._workspace.close(asked["as"], asked["view_id"])
        return {}

    async def _command(self, asked: Json) -> Json:
        await self._workspace.command(asked["as"], asked["conversation"], asked["text"])
        return {}

    async def _message(self, asked: Json) -> Json:
        await self._workspace.say(asked["as"], asked["conversation"], str(asked["text"]))
        return {}

    async def _home(self, asked: Json) -> Json:
        await self._workspace.open_home(asked["as"])
        return {}

    async def _clock(self, asked: Json) -> Json:
        clock = self._workspace.state.clock
        if "speed" in asked:
            clock.set_speed(positive(asked["speed"], most=100_000))
        if "advance" in asked:
            clock.advance(timedelta(seconds=positive(asked["advance"], most=366 * 86_400)))
        self._workspace.feed.touch()
        return {}


def act(doing: Doing) -> Callable[[Request], Awaitable[Response]]:
    """A doing as an endpoint. Only JSON is taken: a form could be sent by any web page elsewhere."""

    async def endpoint(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return JSONResponse({"ok": False, "message": "Only application/json is taken here."}, 415)
        try:
            asked = json.loads(await request.body())
            return JSONResponse({"ok": True, **await doing(asked)})
        except (SandboxError, ClockCannotBeSet) as error:
            return JSONResponse({"ok": False, "message": str(error)})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return JSONResponse({"ok": False, "message": f"This request makes no sense: {error!r}"}, 400)

    return endpoint


def chosen(asked: Json) -> Any:
    """`value`, or whichever `selected_…` the page sends."""
    if asked.get("value") is not None:
        return asked["value"]
    return next((v for name, v in asked.items() if name.startswith("selected_")), None)


def positive(value: Any, most: float) -> float:
    number = float(value)
    if not 0 < number <= most:
        raise ValueError(f"between 0 and {most:g}")
    return number


def person_json(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "email": user.email,
        "title": user.title,
        "tz": user.tz,
        "deleted": user.deleted,
        "status_emoji": user.status_emoji,
        "status_text": user.status_text,
    }
