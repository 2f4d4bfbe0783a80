"""How fast a bot may call: per method, per channel and over the whole workspace."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.clock import Clock

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Allowance:
    """Slack's published limits (https://docs.slack.dev/apis/web-api/rate-limits), per minute unless said otherwise.

    Slack publishes one message a second and channel, with bursts it does not number: `channel_burst` is how many
    may come at once, chosen small. The workspace's "several hundred" posts a minute is `posts`, chosen low.
    `enforced=False` lets everything through.
    """

    channel_seconds: float = 1.0
    channel_burst: int = 3
    posts: int = 300
    methods: dict[str, int] = field(default_factory=dict)
    enforced: bool = True


class Limits:
    """Counts calls on the sandbox's clock. Each question answers 0 or the seconds to wait."""

    def __init__(self, clock: Clock, allowance: Allowance) -> None:
        self._clock = clock
        self.allowance = allowance
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)
        # When a channel is next empty of messages, if one drains out every `channel_seconds`.
        self._channels: dict[str, datetime] = {}

    def wait_for_method(self, method: str, per_minute: int) -> int:
        return self._count(method, self.allowance.methods.get(method, per_minute))

    def wait_for_post(self, channel_id: str) -> int:
        """One message into this channel: the channel's own pace first, then the workspace's."""
        if not self.allowance.enforced:
            return 0
        now, pace = self._clock.now(), timedelta(seconds=self.allowance.channel_seconds)
        empty = max(self._channels.get(channel_id, now), now)
        over = empty + pace - now - self.allowance.channel_burst * pace
        if over > timedelta(0):
            return whole_seconds(over)
        wait = self._count("posts", self.allowance.posts)
        if not wait:
            self._channels[channel_id] = empty + pace
        return wait

    def _count(self, name: str, per_minute: int) -> int:
        if not self.allowance.enforced:
            return 0
        now, calls = self._clock.now(), self._calls[name]
        while calls and now - calls[0] >= MINUTE:
            calls.popleft()
        if len(calls) >= per_minute:
            return whole_seconds(calls[0] + MINUTE - now)
        calls.append(now)
        return 0


def whole_seconds(d: timedelta) -> int:
    """Rounded up, never below one: what `Retry-After` can carry."""
    return max(1, math.ceil(d.total_seconds()))
