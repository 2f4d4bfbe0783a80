"""Finding out whether a message arrived whose answer was lost: every post carries its row's number, in the conversation
it can be read back.

Reading needs scopes that the manifest does not ask for (docs/slack-app.md); without them nothing is read.
https://docs.slack.dev/messaging/message-metadata
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from connectors.slack.client import Rejected, SlackClient
from connectors.slack.directory import Directory
from leads.office import Office
from storage import lanes, outbox
from storage.outbox import Message

EVENT = "handoff_message"
SKEW = timedelta(minutes=2)
"""How far Slack's clock may be behind ours."""
PAGES, CHANNEL_PAGES = 5, 50


class Unreadable(Exception):
    """The bot may not read this conversation, or can't find it."""


def metadata(message: Message) -> dict[str, Any]:
    """What a post carries. Anyone in the workspace can read it: ids only."""
    told = {"message": message.id, "kind": message.kind, "lead": message.lead_id or ""}
    return {"event_type": EVENT, "event_payload": told}


class History:
    """Reads conversations back."""

    def __init__(self, slack: SlackClient, directory: Directory, office: Office) -> None:
        self._slack, self._directory, self._office = slack, directory, office
        self._channels: dict[str, str] = {}
        """By lane: a large workspace's channels take longer to list than one attempt may."""

    async def find(self, message: Message, thread_ts: str | None) -> tuple[str, str] | None:
        """Channel and ts of the message, if it stands there; raises `Unreadable`, and `SlackProblem` but `Rejected`."""
        if message.tried_at is None:
            return None
        wanted = metadata(message)
        since = str((message.tried_at - SKEW).timestamp())
        try:
            channel = await self._channel(message)
            async for one in self._messages(channel, since, thread_ts):
                if one.get("metadata") == wanted:
                    return channel, str(one["ts"])
        except Rejected as refusal:
            self._channels.pop(message.lane, None)
            raise Unreadable(str(refusal)) from refusal
        return None

    async def _channel(self, message: Message) -> str:
        known = await self._office.read(outbox.channel_of, message)
        if known is not None:
            return known
        if message.lane not in self._channels:
            self._channels[message.lane] = await self._look_up(message.lane)
        return self._channels[message.lane]

    async def _look_up(self, lane: str) -> str:
        reader = lanes.reader(lane)
        if reader is None:
            return await self._named(lanes.channel(lane).removeprefix("#"))
        opened = await self._slack.call("conversations.open", users=await self._directory.slack_id(reader))
        return str(opened["channel"]["id"])

    async def _named(self, name: str) -> str:
        asked = {"types": "public_channel,private_channel", "exclude_archived": True}
        async for channel in self._slack.pages("conversations.list", "channels", CHANNEL_PAGES, **asked):
            if name in (channel["id"], channel["name"]):
                return str(channel["id"])
        raise Unreadable(f"{name} is not among the channels")

    async def _messages(self, channel: str, since: str, thread_ts: str | None) -> AsyncIterator[dict[str, Any]]:
        asked = {"channel": channel, "oldest": since, "include_all_metadata": True}
        if thread_ts:
            async for reply in self._slack.pages("conversations.replies", "messages", PAGES, **asked, ts=thread_ts):
                yield reply
        async for message in self._slack.pages("conversations.history", "messages", PAGES, **asked):
            yield message
