"""Who can take a lead now, and if not, why and until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sla_engine import Calendar
from sla_engine.availability import Candidate, is_away, obstacle, opening
from sla_engine.obstacles import Cause, Obstacle
from sla_engine.policy import Rep
from tests.sla_engine.samples import EVENING, MONDAY, NEW_YORK, rep

H = timedelta(hours=1)
TUESDAY_NINE = datetime(2026, 11, 24, 14, tzinfo=UTC)
CAPPED = rep("bob", max_open=2, max_per_day=5)


def bob(one: Rep = CAPPED, **seen: Any) -> Candidate:
    return Candidate(one, **seen)


@pytest.mark.parametrize(
    ("seen", "now", "words"),
    [
        ({}, MONDAY, None),
        ({"open_leads": 1, "given_today": 4}, MONDAY, None),
        ({"open_leads": 2}, MONDAY, "at capacity (2 of 2 open)"),
        ({"open_leads": 3}, MONDAY, "at capacity (3 of 2 open)"),
        ({"given_today": 5}, MONDAY, "at today's limit (5 of 5)"),
        ({}, EVENING, "off until Tue 09:00 New York"),
        ({"open_leads": 2}, EVENING, "off until Tue 09:00 New York"),
        ({"away": True}, MONDAY, "away"),
        ({"away": True, "away_until": TUESDAY_NINE}, MONDAY, "away until Tue 09:00 New York"),
        ({"away": True, "away_until": TUESDAY_NINE, "open_leads": 2}, EVENING, "away until Tue 09:00 New York"),
        ({"away": True, "away_until": MONDAY}, MONDAY, None),
        ({"away_until": TUESDAY_NINE}, MONDAY, None),
        ({"unreachable_until": TUESDAY_NINE}, MONDAY, "can't be reached in Slack"),
        ({"unreachable_until": MONDAY}, MONDAY, None),
    ],
)
def test_a_rep_who_is_passed_over_is_told_why(seen: dict[str, Any], now: datetime, words: str | None) -> None:
    found = obstacle(bob(**seen), now)
    assert (found and found.words) == words


def test_a_rep_without_caps_is_never_full() -> None:
    assert obstacle(bob(rep("bob"), open_leads=999, given_today=999), MONDAY) is None


def test_a_rep_whose_calendar_has_no_more_hours_is_off() -> None:
    gone = rep("bob", NEW_YORK.away([(MONDAY, None)]))
    assert obstacle(bob(gone), MONDAY) == Obstacle(Cause.OFF)
    assert opening(bob(gone), MONDAY) is None


def test_an_absence_ends_at_its_end() -> None:
    away = bob(away=True, away_until=MONDAY + H)
    assert is_away(away, MONDAY + H - timedelta.resolution)
    assert not is_away(away, MONDAY + H)
    assert is_away(bob(away=True), MONDAY + timedelta(days=365))


@pytest.mark.parametrize(
    ("seen", "now", "opens"),
    [
        ({}, EVENING, TUESDAY_NINE),
        ({}, MONDAY, None),
        ({"open_leads": 2}, MONDAY, None),
        ({"away": True}, MONDAY, None),
        ({"away": True, "away_until": MONDAY + H}, MONDAY, MONDAY + H),
        ({"away": True, "away_until": EVENING}, MONDAY, TUESDAY_NINE),
        ({"unreachable_until": MONDAY + H}, MONDAY, MONDAY + H),
        ({"away": True, "away_until": MONDAY + H, "unreachable_until": MONDAY + 2 * H}, MONDAY, MONDAY + 2 * H),
        ({"away": True, "unreachable_until": MONDAY + H}, MONDAY, None),
        ({"away": True, "away_until": datetime(2300, 1, 1, tzinfo=UTC)}, MONDAY, None),
    ],
)
def test_a_rep_is_there_again_when_hours_and_absence_allow(
    seen: dict[str, Any], now: datetime, opens: datetime | None
) -> None:
    assert opening(bob(**seen), now) == opens


def test_somebody_always_at_work_is_never_waited_for() -> None:
    assert opening(bob(rep("bob", Calendar.elapsed())), MONDAY) is None


def test_who_is_on_leave_when_their_hours_begin_is_back_after_it_and_away_until_then() -> None:
    wednesday = datetime(2026, 11, 25, 5, tzinfo=UTC)
    planned = bob(leave=((EVENING + 4 * H, wednesday),))
    assert obstacle(planned, EVENING) == Obstacle(Cause.OFF, "until Wed 09:00 New York")
    assert opening(planned, EVENING) == wednesday + 9 * H
    assert (is_away(planned, EVENING), is_away(planned, MONDAY)) == (True, False)
    assert obstacle(planned, MONDAY) is None
    assert opening(bob(leave=((EVENING + 4 * H, None),)), EVENING) is None


def test_leave_that_is_over_before_hours_begin_or_begins_later_keeps_nobody() -> None:
    overnight = bob(leave=((EVENING + H, EVENING + 2 * H), (TUESDAY_NINE + H, None)))
    assert (opening(overnight, EVENING), is_away(overnight, EVENING)) == (TUESDAY_NINE, False)
