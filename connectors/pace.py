"""Keeping to a pace: so many a second, with a small burst, or so many in any minute; and waiting for a partner who is
away.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTHING = timedelta(0)
CHANCE = random.SystemRandom()
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(seconds=30)


def scattered(wait: timedelta) -> timedelta:
    """A wait up to a quarter shorter or longer, so that several processes don't come back in step.

    Full jitter would bunch at zero.
    """
    return wait * CHANCE.uniform(0.75, 1.25)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be sent: steadily one every `every`, and `burst` at once. Within any span w it is w / every + burst."""

    every: timedelta
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Quota:
    """What may be called: `number` times in any span of this length, all at once if need be."""

    number: int
    span: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tempo:
    """Slack's limits (https://docs.slack.dev/apis/web-api/rate-limits), each kept with what a slow network needs.

    A conversation takes a message a second and "short bursts" without a number: two at once is a lead's card with the
    note that comes with it. `chat.update` is tier 3, 50 a minute, whenever in it: people who press buttons in the same
    moment all see their cards change. A workspace takes "several hundred" posts a minute from one app, read as 300: 290
    and eight at once.
    """

    conversation: Allowance = Allowance(timedelta(seconds=1), 2)
    updates: Quota = Quota(46)
    posts: Allowance = Allowance(timedelta(minutes=1) / 290, 8)


class Pace:
    """One allowance per key.

    The generic cell rate algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
    """

    def __init__(self, now: Callable[[], datetime], allowance: Allowance) -> None:
        self._now = now
        self._every = allowance.every
        self._ahead = allowance.every * (allowance.burst - 1)
        self._arrivals: dict[str, datetime] = {}
        self._latest = now()

    def _instant(self) -> datetime:
        """The present; where the clock was set back, what was spent by the old one is no measure any more."""
        now = self._now()
        if now < self._latest - self._every:
            self._arrivals.clear()
        self._latest = now
        return now

    def free_at(self, key: str = "") -> datetime:
        """When the next call under this key may be made; not later than now if it may be made now."""
        return self._arrivals.get(key, self._instant()) - self._ahead

    def wait(self, key: str = "") -> timedelta:
        """How long until a call under this key may be made; zero if it may be made now."""
        return max(self.free_at(key) - self._instant(), NOTHING)

    def room(self, key: str = "") -> int:
        """How many calls under this key may be made now."""
        now = self._instant()
        return max(0, (now + self._ahead - max(self._arrivals.get(key, now), now)) // self._every + 1)

    def spend(self, key: str = "") -> None:
        """A call is made now."""
        now = self._instant()
        self._arrivals[key] = max(self._arrivals.get(key, now), now) + self._every

    def hold(self, seconds: float, key: str = "") -> None:
        """Somebody told us to wait."""
        until = self._instant() + timedelta(seconds=seconds)
        self._arrivals[key] = max(self._arrivals.get(key, until), until + self._ahead)

    def held(self) -> list[str]:
        """The keys under which no call may be made now; what has long been free is forgotten."""
        now = self._instant()
        self._arrivals = {key: at for key, at in self._arrivals.items() if at > now}
        return [key for key in self._arrivals if self.free_at(key) > now]

    def next_free(self) -> datetime | None:
        """When the first of the held keys is free."""
        return min((self.free_at(key) for key in self.held()), default=None)


class Window:
    """A quota, kept over any span that one may look at.

    A call counts from its beginning until a span after its end, since Slack may have counted it at any time between.
    """

    def __init__(self, now: Callable[[], datetime], quota: Quota) -> None:
        self._now, self._quota = now, quota
        self._under_way = 0
        self._ends: list[datetime] = []
        self._held = (now(), now())

    def room(self) -> int:
        """How many calls may be made now."""
        if self._held_until() is not None:
            return 0
        # An end that lies further ahead was written by a clock that has been set back since.
        self._ends = [end for end in self._ends if abs(self._now() - end) < self._quota.span]
        return max(0, self._quota.number - self._under_way - len(self._ends))

    @contextmanager
    def call(self) -> Iterator[None]:
        """A call is made; there must be room for it."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._ends.append(self._now())

    def hold(self, seconds: float) -> None:
        """Somebody told us to wait."""
        self._held = (self._now(), self._now() + timedelta(seconds=seconds))

    def next_free(self) -> datetime | None:
        """When a call may be made; None if now, or once one that is under way has ended."""
        if self.room():
            return None
        return self._held_until() or (min(self._ends) + self._quota.span if self._ends else None)

    def _held_until(self) -> datetime | None:
        since, until = self._held
        return until if since - self._quota.span <= self._now() < until else None


class Patience:
    """How long to leave somebody in peace who does not answer: longer each time, until one call works again."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures = 0
        self._until = now()

    @property
    def is_tried(self) -> bool:
        """Whether the last call failed, so that one call is tried before any other."""
        return self._failures > 0

    def free_at(self) -> datetime | None:
        """When the next call may be made; None if now, and where the clock was set back since."""
        wait = self._until - self._now()
        return self._until if self.is_tried and NOTHING < wait <= 2 * LONGEST_WAIT else None

    def failed(self) -> None:
        """A call was not answered; those that were under way with it say nothing new."""
        if self.free_at() is None:
            wait = min(FIRST_WAIT * 2 ** min(self._failures, 16), LONGEST_WAIT)
            self._until = self._now() + scattered(wait)
            self._failures += 1

    def worked(self) -> None:
        """A call was answered."""
        self._failures = 0
