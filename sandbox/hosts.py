"""Only this machine, and only by its own name: a web page elsewhere must not reach the sandbox through a
domain that it points at 127.0.0.1 (DNS rebinding)."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_loopback(host: str) -> bool:
    """`host` is a Host header: a name or address, perhaps with a port."""
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower() in LOOPBACK


class LoopbackOnly:
    """Middleware that turns away requests made to any other host name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not is_loopback(Headers(scope=scope).get("host", "")):
            refusal = PlainTextResponse("This workspace answers only on localhost.", 421)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
