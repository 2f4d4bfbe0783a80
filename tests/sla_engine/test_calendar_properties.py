"""Laws of working time, over calendars nobody would think of, near the changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sla_engine.calendar import Calendar, Unreachable
from sla_engine.hours import DAYS, write_span
from tests.sla_engine.oracle import MINUTE, Oracle, Words

#: Zones and dates at which their clocks do something.
CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Dublin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2025, 10, 5)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Africa/Cairo", date(2024, 4, 26)),
    ("Africa/Cairo", date(2024, 11, 1)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Kwajalein", date(1993, 8, 21)),
    ("Antarctica/Troll", date(2025, 3, 30)),
    ("Antarctica/Troll", date(2025, 10, 26)),
    ("America/Caracas", date(2016, 5, 1)),
    ("Asia/Pyongyang", date(2018, 5, 5)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
]
WHOLE_DAYS = {"mon-sun": "00:00-24:00"}


@st.composite
def weeks(draw: st.DrawFn) -> dict[int, list[tuple[int, int]]]:
    """Up to three spans a day on any minutes, and night shifts where the next morning leaves room."""
    week: dict[int, list[tuple[int, int]]] = {}
    for day in range(7):
        edges = draw(st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted))
        week[day] = list(zip(edges[::2], edges[1::2], strict=False))
    for day in draw(st.sets(st.integers(0, 6))):
        start = draw(st.integers(18 * 60, 24 * 60 - 1))
        end = 24 * 60 + draw(st.integers(1, 6 * 60))
        morning = week[(day + 1) % 7]
        if (not week[day] or week[day][-1][1] <= start) and (not morning or end - 1440 <= morning[0][0]):
            week[day].append((start, end))
    assume(any(week.values()))
    return week


@st.composite
def cases(draw: st.DrawFn) -> tuple[Words, datetime]:
    """A calendar, and an instant within three days of a change in its zone."""
    zone, change = draw(st.sampled_from(CHANGES))
    near = datetime(change.year, change.month, change.day, tzinfo=UTC)
    start = near + draw(st.integers(-3 * 1440, 3 * 1440)) * MINUTE
    closed = draw(st.frozensets(st.integers(-3, 6).map(lambda n: change + timedelta(days=n)), max_size=2))
    leave = []
    for gone, length in draw(st.lists(st.tuples(st.integers(-4000, 4000), st.integers(1, 3000)), max_size=2)):
        leave.append((near + gone * MINUTE, near + (gone + length) * MINUTE))
    return Words(zone, draw(weeks()), closed, leave), start


def calendar_of(words: Words) -> Calendar:
    hours = {DAYS[day]: ", ".join(map(write_span, spans)) for day, spans in words.week.items() if spans}
    return Calendar(words.timezone, hours, closed=words.closed).away(words.leave)


durations = st.timedeltas(timedelta(0), timedelta(hours=60))


@settings(max_examples=200, deadline=None)
@given(cases(), st.integers(0, 4 * 1440), st.integers(1, 1500))
def test_the_calendar_counts_what_walking_minute_by_minute_counts(
    case: tuple[Words, datetime], ahead: int, minutes: int
) -> None:
    words, start = case
    calendar, end = calendar_of(words), start + ahead * MINUTE
    oracle = Oracle(words, start, start + timedelta(days=8))

    assert calendar.between(start, end) == oracle.between(start, end)
    assert calendar.between(end, start) == -oracle.between(start, end)
    assert calendar.is_open(end) == oracle.is_open(end)
    expected = oracle.after(start, minutes)
    if expected and expected < start + timedelta(days=8):
        assert calendar.after(start, minutes * MINUTE) == expected


@settings(max_examples=100, deadline=None)
@given(cases(), durations)
def test_between_inverts_after_to_the_microsecond(case: tuple[Words, datetime], d: timedelta) -> None:
    words, start = case
    calendar = calendar_of(words)
    start += timedelta(microseconds=d.microseconds)
    try:
        end = calendar.after(start, d)
    except Unreachable:  # one minute a week does not make 60 hours in 5 years
        assert d > timedelta(minutes=5 * 52)
        return
    assert calendar.between(start, end) == d
    assert calendar.between(end, start) == -d
    assert end.tzinfo is UTC


@settings(max_examples=100, deadline=None)
@given(cases(), st.timedeltas(timedelta(0), timedelta(hours=4)), st.timedeltas(timedelta(0), timedelta(hours=4)))
def test_durations_add_up_and_more_time_never_ends_earlier(
    case: tuple[Words, datetime], one: timedelta, two: timedelta
) -> None:
    words, start = case
    calendar = calendar_of(words)
    try:
        both = calendar.after(start, one + two)
    except Unreachable:
        assume(False)
    first = calendar.after(start, one)
    # Where no time is added the start stays itself, even outside the hours; elsewhere the ends are the same instant.
    assert calendar.after(first, two) == both
    assert start <= first <= both
    assert calendar.after(start + one, two) >= calendar.after(start, two)


@settings(max_examples=100, deadline=None)
@given(cases(), st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_working_time_adds_up_over_any_instant_between(
    case: tuple[Words, datetime], one: timedelta, two: timedelta
) -> None:
    words, start = case
    calendar = calendar_of(words)
    middle, end = start + one, start + one + two
    assert calendar.between(start, middle) + calendar.between(middle, end) == calendar.between(start, end)
    assert timedelta(0) <= calendar.between(start, middle) <= one
    assert sum((b - a for a, b in calendar.spans(start, end)), timedelta(0)) == calendar.between(start, end)
    assert calendar.breakdown(start, end).worked == calendar.between(start, end)


@settings(max_examples=100, deadline=None)
@given(cases(), st.sampled_from(sorted({zone for zone, _ in CHANGES})), st.timedeltas(timedelta(0), timedelta(hours=4)))
def test_the_zone_an_instant_is_written_in_changes_nothing(
    case: tuple[Words, datetime], zone: str, d: timedelta
) -> None:
    words, start = case
    calendar, elsewhere = calendar_of(words), start.astimezone(ZoneInfo(zone))
    assert calendar.is_open(elsewhere) == calendar.is_open(start)
    assert calendar.between(elsewhere, start + d) == calendar.between(start, start + d)
    assert calendar.next_open(elsewhere) == calendar.next_open(start)
    try:
        assert calendar.after(elsewhere, d) == calendar.after(start, d)
    except Unreachable:
        assume(False)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_openings_and_closings_are_the_edges_of_the_spans(case: tuple[Words, datetime]) -> None:
    words, start = case
    calendar = calendar_of(words)
    spans = list(calendar.spans(start, start + timedelta(days=20)))
    assume(len(spans) > 1)
    assert calendar.next_open(start) == spans[0][0]
    assert calendar.is_open(spans[0][0])
    assert calendar.between(*spans[0]) == spans[0][1] - spans[0][0], "no closing lies between"
    assert not calendar.is_open(spans[0][1])
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CHANGES), durations, st.integers(0, 10**12))
def test_a_calendar_open_day_and_night_counts_elapsed_time(change: tuple[str, date], d: timedelta, offset: int) -> None:
    zone, day = change
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2) + timedelta(microseconds=offset)
    assert Calendar.of(zone, WHOLE_DAYS).after(start, d) == start + d
