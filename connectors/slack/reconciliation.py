"""Finding out whether a message arrived whose answer was lost: every post carries its row's number, in the conversation
it can be read back.

Reading needs scopes that the manifest does not ask for (docs/slack-app.md); without them nothing is read.
https://docs.slack.dev/messaging/message-metadata
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from connectors.slack.channels import Channels
from connectors.slack.client import Rejected, SlackClient
from leads.office import Office
from storage import outbox
from storage.outbox import Message

EVENT = "handoff_message"
SKEW = timedelta(minutes=2)
"""How far Slack's clock may be behind ours."""
PAGES = 5


class Unreadable(Exception):
    """The bot may not read this conversation, or can't find it."""


def metadata(message: Message) -> dict[str, Any]:
    """What a post carries. Anyone in the workspace can read it: ids only."""
    told = {"message": message.id, "kind": message.kind, "lead": message.lead_id or ""}
    return {"event_type": EVENT, "event_payload": told}


class History:
    """Reads conversations back."""

    def __init__(self, slack: SlackClient, channels: Channels, office: Office) -> None:
        self._slack, self._channels, self._office = slack, channels, office

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
            self._channels.forget(message.lane)
            raise Unreadable(str(refusal)) from refusal
        return None

    async def _channel(self, message: Message) -> str:
        known = await self._office.read(outbox.channel_of, message)
        return known if known is not None else await self._channels.find(message.lane)

    async def _messages(self, channel: str, since: str, thread_ts: str | None) -> AsyncIterator[dict[str, Any]]:
        asked = {"channel": channel, "oldest": since, "include_all_metadata": True}
        if thread_ts:
            async for reply in self._slack.pages("conversations.replies", "messages", PAGES, **asked, ts=thread_ts):
                yield reply
        async for message in self._slack.pages("conversations.history", "messages", PAGES, **asked):
            yield message
