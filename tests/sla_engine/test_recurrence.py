"""Weekly reports come at the same local time all year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_engine.recurrence import next_weekly

NEW_YORK = "America/New_York"
MON, SUN = 0, 6


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-11-20T15:00", "2026-11-23T14:00"),
        ("2026-11-23T13:59", "2026-11-23T14:00"),
        ("2026-11-23T14:00", "2026-11-30T14:00"),
        ("2026-11-23T14:01", "2026-11-30T14:00"),
        # 22:00 on Sunday in New York is Monday already in UTC.
        ("2026-11-23T03:00", "2026-11-23T14:00"),
    ],
)
def test_the_next_report_is_strictly_later(after: str, expected: str) -> None:
    assert next_weekly(utc(after), MON, time(9), NEW_YORK) == utc(expected)


def test_a_report_keeps_its_local_time_when_summer_begins_and_ends() -> None:
    spring = next_weekly(utc("2026-03-02T15:00"), MON, time(9), NEW_YORK)
    autumn = next_weekly(utc("2026-10-26T15:00"), MON, time(9), NEW_YORK)
    assert (spring, autumn) == (utc("2026-03-09T13:00"), utc("2026-11-02T14:00"))
    assert spring - utc("2026-03-02T14:00") == timedelta(days=7, hours=-1)
    assert autumn - utc("2026-10-26T13:00") == timedelta(days=7, hours=1)


def test_a_local_time_that_spring_skips_comes_an_hour_later_and_the_week_after_as_usual() -> None:
    skipped = next_weekly(utc("2026-03-07T12:00"), SUN, time(2, 30), NEW_YORK)
    assert skipped.astimezone(ZoneInfo(NEW_YORK)).replace(tzinfo=None).isoformat() == "2026-03-08T03:30:00"
    assert next_weekly(skipped, SUN, time(2, 30), NEW_YORK) == utc("2026-03-15T06:30")


def test_a_local_time_that_autumn_repeats_comes_once() -> None:
    first = next_weekly(utc("2026-10-31T12:00"), SUN, time(1, 30), NEW_YORK)
    assert first == utc("2026-11-01T05:30")
    assert next_weekly(first, SUN, time(1, 30), NEW_YORK) == utc("2026-11-08T06:30")


@settings(deadline=None)
@given(
    st.integers(0, 40 * 365 * 86_400).map(lambda seconds: utc("2000-01-01") + timedelta(seconds=seconds)),
    st.integers(0, 6),
    st.times(),
    st.sampled_from([NEW_YORK, "Europe/Oslo", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_reports_follow_each_other_a_week_apart_and_none_is_left_out(
    after: datetime, weekday: int, at: time, zone: str
) -> None:
    first = next_weekly(after, weekday, at, zone)
    hour = timedelta(hours=1)
    assert after < first <= after + timedelta(days=7) + hour
    assert first.astimezone(ZoneInfo(zone)).weekday() == weekday
    assert abs(next_weekly(first, weekday, at, zone) - first - timedelta(days=7)) <= hour
    assert next_weekly(first - timedelta.resolution, weekday, at, zone) == first
