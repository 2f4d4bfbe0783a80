"""What holds of clocks however they are paused, resumed and asked."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

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
