"""What operators and their machines look at: alive, ready, and figures."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

UNCACHED = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Report:
    """How a process is: `reasons` are the sentences that say what keeps it from its work, `facts` the rest."""

    reasons: list[str]
    facts: Mapping[str, object]


def routes(look: Callable[[], Awaitable[Report]], figures: Callable[[], Awaitable[bytes]]) -> list[Route]:
    """`/healthz`, `/readyz` and `/metrics`; `look` says how the process is, `figures` writes Prometheus' text."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        report = await look()
        status = "not ready" if report.reasons else "ready"
        told = {"status": status, "reasons": report.reasons, **report.facts}
        return JSONResponse(told, 503 if report.reasons else 200, UNCACHED)

    async def metrics(_request: Request) -> Response:
        return Response(await figures(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
