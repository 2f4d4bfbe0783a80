"""Slack's own ids of conversations: for reading them back, and for posting where a channel's name or a person's id is
not taken.

Opening somebody's conversation needs a scope that the manifest does not ask for (docs/slack-app.md).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.memory import Memory
from connectors.slack.client import MOST_PAGES, RateLimited, Rejected, SlackClient
from connectors.slack.directory import Directory
from storage import lanes

ASK_AGAIN_AFTER = timedelta(minutes=10)
"""How long Slack is not asked again for a conversation that it doesn't have."""
PAGES, REFUSALS = 50, 20
"""After so many pages of channels, or so many times that Slack would have us wait for one, a name counts as nowhere:
its messages are better told another way than never."""
REMEMBERED = 10_000
LIST, KINDS = "conversations.list", "public_channel,private_channel"


@dataclass(slots=True)
class Listing:
    """The channels' ids by name, as far as they have been read; `cursor` is where to go on, None at the end.

    It outlives the attempt that began it: a large workspace has more pages than Slack gives out in a minute. Before
    `free_at` Slack wants to hear nothing of it; long after, what was read is old.
    """

    free_at: datetime
    ids: dict[str, str] = field(default_factory=dict)
    cursor: str | None = ""
    pages: int = 0
    refusals: int = 0

    def begin_again(self) -> None:
        """Slack does not know the cursor any more."""
        self.ids, self.cursor, self.pages, self.refusals = {}, "", 0, self.refusals + 1


class Channels:
    """The ids that were looked up, by lane: a large workspace's channels take longer to list than one attempt may."""

    def __init__(self, slack: SlackClient, directory: Directory, now: Callable[[], datetime]) -> None:
        self._slack, self._directory, self._now = slack, directory, now
        self._found: Memory[str, str] = Memory(REMEMBERED)
        self._missing: Memory[str, tuple[datetime, str]] = Memory(REMEMBERED)
        self._listing: Listing | None = None
        self._reading = asyncio.Lock()

    def known(self, lane: str) -> str | None:
        """The id, if it was looked up before."""
        return self._found.get(lane)

    def forget(self, lane: str) -> None:
        """What was found is of no use."""
        if self._found.pop(lane, None) is not None:
            self._listing = None

    async def find(self, lane: str) -> str:
        """The id of a conversation. Raises `SlackProblem`: `Rejected` when Slack has none, or won't say."""
        asked_at, answer = self._missing.get(lane, (None, ""))
        if asked_at is not None and self._now() - asked_at < ASK_AGAIN_AFTER:
            raise Rejected(answer)
        if (found := self._found.get(lane)) is not None:
            return found
        try:
            found = await self._look_up(lane)
        except Rejected as problem:
            self._missing[lane] = (self._now(), str(problem))
            raise
        self._found[lane] = found
        return found

    async def _look_up(self, lane: str) -> str:
        reader = lanes.reader(lane)
        if reader is not None:
            opened = await self._slack.call("conversations.open", users=await self._directory.slack_id(reader))
            return str(opened["channel"]["id"])
        name = lanes.channel(lane).removeprefix("#")
        # One reads and the others wait: they look for other names in the same pages.
        async with self._reading:
            return await self._in_listing(name)

    async def _in_listing(self, name: str) -> str:
        listing = self._listing
        if listing is None or self._now() - listing.free_at >= ASK_AGAIN_AFTER:
            listing = self._listing = Listing(self._now())
        try:
            while name not in listing.ids:
                if listing.cursor is None:
                    raise Rejected(f"{name} is not among the channels")
                await self._read_on(listing, listing.cursor)
        except Rejected:
            if listing.cursor is not None:
                self._listing = None
            raise
        return listing.ids[name]

    async def _read_on(self, listing: Listing, cursor: str) -> None:
        """One page more. Raises `SlackProblem`: what was read before stays, to go on from later."""
        if listing.pages >= PAGES or listing.refusals >= REFUSALS:
            raise Rejected(f"{LIST} takes too long")
        if (wait := (listing.free_at - self._now()).total_seconds()) > 0:
            raise RateLimited(wait)
        try:
            channels, following = await self._slack.page(LIST, "channels", cursor, types=KINDS, exclude_archived=True)
        except RateLimited as limit:
            listing.refusals, listing.free_at = listing.refusals + 1, self._now() + timedelta(seconds=limit.seconds)
            raise
        except Rejected as refusal:
            if refusal.word != "invalid_cursor":
                raise
            listing.begin_again()
            return
        listing.pages, listing.cursor, listing.free_at = listing.pages + 1, following, self._now()
        for channel in channels:
            listing.ids |= {one: str(channel["id"]) for one in (channel["name"], channel["id"])}


def listed(slack: SlackClient, pages: int = MOST_PAGES, **asked: Any) -> AsyncIterator[dict[str, Any]]:
    """The channels that the bot may see, page after page; raises as `SlackClient.pages` does."""
    return slack.pages(LIST, "channels", pages, types=KINDS, **asked)
