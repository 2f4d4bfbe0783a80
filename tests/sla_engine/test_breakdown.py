"""The sentence people are shown about a deadline."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sla_engine import Calendar
from sla_engine.breakdown import Why
from sla_engine.definition import Closure

NEW_YORK = "America/New_York"
H = timedelta(hours=1)
HOLIDAYS = {date(2026, 11, 26): "Thanksgiving", date(2026, 12, 5): "a Saturday"}
OFFICE = Calendar(NEW_YORK, {"mon-fri": "09:00-17:00"}, closed=HOLIDAYS)


def at(text: str, zone: str = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def told(calendar: Calendar, start: datetime, hours: float) -> str:
    return calendar.explain(start, hours * H).sentence()


def test_a_weekend_goes_without_saying() -> None:
    expected = "4 h of working time from Fri 16:30 New York: 30 min Friday, 3 h 30 min Monday"
    assert told(OFFICE, at("2026-11-20 16:30"), 4) == expected


def test_a_holiday_is_named() -> None:
    assert told(OFFICE, at("2026-11-25 16:30"), 4) == (
        "4 h of working time from Wed 16:30 New York: 30 min Wednesday, 3 h 30 min Friday; "
        "Thursday closed (Thanksgiving)"
    )


def test_a_long_time_is_summed_up_with_dates() -> None:
    assert told(OFFICE, at("2026-11-20 16:30"), 80) == (
        "80 h of working time from Fri 20 Nov 16:30 New York: 30 min Fri 20 Nov, "
        "72 h on 9 days from Mon 23 Nov to Fri 4 Dec, 7 h 30 min Mon 7 Dec; Thu 26 Nov closed (Thanksgiving)"
    )


def test_leave_is_told_for_whole_days_and_parts_of_days() -> None:
    away = OFFICE.away([(at("2026-11-24 10:00"), at("2026-11-27 12:00"))])
    assert told(away, at("2026-11-23 16:00"), 3) == (
        "3 h of working time from Mon 16:00 New York: 1 h Monday, 1 h Tuesday, 1 h Friday; part of Tuesday away, "
        "Wednesday away, Thursday closed (Thanksgiving), part of Friday away"
    )


def test_leave_after_the_deadline_is_not_mentioned() -> None:
    away = OFFICE.away([(at("2026-11-24 10:00"), None)])
    assert (
        told(away, at("2026-11-23 16:00"), 2) == "2 h of working time from Mon 16:00 New York: 1 h Monday, 1 h Tuesday"
    )


def test_a_half_day_is_told_as_part_of_the_day() -> None:
    calendar = Calendar(
        NEW_YORK, {"mon-fri": "09:00-17:00"}, closed={date(2026, 11, 25): Closure("Early", "13:00-24:00")}
    )
    assert told(calendar, at("2026-11-25 12:00"), 2) == (
        "2 h of working time from Wed 12:00 New York: 1 h Wednesday, 1 h Thursday; part of Wednesday closed (Early)"
    )


def test_a_night_shift_is_told_on_the_day_it_starts() -> None:
    nights = Calendar(NEW_YORK, {"mon-sun": "22:00-06:00"})
    assert told(nights, at("2026-11-24 03:00"), 4) == (
        "4 h of working time from Tue 03:00 New York: 3 h Monday night, 1 h Tuesday"
    )


def test_a_date_the_zone_skips_is_named() -> None:
    apia = Calendar("Pacific/Apia", {"mon-fri": "09:00-17:00"})
    assert told(apia, at("2011-12-29 15:00", "Pacific/Apia"), 4) == (
        "4 h of working time from Thu 15:00 Apia: 2 h Thursday, 2 h Monday; Friday skipped by the time zone"
    )


def test_elapsed_time_needs_no_days_and_a_repeated_hour_says_which() -> None:
    always = Calendar.elapsed(NEW_YORK)
    assert told(always, at("2026-11-20 23:30"), 0.25) == "15 min of elapsed time from Fri 23:30 New York"
    assert told(always, at("2026-11-01 01:30", fold=1), 1).endswith("from Sun 01:30 (second time) New York")


def test_parts_of_a_second_are_nobodys_business_nor_seconds_from_an_hour_on() -> None:
    start = at("2026-11-20 16:30")
    assert told(OFFICE, start, 1 / 60 + 31.628993 / 3600).startswith("1 min 32 s of working time")
    assert told(OFFICE, start, 2.5 + 31.628993 / 3600) == (
        "2 h 30 min of working time from Fri 16:30 New York: 30 min Friday, 2 h Monday"
    )


def test_nothing_to_count_is_said_plainly() -> None:
    assert told(OFFICE, at("2026-11-21 12:00"), 0) == "0 s of working time from Sat 12:00 New York"


def test_the_breakdown_carries_every_day_and_its_reason() -> None:
    found = OFFICE.explain(at("2026-11-25 16:30"), 12 * H)
    assert [(day.date.day, day.worked, day.lost) for day in found.days] == [
        (25, H / 2, ()),
        (26, 0 * H, ((Why.CLOSED, "Thanksgiving"),)),
        (27, 8 * H, ()),
        (28, 0 * H, ((Why.WEEKEND, ""),)),
        (29, 0 * H, ((Why.WEEKEND, ""),)),
        (30, 3.5 * H, ()),
    ]
    assert found.worked == 12 * H
    assert found.end == OFFICE.after(at("2026-11-25 16:30"), 12 * H)


def test_a_holiday_on_a_day_without_hours_is_no_reason() -> None:
    assert "Saturday" not in told(OFFICE, at("2026-12-04 16:30"), 1)
    assert "closed" not in told(OFFICE, at("2026-12-04 16:30"), 1)
