"""Saying it in Slack: posting a message, drawing cards again, and where each conversation is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from connectors.memory import Memory
from connectors.pace import Tempo
from connectors.slack.channels import Channels
from connectors.slack.client import RateLimited, Rejected, SlackClient
from connectors.slack.directory import Directory
from connectors.slack.drawing import Post, Redraw
from connectors.slack.looks import Looks
from connectors.slack.reconciliation import metadata
from connectors.traffic import Traffic
from storage import lanes
from storage.outbox import Message

POST, UPDATE = "chat.postMessage", "chat.update"
REMEMBERED = 20_000
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "channel_not_found"})
"""Somebody deleted this card, or it is too old to edit; the others are still worth drawing."""
NO_THREAD = frozenset({"cannot_reply_to_message", "thread_not_found", "message_not_found"})
"""Somebody deleted the card that a message belongs under: it is told all the same."""
NOT_THERE = "channel_not_found"


class Posting(Traffic):
    """Posts and updates, as far as the traffic allows."""

    def __init__(
        self,
        slack: SlackClient,
        directory: Directory,
        channels: Channels,
        now: Callable[[], datetime],
        tempo: Tempo,
    ) -> None:
        super().__init__(now, tempo)
        self._slack, self._directory, self._channels = slack, directory, channels
        self._looks = Looks(is_alone=directory.office.is_alone)
        self._threads_gone: Memory[tuple[str, str], bool] = Memory(REMEMBERED)

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
        if post.thread_ts and (message.lane, post.thread_ts) not in self._threads_gone:
            arguments |= {"thread_ts": post.thread_ts, "reply_broadcast": post.broadcast}
        self.spend(message)
        answer = await self._slack.call(POST, **arguments)
        place = str(answer.get("channel")), str(answer.get("ts"))
        if message.kind == "card":
            self._looks.remember(place, post.content, message.id)
        return place

    async def redraw(self, message: Message, redraw: Redraw) -> bool:
        """Draw the cards that look different now, as a message asks; False when the pace allows no more.

        Raises `SlackProblem`.
        """
        for channel, ts, content in redraw.cards:
            if self._looks.is_shown((channel, ts), content, message.id):
                continue
            if not self.updates.room():
                return False
            # If the answer is lost, it may look either way.
            self._looks.forget((channel, ts))
            try:
                with self.updates.call():
                    await self._slack.call(UPDATE, channel=channel, ts=ts, text=content.text, blocks=content.blocks)
            except Rejected as refusal:
                if refusal.word not in GONE:
                    raise
            self._looks.remember((channel, ts), content, message.id)
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
        if refusal.word in NO_THREAD and post.thread_ts and thread not in self._threads_gone:
            self._threads_gone[thread] = True
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

    def limited(self, limit: RateLimited, lane: str) -> None:
        """Slack wants us to wait: with updates, or with posts, this one's at least."""
        if limit.method == UPDATE:
            self.updates.hold(limit.seconds)
        elif limit.method == POST:
            self.refused(lane, limit.seconds)
