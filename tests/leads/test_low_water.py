"""The mark below which nobody looks for timers spares work and never hides one for long."""

from datetime import UTC, datetime, timedelta

from leads.low_water import SWEEP_EVERY, LowWater

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def looked(at: datetime, earliest: datetime | None) -> LowWater:
    """A mark after the first look."""
    low_water = LowWater()
    assert low_water.begin(at) is None, "the first look is from the beginning"
    low_water.found(earliest, at)
    return low_water


def test_the_mark_follows_the_earliest_timer_that_is_due() -> None:
    low_water = looked(NOON, NOON - 5 * A_SECOND)
    assert low_water.mark == NOON - 5 * A_SECOND
    assert low_water.begin(NOON + A_SECOND) == NOON - 5 * A_SECOND


def test_the_mark_never_passes_the_present() -> None:
    assert looked(NOON, NOON + timedelta(days=1)).mark == NOON
    assert looked(NOON, None).mark == NOON


def test_a_timer_written_below_the_mark_lowers_it() -> None:
    low_water = looked(NOON, NOON)
    low_water.hear(NOON - timedelta(hours=1))
    assert low_water.begin(NOON + A_SECOND) == NOON - timedelta(hours=1)


def test_a_timer_written_while_somebody_looked_is_not_passed_over() -> None:
    low_water = looked(NOON - 2 * A_SECOND, NOON - 3 * A_SECOND)
    assert low_water.begin(NOON) is not None
    low_water.hear(NOON - A_SECOND)
    low_water.found(NOON, NOON)
    assert low_water.mark == NOON - A_SECOND


def test_everything_is_looked_through_again_after_ten_seconds() -> None:
    low_water = looked(NOON, NOON)
    assert low_water.begin(NOON + SWEEP_EVERY - A_SECOND) is not None
    assert low_water.begin(NOON + SWEEP_EVERY) is None
    assert low_water.mark is None, "what is claimed meanwhile is claimed from the beginning"


def test_a_clock_that_is_set_back_hides_nothing() -> None:
    low_water = looked(NOON, NOON)
    assert low_water.begin(NOON - timedelta(hours=1)) is None
    low_water.found(None, NOON - timedelta(hours=1))
    assert low_water.mark == NOON - timedelta(hours=1)
