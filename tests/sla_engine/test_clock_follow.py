"""A rep's hours or leave change while a clock runs: what is past stays, what is ahead moves."""

from datetime import UTC, datetime, timedelta

from sla_engine import Calendar
from sla_engine.clock import Clock, Kind
from tests.sla_engine.samples import NEW_YORK

H = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 14, tzinfo=UTC)
"""Monday 09:00 in New York."""
TUESDAY = MONDAY + 24 * H
MORNINGS = Calendar.of("America/New_York", {"mon-fri": "09:00-12:00"})


def started(target: timedelta = 6 * H) -> Clock:
    return Clock(Kind.FIRST_TOUCH, target, started_at=MONDAY, running_since=MONDAY)


def test_shorter_hours_move_the_deadline_and_leave_the_hours_that_were_worked() -> None:
    clock = started().follow(NEW_YORK, MORNINGS, MONDAY + 4 * H)
    assert clock.used(MORNINGS, MONDAY + 4 * H) == 4 * H, "an hour of them in the afternoon"
    assert clock.due(MORNINGS) == TUESDAY + 2 * H
    assert clock.started_at == MONDAY


def test_a_breach_is_stamped_by_the_calendar_it_happened_on() -> None:
    clock = started(2 * H).follow(NEW_YORK, MORNINGS.away([(MONDAY, None)]), MONDAY + 5 * H)
    assert clock.breached_at == MONDAY + 2 * H


def test_a_leave_without_an_end_leaves_nothing_due_and_breaks_nothing() -> None:
    away = NEW_YORK.away([(MONDAY + H, None)])
    clock = started().follow(NEW_YORK, away, MONDAY + H)
    assert clock.due(away) is None
    assert clock.due(away, 50) is None
    assert clock.breach(away, MONDAY + 100 * H).breached_at is None
    back = NEW_YORK.away([(MONDAY + H, MONDAY + 3 * H)])
    assert clock.follow(away, back, MONDAY + 3 * H).due(back) == MONDAY + 8 * H


def test_a_leave_entered_too_late_takes_nothing_back() -> None:
    late = NEW_YORK.away([(MONDAY, MONDAY + 4 * H)])
    clock = started().follow(NEW_YORK, late, MONDAY + 2 * H)
    assert clock.used(late, MONDAY + 4 * H) == 2 * H
    assert clock.due(late) == MONDAY + 8 * H


def test_a_clock_that_does_not_run_or_whose_calendar_is_the_same_stays_as_it_is() -> None:
    paused = started().pause(NEW_YORK, MONDAY + H)
    stopped = started().stop(NEW_YORK, MONDAY + H, answered=True)
    for clock in (paused, stopped):
        assert clock.follow(NEW_YORK, MORNINGS, MONDAY + 3 * H) is clock
    assert paused.resume(TUESDAY).due(MORNINGS) == TUESDAY + 24 * H + 2 * H
    running = started()
    assert running.follow(NEW_YORK, NEW_YORK.away([]), MONDAY + H) is running
