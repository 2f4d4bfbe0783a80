"""What operators and their machines look at: alive, ready, and figures."""

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from leads.office import Office
from storage import outbox
from storage.database import StoreError


def routes(troubles: Callable[[], Awaitable[list[str]]]) -> list[Route]:
    """`/healthz`, `/readyz` and `/metrics`; `troubles` says what keeps the service from its work."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        found = await troubles()
        if found:
            return JSONResponse({"status": "not ready", "reasons": found}, 503)
        return JSONResponse({"status": "ready"})

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


async def database_troubles(office: Office) -> list[str]:
    """What is wrong with the database, if anything."""
    try:
        await office.read(outbox.next_due)
    except StoreError as error:
        return [f"database: {error}"]
    return []
