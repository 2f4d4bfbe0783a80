"""A Slack that answers at once: `python -m benchmarks.stage.slack PORT`.

It knows everybody, keeps when each post arrived, and gives the list at `GET /posts`.
"""

import itertools
import json
import sys
import time
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.serving import listen, run, server, until_told_to_stop

numbers = itertools.count(1)
posts: list[tuple[float, str]] = []


async def call(request: Request) -> JSONResponse:
    """Any method of the Web API."""
    arrived, body = time.time(), (await request.body()).decode()
    if request.headers.get("content-type", "").startswith("application/json"):
        given = json.loads(body or "{}")
    else:
        # What is only looked up comes with its arguments in the address.
        given = {**request.query_params, **{name: values[0] for name, values in parse_qs(body).items()}}
    method = request.path_params["method"]
    if method == "chat.postMessage":
        posts.append((arrived, str(given.get("text", ""))))
    name = str(given.get("user") or "U" + str(given.get("email") or "somebody").partition("@")[0]).removeprefix("U")
    email = f"{name.lower()}@acme.example"
    user = {"id": f"U{name.upper()}", "name": email, "tz": "UTC", "profile": {"email": email}}
    number = next(numbers)
    answer = {"ok": True, "ts": f"{number}.000001", "channel": f"C{given.get('channel', '')}", "user": user}
    return JSONResponse(answer)


async def told(_request: Request) -> JSONResponse:
    """What arrived so far: Unix time in seconds, and the text."""
    return JSONResponse(posts)


app = Starlette(routes=[Route("/api/{method}", call, methods=["POST", "GET"]), Route("/posts", told)])

if __name__ == "__main__":
    run(until_told_to_stop([(server(app), listen("127.0.0.1", int(sys.argv[1])))]))
