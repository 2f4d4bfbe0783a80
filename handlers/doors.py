"""What every handler of Slack's requests is given, and the way to answer one person privately."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncAck

from connectors.slack.client import Rejected, SlackClient, SlackProblem
from connectors.slack.directory import Directory
from connectors.slack.markup import escape
from leads.office import Office
from sla_engine.policy import Policy
from sla_engine.refusals import Refused, UnknownPerson
from storage.errors import StoreError
from storage.transaction import Transaction

T = TypeVar("T")
log = logging.getLogger(__name__)
TOO_LATE = "Slack closed the form before it could open: press the button again."
NOT_ACCEPTED = "Slack did not accept this form. The log has the details."
UNANSWERED = "Slack did not answer Handoff just now. Try again in a moment."
NOT_CHOSEN = "Choose one of these."
AWAY = "Handoff can't reach its database just now: nothing was changed. Try again in a moment."
BROKEN = "Something went wrong on Handoff's side: nothing was changed. The log has the details."
DONE_BEFORE = "This was done already: Slack sent the request twice."
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doors:
    """The office, Slack, who is who, the policy in force and the time."""

    office: Office
    slack: SlackClient
    directory: Directory
    policy: Callable[[], Policy]
    now: Callable[[], datetime]
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    async def actor(self, body: Body) -> str:
        """The e-mail of whoever pressed or typed. Raises `UnknownPerson`."""
        email = await self.directory.email(user_of(body))
        if email is None:
            raise UnknownPerson
        return email

    async def act(self, body: Body, verb: Callable[[Transaction], T], *, numbered: bool = False) -> T | None:
        """Do what a request asks for, once, however often Slack delivers it; None when it was done before.

        A request that is `numbered` by us is done once for ever. Of others only what says the same as the person's
        last one is a repeat: who goes away, comes back and goes away again means it, whether or not an id of Slack's
        tells the two apart. Raises what the verb raises.
        """
        request = sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        person = "" if numbered else user_of(body)
        return await self.office.run(self.office.desk.once, person, request, verb)

    def whisper(self, body: Body, sentence: str) -> None:
        """Tell the person who pressed something a sentence that nobody else sees, after Slack has its answer.

        The sentence is as it is to be read: what a stranger called themselves in it becomes no link and calls nobody.
        """
        self.later(self._whisper(body, sentence))

    def later(self, task: Coroutine[Any, Any, None]) -> None:
        """Do something once the request is answered; the loop alone would not keep it alive."""
        running = asyncio.create_task(task)
        self._running.add(running)
        running.add_done_callback(self._is_through)

    def _is_through(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, StoreError):
            log.warning("what was put off until after an answer was not done: %s", error)
        elif error is not None:
            log.error("what was put off until after an answer failed", exc_info=error)

    async def finish(self, within: float | None = None) -> None:
        """Wait for what was put off until after an answer; what is left after so many seconds is given up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._running:
                    await asyncio.wait(list(self._running))
        for task in self._running:
            task.cancel()

    async def _whisper(self, body: Body, sentence: str) -> None:
        channel, user = body.get("channel", {}).get("id"), user_of(body)
        text = escape(sentence)
        if (url := body.get("response_url")) and await self.slack.respond(url, text):
            return
        try:
            if channel and await self._is_heard(channel, user, text):
                return
            await self.slack.call("chat.postMessage", channel=user, text=text)
        except SlackProblem as problem:
            log.warning("a private answer was not delivered: %s", problem)

    async def _is_heard(self, channel: str, user: str, text: str) -> bool:
        """Whether Slack took it as a whisper: it doesn't where the bot or the person is no member of the channel."""
        try:
            await self.slack.call("chat.postEphemeral", channel=channel, user=user, text=text)
        except Rejected:
            return False
        return True


def user_of(body: Body) -> str:
    """The Slack id of whoever pressed or typed: commands name it in another place than buttons and forms."""
    return str(body.get("user_id") or body["user"]["id"])


async def close_form(ack: AsyncAck, errors: dict[str, str]) -> None:
    """Close a form that was sent, or leave it open with what is wrong, by block."""
    if errors:
        await ack(response_action="errors", errors=errors)
    else:
        await ack()


def sentence_of(error: Exception) -> str:
    """What a person is told of an error."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, StoreError):
        return AWAY
    if isinstance(error, SlackProblem):
        log.warning("Slack did not do what somebody's request asked of it: %s", error, extra={"method": error.method})
        if not isinstance(error, Rejected):
            return UNANSWERED
        return TOO_LATE if "trigger" in str(error) else NOT_ACCEPTED
    log.error("a request from Slack failed", exc_info=error)
    return BROKEN
