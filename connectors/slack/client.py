"""Slack's Web API, as Handoff calls it: one shared session, and every failure sorted by what it allows next.

The SDK's own retry handlers are off: its connection handler posts a message a second time when the first answer was
lost. Whether to try again is the outbox's decision.
"""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

TIMEOUT_SECONDS, CONNECT_SECONDS = 10, 5
"""A connection has less time than the call: a network that drops everything says nothing, and what was never sent
must not count as perhaps sent."""
RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
UNCERTAIN = frozenset({"internal_error", "fatal_error", "request_timeout"})
PASSING = frozenset({"service_unavailable", "team_added_to_org", "accesslimited"})
"""Slack did nothing. So it is with HTTP 503, "not ready to handle the request" (RFC 9110, 15.6.4)."""
LOCKED_OUT = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "org_login_required"})
OUT_OF_REACH = frozenset(
    {
        "account_inactive",
        "cannot_dm_bot",
        "channel_not_found",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)
"""What Slack says of whom a message is for; all else is the message's own fault.
https://docs.slack.dev/reference/methods/chat.postMessage, …/users.lookupByEmail, …/conversations.open
"""
PATIENCE_SECONDS = 30.0
PAGE, MOST_PAGES = 200, 1_000


class SlackProblem(Exception):
    """A call to Slack failed; the text is Slack's own word for it, `method` the call's name."""

    method = ""


class RateLimited(SlackProblem):
    """Slack wants us to wait; the call did nothing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"ratelimited for {seconds:g} s")


class Unreachable(SlackProblem):
    """The call never reached Slack: trying again can't double anything."""


class LockedOut(Unreachable):
    """Slack does not know our token any more: nothing can be sent until somebody mends that."""


class Uncertain(SlackProblem):
    """The answer was lost, so the call may have had its effect."""


class NoAnswer(Uncertain):
    """The connection broke or the time ran out, rather than that Slack answered with a failure of its own."""


class Rejected(SlackProblem):
    """Slack will give the same answer next time."""

    @property
    def word(self) -> str:
        """Slack's name for it, without the details."""
        return str(self).partition(" ")[0]

    @property
    def is_out_of_reach(self) -> bool:
        """Whether no message would get there: Slack has several words for a place that restricts who may post."""
        return self.word in OUT_OF_REACH or self.word.startswith("restricted_action")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended: `at` is the system's time in UTC, `seconds` how long it took, `outcome` "ok" or a word for why
    not."""

    at: datetime
    method: str
    outcome: str
    seconds: float


OUTCOMES: tuple[tuple[type[SlackProblem], str], ...] = (
    (RateLimited, "ratelimited"),
    (LockedOut, "locked_out"),
    (Unreachable, "unreachable"),
    (NoAnswer, "lost"),
    (Uncertain, "uncertain"),
    (Rejected, "rejected"),
)


class SlackClient:
    """Calls Slack with one bot token. Open it inside the running loop, and close it there.

    `on_answer` hears how each call ended.
    """

    def __init__(self, token: str, base_url: str, on_answer: Callable[[Answer], None] = lambda _: None) -> None:
        self._on_answer = on_answer
        self.last: Answer | None = None
        self.token = token
        self.base_url = base_url
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None
        self.scopes: str | None = None

    async def open(self) -> None:
        """Begin a session for all calls; one per call would cost a TLS handshake each."""
        self._client = None
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout)

    def new_client(self) -> AsyncWebClient:
        """A client of the SDK over the session that is open, for its caller alone to keep and to change."""
        return AsyncWebClient(self.token, self.base_url, session=self._session, retry_handlers=[])

    async def close(self) -> None:
        """Give the connections back."""
        self._client = None
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method; raises one of the kinds of `SlackProblem`."""
        began, outcome = time.monotonic(), "given up"
        try:
            answer = await self._call(method, arguments)
            outcome = "ok"
            return answer
        except SlackProblem as problem:
            problem.method = method
            outcome = next(word for kind, word in OUTCOMES if isinstance(problem, kind))
            raise
        finally:
            self.last = Answer(datetime.now(UTC), method, outcome, time.monotonic() - began)
            self._on_answer(self.last)

    async def _call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            if self._client is None:
                self._client = self.new_client()
            response = await self._client.api_call(method, **_body(arguments))
        except SlackApiError as error:
            raise sort(error) from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(f"Slack can't be reached ({type(error).__name__})") from error
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            raise NoAnswer(f"Slack's answer was lost ({type(error).__name__})") from error
        self.scopes = response.headers.get("x-oauth-scopes", self.scopes) if response.headers else self.scopes
        answer: dict[str, Any] = dict(response.data) if isinstance(response.data, dict) else {}
        return answer

    async def pages(
        self, method: str, listed: str, pages: int = MOST_PAGES, **arguments: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """What a reading method lists under this name, page after page; raises as `call` does.

        A list of more than so many pages is `Rejected`.
        """
        cursor: str | None = ""
        for _ in range(pages):
            found, cursor = await self.page(method, listed, cursor, **arguments)
            for one in found:
                yield one
            if cursor is None:
                return
        raise Rejected(f"{method} goes on for more than {pages} pages")

    async def page(
        self, method: str, listed: str, cursor: str | None = "", **arguments: Any
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of such a list, the first without a `cursor`, and where the next begins; None after the last."""
        whence = {"cursor": cursor} if cursor else {}
        answer = await self.call(method, **arguments, limit=PAGE, **whence)
        return answer.get(listed, []), (answer.get("response_metadata") or {}).get("next_cursor") or None

    async def respond(self, url: str, sentence: str) -> bool:
        """Answer through the `response_url` of a request, so that only its sender sees it; whether Slack took it.

        It works wherever the button was pressed, five times within half an hour.
        https://docs.slack.dev/interactivity/handling-user-interaction
        """
        if self._session is None:
            return False
        answer = {"text": sentence, "response_type": "ephemeral", "replace_original": False}
        try:
            async with self._session.post(url, json=answer) as response:
                return response.status == 200
        except (TimeoutError, aiohttp.ClientError, ValueError):
            return False


def _body(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as the SDK is to send them, never in the URL: proxies log those, and they hold addresses and names.

    Slack's reading methods take no JSON, and forms have no room for blocks.
    https://docs.slack.dev/apis/web-api/#post_bodies
    """
    if any(isinstance(value, (dict, list)) for value in arguments.values()):
        return {"json": arguments}
    # The SDK would send a truth in a form as the word `True`.
    return {"data": {name: int(value) if isinstance(value, bool) else value for name, value in arguments.items()}}


def sort(error: SlackApiError) -> SlackProblem:
    """What a refused call allows next: wait, try again, find out, or give up."""
    response: Any = error.response
    status = getattr(response, "status_code", 200)
    data = getattr(response, "data", response)
    word = data.get("error") if isinstance(data, dict) else None
    if status == 429 or word in RATE_LIMITED:
        return RateLimited(_patience(getattr(response, "headers", {})))
    if word in LOCKED_OUT:
        return LockedOut(str(word))
    if word in PASSING or status == 503:
        return Unreachable(str(word or f"HTTP {status}"))
    if not isinstance(word, str) or status >= 500:
        return NoAnswer(str(word or f"HTTP {status}"))
    if word in UNCERTAIN:
        return Uncertain(word)
    details = data.get("response_metadata", {}).get("messages") if isinstance(data, dict) else None
    needed = data.get("needed") if isinstance(data, dict) else None
    return Rejected(" ".join([word, *(details or []), *([f"(needs {needed})"] if needed else [])]))


def _patience(headers: Any) -> float:
    try:
        return max(1.0, float(headers.get("Retry-After") or headers.get("retry-after") or PATIENCE_SECONDS))
    except (TypeError, ValueError):
        return PATIENCE_SECONDS
