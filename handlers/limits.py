"""What a door takes: bodies of a size and within a time."""

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.problems import problem

BODY_SECONDS = 10.0
"""Within which a body must have come; what is sent more slowly only holds a connection."""
LARGEST_DELIVERY = 256 * 1024
LARGEST_REQUEST = 1024 * 1024
"""Of Slack's: a press comes with the whole message, a form with the whole form. Bytes, as the one above."""
LARGEST_DISCARD = 32 * 1024 * 1024
"""So much of a body that is too large is read and not kept: few clients look at an answer before they have sent it."""
CLOSE = {"connection": "close"}


class TooLarge(Exception):
    """The body is larger than we read."""


class EndedEarly(Exception):
    """Whoever sent the body went away in the middle of it."""


class BodyLimits:
    """Reads the body before anything else is done with a request, and turns away what is too large or too slow.

    `on_refusal` hears the request's scope and the HTTP status of what was turned away.
    """

    def __init__(
        self,
        app: ASGIApp,
        largest: int,
        seconds: float = BODY_SECONDS,
        *,
        on_refusal: Callable[[Scope, int], None] = lambda _scope, _status: None,
    ) -> None:
        self._app, self._largest, self._seconds, self._on_refusal = app, largest, seconds, on_refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. What is left of a body that was turned away is not waited for: the connection closes."""
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._read(scope, receive)
        except TooLarge:
            answer = problem(413, f"The body is larger than {self._largest // 1024} KiB.", CLOSE)
        except TimeoutError:
            answer = problem(408, f"The body did not come within {self._seconds:g} seconds.", CLOSE)
        except EndedEarly:
            answer = problem(400, "The body ended too early.", CLOSE)
        else:
            await self._app(scope, _once(body, receive), send)
            return
        self._on_refusal(scope, answer.status_code)
        await answer(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        said = dict(scope["headers"]).get(b"content-length", b"")
        if said.isdigit() and int(said) > LARGEST_DISCARD:
            raise TooLarge
        body, seen, more = bytearray(), 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise EndedEarly
            part, more = message.get("body", b""), message.get("more_body", False)
            seen += len(part)
            if seen > LARGEST_DISCARD:
                raise TooLarge
            if seen <= self._largest:
                body += part
        if seen > self._largest:
            raise TooLarge
        return bytes(body)


def _once(body: bytes, receive: Receive) -> Receive:
    left = [body]

    async def replay() -> Message:
        return {"type": "http.request", "body": left.pop(), "more_body": False} if left else await receive()

    return replay
