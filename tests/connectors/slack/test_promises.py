"""Durations on cards: told as the engine's own sentences tell them."""

from datetime import timedelta

import pytest

from connectors.slack.promises import length
from sla_engine.policy import Count


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
