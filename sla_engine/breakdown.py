"""How working time was counted: the days it fell on, the days that gave none and why, and one sentence for people.

A breakdown is drawn up from the same rota as the timetable, so its total is what the calendar counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from sla_engine.names import place_of
from sla_engine.phrases import Dates, lasting
from sla_engine.rota import ONE_DAY, Instants, Rota, days, join, without

ZERO = timedelta(0)
#: Beyond this many days of work, or of absences, a sentence sums up.
MANY = 4


class Why(StrEnum):
    """Why a day, or a part of it, gave no working time."""

    WEEKEND = "weekend"
    NO_HOURS = "no hours"
    NO_SUCH_DATE = "skipped by the time zone"
    CLOSED = "closed"
    AWAY = "away"


@dataclass(frozen=True)
class Day:
    """One local day: what counted of the shifts that start on it, and why the rest did not."""

    date: date
    counted: tuple[Instants, ...] = ()
    #: Every reason for which time within the two instants fell away on this day, with its name: the holiday's, say.
    lost: tuple[tuple[Why, str], ...] = ()
    #: Whether the counted time goes past midnight.
    night: bool = False

    @property
    def worked(self) -> timedelta:
        return _sum(self.counted)


@dataclass(frozen=True)
class Breakdown:
    """The working time between two instants (UTC), day by day in the calendar's zone.

    A day appears if it counted, or if it would have counted but for a reason it names.
    """

    start: datetime
    end: datetime
    timezone: str
    always_open: bool
    days: tuple[Day, ...]
    #: The start as clocks of the zone show it.
    local_start: datetime

    @property
    def worked(self) -> timedelta:
        return sum((day.worked for day in self.days), ZERO)

    def sentence(self, *, elapsed: bool | None = None) -> str:
        """The breakdown in one line, such as “4 h of working time from Fri 16:30 New York: 30 min Friday, …”.

        `elapsed` says whether wall time was promised; where nobody says it, an always open calendar counts that.
        """
        dates = Dates(self.local_start.date(), max((day.date for day in self.days), default=self.local_start.date()))
        kind = "elapsed" if (self.always_open if elapsed is None else elapsed) else "working"
        opening = f"{_told(self.worked)} of {kind} time from {dates.moment(self.local_start)} {place_of(self.timezone)}"
        if self.always_open:
            return opening
        told = [", ".join(part) for part in (list(self._counted(dates)), list(self._absences(dates))) if part]
        return f"{opening}: {'; '.join(told)}" if told else opening

    def _counted(self, dates: Dates) -> Iterator[str]:
        worked = [day for day in self.days if day.counted]
        if len(worked) <= MANY:
            yield from (f"{_told(day.worked)} {dates.day(day.date, day.night)}" for day in worked)
            return
        first, *between, last = worked
        middle = _told(sum((day.worked for day in between), ZERO))
        yield f"{_told(first.worked)} {dates.day(first.date, first.night)}"
        yield f"{middle} on {len(between)} days from {dates.day(between[0].date)} to {dates.day(between[-1].date)}"
        yield f"{_told(last.worked)} {dates.day(last.date, last.night)}"

    def _absences(self, dates: Dates) -> Iterator[str]:
        told = ((words, day.date) for day in self.days for words in _absence(day))
        runs = [(words, [day for _, day in run]) for words, run in groupby(told, key=lambda item: item[0])]
        for (part, reason), run in runs[:MANY]:
            when = dates.day(run[0]) if len(run) == 1 else f"{dates.day(run[0])} to {dates.day(run[-1])}"
            yield f"{part}{when} {reason}"
        if rest := sum(len(run) for _, run in runs[MANY:]):
            yield f"and {rest} more {'day' if rest == 1 else 'days'} off"


def _absence(day: Day) -> Iterator[tuple[str, str]]:
    """What a sentence says of the day's absences; weekends and days without hours go without saying."""
    part = "part of " if day.counted or len(day.lost) > 1 else ""
    for why, name in day.lost:
        if why not in (Why.WEEKEND, Why.NO_HOURS):
            yield part, f"{why} ({name})" if name.lower() not in ("", why) else str(why)


def draw_up(rota: Rota, start: datetime, end: datetime) -> Breakdown:
    """The breakdown of the working time in [start, end), both in UTC."""
    local = rota.local(start)
    # The first day may be one whose night shift, begun the evening before, is still on.
    first, last = local.date() - 2 * ONE_DAY, max(local, rota.local(end)).date()
    shifts: dict[date, list[Instants]] = {}
    for opens, closes, day in rota.stretches(first, last):
        shifts.setdefault(day, []).append((opens, closes))
    drawn = (_day(rota, day, _within(shifts.get(day, []), start, end), (start, end)) for day in days(first, last))
    told = tuple(day for day in drawn if day.counted or day.lost)
    return Breakdown(start, end, rota.timezone, rota.is_always_open, told, local)


def _day(rota: Rota, day: date, shifts: list[Instants], window: Instants) -> Day:
    counted = tuple(without(shifts, rota.absences))
    lost = tuple(_cuts(rota, day, shifts)) if shifts else tuple(_missing(rota, day, window))
    night = any(rota.local(close - timedelta.resolution).date() > day for _, close in counted)
    return Day(day, counted, lost, night)


def _cuts(rota: Rota, day: date, shifts: list[Instants]) -> Iterator[tuple[Why, str]]:
    """What breaks and leave took from these shifts."""
    for when, hours, name in rota.breaks:
        if abs(when - day) <= 2 * ONE_DAY and _cut(shifts, join(rota.shifts(when, hours))):
            yield Why.CLOSED, name
    if rota.leave and _cut(list(without(shifts, rota.broken)), rota.left):
        yield Why.AWAY, ""


def _missing(rota: Rota, day: date, window: Instants) -> Iterator[tuple[Why, str]]:
    """Why no shift of this day lies in the window, unless it is only that the hours lie outside it."""
    usual = rota.week[day.weekday()]
    midnights = rota.instant(day), rota.instant(day + ONE_DAY)
    if not rota.exists(day):
        if usual and window[0] <= midnights[0] < window[1]:
            yield Why.NO_SUCH_DATE, ""
    elif day in rota.names and usual:
        if _within(list(rota.shifts(day, usual)), *window):
            yield Why.CLOSED, rota.names[day]
    elif not rota.hours(day) and _within([midnights], *window):
        yield Why.WEEKEND if day.weekday() > 4 else Why.NO_HOURS, ""


def _within(spans: list[Instants], start: datetime, end: datetime) -> list[Instants]:
    clipped = ((max(opens, start), min(closes, end)) for opens, closes in spans)
    return [span for span in clipped if span[0] < span[1]]


def _cut(spans: list[Instants], absences: list[Instants]) -> bool:
    return _sum(without(spans, absences)) < _sum(spans)


def _sum(spans: Iterator[Instants] | tuple[Instants, ...] | list[Instants]) -> timedelta:
    return sum((closes - opens for opens, closes in spans), ZERO)


def _told(worked: timedelta) -> str:
    # As a card tells it: parts of a second, and seconds from an hour on, would only hide what is meant.
    return lasting(worked, days=False)
