"""Whether a rep can take a lead now, and why not."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sla_engine.calendar import Calendar
from sla_engine.definition import OutOfRange
from sla_engine.names import moment
from sla_engine.obstacles import Cause, Obstacle
from sla_engine.policy import Rep


class Candidate(NamedTuple):
    """A rep as a routing decision sees them: open leads now, leads given today and this week, absence.

    Days and weeks begin at the rep's local midnight, weeks on Monday. `status` is what their Slack profile says; until
    `unreachable_until` (UTC) they are taken to be out of Slack's reach. `leave` is what is not over of
    their leave, as spans.
    """

    rep: Rep
    open_leads: int = 0
    given_today: int = 0
    given_this_week: int = 0
    away: bool = False
    away_until: datetime | None = None
    status: str = ""
    unreachable_until: datetime | None = None
    leave: tuple[tuple[datetime, datetime | None], ...] = ()

    @property
    def calendar(self) -> Calendar:
        """When the rep works, less their leave: what their clocks count on, too."""
        return self.rep.calendar.away(self.leave) if self.leave else self.rep.calendar


@dataclass(frozen=True, slots=True)
class Hours:
    """The time of one decision: what a calendar says of it is worked out once, however many reps share the calendar."""

    now: datetime
    _off: dict[int, Obstacle | None] = field(default_factory=dict)

    def off(self, candidate: Candidate) -> Obstacle | None:
        """That a rep who is not on leave is off, and until when; None while their calendar is open."""
        calendar = candidate.rep.calendar
        key = id(calendar)
        if key not in self._off:
            self._off[key] = None if calendar.is_open(self.now) else self._closed(calendar)
        return self._closed(candidate.calendar) if self._off[key] and candidate.leave else self._off[key]

    def _closed(self, calendar: Calendar) -> Obstacle:
        opens = calendar.next_open(self.now)
        return Obstacle(Cause.OFF, f"until {moment(opens, calendar.timezone, self.now)}" if opens else "")


def obstacle(candidate: Candidate, now: datetime, hours: Hours | None = None) -> Obstacle | None:
    """Why the rep is passed over at `now`; None when they can take a lead."""
    rep = candidate.rep
    if _is_unreachable(candidate, now):
        return Obstacle(Cause.UNREACHABLE)
    if _is_on_leave(candidate, now):
        if candidate.away_until is None:
            return Obstacle(Cause.AWAY)
        return Obstacle(Cause.AWAY, f"until {moment(candidate.away_until, rep.calendar.timezone, now)}")
    if off := (hours or Hours(now)).off(candidate):
        return off
    if rep.max_open is not None and candidate.open_leads >= rep.max_open:
        return Obstacle(Cause.FULL, f"({candidate.open_leads} of {rep.max_open} open)")
    if rep.max_per_day is not None and candidate.given_today >= rep.max_per_day:
        return Obstacle(Cause.FULL_TODAY, f"({candidate.given_today} of {rep.max_per_day})")
    if rep.max_per_week is not None and candidate.given_this_week >= rep.max_per_week:
        return Obstacle(Cause.FULL_THIS_WEEK, f"({candidate.given_this_week} of {rep.max_per_week})")
    return None


def is_away(candidate: Candidate, now: datetime) -> bool:
    """Whether the rep's absence covers `now` or, while they are off, the instant at which they would be back.

    Who can't be reached is as good as away.
    """
    return _is_unreachable(candidate, now) or _is_on_leave(candidate, now) or _leaves_first(candidate, now)


def _is_unreachable(candidate: Candidate, now: datetime) -> bool:
    return candidate.unreachable_until is not None and now < candidate.unreachable_until


def _is_on_leave(candidate: Candidate, now: datetime) -> bool:
    return candidate.away and (candidate.away_until is None or now < candidate.away_until)


def _leaves_first(candidate: Candidate, now: datetime) -> bool:
    """Whether the rep is off now and on leave when their hours begin."""
    if not candidate.leave:
        return False
    opens = candidate.rep.calendar.next_open(now)
    return opens is not None and opens > now and not candidate.calendar.is_open(opens)


def opening(candidate: Candidate, now: datetime) -> datetime | None:
    """When a rep who is off or away is next there, in UTC; None when that is not known or they are there now."""
    start = max(now, candidate.unreachable_until or now)
    if _is_on_leave(candidate, now):
        if candidate.away_until is None:
            return None
        start = max(start, candidate.away_until)
    try:
        opens = candidate.calendar.next_open(start)
    except OutOfRange:  # an absence until the year 3000 is one without an end
        return None
    return opens if opens is not None and opens > now else None
