"""Ends a connection without an answer, as a lost network does."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

KEY = "sandbox.transport"


class HangUpApp(Starlette):
    """ASGI has no word for hanging up, so the server's own transport is remembered where it still can be seen:
    uvicorn's `send` is a method of the object that holds it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[KEY] = getattr(getattr(send, "__self__", None), "transport", None)
        await super().__call__(scope, receive, send)


async def hang_up(request: Request) -> Response:
    """Under another server than uvicorn the caller gets a bare 502 instead."""
    transport: asyncio.WriteTransport | None = request.scope.get(KEY)
    if transport is None:
        return Response(status_code=502)
    transport.abort()
    # The server must notice before this returns, or it would log a missing answer.
    while not await request.is_disconnected():
        await asyncio.sleep(0)
    return Response(status_code=502)
