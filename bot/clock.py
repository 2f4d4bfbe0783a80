"""What time it is: by the system, or, in the demo, by a clock that runs faster."""

import math
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The time of the product, and how long to wait for it in real seconds."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def seconds_until(self, instant: datetime) -> float:
        """Real seconds until an instant; negative when it has passed."""
        ...


class SystemClock:
    """The system's time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def seconds_until(self, instant: datetime) -> float:
        """Real seconds until an instant."""
        return (instant - self.now()).total_seconds()


class AdjustableClock:
    """A clock that starts at an instant of one's choice and runs `speed` times faster than real time.

    At speed 0 it stands still, and only `advance` moves it.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._start, self._since = start, time.monotonic()
        self.speed = speed

    def now(self) -> datetime:
        """The present instant of this clock, aware, in UTC."""
        return self._start + timedelta(seconds=(time.monotonic() - self._since) * self.speed)

    def seconds_until(self, instant: datetime) -> float:
        """Real seconds until this clock shows an instant, at its present speed."""
        left = (instant - self.now()).total_seconds()
        return left / self.speed if self.speed else math.inf if left > 0 else 0.0

    def set_speed(self, speed: float) -> None:
        """Run faster or slower from here on."""
        self._start, self._since, self.speed = self.now(), time.monotonic(), speed

    def advance(self, d: timedelta) -> None:
        """Skip ahead."""
        self._start += d
