"""Emptying the outbox: claim what is due, send it, write down what became of it.

At least once to the outside, once to the eye. A row is leased before it is sent and finished after, each in a
transaction of its own, because nothing may wait for the network inside one. A lost answer leaves the row `unknown`.
Conversations keep their order, since only the oldest unfinished row of each is ever leased.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from connectors.pace import Pace
from connectors.slack.client import RateLimited, Rejected, SlackClient, SlackProblem, Uncertain
from connectors.slack.directory import Directory
from connectors.slack.drawing import Drawn, Post, Redraw, draw
from connectors.slack.markup import Content
from leads.office import Office
from sla_engine.policy import Policy
from storage import outbox
from storage.database import Transaction
from storage.outbox import Message

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
AT_ONCE = 20
REMEMBERED = 5_000
"""How many cards' looks are remembered, so that a redraw that changes nothing costs no chat.update."""
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=2), timedelta(minutes=5)
UNKNOWN_DELAY = timedelta(seconds=30)
POSTING_DELAY = timedelta(seconds=1)
A_SECOND = timedelta(seconds=1)
UPDATES_EVERY, UPDATES_BURST = timedelta(seconds=1.25), 5
"""chat.update is allowed 50 times a minute (tier 3)."""
POSTS_EVERY, POSTS_BURST = timedelta(milliseconds=200), 20
"""A workspace takes several hundred posts a minute from one app; 300 is the prudent reading."""


class Delivery:
    """Sends what the outbox holds, at the pace Slack allows."""

    def __init__(
        self,
        office: Office,
        slack: SlackClient,
        directory: Directory,
        policy: Callable[[], Policy],
        now: Callable[[], datetime],
    ) -> None:
        self._office, self._slack, self._directory = office, slack, directory
        self._policy, self._now = policy, now
        self._lease = secrets.token_hex(8)
        self._lanes = Pace(now, A_SECOND)
        self._posts = Pace(now, POSTS_EVERY, POSTS_BURST)
        self._methods = Pace(now, UPDATES_EVERY, UPDATES_BURST)
        self._shown: dict[tuple[str, str], Content] = {}

    async def deliver_due(self) -> int:
        """One pass: send the oldest due message of every conversation that may be written to; returns how many."""
        if not self._posts.is_free():
            return 0
        now = self._now()
        messages = await self._office.run(outbox.claim, now, self._lease, now + LEASE, AT_ONCE, [*self._lanes.held()])
        await asyncio.gather(*(self._deliver(message) for message in messages))
        return len(messages)

    def next_free(self) -> datetime | None:
        """When a conversation that is held back may be written to again."""
        held = [self._lanes.next_free(), None if self._posts.is_free() else self._posts.free_at()]
        return min((instant for instant in held if instant is not None), default=None)

    async def _deliver(self, message: Message) -> None:
        try:
            drawn = await self._office.read(draw, message, self._policy(), self._now())
            outcome = await self._send(message, drawn)
        except RateLimited as limit:
            self._lanes.hold(limit.seconds, message.lane)
            await self._office.run(outbox.give_back, message.id, self._now() + timedelta(seconds=limit.seconds))
        except Rejected as refusal:
            log.error("message %s of lead %s can't be delivered: %s", message.id, message.lead_id, refusal)
            await self._office.run(self._park, message, str(refusal))
        except SlackProblem as trouble:
            await self._put_off(message, trouble)
        except Exception as error:
            log.exception("message %s of lead %s failed and is tried again later", message.id, message.lead_id)
            await self._put_off(message, error)
        else:
            await self._office.run(outbox.finish, message.id, self._now(), **outcome)

    async def _send(self, message: Message, drawn: Drawn) -> dict[str, Any]:
        if isinstance(drawn, Post):
            return await self._post(message, drawn)
        if isinstance(drawn, Redraw):
            return await self._redraw(drawn)
        return {"state": outbox.DROPPED}

    async def _post(self, message: Message, post: Post) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "channel": await self._address(message.lane),
            "text": post.content.text,
            "blocks": post.content.blocks,
            "unfurl_links": False,
            "unfurl_media": False,
            # Anyone in the workspace can read metadata: ids only.
            "metadata": {"event_type": "handoff_message", "event_payload": {"message": message.id}},
        }
        if post.thread_ts:
            arguments |= {"thread_ts": post.thread_ts, "reply_broadcast": post.broadcast}
        self._lanes.spend(message.lane)
        self._posts.spend()
        answer = await self._slack.call("chat.postMessage", **arguments)
        return {"state": outbox.SENT, "channel": answer.get("channel"), "ts": answer.get("ts")}

    async def _redraw(self, redraw: Redraw) -> dict[str, Any]:
        for channel, ts, content in redraw.cards:
            if self._shown.get((channel, ts)) == content:
                continue
            if not self._methods.is_free():
                raise RateLimited(max(0.0, (self._methods.free_at() - self._now()).total_seconds()))
            self._methods.spend()
            await self._update(channel, ts, content)
        if redraw.posting:
            raise RateLimited(POSTING_DELAY.total_seconds())
        return {"state": outbox.SENT}

    async def _update(self, channel: str, ts: str, content: Content) -> None:
        try:
            await self._slack.call("chat.update", channel=channel, ts=ts, text=content.text, blocks=content.blocks)
        except RateLimited as limit:
            self._methods.hold(limit.seconds)
            raise
        except Rejected as refusal:
            # Somebody deleted this card, or it is too old to edit; the others are still worth drawing.
            log.warning("a card in %s can't be drawn again: %s", channel, refusal)
        if len(self._shown) >= REMEMBERED:
            self._shown.clear()
        self._shown[channel, ts] = content

    async def _address(self, lane: str) -> str:
        kind, _, name = lane.partition(":")
        return await self._directory.account(name) if kind == "person" else name

    async def _put_off(self, message: Message, trouble: Exception) -> None:
        delay = min(FIRST_DELAY * 2 ** min(message.attempts, 16), LONGEST_DELAY)
        # Full jitter would bunch at zero; a quarter either way is enough to keep replicas apart.
        delay *= secrets.SystemRandom().uniform(0.75, 1.25)
        unknown = isinstance(trouble, Uncertain)
        state = outbox.UNKNOWN if unknown else outbox.PENDING
        due = self._now() + (max(delay, UNKNOWN_DELAY) if unknown else delay)
        await self._office.run(outbox.retry, message.id, due, str(trouble), state=state)

    def _park(self, tx: Transaction, message: Message, problem: str) -> None:
        outbox.finish(tx, message.id, self._now(), outbox.PARKED, problem=problem)
        self._office.desk.undeliverable(tx, message, problem)
