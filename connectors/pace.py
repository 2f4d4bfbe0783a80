"""Keeping to a pace: so many a second, with a small burst."""

from collections.abc import Callable
from datetime import datetime, timedelta

ZERO = timedelta(0)


class Pace:
    """One allowance per key: `every` is the steady interval, and `burst` calls may come at once.

    The generic cell rate algorithm: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
    """

    def __init__(self, now: Callable[[], datetime], every: timedelta, burst: int = 1) -> None:
        self._now = now
        self._every = every
        self._ahead = every * (burst - 1)
        self._arrivals: dict[str, datetime] = {}

    def free_at(self, key: str = "") -> datetime:
        """When the next call under this key may be made; not later than now if it may be made now."""
        return self._arrivals.get(key, self._now()) - self._ahead

    def is_free(self, key: str = "") -> bool:
        """Whether a call under this key may be made now."""
        return self.free_at(key) <= self._now()

    def spend(self, key: str = "") -> None:
        """A call is made now."""
        now = self._now()
        self._arrivals[key] = max(self._arrivals.get(key, now), now) + self._every

    def hold(self, seconds: float, key: str = "") -> None:
        """Somebody told us to wait."""
        until = self._now() + timedelta(seconds=seconds)
        self._arrivals[key] = max(self._arrivals.get(key, until), until + self._ahead)

    def held(self) -> list[str]:
        """The keys under which no call may be made now; what has long been free is forgotten."""
        now = self._now()
        self._arrivals = {key: at for key, at in self._arrivals.items() if at > now}
        return [key for key in self._arrivals if self.free_at(key) > now]

    def next_free(self) -> datetime | None:
        """When the first of the held keys is free."""
        return min((self.free_at(key) for key in self.held()), default=None)
