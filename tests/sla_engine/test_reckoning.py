"""A clock explains itself in units that mean what they say: a working day is not 24 hours."""

from datetime import timedelta

import pytest

from sla_engine import Calendar
from sla_engine.clock import Clock, Kind
from sla_engine.policy import Count
from sla_engine.reckoning import conclude, explain
from tests.sla_engine.samples import MONDAY, NEW_YORK

H = timedelta(hours=1)
WEEK_LATER = MONDAY + timedelta(days=7)


def started(count: Count = "working") -> Clock:
    return Clock(Kind.QUALIFICATION, 40 * H, started_at=MONDAY, running_since=MONDAY, count=count)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ("working", "30 h of 40 h left; the clock stands still"),
        ("elapsed", "1 d 6 h of 1 d 16 h left; the clock stands still"),
    ],
)
def test_what_a_pause_left_is_told_in_hours_where_working_time_counts(count: Count, words: str) -> None:
    calendar = Calendar.elapsed() if count == "elapsed" else NEW_YORK
    paused = started(count).pause(calendar, calendar.after(MONDAY, 10 * H))
    assert explain(paused, calendar) == words


def test_a_clock_that_went_on_tells_in_hours_what_was_used_before() -> None:
    went_on = started().pause(NEW_YORK, NEW_YORK.after(MONDAY, 26 * H)).resume(WEEK_LATER)
    assert explain(went_on, NEW_YORK) == (
        "14 h of working time from Mon 10:00 New York: 7 h Monday, 7 h Tuesday (after 26 h used before)"
    )


def test_a_clock_whose_rep_is_away_without_an_end_tells_in_hours_what_is_left() -> None:
    away = NEW_YORK.away([(MONDAY + 2 * H, None)])
    assert explain(started(), away) == "40 h of 40 h left; the clock stands still while its rep is away"


def test_a_clock_that_stops_while_it_stands_still_tells_what_it_had_used() -> None:
    later = MONDAY + 3 * H
    paused = started().pause(NEW_YORK, MONDAY + 2 * H)
    assert conclude(paused, NEW_YORK, later) == "2 h of 40 h used, then the clock stood still"
    away = NEW_YORK.away([(MONDAY + H, None)])
    assert conclude(started(), away, later) == "1 h of 40 h used, then the clock stood still"
    assert conclude(started(), NEW_YORK.away([(MONDAY, None)]), later) == "nothing of 40 h used: the clock stood still"
    assert conclude(started(), NEW_YORK, later) == explain(started(), NEW_YORK)


@pytest.mark.parametrize("count", ["working", "elapsed"])
def test_what_is_counted_is_called_what_was_promised_whatever_the_calendar(count: Count) -> None:
    always = Calendar.elapsed()
    for calendar in (always, always.away([(MONDAY + H, MONDAY + 2 * H)])):
        assert explain(started(count), calendar).startswith(f"40 h of {count} time from Mon 15:00 UTC")
