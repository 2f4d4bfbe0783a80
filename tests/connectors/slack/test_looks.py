"""What is known of how a card in Slack looks."""

import pytest

from connectors.slack.looks import Looks
from connectors.slack.markup import Content

PLACE, SHOWN, OTHER = ("D1", "1.1"), Content("as it was", []), Content("paused", [])


@pytest.mark.parametrize("is_alone", [True, False])
def test_only_who_is_alone_trusts_what_an_earlier_redrawing_drew(is_alone: bool) -> None:
    looks = Looks(is_alone=is_alone)
    looks.remember(PLACE, SHOWN, 1)
    assert looks.is_shown(PLACE, SHOWN, 1)
    assert not looks.is_shown(PLACE, OTHER, 1)
    assert looks.is_shown(PLACE, SHOWN, 2) is is_alone
    looks.forget(PLACE)
    assert not looks.is_shown(PLACE, SHOWN, 1)
