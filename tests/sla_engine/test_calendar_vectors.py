"""Worked values: the table of the contract, and cases collected from other engines' tests and bug reports.

Each row is local times of the calendar's zone. Not here, because other parts answer for them: what happens to a running
clock when a rep's zone or calendar changes (the clocks), observed public holidays (the policy). No time added to a
closed instant is that instant here, so biz's "0 h from closed time is the next opening" appears as `next_open`.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla_engine import Calendar
from sla_engine.calendar import Unreachable
from sla_engine.definition import Closure
from sla_engine.timetable import draw

H = timedelta(hours=1)
NEW_YORK, LA, PARIS = "America/New_York", "America/Los_Angeles", "Europe/Paris"
OFFICE = {"mon-fri": "09:00-17:00"}
ALWAYS = {"mon-sun": "00:00-24:00"}
THANKSGIVING = {date(2026, 11, 26)}
BIZ = {"mon": "09:00-17:00", "tue, thu": "10:00-16:00", "wed, fri": "09:00-17:00", "sat": "11:00-14:30"}
SPLIT = {"mon-fri": "09:00-12:00, 13:00-18:00"}


def at(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("hours", "zone", "start", "hours_added", "end"),
    [
        (OFFICE, NEW_YORK, "2026-11-20 16:30", 1, "2026-11-23 09:30"),
        (OFFICE, NEW_YORK, "2026-11-25 16:00", 2, "2026-11-27 10:00"),
        (OFFICE, NEW_YORK, "2026-11-21 12:00", 1 / 12, "2026-11-23 09:05"),
        (OFFICE, NEW_YORK, "2026-11-23 09:00", 8, "2026-11-23 17:00"),
        (OFFICE, NEW_YORK, "2026-11-23 17:00", 0, "2026-11-23 17:00"),
        (OFFICE, NEW_YORK, "2026-11-21 12:00", 0, "2026-11-21 12:00"),
        (SPLIT, NEW_YORK, "2026-11-23 11:30", 1, "2026-11-23 13:30"),
        (ALWAYS, NEW_YORK, "2026-03-08 01:30", 1, "2026-03-08 03:30"),
        ({"mon, tue": "22:00-06:00"}, NEW_YORK, "2026-11-23 22:00", 9, "2026-11-24 23:00"),
        # 17: an engine stood still at the repeated hour.
        ({"mon-sun": "00:00-10:00"}, "Europe/Amsterdam", "2022-10-30 02:00", 1, "2022-10-30 02:00+01:00"),
        ({"mon-sun": "00:00-23:00"}, "UTC", "2026-06-01 22:00", 4, "2026-06-02 03:00"),
        ({"fri": "09:00-17:00"}, "UTC", "2026-11-20 17:00", 1, "2026-11-27 10:00"),
    ],
)
def test_a_promise_falls_due_where_the_table_says(
    hours: Mapping[str, str], zone: str, start: str, hours_added: float, end: str
) -> None:
    calendar = Calendar(timezone=zone, hours=hours, closed=THANKSGIVING, open=set())
    expected = datetime.fromisoformat(end) if "+" in end else at(end, zone)
    due = calendar.after(at(start, zone), hours_added * H)
    # Two aware datetimes of one zone compare as wall clocks do, so both are compared in UTC.
    assert due == expected.astimezone(UTC)
    assert due.tzinfo is UTC
    assert calendar.between(at(start, zone), due) == hours_added * H


def test_the_repeated_hour_of_autumn_counts_twice() -> None:
    due = Calendar(NEW_YORK, ALWAYS).after(at("2026-11-01 00:30", NEW_YORK), 2 * H)
    assert due == at("2026-11-01 01:30", NEW_YORK, fold=1).astimezone(UTC)
    assert due.astimezone(ZoneInfo(NEW_YORK)).utcoffset() == -5 * H


@pytest.mark.parametrize(
    ("hours", "zone", "start", "end", "worked"),
    [
        (BIZ, "UTC", "2006-01-01 00:00", "2006-01-08 00:00", 39.5),
        (BIZ, "UTC", "2006-01-05 12:00", "2006-01-06 12:00", 7),
        ({"sun": "02:30-03:15"}, LA, "2006-04-02 00:00", "2006-04-03 00:00", 0),
        ({"sat": "06:00-18:00"}, LA, "2026-11-21 17:00", "2026-11-22 00:00", 1),
        ({"sun": "08:00-21:00"}, PARIS, "2020-03-29 00:00", "2020-03-30 00:00", 13),
        ({"sun": "08:00-21:00"}, PARIS, "2019-10-27 00:00", "2019-10-28 00:00", 13),
        ({"sun": "08:00-21:00"}, PARIS, "2002-10-27 07:00", "2021-10-30 00:00", 12_896),
        ({"mon": "00:00-24:00"}, "UTC", "2018-01-01 00:00", "2020-01-01 00:00", 2_520),
        ({"mon": "07:00-12:00, 13:00-18:00"}, "UTC", "2026-11-23 11:00", "2026-11-30 13:00", 11),
        ({"mon-sun": "17:00-01:00"}, "UTC", "2026-06-01 02:00", "2026-06-01 04:48", 0),
        ({"sat": "22:00-06:00"}, NEW_YORK, "2026-03-07 12:00", "2026-03-08 12:00", 7),
        ({"sat": "22:00-06:00"}, NEW_YORK, "2025-11-01 12:00", "2025-11-02 12:00", 9),
        ({"sun": "00:00-24:00"}, PARIS, "2026-03-28 12:00", "2026-03-30 12:00", 23),
        ({"sun": "00:00-24:00"}, PARIS, "2026-10-24 12:00", "2026-10-26 12:00", 25),
        ({"sun": "00:00-24:00"}, "Australia/Lord_Howe", "2025-10-04 12:00", "2025-10-06 12:00", 23.5),
        ({"sun": "00:00-24:00"}, "Australia/Lord_Howe", "2026-04-04 12:00", "2026-04-06 12:00", 24.5),
        ({"fri": "00:00-24:00"}, "Africa/Cairo", "2024-04-25 12:00", "2024-04-27 12:00", 23),
        ({"fri": "09:00-17:00"}, "Pacific/Apia", "2011-12-28 12:00", "2012-01-03 12:00", 0),
        ({"thu": "22:00-06:00"}, "Pacific/Apia", "2011-12-28 12:00", "2012-01-03 12:00", 8),
        ({"mon-fri": "09:00-17:00, 23:00-07:00"}, "UTC", "2016-01-18 09:00", "2016-01-25 09:00", 80),
        ({"fri, mon": "00:00-24:00", "sat": "11:00-15:00"}, "UTC", "2026-11-20 15:00", "2026-11-23 11:00", 24),
        # Sunday to Thursday, as in Israel.
        ({"sun-thu": "09:00-17:00"}, "Asia/Jerusalem", "2026-11-19 12:00", "2026-11-22 12:00", 8),
        ({"fri-mon": "09:00-10:00"}, "UTC", "2026-11-16 12:00", "2026-11-23 12:00", 4),
    ],
)  # fmt: skip
def test_working_time_between_two_instants_is_what_was_worked(
    hours: Mapping[str, str], zone: str, start: str, end: str, worked: float
) -> None:
    calendar = Calendar(zone, hours)
    assert calendar.between(at(start, zone), at(end, zone)) == worked * H
    assert calendar.between(at(end, zone), at(start, zone)) == -worked * H


@pytest.mark.parametrize(
    ("hours", "zone", "day", "opens"),
    [
        (BIZ, "UTC", "2006-01-03", "2006-01-03T10:00+00:00"),
        ({"sun": "02:30-05:00"}, LA, "2014-03-09", "2014-03-09T10:30+00:00"),
        ({"sun": "01:30-05:00"}, LA, "2014-11-02", "2014-11-02T08:30+00:00"),
        (OFFICE, NEW_YORK, "2020-01-06", "2020-01-06T14:00+00:00"),
        (OFFICE, NEW_YORK, "2020-07-06", "2020-07-06T13:00+00:00"),
    ],
)
def test_a_day_opens_by_the_offset_of_its_own_instant(
    hours: Mapping[str, str], zone: str, day: str, opens: str
) -> None:
    assert Calendar(zone, hours).next_open(at(day, zone)) == datetime.fromisoformat(opens)


def test_a_day_that_ends_at_a_midnight_clocks_skip_ends_with_the_jump() -> None:
    zone = "America/Sao_Paulo"
    calendar = Calendar(zone, {"sat": "09:00-24:00"})
    ((_, closes),) = calendar.spans(at("2015-10-17 12:00", zone), at("2015-10-19 12:00", zone))
    assert closes == datetime(2015, 10, 18, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [("09:00", "12:00", 2), ("09:00", "14:00", 2), ("12:00", "18:00", 3), ("13:00", "13:30", 0)],
)
def test_a_date_with_hours_of_its_own_keeps_those(start: str, end: str, worked: int) -> None:
    calendar = Calendar("UTC", {"mon-fri": "09:00-18:00"}, open={date(2014, 4, 7): "10:00-12:00, 14:00-17:00"})
    assert calendar.between(at(f"2014-04-07 {start}", "UTC"), at(f"2014-04-07 {end}", "UTC")) == worked * H


def test_a_half_day_passes_what_is_left_to_the_next_working_day() -> None:
    early = Closure("New Year is near", "17:00-24:00")
    calendar = Calendar("UTC", {"thu, fri": "08:00-18:00"}, closed={date(2019, 12, 27): early})
    assert calendar.after(at("2019-12-27 16:00", "UTC"), 2 * H) == at("2020-01-02 09:00", "UTC")


@pytest.mark.parametrize(
    ("closure", "worked"),
    [
        ("08:00-10:00", 7),
        ("16:00-20:00", 7),
        ("08:00-20:00", 0),
        ("11:00-14:00", 5),
        ("00:00-09:00", 8),
        ("17:00-18:00", 8),
    ],
)
def test_a_closure_takes_what_it_covers_of_a_day_and_no_more(closure: str, worked: int) -> None:
    calendar = Calendar("UTC", OFFICE, closed={date(2026, 11, 23): Closure(hours=closure)})
    assert calendar.between(at("2026-11-23", "UTC"), at("2026-11-24", "UTC")) == worked * H


def test_a_holiday_is_passed_over() -> None:
    calendar = Calendar(NEW_YORK, OFFICE, closed={date(2017, 1, 16): "Martin Luther King Jr. Day"})
    assert calendar.after(at("2017-01-13 15:00", NEW_YORK), 8 * H) == at("2017-01-17 15:00", NEW_YORK).astimezone(UTC)


def test_a_holiday_takes_the_whole_night_shift_that_starts_on_it_and_none_that_ends_on_it() -> None:
    calendar = Calendar("UTC", {"mon-sun": "22:00-06:00"}, closed={date(2026, 12, 25)})
    assert calendar.between(at("2026-12-24 12:00", "UTC"), at("2026-12-25 12:00", "UTC")) == 8 * H
    assert calendar.between(at("2026-12-25 12:00", "UTC"), at("2026-12-26 12:00", "UTC")) == 0 * H


def test_an_opened_date_is_open_although_it_is_a_holiday() -> None:
    day = date(2026, 11, 26)
    plain = Calendar(NEW_YORK, OFFICE, closed={day: "Thanksgiving"}, open={day})
    assert plain.is_open(at("2026-11-26 16:59", NEW_YORK))
    short = Calendar(NEW_YORK, OFFICE, closed={day: "Thanksgiving"}, open={day: "10:00-14:00"})
    assert short.between(at("2026-11-26", NEW_YORK), at("2026-11-27", NEW_YORK)) == 4 * H


def test_a_saturday_can_be_worked_once() -> None:
    calendar = Calendar("UTC", OFFICE, open={date(2026, 11, 21): "10:00-12:00"})
    assert calendar.after(at("2026-11-20 16:30", "UTC"), 1 * H) == at("2026-11-21 10:30", "UTC")


def test_a_special_morning_under_the_night_shift_before_it_counts_once() -> None:
    calendar = Calendar("UTC", {"mon": "22:00-06:00"}, open={date(2026, 11, 24): "05:00-07:00"})
    assert calendar.between(at("2026-11-23 12:00", "UTC"), at("2026-11-24 12:00", "UTC")) == 9 * H


def test_two_zones_share_four_hours_of_their_day() -> None:
    santiago = Calendar("America/Santiago", SPLIT)
    start, end = at("2016-01-18 09:00", LA), at("2016-01-18 18:00", LA)
    assert santiago.between(start, end) == 4 * H


def test_adjacent_nights_with_a_day_between_open_and_close_one_after_the_other() -> None:
    calendar = Calendar("UTC", {"mon": "09:00-12:00, 20:00-03:00", "tue": "22:00-02:00"})
    edges = ["2026-11-23 12:00", "2026-11-24 03:00", "2026-11-25 02:00", "2026-11-30 12:00"]
    spans = calendar.spans(at("2026-11-23 10:00", "UTC"), at("2026-11-30 13:00", "UTC"))
    assert [closes for _, closes in spans] == [at(edge, "UTC") for edge in edges]
    for edge in edges:
        assert calendar.is_open(at(edge, "UTC") - timedelta.resolution)
        assert not calendar.is_open(at(edge, "UTC"))
    assert calendar.next_open(at("2026-11-24 03:00", "UTC")) == at("2026-11-24 22:00", "UTC")
    assert calendar.is_open(at("2026-11-25 01:59", "UTC"))


def test_parts_of_a_second_neither_drift_nor_hang() -> None:
    calendar, instant = Calendar("UTC", OFFICE), at("2026-11-20 16:59:58.9", "UTC")
    for step in range(1, 41):
        instant = calendar.after(instant, timedelta(milliseconds=250))
        assert calendar.between(at("2026-11-20 16:59:58.9", "UTC"), instant) == step * timedelta(milliseconds=250)
    assert instant == at("2026-11-23 09:00:08.9", "UTC")


def test_a_calendar_closed_by_a_holiday_every_day_says_so_instead_of_searching_for_ever() -> None:
    days = {date(2026, 1, 1) + timedelta(days=n) for n in range(3000)}
    calendar = Calendar("UTC", OFFICE, closed=days)
    start = at("2026-11-20 12:00", "UTC")
    with pytest.raises(Unreachable, match="1:00:00 of working time from 2026-11-20 12:00:00"):
        calendar.after(start, H)
    assert calendar.next_open(start) is None


def test_five_years_is_the_end_whatever_was_asked_before() -> None:
    calendar = Calendar("UTC", ALWAYS)
    start = at("2026-11-20 12:00", "UTC")
    assert calendar.after(start, timedelta(days=1825)) == start + timedelta(days=1825)
    for _ in range(2):
        with pytest.raises(Unreachable):
            calendar.after(start, timedelta(days=1825, microseconds=1))
        assert calendar.after(start + timedelta(days=900), timedelta(days=900)) == start + timedelta(days=1800)


def test_what_is_reached_a_week_after_five_years_is_out_of_reach() -> None:
    calendar, monday = Calendar("UTC", {"mon": "09:00-10:00"}), at("2026-11-23 09:00", "UTC")
    assert calendar.after(monday, 261 * H) == at("2031-11-17 10:00", "UTC")
    with pytest.raises(Unreachable):
        calendar.after(monday, 262 * H)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Apia"])
def test_a_timetable_of_one_day_has_the_nights_of_its_neighbours(zone: str) -> None:
    calendar = Calendar(zone, {"mon-sun": "22:00-06:00"})
    for day in (date(2011, 12, 27), date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)):
        alone = draw(calendar.rota, day, day)
        assert list(alone.spans(alone.starts)) == list(calendar.spans(alone.starts, alone.ends))
