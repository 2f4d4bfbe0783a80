"""A promise being kept or broken: working time counted from a start towards a target.

A clock counts on a `Calendar`; with `count: elapsed` the caller passes `Calendar.elapsed()`. Every verb
takes the time as an argument and returns a new clock, so nothing here can read a clock of its own.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sla_engine.calendar import Calendar, Unreachable
from sla_engine.policy import Count

ZERO = timedelta(0)
ROUTING_TARGET = timedelta(minutes=15)
"""The system's own promise, in elapsed time, from receipt to assignment."""


class Kind(StrEnum):
    """Which promise a clock measures."""

    ROUTING = "routing"
    ACCEPTANCE = "acceptance"
    FIRST_TOUCH = "first touch"
    QUALIFICATION = "qualification"


ESCALATED = frozenset({Kind.ACCEPTANCE, Kind.FIRST_TOUCH, Kind.QUALIFICATION})
REASSIGNED = frozenset({Kind.ACCEPTANCE, Kind.FIRST_TOUCH})


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one lead: `spent` is the working time used before `running_since`.

    `calendar` is the key of the calendar it has counted on since then, `reckoning` how its time was counted, once
    it stopped or was breached."""

    kind: Kind
    target: timedelta
    started_at: datetime
    running_since: datetime | None
    count: Count = "working"
    rep: str | None = None
    team: str | None = None
    promise: str | None = None
    policy_hash: str | None = None
    spent: timedelta = ZERO
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    answered: bool = False
    calendar: str | None = None
    reckoning: str | None = None
    id: int = 0

    @property
    def is_running(self) -> bool:
        """Whether time counts at present."""
        return self.stopped_at is None and self.running_since is not None

    @property
    def is_paused(self) -> bool:
        """Whether the clock is neither stopped nor counting."""
        return self.stopped_at is None and self.running_since is None

    def used(self, calendar: Calendar, now: datetime) -> timedelta:
        """The counted time used by `now`; what a pause or the stop left stays as it was."""
        if self.running_since is None or now <= self.running_since:
            return self.spent
        return self.spent + calendar.between(self.running_since, now)

    def due(self, calendar: Calendar, percent: int = 100) -> datetime | None:
        """When `percent` of the target will be used, in UTC.

        None while paused or stopped; where more than that was used before the clock last began to run; and where the
        calendar never gets there, as with a leave without an end (`Unreachable`): such a clock waits, and is not late.
        """
        ahead = self.target * percent / 100 - self.spent
        if self.running_since is None or self.stopped_at is not None or ahead < ZERO:
            return None
        try:
            return calendar.after(self.running_since, ahead)
        except Unreachable:
            return None

    def pause(self, calendar: Calendar, now: datetime) -> "Clock":
        """Freeze what is left."""
        return replace(self.breach(calendar, now), spent=self.used(calendar, now), running_since=None)

    def resume(self, now: datetime) -> "Clock":
        """Count on with what a pause left; a clock that is not paused stays as it is."""
        return replace(self, running_since=now) if self.is_paused else self

    def follow(self, old: Calendar, new: Calendar, now: datetime) -> "Clock":
        """Count by another calendar from `now` on: the rep's hours changed, or a leave was entered or taken back.

        What is past stays as the old one counted it, a breach included. A clock that does not run stays as it is:
        what it used is settled, and what it has left is counted by whatever calendar is in force when it resumes.
        """
        if self.running_since is None or self.stopped_at is not None or new == old:
            return self
        settled = self.breach(old, now)
        return replace(settled, spent=self.used(old, now), running_since=max(now, self.running_since))

    def stop(self, calendar: Calendar, now: datetime, *, answered: bool) -> "Clock":
        """Nothing more is owed from `now` on: the promise was `answered`, in time or late, or fell away.

        The first stop holds: a clock that is stopped stays as it is.
        """
        if self.stopped_at is not None:
            return self
        late = self.breach(calendar, now)
        spent = self.used(calendar, now)
        return replace(late, spent=spent, running_since=None, stopped_at=now, answered=answered)

    def breach(self, calendar: Calendar, now: datetime) -> "Clock":
        """The clock with a breach stamped at the instant it fell due, if that instant lies before `now`."""
        due = self.due(calendar)
        if self.breached_at is None and due is not None and due < now:
            return replace(self, breached_at=due)
        return self
