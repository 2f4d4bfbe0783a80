"""What delivery takes in hand is what it may send now."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from connectors import delivery
from connectors.pace import Quota, Window
from connectors.slack.drawing import draw
from storage.lanes import REDRAWING
from storage.outbox import Message
from storage.transaction import Transaction
from tests.screens import buttons
from tests.world import World


def test_no_more_cards_are_drawn_again_than_slack_would_take(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: Counter[datetime] = Counter()

    def counted(tx: Transaction, messages: Sequence[Message], policy: Any, now: datetime) -> Any:
        drawn[now] += sum(message.lane == REDRAWING for message in messages)
        return draw(tx, messages, policy, now)

    for number in range(6):
        world.lead(external_id=f"lead-{number}", owner_email="alice@acme.example")
    monkeypatch.setattr(delivery, "draw", counted)
    monkeypatch.setattr(world.service.delivery._posting, "updates", Window(world.clock.now, Quota(3)))
    for card in world.dm("alice"):
        world.click("alice", "Accept", message=card)
    world.forward(minutes=5)
    assert max(drawn.values()) <= 3, "of three calls a minute"
    assert all("Log touch" in buttons(card) for card in world.dm("alice") if buttons(card))
