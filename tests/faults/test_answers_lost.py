"""Slack takes messages and its answers never come, where the bot may not read conversations back: how often a message
stands there then, and who hears of it.
"""

from collections import Counter

import pytest

from leads.desk import Desk
from storage.outbox import PARKED, SENT, UNKNOWN
from tests.faults.evidence import posts_of, rows
from tests.screens import buttons
from tests.world import World

ALWAYS = 10_000


def copies(world: World) -> Counter[int]:
    """How often the message of each row stands in Slack."""
    return Counter({number: len(posts) for number, posts in posts_of(world.workspace).items()})


def card_for(world: World, lane: str) -> tuple[object, ...]:
    """State, tries and problem of the first card for a conversation."""
    found = rows(world, "kind", "lane", "state", "attempts", "problem")
    return next(row[2:] for row in found if row[:2] == ("card", lane))


def test_a_card_is_sent_three_times_at_most_and_the_manager_is_told_what_is_true(world: World) -> None:
    world.workspace.faults.accept_then_drop("chat.postMessage", ALWAYS, channel=world.ids["alice"])
    world.lead(settle=False)
    standing = []
    for minutes in (1, 3, 2, 60):
        world.forward(minutes=minutes)
        standing.append(copies(world)[1])
    assert standing == [2, 2, 3, 3], "after 5 seconds, after 5 minutes, and no more"
    problem = "Slack's answer was lost (ServerDisconnectedError)"
    assert card_for(world, "person:alice@acme.example") == (PARKED, 3, problem)
    assert max(copies(world).values()) <= 3
    told = [message.text for message in world.dm("dana") if "Handoff can't tell" in message.text]
    assert told[0].startswith(
        "Handoff can't tell whether the card of Pat Lee (Northwind) reached Alice, and does not send it again: "
        "Slack's answer was lost (ServerDisconnectedError). What else"
    )
    assert not [message.text for message in world.dm("dana") if "could not" in message.text]


def test_what_works_elsewhere_wins_a_conversation_no_more_copies(world: World) -> None:
    world.workspace.faults.accept_then_drop("chat.postMessage", ALWAYS, channel="#leads-us")
    for number in range(12):
        world.lead(external_id=f"n{number}", settle=False)
        world.forward(minutes=2)
    assert set(copies(world).values()) <= {1, 2, 3}
    assert [card for card in world.dm("alice") if "Accept" in buttons(card)]


def test_an_answer_lost_before_an_hour_without_slack_is_not_counted_again(world: World) -> None:
    world.workspace.faults.accept_then_drop("chat.postMessage", channel=world.ids["alice"])
    world.lead(settle=False)
    world.forward(seconds=2)
    world.workspace.down = True
    world.forward(minutes=3)
    assert card_for(world, "person:alice@acme.example")[:2] == (UNKNOWN, 1)
    world.workspace.down = False
    world.forward(minutes=1)
    assert card_for(world, "person:alice@acme.example")[:2] == (SENT, 2)
    assert copies(world)[1] == 2


def test_while_slack_answers_nothing_at_all_no_message_is_sent_a_second_time(world: World) -> None:
    world.workspace.faults.accept_then_drop("chat.postMessage", times=2)
    world.lead(owner_email="alice@acme.example")
    world.forward(seconds=20)
    before = copies(world)
    assert set(before.values()) == {2}, "that nothing can be read back is known from here on"
    world.workspace.faults.status("*", 502, ALWAYS, accepts=True)
    world.lead(external_id="n1", owner_email="alice@acme.example", settle=False)
    world.forward(minutes=2)
    assert set((copies(world) - before).values()) == {1}
    world.workspace.faults.clear()
    world.forward(minutes=2)
    assert PARKED not in {state for (state,) in rows(world, "state")}
    assert set((copies(world) - before).values()) <= {1, 2}


def test_a_mistake_in_what_follows_a_refusal_stays_with_its_message(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Desk, "undeliverable", broken)
    world.workspace.faults.error("chat.postMessage", "msg_blocks_too_long", ALWAYS, channel=world.ids["alice"])
    world.lead(settle=False)
    world.forward(seconds=30)
    assert card_for(world, "person:alice@acme.example") == (PARKED, 1, "msg_blocks_too_long")
    assert len(world.channel("leads-us")) == 1
    assert "nobody could be told that a message can't be delivered" in caplog.messages
