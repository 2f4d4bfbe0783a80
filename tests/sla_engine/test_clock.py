"""A clock counts what was worked, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sla_engine import Calendar
from sla_engine.clock import ESCALATED, REASSIGNED, ROUTING_TARGET, Clock, Kind
from tests.sla_engine.samples import MONDAY, NEW_YORK

H, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
CLOSING = datetime(2026, 11, 23, 22, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
"""Half an hour before New York closes for the weekend."""


def started(at: datetime = MONDAY, target: timedelta = 4 * H, kind: Kind = Kind.ACCEPTANCE) -> Clock:
    return Clock(kind, target, started_at=at, running_since=at)


def test_a_clock_counts_working_time_only() -> None:
    clock = started(FRIDAY)
    assert clock.due(NEW_YORK) == datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert clock.used(NEW_YORK, MONDAY) == H + 30 * MINUTE


def test_a_clock_on_elapsed_time_counts_the_night() -> None:
    assert started(FRIDAY).due(Calendar.elapsed()) == FRIDAY + 4 * H


def test_a_level_is_a_share_of_the_target_in_working_time() -> None:
    assert started(FRIDAY, 5 * H).due(NEW_YORK, 80) == datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


def test_before_its_start_nothing_is_used() -> None:
    assert started(NOON).used(NEW_YORK, MONDAY) == timedelta(0)


def test_a_pause_freezes_what_is_left_and_a_resume_counts_on() -> None:
    paused = started().pause(NEW_YORK, MONDAY + H)
    assert paused.is_paused
    assert not paused.is_running
    assert paused.due(NEW_YORK) is None
    assert paused.used(NEW_YORK, MONDAY + 5 * H) == H

    resumed = paused.resume(MONDAY + 3 * H)
    assert resumed.is_running
    assert not resumed.is_paused
    assert resumed.due(NEW_YORK) == MONDAY + 6 * H


def test_a_second_pause_freezes_no_more_than_the_first() -> None:
    paused = started().pause(NEW_YORK, MONDAY + H)
    assert paused.pause(NEW_YORK, MONDAY + 2 * H) == paused


def test_a_second_resume_loses_nothing_that_was_counted() -> None:
    running = started()
    assert running.resume(MONDAY + 2 * H) == running


def test_a_stopped_clock_owes_nothing() -> None:
    stopped = started().stop(NEW_YORK, MONDAY + H, answered=True)
    assert (stopped.stopped_at, stopped.spent, stopped.answered) == (MONDAY + H, H, True)
    assert stopped.breached_at is None
    assert stopped.due(NEW_YORK) is None
    assert not stopped.is_running
    assert not stopped.is_paused
    assert stopped.used(NEW_YORK, MONDAY + 5 * H) == H


def test_the_first_stop_holds_and_nothing_starts_the_clock_again() -> None:
    stopped = started().stop(NEW_YORK, MONDAY + H, answered=True)
    assert stopped.stop(NEW_YORK, MONDAY + 9 * H, answered=False) == stopped
    assert stopped.resume(MONDAY + 2 * H) == stopped
    assert stopped.pause(NEW_YORK, MONDAY + 2 * H) == stopped


def test_a_clock_can_fall_away_without_an_answer() -> None:
    assert not started().stop(NEW_YORK, MONDAY + H, answered=False).answered


def test_a_paused_clock_stops_with_what_the_pause_left() -> None:
    stopped = started().pause(NEW_YORK, MONDAY + H).stop(NEW_YORK, MONDAY + 6 * H, answered=True)
    assert (stopped.spent, stopped.breached_at) == (H, None)


def test_an_answer_at_the_due_instant_is_in_time_and_one_right_after_it_is_late() -> None:
    due = MONDAY + 4 * H
    assert started().stop(NEW_YORK, due, answered=True).breached_at is None
    assert started().stop(NEW_YORK, due + timedelta.resolution, answered=True).breached_at == due


@pytest.mark.parametrize("noticed", [MINUTE, 3 * H, timedelta(days=9)])
def test_a_breach_is_stamped_at_the_due_instant_however_late_it_is_noticed(noticed: timedelta) -> None:
    due = MONDAY + 4 * H
    assert started().breach(NEW_YORK, due + noticed).breached_at == due
    assert started().stop(NEW_YORK, due + noticed, answered=True).breached_at == due
    assert started().pause(NEW_YORK, due + noticed).breached_at == due


def test_a_breach_stays_where_it_was_stamped() -> None:
    breached = started().breach(NEW_YORK, MONDAY + 5 * H)
    shorter = replace(breached, target=H)
    assert shorter.breach(NEW_YORK, MONDAY + 9 * H).breached_at == MONDAY + 4 * H
    assert breached.stop(NEW_YORK, MONDAY + 6 * H, answered=True).breached_at == MONDAY + 4 * H


def test_a_promise_that_ends_with_the_day_is_broken_that_evening() -> None:
    clock = started(CLOSING - 4 * H)
    assert clock.due(NEW_YORK) == CLOSING
    assert clock.stop(NEW_YORK, CLOSING + 3 * H, answered=True).breached_at == CLOSING


def test_a_share_that_was_used_before_a_pause_is_not_ahead_any_more() -> None:
    clock = started().pause(NEW_YORK, MONDAY + 3 * H).resume(MONDAY + 3 * H)
    assert clock.due(NEW_YORK, 50) is None
    assert clock.due(NEW_YORK, 75) == MONDAY + 3 * H
    assert clock.due(NEW_YORK, 76) is not None


def test_each_share_of_the_target_has_its_instant() -> None:
    found = [started().due(NEW_YORK, share) for share in (50, 80, 100, 150)]
    assert found == [MONDAY + 2 * H, MONDAY + 4 * H - 48 * MINUTE, MONDAY + 4 * H, MONDAY + 6 * H]


def test_shares_behind_a_clock_and_those_of_a_paused_one_have_no_instant() -> None:
    paused = started().pause(NEW_YORK, MONDAY + 3 * H)
    assert [paused.due(NEW_YORK, share) for share in (50, 100)] == [None, None]
    went_on = paused.resume(MONDAY + 4 * H)
    assert [went_on.due(NEW_YORK, share) for share in (50, 100)] == [None, MONDAY + 5 * H]


def test_the_systems_own_promise_is_no_reps_and_blames_nobody() -> None:
    routing = started(target=ROUTING_TARGET, kind=Kind.ROUTING)
    assert routing.due(Calendar.elapsed()) == MONDAY + 15 * MINUTE
    assert Kind.ROUTING not in ESCALATED
    assert ESCALATED - {Kind.QUALIFICATION} == REASSIGNED
