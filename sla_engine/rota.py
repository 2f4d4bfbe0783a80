"""What a calendar was told, and the instants that follow from it for each local day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sla_engine.hours import Spans, Week

Instants = tuple[datetime, datetime]
"""A span of time in UTC, end exclusive."""

Away = tuple[datetime, datetime | None]
"""A leave in UTC, end exclusive; without an end it lasts."""

FOREVER = datetime.max.replace(tzinfo=UTC)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rota:
    """The definition of a calendar in normal form: two calendars are equal when their rotas are."""

    timezone: str
    week: Week
    #: Days on which no shift starts, each with its name ("" if it has none).
    closed: tuple[tuple[date, str], ...] = ()
    #: Days with hours of their own, whatever the week or `closed` say.
    special: tuple[tuple[date, Spans], ...] = ()
    #: Parts of days that are closed, in local minutes, each with its name.
    breaks: tuple[tuple[date, Spans, str], ...] = ()
    leave: tuple[Away, ...] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def names(self) -> dict[date, str]:
        """The closed days, each with its name."""
        return dict(self.closed)

    @cached_property
    def is_always_open(self) -> bool:
        whole_day = ((0, 24 * 60),)
        plain = not (self.closed or self.special or self.breaks or self.leave)
        return plain and all(spans == whole_day for spans in self.week)

    def hours(self, day: date) -> Spans:
        """The spans of the shifts that start on this local day, in minutes from midnight."""
        own = self._special.get(day)
        if own is not None:
            return own
        return () if day in self.names else self.week[day.weekday()]

    def shifts(self, day: date, hours: Spans) -> Iterator[Instants]:
        """The instants of these local hours.

        A time the clocks skip is moved forward by the gap, an ambiguous one is its first occurrence (PEP 495,
        fold=0). So a span inside a gap can end before it starts, and is empty. A date the zone skips altogether
        (Apia, 2011-12-30) has no shifts.
        """
        if not hours or not self.exists(day):
            return
        for start, end in hours:
            yield self.instant(day, start), self.instant(day, end)

    def instant(self, day: date, minutes: int = 0) -> datetime:
        """The instant at which clocks show `minutes` after the midnight that starts `day`."""
        wall = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(minutes=minutes)
        return wall.astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def stretches(self, first: date, last: date) -> list[tuple[datetime, datetime, date]]:
        """The shifts that start from `first` to `last`, in order and without overlap, each with its day.

        Shifts overlap only where a change of the clocks pushes one into the next, or where a day with hours of its
        own starts before the night shift of the day before has ended: what overlaps is counted once.
        """
        found = sorted((*span, day) for day in days(first, last) for span in self.shifts(day, self.hours(day)))
        apart: list[tuple[datetime, datetime, date]] = []
        for start, end, day in found:
            start = max(start, apart[-1][1]) if apart else start
            if start < end:
                apart.append((start, end, day))
        return apart

    @cached_property
    def absences(self) -> list[Instants]:
        """Breaks and leave as spans in order, without overlap."""
        return join([*self.broken, *self.left])

    @cached_property
    def broken(self) -> list[Instants]:
        return join(span for day, hours, _ in self.breaks for span in self.shifts(day, hours))

    @cached_property
    def left(self) -> list[Instants]:
        return [(start, end or FOREVER) for start, end in self.leave]

    @cached_property
    def _special(self) -> dict[date, Spans]:
        return dict(self.special)

    def exists(self, day: date) -> bool:
        """Whether the zone has this date at all."""
        return self.local(self.instant(day, 12 * 60)).date() == day


def days(first: date, last: date) -> Iterator[date]:
    """Every date from `first` to `last`, both included."""
    return (first + timedelta(days=step) for step in range((last - first).days + 1))


def join(spans: Iterable[Instants]) -> list[Instants]:
    """The same time as spans in order that neither overlap nor touch."""
    joined: list[Instants] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        elif start < end:
            joined.append((start, end))
    return joined


def without(spans: Iterable[Instants], absences: list[Instants]) -> Iterator[Instants]:
    """What is left of `spans` outside `absences`; both in order and without overlap."""
    position = 0
    for start, end in spans:
        while position < len(absences) and absences[position][1] <= start:
            position += 1
        for gone, back in absences[position:]:
            if gone >= end:
                break
            if start < gone:
                yield start, gone
            start = back
        if start < end:
            yield start, end
