"""A pace allows its burst at once, and then one call after each interval; a window so many calls in any minute, all at
once if need be; whatever the clock does.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from connectors.pace import Allowance, Pace, Quota, Window
from tests.hosting import HandClock

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def paced(clock: HandClock, number: int) -> list[timedelta]:
    """How long each of so many calls is told to wait; those that need not are made."""
    pace, waits = Pace(clock.now, Allowance(A_SECOND / 2, burst=3)), []
    for _ in range(number):
        waits.append(pace.wait())
        if waits[-1]:
            clock.advance(waits[-1])
        else:
            pace.spend()
    return waits


def test_a_burst_goes_at_once_and_then_one_each_interval() -> None:
    free, half = timedelta(0), A_SECOND / 2
    assert paced(HandClock(NOON), 8) == [free, free, free, half, free, half, free, half]


def test_what_was_not_used_is_saved_up_to_the_burst_and_no_further() -> None:
    clock = HandClock(NOON)
    pace = Pace(clock.now, Allowance(A_SECOND / 2, burst=3))
    clock.advance(timedelta(hours=1))
    for left in (3, 2, 1):
        assert pace.room() == left
        pace.spend()
    assert pace.wait()
    clock.advance(A_SECOND)
    assert pace.room() == 2


def test_keys_are_paced_apart_and_held_ones_are_named() -> None:
    clock = HandClock(NOON)
    pace = Pace(clock.now, Allowance(A_SECOND))
    pace.spend("busy")
    pace.hold(30, "told to wait")
    assert (pace.wait("idle"), pace.wait("busy")) == (timedelta(0), A_SECOND)
    assert sorted(pace.held()) == ["busy", "told to wait"]
    assert pace.next_free() == NOON + A_SECOND
    clock.advance(A_SECOND)
    assert pace.held() == ["told to wait"]
    assert pace.wait("told to wait") == timedelta(seconds=29)


def test_a_clock_that_is_set_back_makes_nobody_wait_for_its_old_time() -> None:
    clock = HandClock(NOON)
    pace = Pace(clock.now, Allowance(A_SECOND))
    pace.spend()
    clock.instant = NOON - timedelta(days=1)
    assert not pace.wait()


def test_a_quota_may_be_spent_at_once_and_is_free_again_a_span_after_each_call_has_ended() -> None:
    clock = HandClock(NOON)
    window = Window(clock.now, Quota(3))
    with window.call():
        clock.advance(A_SECOND)
    for left in (2, 1):
        assert window.room() == left
        with window.call():
            assert window.room() == left - 1, "a call under way counts"
        clock.advance(A_SECOND)
    assert window.next_free() == NOON + timedelta(seconds=61)
    clock.instant = NOON + timedelta(seconds=60)
    assert window.room() == 0, "Slack may have counted the first when it ended"
    clock.advance(A_SECOND)
    assert window.room() == 2
    assert window.next_free() is None


def test_a_call_that_fails_counts_too_and_who_is_told_to_wait_waits() -> None:
    clock = HandClock(NOON)
    window = Window(clock.now, Quota(2))
    with suppress(ZeroDivisionError), window.call():
        raise ZeroDivisionError
    assert window.room() == 1
    window.hold(300)
    assert (window.room(), window.next_free()) == (0, NOON + timedelta(minutes=5))
    clock.advance(timedelta(minutes=5))
    assert window.room() == 2


def test_a_window_forgets_what_a_clock_counted_that_is_set_back() -> None:
    clock = HandClock(NOON)
    window = Window(clock.now, Quota(1))
    with window.call():
        pass
    window.hold(300)
    clock.instant = NOON - timedelta(days=1)
    assert window.room() == 1
