"""What may be written in a calendar, and the sentence for what may not."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from sla_engine import Calendar
from sla_engine.definition import BackwardLeave, Closure, NaiveInstant, NeverOpen, NotADate, UnknownZone
from sla_engine.errors import EngineError
from sla_engine.hours import (
    BackwardSpan,
    EmptySpan,
    OverlappingSpans,
    RepeatedDay,
    UnreadableDays,
    UnreadableHours,
    parse_spans,
    parse_week,
)

OFFICE = {"mon-fri": "09:00-17:00"}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("hours", "error", "named"),
    [
        ({"mon": "nine to five"}, UnreadableHours, "“nine to five”"),
        ({"mon": "09:00-25:00"}, UnreadableHours, "“09:00-25:00”"),
        ({"mon": "09:00-17:60"}, UnreadableHours, "“09:00-17:60”"),
        ({"mon": "24:00-06:00"}, UnreadableHours, "“24:00-06:00”"),
        ({"mon": ""}, UnreadableHours, "“”"),
        ({"mon": "09:00-12:00,"}, UnreadableHours, "“09:00-12:00,”"),
        ({"mon": "٠٩:00-12:00"}, UnreadableHours, "“٠٩:00-12:00”"),
        ({"mon": "09:00-09:00"}, EmptySpan, "“09:00-09:00”"),
        ({"mon": "17:00-09:00"}, BackwardSpan, "“17:00-09:00” runs backwards"),
        ({"mon": "09:00-12:00, 11:00-18:00"}, OverlappingSpans, "“09:00-12:00” and “11:00-18:00” overlap."),
        ({"mon": "08:00-18:00, 09:00-10:00, 12:00-13:00"}, OverlappingSpans, "“08:00-18:00” and “09:00-10:00”"),
        ({"mon": "22:00-06:00", "tue": "05:00-07:00"}, OverlappingSpans, "“05:00-07:00” overlap on Tuesday."),
        ({"sun": "22:00-06:00", "mon": "05:00-07:00"}, OverlappingSpans, "overlap on Monday."),
        ({"mon-sun": "05:00-07:00, 22:00-06:00"}, OverlappingSpans, "overlap on"),
        ({"mnd": "09:00-17:00"}, UnreadableDays, "“mnd”"),
        ({"mon-wed-fri": "09:00-17:00"}, UnreadableDays, "“mon-wed-fri”"),
        ({"mon-fri": "09:00-17:00", "fri": "09:00-16:00"}, RepeatedDay, "Friday is given hours twice"),
    ],
)
def test_hours_that_mean_nothing_are_refused_by_name(
    hours: Mapping[str, str], error: type[EngineError], named: str
) -> None:
    with pytest.raises(error) as refused:
        Calendar("UTC", hours)
    assert named in str(refused.value)
    assert "{" not in str(refused.value)


@pytest.mark.parametrize(
    ("make", "error", "named"),
    [
        (lambda: Calendar("Mars/Base", OFFICE), UnknownZone, "“Mars/Base”"),
        (lambda: Calendar("../etc/passwd", OFFICE), UnknownZone, "“../etc/passwd”"),
        (lambda: Calendar("America", OFFICE), UnknownZone, "“America”"),
        (lambda: Calendar("", OFFICE), UnknownZone, "“”"),
        (lambda: Calendar("UTC", {}), NeverOpen, "The calendar in UTC is never open"),
        (lambda: Calendar("UTC", OFFICE, closed={NOON}), NotADate, "datetime.datetime(2026"),
        (lambda: Calendar("UTC", OFFICE).away([(NOON, NOON - timedelta(1))]), BackwardLeave, "2026-11-22"),
    ],
)
def test_calendars_that_cannot_be_are_refused_by_name(
    make: Callable[[], Calendar], error: type[EngineError], named: str
) -> None:
    with pytest.raises(error) as refused:
        make()
    assert named in str(refused.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda c, naive: c.after(naive, timedelta(hours=1)),
        lambda c, naive: c.between(naive, NOON),
        lambda c, naive: c.between(NOON, naive),
        lambda c, naive: c.is_open(naive),
        lambda c, naive: c.next_open(naive),
        lambda c, naive: c.spans(naive, NOON),
        lambda c, naive: c.away([(naive, None)]),
        lambda c, naive: c.explain(naive, timedelta(hours=1)),
    ],
)
def test_a_time_without_a_zone_is_refused_everywhere(ask: Callable[[Calendar, datetime], object]) -> None:
    with pytest.raises(NaiveInstant, match="2026-11-23 12:00:00 has no time zone"):
        ask(Calendar("UTC", OFFICE), NOON.replace(tzinfo=None))


def test_a_negative_duration_and_a_year_nobody_works_in_are_refused() -> None:
    calendar = Calendar("UTC", OFFICE)
    with pytest.raises(EngineError, match="-1 day, 23:59:59 is less than nothing"):
        calendar.after(NOON, timedelta(seconds=-1))
    for year in (1, 1899, 2300, 9999):
        with pytest.raises(EngineError, match="not between the years 1900 and 2200"):
            calendar.after(NOON.replace(year=year), timedelta(hours=1))
        with pytest.raises(EngineError, match="not between the years 1900 and 2200"):
            calendar.is_open(NOON.replace(year=year))


def test_spans_are_put_in_order_and_joined_where_they_touch() -> None:
    assert parse_spans("13:00-18:00, 09:00-12:00") == ((540, 720), (780, 1080))
    assert parse_spans("09:00-12:00,12:00-13:00 , 13:00-24:00") == ((540, 1440),)
    assert parse_spans("22:00-06:00") == ((1320, 1800),)
    assert parse_spans("9:00–17:30") == ((540, 1050),)


def test_days_may_be_lists_ranges_and_full_names() -> None:
    by_name = parse_week({"Monday": "09:00-17:00", "tue, thu": "10:00-16:00", "sat-sun": "10:00-12:00"})
    assert [len(spans) for spans in by_name] == [1, 1, 0, 1, 0, 1, 1]


def test_calendars_of_equal_meaning_are_equal_and_shared() -> None:
    one = Calendar.of("UTC", {"mon-wed": "9:00-12:00, 12:00-17:00"}, closed=[DAY, date(2026, 1, 1)])
    two = Calendar.of("UTC", {"mon, tue": "09:00-17:00", "wed": "09:00-17:00"}, closed={date(2026, 1, 1): "", DAY: ""})
    assert one is two
    assert one == Calendar("UTC", {"mon-wed": "09:00-17:00"}, closed={DAY, date(2026, 1, 1)})
    assert len({one, two, Calendar("UTC", {"mon-wed": "09:00-17:00"}, {DAY, date(2026, 1, 1)})}) == 1
    assert one.away([]) is one
    assert one != Calendar.of("Europe/Oslo", {"mon-wed": "09:00-17:00"}, closed=[DAY, date(2026, 1, 1)])


def test_leave_is_cut_out_joined_and_may_have_no_end() -> None:
    calendar, hour = Calendar.of("UTC", OFFICE), timedelta(hours=1)
    lunch = calendar.away([(NOON, NOON + hour), (NOON + hour, NOON + 2 * hour)])
    assert lunch is calendar.away([(NOON, NOON + 2 * hour)])
    assert lunch is calendar.away([(NOON, NOON + hour)]).away([(NOON + hour, NOON + 2 * hour)])
    assert lunch.after(NOON - hour, 2 * hour) == NOON + 3 * hour
    assert calendar.after(NOON - hour, 2 * hour) == NOON + hour
    gone = calendar.away([(NOON, None)])
    assert gone.after(NOON - hour, hour) == NOON
    assert gone.next_open(NOON) is None
    with pytest.raises(EngineError, match="not reached within 5 years"):
        gone.after(NOON, hour)


def test_elapsed_time_never_closes() -> None:
    calendar = Calendar.elapsed()
    assert calendar.next_open(NOON) == NOON
    assert list(calendar.spans(NOON, NOON + timedelta(days=3))) == [(NOON, NOON + timedelta(days=3))]


def test_a_reopened_day_loses_its_closure_of_part_of_the_day_too() -> None:
    calendar = Calendar("UTC", OFFICE, closed={DAY: Closure(hours="12:00-24:00")}, open={DAY})
    assert calendar == Calendar("UTC", OFFICE)
