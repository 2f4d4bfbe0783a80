"""A pace allows its burst at once, and then one call after each interval, whatever the clock does."""

from datetime import UTC, datetime, timedelta

from connectors.pace import Allowance, Pace
from tests.hosting import HandClock

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def paced(clock: HandClock, number: int) -> list[timedelta]:
    """How long each of so many calls is told to wait; those that need not are made."""
    pace, waits = Pace(clock.now, Allowance(A_SECOND / 2, burst=3)), []
    for _ in range(number):
        waits.append(pace.wait())
        if pace.is_free():
            pace.spend()
        else:
            clock.advance(waits[-1])
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
    assert not pace.is_free()
    clock.advance(A_SECOND)
    assert pace.room() == 2


def test_keys_are_paced_apart_and_held_ones_are_named() -> None:
    clock = HandClock(NOON)
    pace = Pace(clock.now, Allowance(A_SECOND))
    pace.spend("busy")
    pace.hold(30, "told to wait")
    assert (pace.is_free("idle"), pace.is_free("busy")) == (True, False)
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
    assert pace.is_free()
