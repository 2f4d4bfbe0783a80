"""Saying it in Slack: posting a message, drawing cards again, each within its pace."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from connectors.pace import Pace, Tempo, Window
from connectors.slack.channels import Channels
from connectors.slack.client import RateLimited, Rejected, SlackClient
from connectors.slack.directory import Directory
from connectors.slack.drawing import Post, Redraw
from connectors.slack.markup import Content
from connectors.slack.reconciliation import metadata
from storage import lanes
from storage.outbox import Message

POST, UPDATE = "chat.postMessage", "chat.update"
REMEMBERED = 20_000
"""How many cards' looks are remembered, so that a redraw that changes nothing costs no chat.update."""
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "channel_not_found"})
"""Somebody deleted this card, or it is too old to edit; the others are still worth drawing."""
NO_THREAD = frozenset({"cannot_reply_to_message", "thread_not_found", "message_not_found"})
"""Somebody deleted the card that a message belongs under: it is told all the same."""
NOT_THERE = "channel_not_found"


class Posting:
    """Posts and updates, and what Slack has said about how fast."""

    def __init__(
        self,
        slack: SlackClient,
        directory: Directory,
        channels: Channels,
        now: Callable[[], datetime],
        tempo: Tempo,
    ) -> None:
        self._slack, self._directory, self._channels, self._now = slack, directory, channels, now
        self.lanes = Pace(now, tempo.conversation)
        self.posts = Pace(now, tempo.posts)
        self.updates = Window(now, tempo.updates)
        self._reserved: set[int] = set()
        self._limited: dict[str, datetime] = {}
        self._shown: dict[tuple[str, str], bytes] = {}
        self._gone: set[tuple[str, str]] = set()

    @property
    def paces(self) -> tuple[Pace | Window, ...]:
        """All that may have to be waited for."""
        return self.lanes, self.posts, self.updates

    def room(self) -> int:
        """How many more messages may be posted now, beside those that are about to be."""
        return max(0, self.posts.room() - len(self._reserved))

    def reserve(self, message: Message) -> None:
        """This message is about to be posted."""
        self._reserved.add(message.id)

    def release(self, message: Message) -> None:
        """This message has been posted, or will not be."""
        self._reserved.discard(message.id)

    async def post(self, message: Message, post: Post, address: str) -> tuple[str, str]:
        """Post a message where `address` has it; returns Slack's channel and ts. Raises `SlackProblem`."""
        arguments: dict[str, Any] = {
            "channel": address,
            "text": post.content.text,
            "blocks": post.content.blocks,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": metadata(message),
        }
        if post.thread_ts and (message.lane, post.thread_ts) not in self._gone:
            arguments |= {"thread_ts": post.thread_ts, "reply_broadcast": post.broadcast}
        self.lanes.spend(message.lane)
        self.posts.spend()
        self.release(message)
        answer = await self._slack.call(POST, **arguments)
        place = str(answer.get("channel")), str(answer.get("ts"))
        if message.kind == "card":
            self._remember(place, post.content)
        return place

    async def redraw(self, redraw: Redraw) -> bool:
        """Draw the cards that look different now; False when the pace allows no more for now. Raises `SlackProblem`."""
        for channel, ts, content in redraw.cards:
            if self._shown.get((channel, ts)) == _look(content):
                continue
            if not self.updates.room():
                return False
            try:
                with self.updates.call():
                    await self._slack.call(UPDATE, channel=channel, ts=ts, text=content.text, blocks=content.blocks)
            except Rejected as refusal:
                if refusal.word not in GONE:
                    raise
            self._remember((channel, ts), content)
        return True

    async def address(self, lane: str) -> str:
        """What Slack calls a conversation. Raises `SlackProblem`."""
        reader = lanes.reader(lane)
        if (found := self._channels.known(lane)) is not None:
            return found
        return lanes.channel(lane) if reader is None else await self._directory.slack_id(reader)

    async def knows_better(self, message: Message, post: Post, refusal: Rejected) -> bool:
        """Whether a refused message, of which nothing stands in Slack, is now worth another try at once: without the
        thread that is gone, or by the id of a conversation whose name, or whose reader's id, was not taken.

        Raises `SlackProblem` when that can't be found out now.
        """
        lane, thread = message.lane, (message.lane, post.thread_ts or "")
        if refusal.word in NO_THREAD and post.thread_ts and thread not in self._gone:
            self._gone.add(thread)
            return True
        is_found = self._channels.known(lane) is not None
        if refusal.word != NOT_THERE or is_found or not (lanes.reader(lane) or lanes.channel(lane).startswith("#")):
            return False
        try:
            await self._channels.find(lane)
        except Rejected:
            return False
        return True

    def forget(self, lane: str) -> None:
        """Slack would not take a message for this conversation: the next one looks for it anew."""
        self._channels.forget(lane)
        if (reader := lanes.reader(lane)) is not None:
            self._directory.forget(reader)

    def limited(self, limit: RateLimited, lane: str) -> bool:
        """Slack wants us to wait: with updates, with this conversation, or with all posts; False for another method.

        A refused post does not say whose limit it met. One conversation is held alone; when a second one is refused
        while the first is held, it is the workspace's.
        """
        if limit.method == UPDATE:
            self.updates.hold(limit.seconds)
            return True
        if limit.method != POST:
            return False
        now = self._now()
        self._limited = {other: until for other, until in self._limited.items() if until > now}
        if self._limited.keys() - {lane}:
            self.posts.hold(limit.seconds)
        self.lanes.hold(limit.seconds, lane)
        self._limited[lane] = self.lanes.free_at(lane)
        return True

    def _remember(self, place: tuple[str, str], content: Content) -> None:
        if len(self._shown) >= REMEMBERED:
            self._shown.clear()
        self._shown[place] = _look(content)


def _look(content: Content) -> bytes:
    return hashlib.blake2b(repr(content).encode(errors="replace"), digest_size=16).digest()
