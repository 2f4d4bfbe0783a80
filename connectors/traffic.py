"""How much may be said now: a pace for each conversation, one for all posts, and a quota of redrawings."""

from collections.abc import Callable
from datetime import datetime

from connectors.pace import Pace, Tempo, Window
from storage.outbox import Message


class Traffic:
    """What has been said lately, what is about to be, and where we were told to wait."""

    def __init__(self, now: Callable[[], datetime], tempo: Tempo) -> None:
        self._now = now
        self.lanes = Pace(now, tempo.conversation)
        self.posts = Pace(now, tempo.posts)
        self.updates = Window(now, tempo.updates)
        self._reserved: set[int] = set()
        self._refused: dict[str, datetime] = {}

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

    def spend(self, message: Message) -> None:
        """This message is being posted."""
        self.lanes.spend(message.lane)
        self.posts.spend()
        self.release(message)

    def refused(self, lane: str, seconds: float) -> None:
        """A post was refused for so long, which does not say whose limit it met.

        One conversation is held alone; when a second one is refused while the first is held, it is the workspace's.
        """
        now = self._now()
        self._refused = {other: until for other, until in self._refused.items() if until > now}
        if self._refused.keys() - {lane}:
            self.posts.hold(seconds)
        self.lanes.hold(seconds, lane)
        self._refused[lane] = self.lanes.free_at(lane)
