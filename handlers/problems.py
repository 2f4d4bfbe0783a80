"""Answers that say what is wrong, as RFC 9457 problem documents."""

from http import HTTPStatus
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

RETRY_AFTER_SECONDS = 5


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    """An `application/problem+json` answer; `detail` is one sentence for a person."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def unavailable(detail: str) -> JSONResponse:
    """The database is away: nothing was taken in, and the sender should come back."""
    return problem(503, detail, {"retry-after": str(RETRY_AFTER_SECONDS)})


def nothing_there(request: Request, error: Exception) -> JSONResponse:
    """An address there is none of, or one that is asked otherwise than it answers."""
    refused = cast(HTTPException, error)  # the one it is registered for
    detail = f"There is nothing at {request.url.path}."
    if refused.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not what {request.url.path} answers to."
    return problem(refused.status_code, detail, dict(refused.headers or {}))
