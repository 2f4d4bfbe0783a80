"""Working time: when does a promise fall due, and how much of it has passed.

    c = Calendar("America/New_York", {"mon-fri": "09:00-12:00, 13:00-18:00"}, closed={date(2026, 11, 26)})
    c.after(start, timedelta(hours=4))      # the instant 4 hours of working time later
    c.between(start, end)                   # the working time from one instant to another

Spans are half-open, elapsed time is real time (never what wall clocks show), and `between` inverts `after`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sla_engine.breakdown import Breakdown, draw_up
from sla_engine.definition import (
    EARLIEST,
    LATEST,
    Closed,
    Opened,
    define,
    define_leave,
    in_utc,
    refuse_far,
)
from sla_engine.errors import EngineError
from sla_engine.rota import Instants, Rota
from sla_engine.timetable import ZERO, Timetable, draw

#: How far ahead the next opening, or the end of a duration, is looked for.
REACH = timedelta(days=5 * 365)
#: The longest timetable a calendar keeps. No longer than REACH, so that no shortcut finds what a search would not.
KEPT = REACH
#: What a new timetable covers around the instants asked about.
BEHIND, AHEAD = timedelta(days=60), timedelta(days=400)
_BLANK = Timetable(starts=LATEST, ends=EARLIEST, opens=[], origins=[], totals=[])


class Unreachable(EngineError):
    """{duration} of working time from {start} is not reached within 5 years in the calendar of {timezone}."""


class NegativeDuration(EngineError):
    """Working time can't be added backwards: {duration} is less than nothing."""


class Calendar:
    """When a team or a rep works, in one time zone. Immutable; equal by definition; shared between threads freely."""

    __slots__ = ("_hash", "_table", "rota")

    def __init__(self, timezone: str, hours: Mapping[str, str], closed: Closed = (), open: Opened = ()) -> None:
        """See `sla_engine.hours` for `hours`, `sla_engine.definition` for `closed`, `open` and the errors."""
        self._adopt(define(timezone, hours, closed, open))

    def _adopt(self, rota: Rota) -> None:
        self.rota = rota
        self._hash = hash(rota)
        self._table = _BLANK

    @classmethod
    def of(cls, timezone: str, hours: Mapping[str, str], closed: Closed = (), open: Opened = ()) -> "Calendar":
        """The one calendar of this definition, so that reps of equal hours share its timetable."""
        return cls.on(define(timezone, hours, closed, open))

    @classmethod
    def on(cls, rota: Rota) -> "Calendar":
        """The one calendar of a definition that is in normal form already."""
        return _shared(rota)

    @classmethod
    def elapsed(cls, timezone: str = "UTC") -> "Calendar":
        """Always open: working time is wall time. The zone only names the days of an explanation."""
        return cls.of(timezone, {"mon-sun": "00:00-24:00"})

    def away(self, spans: Iterable[tuple[datetime, datetime | None]]) -> "Calendar":
        """The same calendar less these leaves, each from an instant to an instant or to no known end.

        Raises NaiveInstant, BackwardLeave.
        """
        rota = self.rota
        leave = define_leave([*rota.leave, *spans])
        return self.on(Rota(rota.timezone, rota.week, rota.closed, rota.special, rota.breaks, leave))

    @property
    def timezone(self) -> str:
        return self.rota.timezone

    def after(self, start: datetime, d: timedelta) -> datetime:
        """The instant, in UTC, at which `d` of working time has passed since `start`.

        A duration that ends at closing time ends there, not at the next opening; no duration ends where it starts.
        Raises NaiveInstant, NegativeDuration, OutOfRange, and Unreachable beyond 5 years.
        """
        if start.tzinfo is not UTC:
            start = in_utc(start)
        table = self._table
        if d > ZERO and table.starts <= start < table.ends:
            span = bisect_right(table.opens, start) - 1
            position, total = start - table.origins[span], table.totals[span]
            if position > total:
                position = total
            position += d
            if position > total:
                span = bisect_left(table.totals, position, span)
            if span < len(table.origins):
                return table.origins[span] + position
        return self._search(start, d)

    def between(self, a: datetime, b: datetime) -> timedelta:
        """The working time from `a` to `b`, negative when `b` is earlier. Raises NaiveInstant, OutOfRange."""
        if a.tzinfo is not UTC:
            a = in_utc(a)
        if b.tzinfo is not UTC:
            b = in_utc(b)
        table = self._table
        if not (table.starts <= a < table.ends and table.starts <= b < table.ends):
            table = self._covering(min(a, b), max(a, b))
        return table.position(b) - table.position(a)

    def is_open(self, t: datetime) -> bool:
        """Whether this instant is working time; the closing instant is not. Raises NaiveInstant, OutOfRange."""
        t = in_utc(t)
        span = next(self._covering(t, t).spans(t), None)
        return span is not None and span[0] <= t

    def next_open(self, t: datetime) -> datetime | None:
        """`t` itself when open, else the next opening, in UTC; None if there is none within 5 years."""
        t = in_utc(t)
        for table in self._ahead(t):
            if span := next(table.spans(t), None):
                return max(span[0], t) if span[0] <= t + REACH else None
        return None

    def spans(self, a: datetime, b: datetime) -> Iterator[Instants]:
        """The working time in [a, b) as open spans in UTC, in order. Raises NaiveInstant, OutOfRange."""
        a, b = in_utc(a), in_utc(b)
        if a >= b:
            return iter(())
        return _clipped(self._covering(a, b), a, b)

    def explain(self, start: datetime, d: timedelta) -> Breakdown:
        """How `after(start, d)` is counted, day by day; raises what `after` raises."""
        return self.breakdown(start, self.after(start, d))

    def breakdown(self, a: datetime, b: datetime) -> Breakdown:
        """How the working time in [a, b) is made up, day by day. Raises NaiveInstant, OutOfRange."""
        start, end = in_utc(a), in_utc(b)
        refuse_far(start, end)
        return draw_up(self.rota, start, end)

    def _search(self, start: datetime, d: timedelta) -> datetime:
        if d < ZERO:
            raise NegativeDuration(duration=d)
        if d == ZERO:
            return start
        if d <= REACH:
            for table in self._ahead(start):
                end = table.reach(table.position(start) + d)
                if end and end <= start + REACH:
                    return end
        raise Unreachable(duration=d, start=start, timezone=self.timezone)

    def _ahead(self, instant: datetime) -> Iterator[Timetable]:
        """Timetables that cover an instant and more and more of what follows it, up to REACH."""
        refuse_far(instant)
        limit, horizon = instant + REACH, instant
        while True:
            table = self._covering(instant, horizon)
            yield table
            if horizon >= limit or table.ends > limit:
                return
            horizon = min(instant + 2 * (table.ends - instant), limit)

    def _covering(self, first: datetime, last: datetime) -> Timetable:
        """A timetable with both instants inside.

        A longer one is drawn aside and takes the old one's place in one assignment, so readers in other threads
        always see a whole table; two of them drawing at once cost only time.
        """
        table = self._table
        if table.starts <= first and last < table.ends:
            return table
        refuse_far(first)
        refuse_far(max(first, last - REACH))
        starts, ends = first - BEHIND, last + AHEAD
        if max(ends, table.ends) - min(starts, table.starts) <= KEPT:
            starts, ends = min(starts, table.starts), max(ends, table.ends)
        drawn = draw(self.rota, self.rota.local(starts).date(), self.rota.local(ends).date())
        if drawn.ends - drawn.starts <= KEPT:
            self._table = drawn
        return drawn

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.rota == other.rota

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"<Calendar {self.timezone}>"


@lru_cache(maxsize=512)
def _shared(rota: Rota) -> Calendar:
    calendar = object.__new__(Calendar)
    calendar._adopt(rota)
    return calendar


def _clipped(table: Timetable, a: datetime, b: datetime) -> Iterator[Instants]:
    for start, end in table.spans(a):
        if start >= b:
            return
        yield max(start, a), min(end, b)
