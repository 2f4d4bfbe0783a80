"""Durations on cards: told as the engine's own sentences tell them."""

from datetime import timedelta

import pytest

from connectors.slack.promises import length, measure, reckoning
from sla_engine.policy import Count
from tests.connectors.slack.samples import MONDAY_NINE, clock, policy, view


def test_a_deadline_counted_on_a_calendar_that_is_not_known_any_more_is_not_made_up() -> None:
    orphan = clock(team="gone", rep="zoe@acme.example")
    weekend = MONDAY_NINE + timedelta(days=6)
    found = measure(orphan, view(orphan), policy(), weekend)
    assert (found.due, found.late, found.remaining) == (None, False, "5 min")
    assert reckoning(orphan, view(orphan), policy()) == ""


@pytest.mark.parametrize(
    ("seconds", "count", "words"),
    [
        (45, "working", "45 s"),
        (86_399.6, "working", "24 h"),
        (91_739.5, "working", "25 h 29 min"),
        (91_739.5, "elapsed", "1 d 1 h"),
        (40 * 3_600, "working", "40 h"),
    ],
)
def test_working_time_is_told_in_hours_and_wall_time_in_days(seconds: float, count: Count, words: str) -> None:
    assert length(timedelta(seconds=seconds), count) == words
