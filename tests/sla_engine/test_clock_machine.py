"""Clocks agree with a stopwatch that is held minute by minute, while hours and leave change under them."""

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sla_engine import Calendar
from sla_engine.clock import Clock, Kind
from tests.sla_engine.oracle import Oracle, Words

MINUTE, DAY = timedelta(minutes=1), 1440
START = datetime(2026, 10, 29, tzinfo=UTC)
"""A Thursday: on the Sunday after it the clocks of New York go back."""
HORIZON = START + timedelta(days=100)
AHEAD = 12 * DAY
"""How many minutes ahead a deadline is walked to; what is further is only said not to be sooner."""
NINE, FIVE = 9 * 60, 17 * 60


def weekdays(*spans: tuple[int, int]) -> dict[int, list[tuple[int, int]]]:
    """The same spans from Monday to Friday."""
    return {day: list(spans) for day in range(5)}


HOURS = {
    "new york": Words("America/New_York", weekdays((NINE, FIVE))),
    "london": Words("Europe/London", weekdays((NINE, 720), (780, FIVE)) | {5: [(22 * 60, 26 * 60)]}),
    "sundays": Words("America/New_York", {6: [(0, 600)]}),
    "always": Words("UTC", weekdays((0, DAY)) | {5: [(0, DAY)], 6: [(0, DAY)]}),
}
CALENDARS = {
    "new york": Calendar.of("America/New_York", {"mon-fri": "09:00-17:00"}),
    "london": Calendar.of("Europe/London", {"mon-fri": "09:00-12:00, 13:00-17:00", "sat": "22:00-02:00"}),
    "sundays": Calendar.of("America/New_York", {"sun": "00:00-10:00"}),
    "always": Calendar.elapsed(),
}
names = st.sampled_from(sorted(HOURS))
Leave = tuple[datetime, datetime | None]


@cache
def oracle(name: str) -> Oracle:
    """The open minutes of one of the calendars."""
    return Oracle(HOURS[name], START, HORIZON)


@dataclass
class Stopwatch:
    """Somebody with a stopwatch, who looks each minute whether the rep is at work: what is past can't change."""

    hours: str
    target: int
    leave: tuple[Leave, ...] = ()
    running: bool = True
    used: int = 0
    #: When the last minute of the target was used up, and when the promise broke because nobody had answered by then.
    reached: datetime | None = None
    late: datetime | None = None

    def minute(self, at: datetime) -> None:
        """The minute that begins at `at` goes by."""
        if not self.running:
            return
        if self.reached is not None and self.late is None:
            self.late = self.reached
        away = any(gone <= at and (back is None or at < back) for gone, back in self.leave)
        if not away and oracle(self.hours).is_open(at):
            self.used += 1
            if self.used == self.target:
                self.reached = at + MINUTE

    def resume(self, at: datetime) -> None:
        """Who was paused with nothing left is due as soon as the clock runs again."""
        if not self.running and self.reached is not None and self.late is None:
            self.reached = at
        self.running = True

    def ahead(self, now: datetime) -> datetime | None:
        """When the target will be used up, as things stand; None if that is not soon."""
        other = copy(self)
        for step in range(AHEAD):
            if other.reached is not None:
                return other.reached
            other.minute(now + step * MINUTE)
        return other.reached


class ClockAndStopwatch(RuleBasedStateMachine):
    """Start, wait, pause, resume, change hours, go on leave and come back, stop: in any order, both show the same."""

    @initialize(name=names, start=st.integers(0, 5 * DAY), minutes=st.integers(1, 1200))
    def begin(self, name: str, start: int, minutes: int) -> None:
        self.now = START + start * MINUTE
        self.calendar = CALENDARS[name]
        self.clock = Clock(Kind.FIRST_TOUCH, minutes * MINUTE, started_at=self.now, running_since=self.now)
        self.watch = Stopwatch(name, minutes)

    @rule(minutes=st.sampled_from([1, 7, 60, 300, 900]))
    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.watch.minute(self.now)
            self.now += MINUTE

    @precondition(lambda self: self.clock.is_running and self.watch.late is None)
    @rule(more=st.integers(-1, 1))
    def wait_for_the_deadline(self, more: int) -> None:
        due = self.clock.due(self.calendar) or self.now
        self.wait(min(3 * DAY, max(0, (due - self.now) // MINUTE + more)))

    @precondition(lambda self: self.clock.is_running and self.watch.late is None)
    @rule(name=names, more=st.sampled_from([0, 1, 500]))
    def change_hours_after_a_deadline_that_nobody_noticed(self, name: str, more: int) -> None:
        self.wait_for_the_deadline(more)
        self.change_hours(name)

    @rule()
    def pause(self) -> None:
        self.clock = self.clock.pause(self.calendar, self.now)
        self.watch.running = False

    @rule()
    def resume(self) -> None:
        self.clock = self.clock.resume(self.now)
        if self.clock.stopped_at is None:
            self.watch.resume(self.now)

    @rule(name=names)
    def change_hours(self, name: str) -> None:
        self.watch.hours = name
        self.follow()

    @rule(starts=st.integers(-DAY, 2 * DAY), lasts=st.none() | st.integers(1, 4 * DAY))
    def enter_a_leave(self, starts: int, lasts: int | None) -> None:
        """Also one that is entered after it began: the time until now was counted, and stays so."""
        gone = self.now + starts * MINUTE
        self.watch.leave += ((gone, None if lasts is None else gone + lasts * MINUTE),)
        self.follow()

    @precondition(lambda self: self.watch.leave)
    @rule()
    def come_back(self) -> None:
        """Every leave ends now, and those that were planned are off."""
        self.watch.leave = tuple((gone, self.now) for gone, _ in self.watch.leave if gone < self.now)
        self.follow()

    def follow(self) -> None:
        calendar = CALENDARS[self.watch.hours].away(self.watch.leave)
        self.clock = self.clock.follow(self.calendar, calendar, self.now)
        self.calendar = calendar

    @rule()
    def notice(self) -> None:
        self.clock = self.clock.breach(self.calendar, self.now)

    @precondition(lambda self: self.clock.stopped_at is None and self.now - self.clock.started_at > 3 * DAY * MINUTE)
    @rule()
    def stop(self) -> None:
        self.clock = self.clock.stop(self.calendar, self.now, answered=True)
        self.watch.running = False

    @precondition(lambda self: self.clock.is_running and self.watch.late is None)
    @rule()
    def ask_when_it_is_due(self) -> None:
        walked, due = self.watch.ahead(self.now), self.clock.due(self.calendar)
        if walked is not None:
            assert due == walked
        else:
            assert due is None or due > self.now + AHEAD * MINUTE

    @invariant()
    def both_have_counted_the_same(self) -> None:
        assert self.clock.used(self.calendar, self.now) == self.watch.used * MINUTE

    @invariant()
    def both_say_alike_whether_and_when_the_promise_broke(self) -> None:
        assert self.clock.breach(self.calendar, self.now).breached_at == self.watch.late


TestClockAndStopwatch = ClockAndStopwatch.TestCase
TestClockAndStopwatch.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
