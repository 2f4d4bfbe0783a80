"""A calendar's definition goes to paper and comes back the same."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_engine import Calendar
from sla_engine.definition import Closure
from sla_engine.notation import UnreadableCalendar, key, read, write

MINUTE = timedelta(minutes=1)
WEEKDAYS = ("mon", "wed", "fri")
"""Apart, so that no night runs into a morning."""
HOURS = ("09:00-17:00", "09:00-12:00, 13:00-18:00", "22:00-06:00", "00:00-24:00", "06:30-07:15")
NEW_YORK = Calendar.of(
    "America/New_York",
    {"mon-fri": "09:00-12:00, 13:00-18:00", "sat": "22:00-02:00"},
    closed={date(2026, 11, 26): "Thanksgiving Day", date(2026, 12, 24): Closure("Christmas Eve", "12:00-24:00")},
    open={date(2026, 11, 29): "10:00-14:00"},
).away([(datetime(2026, 12, 1, 5, tzinfo=UTC), datetime(2026, 12, 2, 5, tzinfo=UTC))])
WRITTEN = (
    '{"timezone":"America/New_York",'
    '"week":[[[540,720],[780,1080]],[[540,720],[780,1080]],[[540,720],[780,1080]],[[540,720],[780,1080]],'
    "[[540,720],[780,1080]],[[1320,1560]],[]],"
    '"closed":[["2026-11-26","Thanksgiving Day"]],"special":[["2026-11-29",[[600,840]]]],'
    '"breaks":[["2026-12-24",[[720,1440]],"Christmas Eve"]],'
    '"leave":[["2026-12-01T05:00:00+00:00","2026-12-02T05:00:00+00:00"]]}'
)

dates = st.dates(date(2025, 1, 1), date(2028, 12, 31))
closures = st.text(max_size=9) | st.builds(Closure, st.text(max_size=9), st.sampled_from(("", *HOURS)))
instants = st.builds(datetime.combine, dates, st.times(), st.just(UTC))
leaves = st.tuples(instants, st.none() | st.timedeltas(timedelta(0), timedelta(days=40))).map(
    lambda leave: (leave[0], None if leave[1] is None else leave[0] + leave[1])
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar the policy can describe, on leave or not."""
    zone = draw(st.sampled_from(("America/New_York", "Australia/Lord_Howe", "UTC", "Africa/Cairo")))
    days = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))
    week = {day: draw(st.sampled_from(HOURS)) for day in days}
    closed = draw(st.dictionaries(dates, closures, max_size=3))
    opened = draw(st.dictionaries(dates, st.sampled_from(("", *HOURS)), max_size=2))
    return Calendar.of(zone, week, closed, opened).away(draw(st.lists(leaves, max_size=3)))


@given(calendars())
def test_what_is_written_is_read_as_the_same_calendar_and_the_shared_one(calendar: Calendar) -> None:
    text = write(calendar)
    assert read(text) is calendar
    assert write(read(text)) == text
    assert text.isascii()
    assert json.loads(text)["timezone"] == calendar.timezone


@given(calendars(), calendars())
def test_calendars_share_a_text_and_a_key_exactly_when_they_are_equal(one: Calendar, other: Calendar) -> None:
    assert (write(one) == write(other)) is (key(one) == key(other)) is (one == other)


def test_the_text_is_compact_and_leaves_out_what_the_calendar_does_not_have() -> None:
    assert write(NEW_YORK) == WRITTEN
    assert write(Calendar.elapsed()) == '{"timezone":"UTC","week":[' + ",".join(["[[0,1440]]"] * 7) + "]}"


def test_the_key_is_twelve_hexadecimal_digits_and_never_changes() -> None:
    assert key(NEW_YORK) == "aac89f2d9600"


def test_another_process_gives_the_same_key() -> None:
    code = "import sys; from sla_engine.notation import key, read; print(key(read(sys.argv[1])))"
    told = subprocess.run([sys.executable, "-c", code, WRITTEN], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == key(NEW_YORK)


def test_a_leave_is_part_of_the_definition() -> None:
    away = NEW_YORK.away([(datetime(2027, 1, 4, 14, tzinfo=UTC), None)])
    assert key(away) != key(NEW_YORK)
    assert read(write(away)).next_open(datetime(2027, 1, 5, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"week":[]}',
        WRITTEN.replace("America/New_York", "America/Gotham"),
        WRITTEN.replace("America/New_York", "America"),
        WRITTEN.replace("[[540,720],", '[["9","12"],', 1),
        WRITTEN.replace("2026-11-26", "2026-11-31"),
        WRITTEN.replace("05:00:00+00:00", "05:00:00"),
        WRITTEN.replace('"Thanksgiving Day"', "null"),
        WRITTEN.replace(",", ", ", 1),
        WRITTEN[:-1],
    ],
)
def test_a_text_that_was_not_written_here_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCalendar, match="no calendar as Handoff writes it down"):
        read(text)
