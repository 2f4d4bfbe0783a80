"""What delivery takes in hand is what it may send now."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors import delivery
from connectors.delivery import REDRAWINGS_AT_ONCE
from connectors.pace import Quota, Window
from connectors.slack.client import RateLimited
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


def test_slow_redrawings_keep_no_offer_waiting(world: World) -> None:
    ids = [world.lead(external_id=f"n{number}").json()["lead_id"] for number in range(24)]
    world.forward(seconds=61)

    def change(tx: Transaction) -> None:
        work = world.service.desk.work(tx)
        for lead_id in ids:
            work.change(work.lead(lead_id), why="another reason")

    world.loop.run(world.service.office.run(change))
    world.workspace.faults.delay("chat.update", 4, times=24)
    began = len(world.workspace.calls)
    under_way = world.loop.submit(world.service.deliver_due())
    world.wait(lambda: len(world.workspace.calls) - began >= REDRAWINGS_AT_ONCE)
    asked = time.monotonic()
    world.lead(external_id="new", settle=False)
    world.wait(lambda: "chat.postMessage" in {call.method for call in world.workspace.calls[began:]})
    assert time.monotonic() - asked < 3, "the redrawings under way take longer"
    world.workspace.faults.clear()
    under_way.result(30)


def test_a_wait_that_slack_was_not_asked_about_does_not_say_that_slack_is_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def held(_lane: str) -> str:
        raise RateLimited(30.0)

    its = world.service.delivery
    its._patience.failed()
    world.clock.advance(timedelta(seconds=2))
    world.lead(settle=False)
    monkeypatch.setattr(its._posting, "address", held)
    world.loop.run(its.deliver_due())
    assert its._patience.is_tried
