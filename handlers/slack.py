"""Slack's way in: one Bolt app, behind Socket Mode or the route that HTTP mode mounts."""

import logging
import re
from collections.abc import Mapping

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.standard_webhooks import is_stamp
from handlers import actions, commands, forms, home, presence
from handlers.doors import Doors
from handlers.limits import LARGEST_REQUEST, BodyLimits
from handlers.problems import problem

# Bolt warns with the bodies of requests, which hold personal data, and of a token that is meant to be there.
log = logging.getLogger("handoff.bolt")
log.setLevel(logging.ERROR)


def bolt_app(doors: Doors) -> AsyncApp:
    """The app with every listener; who gave it a request must have seen that it is Slack's, as `routes` does.

    It answers a request when the listener is through (`process_before_response`): Bolt would otherwise look for the
    answer every 10 ms, and lose it when a listener fails right after giving it.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=doors.slack.token)

    client = doors.slack.new_client()
    client.token = None  # The token comes from `authorize`; Bolt warns of two.
    app = AsyncApp(
        name="handoff",
        client=client,
        request_verification_enabled=False,
        authorize=authorize,
        process_before_response=True,
        logger=log,
    )
    for part in (actions, forms, commands, home, presence):
        part.register(app, doors)
    _ignore_the_rest(app)
    return app


def _ignore_the_rest(app: AsyncApp) -> None:
    """Answer what nobody listens to: buttons of cards from another version, events that somebody subscribed to."""

    async def nod(ack: AsyncAck) -> None:
        await ack()

    anything = re.compile("")
    app.action(anything)(nod)
    app.view(anything)(nod)
    app.event(anything)(nod)


def routes(app: AsyncApp, signing_secret: str) -> list[Route]:
    """`POST /slack/events` for HTTP mode."""
    verifier = SignatureVerifier(signing_secret)

    async def receive(request: Request) -> Response:
        body = await request.body()
        try:
            # Not left to Bolt: it reads the body first, and a stranger's can break its reader.
            if not _is_signed(verifier, request.headers, body):
                return problem(401, "The request is not signed by Slack.")
            asked = to_async_bolt_request(request, body)
        except Exception:  # Whatever Bolt's reader makes of a body in which it can't find its way.
            return problem(400, "The request is not one of Slack's.")
        return to_starlette_response(await app.async_dispatch(asked))

    limits = Middleware(BodyLimits, largest=LARGEST_REQUEST)
    return [Route("/slack/events", receive, methods=["POST"], middleware=[limits])]


def _is_signed(verifier: SignatureVerifier, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a request carries Slack's signature, not 5 minutes old. Raises `UnicodeDecodeError` for odd bodies."""
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    return is_stamp(stamp) and signature.isascii() and verifier.is_valid(body, stamp, signature)
