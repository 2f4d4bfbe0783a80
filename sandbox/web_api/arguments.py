"""Reading a Web API request: token and arguments from header, query, form or JSON."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.errors import SlackRefuses
from sandbox.model import Json

FORM = "application/x-www-form-urlencoded"


@dataclass
class Asked:
    """`token` is None when nobody sent one. `problem` is kept until the token has been looked at."""

    token: str | None = None
    args: Json = field(default_factory=dict)
    as_json: bool = False
    problem: SlackRefuses | None = None


async def read_arguments(request: Request) -> Asked:
    """A token in a JSON body does not count: https://docs.slack.dev/apis/web-api/#post_bodies."""
    asked = Asked(args=dict(request.query_params))
    try:
        await _read_body(request, asked)
    except SlackRefuses as refusal:
        asked.problem = refusal
    in_form = None if asked.as_json else asked.args.get("token")
    asked.args.pop("token", None)
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    asked.token = bearer.strip() if scheme.lower() == "bearer" and bearer else in_form
    return asked


async def _read_body(request: Request, asked: Asked) -> None:
    body = await request.body()
    if request.method == "GET" or not body:
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        asked.as_json = True
        asked.args |= _decoded(body)
    elif kind == FORM:
        asked.args |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    elif not kind:
        raise SlackRefuses("missing_post_type")
    else:
        raise SlackRefuses("invalid_post_type")


def _decoded(body: bytes) -> Json:
    try:
        decoded = json.loads(body)
    except ValueError:
        raise SlackRefuses("invalid_json") from None
    if not isinstance(decoded, dict):
        raise SlackRefuses("json_not_object")
    return decoded
