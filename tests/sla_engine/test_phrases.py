"""Durations and numbers in words: exactly where they have to add up, with their two largest units elsewhere."""

from datetime import timedelta

import pytest

from sla_engine.phrases import in_words, lasting, times


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(0), "0 min"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(minutes=1, seconds=30), "1 min 30 s"),
        (timedelta(hours=40), "40 h"),
        (timedelta(milliseconds=250), "0.25 s"),
        (timedelta(microseconds=1), "0.000001 s"),
        (timedelta(days=2, minutes=5), "48 h 5 min"),
        (timedelta(hours=25, minutes=28, seconds=59.5), "25 h 28 min 59.5 s"),
        (timedelta(hours=1, seconds=10), "1 h 10 s"),
    ],
)
def test_durations_are_told_exactly(duration: timedelta, words: str) -> None:
    assert in_words(duration) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (45, "45 s"),
        (59.6, "1 min"),
        (60, "1 min"),
        (90, "1 min 30 s"),
        (3_600, "1 h"),
        (3_605, "1 h"),
        (5_400, "1 h 30 min"),
        (5_430, "1 h 30 min"),
        (86_400 * 2 + 3 * 3_600 + 59, "2 d 3 h"),
        (86_400 + 300, "1 d"),
        (86_399.6, "1 d"),
    ],
)
def test_a_duration_is_told_by_its_two_largest_units(seconds: float, words: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (86_399.6, "24 h"),
        (91_739.5, "25 h 29 min"),
        (91_739.4, "25 h 28 min"),
        (40 * 3_600, "40 h"),
        (30 * 3_600 + 59, "30 h"),
        (50, "50 s"),
    ],
)
def test_working_time_is_told_in_hours_as_a_working_day_is_not_24(seconds: float, words: str) -> None:
    assert lasting(timedelta(seconds=seconds), days=False) == words


def test_how_often_is_said_as_people_say_it() -> None:
    assert [times(number) for number in range(1, 4)] == ["once", "twice", "3 times"]
