"""Bringing something to the bot: over signed HTTP or, when it has connected, over its websocket."""

import json
import time
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from sandbox.model import Json

# Real seconds: https://docs.slack.dev/interactivity/handling-user-interaction
PATIENCE = 3.0


@dataclass(frozen=True)
class Delivery:
    """`kind` is Socket Mode's word for it: `interactive`, `slash_commands` or `events_api`."""

    kind: str
    payload: Json


@dataclass(frozen=True)
class Answer:
    """A good answer: `content` is what its body says, an empty dict for nothing."""

    content: Json = field(default_factory=dict)


class Silence(Exception):
    """No good answer. `word` is Slack's for it, `reason` is for x-slack-retry-reason."""

    def __init__(self, word: str, reason: str, detail: str, final: bool = False) -> None:
        super().__init__(f"{word}: {detail}")
        self.word = word
        self.reason = reason
        self.final = final


class Line(Protocol):
    """A way to the bot. `attempt` counts redeliveries from 0, `reason` says why there is another."""

    async def tell(self, delivery: Delivery, attempt: int, reason: str, patience: float) -> Answer: ...


class Post:
    """The HTTP line: everything goes to one request URL, signed with the wall clock."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self._url = url
        self._verifier = SignatureVerifier(signing_secret)

    async def tell(self, delivery: Delivery, attempt: int, reason: str, patience: float) -> Answer:
        body, kind = encoded(delivery)
        headers = {"content-type": kind, "user-agent": "Slackbot 1.0 (sandbox)", **self._signed(body)}
        if attempt:
            headers |= {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason}
        timeout = aiohttp.ClientTimeout(total=patience)
        try:
            # A session per delivery: people act seldom, and each may do so from an event loop of their own.
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self._url, data=body.encode(), headers=headers) as response,
            ):
                return await _read(response)
        except TimeoutError:
            word = f"the bot did not answer within {patience:g} s"
            raise Silence("operation_timeout", "http_timeout", word) from None
        except aiohttp.ClientError as error:
            raise Silence("dispatch_failed", "connection_failed", f"no connection to the bot ({error})") from None

    def _signed(self, body: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signature = self._verifier.generate_signature(timestamp=timestamp, body=body)
        return {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature or ""}


def encoded(delivery: Delivery) -> tuple[str, str]:
    """The body and its content type, as the three kinds travel over HTTP."""
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), "application/json"
    form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


async def _read(response: aiohttp.ClientResponse) -> Answer:
    text = await response.text()
    if response.status != 200:
        final = response.headers.get("x-slack-no-retry") == "1"
        detail = f"the bot answered with HTTP {response.status}"
        raise Silence("dispatch_failed", "http_error", detail, final)
    if not text.strip():
        return Answer()
    if response.content_type == "application/json":
        return Answer(_as_object(text))
    return Answer({"text": text})


def _as_object(text: str) -> Json:
    try:
        content: Any = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Silence("dispatch_failed", "http_error", f"the bot's answer is not a JSON object: {text[:80]}")
    return content


class Deliveries:
    """Chooses the line and remembers what went out, so that it can go out again."""

    def __init__(self, sockets: "SocketLine", patience: float = PATIENCE) -> None:
        self._sockets = sockets
        self.patience = patience
        self.post: Post | None = None
        self.sent: list[Delivery] = []

    @property
    def connected(self) -> bool:
        return self.post is not None or self._sockets.connected

    async def deliver(self, delivery: Delivery) -> Answer:
        """Raises Silence. An event gets Slack's first, immediate retry; people's doings get none."""
        self.sent.append(delivery)
        del self.sent[:-1000]
        try:
            return await self.tell(delivery)
        except Silence as silence:
            if delivery.kind != "events_api" or silence.final:
                raise
            return await self.tell(delivery, 1, silence.reason)

    async def tell(self, delivery: Delivery, attempt: int = 0, reason: str = "") -> Answer:
        """Once. With Socket Mode on, Slack no longer uses the request URL."""
        line: Line | None = self._sockets if self._sockets.connected else self.post
        if line is None:
            raise Silence("dispatch_failed", "connection_failed", "no bot is connected to this workspace")
        return await line.tell(delivery, attempt, reason, self.patience)


class SocketLine(Line, Protocol):
    @property
    def connected(self) -> bool: ...


async def verify_url(post: Post) -> bool:
    """Slack's url_verification: whether the bot gives the challenge back."""
    challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
    payload = {"token": "sandbox-verification", "challenge": challenge, "type": "url_verification"}
    answer = await post.tell(Delivery("events_api", payload), 0, "", PATIENCE)
    return challenge in (answer.content.get("challenge"), answer.content.get("text"))
