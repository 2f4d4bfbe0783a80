"""Working time counted the slow and obvious way: minute by minute, asking the zone only what its clocks show.

Nothing here knows of offsets, folds or bisection. A local time means the first minute at which clocks show it; one
that clocks never show is moved forward by as much as they jump.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Words:
    """A calendar as the tests write it down."""

    timezone: str
    #: Weekday (Monday is 0) to spans in minutes from midnight; a night shift ends past 1440.
    week: Mapping[int, Sequence[tuple[int, int]]]
    closed: frozenset[date] = frozenset()
    leave: Sequence[tuple[datetime, datetime]] = ()


class Clocks:
    """What the clocks of a zone show at each of many minutes."""

    def __init__(self, timezone: str, first: datetime, count: int) -> None:
        zone = ZoneInfo(timezone)
        self.first = first
        self.shown = [(first + n * MINUTE).astimezone(zone).replace(tzinfo=None, fold=0) for n in range(count)]
        self.days = sorted({shown.date() for shown in self.shown})
        self._when: dict[datetime, int] = {}
        for minute, shown in enumerate(self.shown):
            self._when.setdefault(shown, minute)
        self._jumps = [(a, b) for a, b in pairwise(self.shown) if b - a > MINUTE]

    def when(self, shown: datetime) -> int:
        """The first minute at which clocks show this."""
        if shown in self._when:
            return self._when[shown]
        for before, now in self._jumps:
            if before < shown < now:
                return self.when(shown + (now - before - MINUTE))
        return 0 if shown < self.shown[0] else len(self.shown)


#: Kept, because the same few weeks are asked for again and again.
clocks = lru_cache(Clocks)


class Oracle:
    """The open minutes of a calendar between two instants on whole minutes."""

    def __init__(self, words: Words, start: datetime, end: datetime) -> None:
        """Room is left on both sides; the first day is one of every fifth, so that clocks are shared."""
        day = (start - timedelta(days=3)).toordinal() // 5 * 5
        self._first = datetime.fromordinal(day).replace(tzinfo=UTC)
        days = (end - self._first).days // 5 * 5 + 10
        self._clocks = clocks(words.timezone, self._first, days * 1440)
        self._open = [False] * (days * 1440)
        for local in self._clocks.days:
            if local not in words.closed:
                self._fill(local, words.week.get(local.weekday(), ()))
        for gone, back in words.leave:
            for minute in range(max(0, self._minute(gone)), min(len(self._open), self._minute(back))):
                self._open[minute] = False

    def is_open(self, instant: datetime) -> bool:
        return self._open[self._minute(instant)]

    def between(self, a: datetime, b: datetime) -> timedelta:
        return sum(self._open[self._minute(a) : self._minute(b)]) * MINUTE

    def after(self, start: datetime, minutes: int) -> datetime | None:
        """The instant after that many open minutes; None when the walk gets to the end first."""
        minute = self._minute(start)
        while minutes and minute < len(self._open):
            minutes -= self._open[minute]
            minute += 1
        return None if minutes else self._first + minute * MINUTE

    def _fill(self, day: date, spans: Sequence[tuple[int, int]]) -> None:
        midnight = datetime.combine(day, time())
        for start, end in spans:
            for minute in range(
                self._clocks.when(midnight + start * MINUTE), self._clocks.when(midnight + end * MINUTE)
            ):
                self._open[minute] = True

    def _minute(self, instant: datetime) -> int:
        return (instant - self._first) // MINUTE
