"""Slack's own ids of conversations: for reading them back, and for posting where a channel's name or a person's id is
not taken.

Opening somebody's conversation needs a scope that the manifest does not ask for (docs/slack-app.md).
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

from connectors.slack.client import MOST_PAGES, Rejected, SlackClient
from connectors.slack.directory import Directory
from storage import lanes

ASK_AGAIN_AFTER = timedelta(minutes=10)
"""How long Slack is not asked again for a conversation that it doesn't have."""
PAGES = 50


class Channels:
    """The ids that were looked up, by lane: a large workspace's channels take longer to list than one attempt may."""

    def __init__(self, slack: SlackClient, directory: Directory, now: Callable[[], datetime]) -> None:
        self._slack, self._directory, self._now = slack, directory, now
        self._found: dict[str, str] = {}
        self._missing: dict[str, tuple[datetime, str]] = {}

    def known(self, lane: str) -> str | None:
        """The id, if it was looked up before."""
        return self._found.get(lane)

    def forget(self, lane: str) -> None:
        """What was found is of no use."""
        self._found.pop(lane, None)

    async def find(self, lane: str) -> str:
        """The id of a conversation. Raises `SlackProblem`: `Rejected` when Slack has none, or won't say."""
        asked_at, answer = self._missing.get(lane, (None, ""))
        if asked_at is not None and self._now() - asked_at < ASK_AGAIN_AFTER:
            raise Rejected(answer)
        if lane not in self._found:
            try:
                self._found[lane] = await self._look_up(lane)
            except Rejected as problem:
                self._missing[lane] = (self._now(), str(problem))
                raise
        return self._found[lane]

    async def _look_up(self, lane: str) -> str:
        reader = lanes.reader(lane)
        if reader is not None:
            opened = await self._slack.call("conversations.open", users=await self._directory.slack_id(reader))
            return str(opened["channel"]["id"])
        name = lanes.channel(lane).removeprefix("#")
        async for channel in listed(self._slack, PAGES, exclude_archived=True):
            if name in (channel["id"], channel["name"]):
                return str(channel["id"])
        raise Rejected(f"{name} is not among the channels")


def listed(slack: SlackClient, pages: int = MOST_PAGES, **asked: Any) -> AsyncIterator[dict[str, Any]]:
    """The channels that the bot may see, page after page; raises as `SlackClient.pages` does."""
    return slack.pages("conversations.list", "channels", pages, types="public_channel,private_channel", **asked)
