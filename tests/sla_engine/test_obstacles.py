"""An obstacle has a cause to be counted by, and words to be told in."""

import pytest

from sla_engine.obstacles import Cause, Obstacle


def test_every_cause_has_words_of_its_own() -> None:
    assert len({cause.words for cause in Cause}) == len(Cause)


@pytest.mark.parametrize(
    ("obstacle", "words", "clause"),
    [
        (Obstacle(Cause.OFF, "until Mon 09:00 London"), "off until Mon 09:00 London", "is off until Mon 09:00 London"),
        (Obstacle(Cause.AWAY), "away", "is away"),
        (Obstacle(Cause.FULL, "(3 of 3 open)"), "at capacity (3 of 3 open)", "is at capacity (3 of 3 open)"),
        (Obstacle(Cause.UNREACHABLE), "can't be reached in Slack", "can't be reached in Slack"),
        (Obstacle(Cause.UNSKILLED, "fr"), "lacks fr", "lacks fr"),
        (Obstacle(Cause.HAD_IT), "had it before", "had it before"),
        (Obstacle(Cause.FULLER), "fuller", "is fuller"),
    ],
)
def test_the_words_are_made_from_the_cause(obstacle: Obstacle, words: str, clause: str) -> None:
    assert (obstacle.words, obstacle.clause) == (words, clause)


def test_what_passes_is_not_counted_apart_and_a_skill_is() -> None:
    assert Obstacle(Cause.OFF, "until Mon 09:00 London").lasting == Obstacle(Cause.OFF)
    assert Obstacle(Cause.FULL, "(3 of 3 open)").lasting == Obstacle(Cause.FULL)
    assert Obstacle(Cause.UNSKILLED, "fr").lasting == Obstacle(Cause.UNSKILLED, "fr")
