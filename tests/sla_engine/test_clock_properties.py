"""Clocks agree with a naive model that walks minute by minute."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sla_engine import Calendar
from sla_engine.clock import Clock, Kind
from tests.sla_engine.samples import NEW_YORK

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
LUNCH = Calendar.of("Europe/London", {"mon-fri": "09:00-12:00, 13:00-17:00", "sat": "22:00-02:00"})
calendars = st.sampled_from([NEW_YORK, LUNCH, Calendar.elapsed()])
instants = st.integers(0, 10 * 1440).map(lambda minutes: MONDAY + minutes * MINUTE)
targets = st.integers(1, 30 * 60).map(lambda minutes: minutes * MINUTE)


def running(at: datetime, target: timedelta) -> Clock:
    return Clock(Kind.FIRST_TOUCH, target, started_at=at, running_since=at)


@settings(max_examples=50, deadline=None)
@given(calendars, st.lists(instants, min_size=2, max_size=9, unique=True).map(sorted), targets)
def test_interruptions_without_length_change_nothing(
    calendar: Calendar, stops: list[datetime], target: timedelta
) -> None:
    start, *between, end = stops
    whole = interrupted = running(start, target)
    for instant in between:
        interrupted = interrupted.pause(calendar, instant).resume(instant)
    assert interrupted.used(calendar, end) == whole.used(calendar, end) == calendar.between(start, end)
    ended = interrupted.stop(calendar, end, answered=True), whole.stop(calendar, end, answered=True)
    assert ended[0].spent == ended[1].spent


@settings(max_examples=50, deadline=None)
@given(calendars, st.lists(instants, min_size=2, max_size=9, unique=True).map(sorted), targets)
def test_the_total_is_what_was_worked_between_each_resume_and_the_pause_after_it(
    calendar: Calendar, stops: list[datetime], target: timedelta
) -> None:
    clock, counted = running(stops[0], target), timedelta(0)
    for place, (before, now) in enumerate(pairwise(stops)):
        if place % 2 == 0:
            counted += calendar.between(before, now)
            clock = clock.pause(calendar, now)
        else:
            clock = clock.resume(now)
        assert clock.used(calendar, now) == counted


@settings(max_examples=50, deadline=None)
@given(calendars, instants, targets, st.lists(st.integers(1, 300), min_size=2, max_size=6))
def test_a_larger_share_is_never_due_sooner_and_using_it_takes_exactly_that_share(
    calendar: Calendar, start: datetime, target: timedelta, shares: list[int]
) -> None:
    clock = running(start, target)
    due = [found for share in sorted(shares) if (found := clock.due(calendar, share)) is not None]
    assert due == sorted(due)
    assert len(due) == len(shares)
    assert [clock.used(calendar, instant) for instant in due] == [target * share / 100 for share in sorted(shares)]


@settings(max_examples=50, deadline=None)
@given(calendars, instants, targets, st.lists(st.integers(1, 20_000), min_size=1, max_size=4))
def test_the_breach_is_stamped_at_the_due_instant_whenever_it_is_noticed(
    calendar: Calendar, start: datetime, target: timedelta, late: list[int]
) -> None:
    clock = running(start, target)
    due = clock.due(calendar)
    assert due is not None
    for minutes in late:
        clock = clock.breach(calendar, due + minutes * MINUTE)
        assert clock.breached_at == due


@dataclass
class Walked:
    """A clock as somebody with a stopwatch would keep it, a minute at a time."""

    calendar: Calendar
    target: int
    running: bool = True
    used: int = 0
    #: When the last minute of the target was used up, and when the promise broke because nobody had answered by then.
    reached: datetime | None = None
    late: datetime | None = None

    def minute(self, at: datetime) -> None:
        """The minute that begins at `at` goes by."""
        if self.running and self.reached is not None and self.late is None:
            self.late = self.reached
        if self.running and self.calendar.is_open(at):
            self.used += 1
            if self.used == self.target:
                self.reached = at + MINUTE

    def resume(self, at: datetime) -> None:
        """Who was paused with nothing left is due as soon as the clock runs again."""
        if not self.running and self.reached is not None and self.late is None:
            self.reached = at
        self.running = True


class ClockBesideAStopwatch(RuleBasedStateMachine):
    """Whatever is done to a clock in whatever order, it shows what a stopwatch would."""

    @initialize(calendar=calendars, start=instants, minutes=st.integers(1, 1200))
    def begin(self, calendar: Calendar, start: datetime, minutes: int) -> None:
        self.calendar, self.now = calendar, start
        self.clock = running(start, minutes * MINUTE)
        self.model = Walked(calendar, minutes)

    @rule(minutes=st.sampled_from([1, 7, 45, 200, 700]))
    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.model.minute(self.now)
            self.now += MINUTE

    @precondition(lambda self: self.clock.is_running)
    @rule()
    def wait_for_the_deadline(self) -> None:
        self.wait(min(700, max(0, ((self.clock.due(self.calendar) or self.now) - self.now) // MINUTE)))

    @rule()
    def pause(self) -> None:
        self.clock = self.clock.pause(self.calendar, self.now)
        self.model.running = False

    @rule()
    def resume(self) -> None:
        self.clock = self.clock.resume(self.now)
        if self.clock.stopped_at is None:
            self.model.resume(self.now)

    @rule()
    def notice(self) -> None:
        self.clock = self.clock.breach(self.calendar, self.now)

    @precondition(lambda self: self.clock.is_running)
    @rule()
    def stop(self) -> None:
        self.clock = self.clock.stop(self.calendar, self.now, answered=True)
        self.model.running = False

    @invariant()
    def both_have_counted_the_same(self) -> None:
        assert self.clock.used(self.calendar, self.now) == self.model.used * MINUTE

    @invariant()
    def both_say_alike_whether_and_when_the_promise_broke(self) -> None:
        assert self.clock.breach(self.calendar, self.now).breached_at == self.model.late


TestClockBesideAStopwatch = ClockBesideAStopwatch.TestCase
TestClockBesideAStopwatch.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
