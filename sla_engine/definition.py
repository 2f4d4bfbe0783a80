"""From the words of a policy to a rota: what is written is checked once, when a calendar is made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sla_engine.errors import EngineError
from sla_engine.hours import parse_spans, parse_week
from sla_engine.rota import FOREVER, Away, Rota, join

Value = TypeVar("Value")
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Closure:
    """Why a date is closed, and from when to when.

    Without `hours` no shift starts on that date. With `hours` (local, written like opening hours) the calendar is
    closed during them, and a night shift of the day before that reaches into them is cut as well.
    """

    name: str = ""
    hours: str = ""


Closed = Iterable[date] | Mapping[date, str | Closure]
"""Closed dates: a plain set, or a mapping to the name of the holiday or to a `Closure`."""

Opened = Iterable[date] | Mapping[date, str]
"""Dates open although closed: with the weekday's hours (a plain set, or ""), or with hours of their own."""


class UnknownZone(EngineError):
    """There is no time zone “{timezone}”: write a name of the tz database such as “Europe/Oslo”."""


class NeverOpen(EngineError):
    """The calendar in {timezone} is never open: give at least one day hours."""


class NotADate(EngineError):
    """A closed or opened day must be a date, not {value!r}."""


class NaiveInstant(EngineError):
    """The time {value} has no time zone: working time is counted between instants only."""


class OutOfRange(EngineError):
    """The time {instant} is not between the years 1900 and 2200."""


class BackwardLeave(EngineError):
    """The leave from {start} to {end} ends before it starts."""


def define(timezone: str, hours: Mapping[str, str], closed: Closed = (), opened: Opened = ()) -> Rota:
    """The rota these words describe; equal meanings give equal rotas.

    Raises UnknownZone, NeverOpen, NotADate and the errors of `sla_engine.hours`.
    """
    _refuse_unknown_zone(timezone)
    open_days = _by_date(opened, "")
    special = {day: parse_spans(text) for day, text in open_days.items() if text}
    closures = {day: _closure(value) for day, value in _by_date(closed, "").items() if day not in open_days}
    breaks = {day: (parse_spans(c.hours), c.name) for day, c in closures.items() if c.hours}
    rota = Rota(
        timezone=timezone,
        week=parse_week(hours),
        closed=tuple(sorted((day, c.name) for day, c in closures.items() if not c.hours)),
        special=tuple(sorted(special.items())),
        breaks=tuple((day, *breaks[day]) for day in sorted(breaks)),
    )
    if not any(rota.week) and not special:
        raise NeverOpen(timezone=timezone)
    return rota


def define_leave(spans: Iterable[tuple[datetime, datetime | None]]) -> tuple[Away, ...]:
    """Leave in UTC, in order, joined where it overlaps or touches. Raises NaiveInstant, BackwardLeave."""
    found = []
    for start, end in spans:
        span = in_utc(start), FOREVER if end is None or end == FOREVER else in_utc(end)
        if span[1] < span[0]:
            raise BackwardLeave(start=start, end=end)
        found.append(span)
    return tuple((start, None if end == FOREVER else end) for start, end in join(found))


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises NaiveInstant, and OutOfRange where the calendar of Python itself ends."""
    if instant.utcoffset() is None:
        raise NaiveInstant(value=instant)
    try:
        return instant.astimezone(UTC)
    except OverflowError as far:
        raise OutOfRange(instant=instant) from far


def refuse_far(*instants: datetime) -> None:
    """Raises OutOfRange for an instant that would draw centuries of working time."""
    for instant in instants:
        if not EARLIEST <= instant <= LATEST:
            raise OutOfRange(instant=instant)


def _refuse_unknown_zone(timezone: str) -> None:
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError, TypeError, AttributeError) as unknown:
        raise UnknownZone(timezone=timezone) from unknown


def _by_date(days: Iterable[date] | Mapping[date, Value], plain: Value) -> dict[date, Value]:
    found = dict(days) if isinstance(days, Mapping) else dict.fromkeys(days, plain)
    for day in found:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise NotADate(value=day)
    return found


def _closure(value: str | Closure) -> Closure:
    return value if isinstance(value, Closure) else Closure(name=value)
