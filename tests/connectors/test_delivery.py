"""What delivery takes in hand is what it may send now."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from connectors import delivery
from connectors.slack.drawing import draw
from storage.lanes import REDRAWING
from storage.outbox import Message
from storage.transaction import Transaction
from tests.world import World


def test_no_more_cards_are_drawn_again_than_slack_would_take(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: Counter[datetime] = Counter()

    def counted(tx: Transaction, messages: Sequence[Message], policy: Any, now: datetime) -> Any:
        drawn[now] += sum(message.lane == REDRAWING for message in messages)
        return draw(tx, messages, policy, now)

    for number in range(6):
        world.lead(external_id=f"lead-{number}", owner_email="alice@acme.example")
    monkeypatch.setattr(delivery, "draw", counted)
    for card in world.dm("alice"):
        world.click("alice", "Accept", message=card)
    world.settle()
    at_once, *later = [number for _, number in sorted(drawn.items()) if number]
    assert at_once <= 3, "chat.update takes a burst of three"
    assert set(later) == {1}, "and one at a time after that"
