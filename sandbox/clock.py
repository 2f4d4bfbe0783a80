"""The only time the sandbox knows: message timestamps, rate windows and link lifetimes all come from a clock."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A source of time. `now` is aware UTC; `speed` says how many clock seconds pass in one real second."""

    @property
    def speed(self) -> float: ...

    def now(self) -> datetime: ...

    def set_speed(self, speed: float) -> None: ...

    def advance(self, d: timedelta) -> None: ...


class ClockCannotBeSet(Exception):
    """This workspace runs on wall time, which can be neither sped up nor moved."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class SystemClock:
    """Wall time."""

    speed = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def set_speed(self, speed: float) -> None:
        raise ClockCannotBeSet(speed)

    def advance(self, d: timedelta) -> None:
        raise ClockCannotBeSet(d)
