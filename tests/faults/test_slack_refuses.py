"""Slack says no, or not now: what is waited out, and what is told another way."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from connectors.attempts import Attempts
from connectors.slack import posting
from connectors.slack.directory import Directory
from storage import people
from storage.outbox import PARKED
from storage.tables import ASSIGNMENT, MESSAGE
from storage.transaction import Transaction
from tests.faults.evidence import posts, rows
from tests.screens import buttons
from tests.world import World


def test_a_429_holds_its_conversation_and_costs_no_attempt_while_others_go_on(world: World) -> None:
    world.workspace.faults.ratelimit("chat.postMessage", retry_after=30, channel="#leads-us")
    world.lead(settle=False)
    world.forward(seconds=29)
    assert len(world.dm("alice")) == 1
    assert posts(world).count(("#leads-us", 429)) == 1, "nothing was tried before its time"
    assert not world.channel("leads-us")
    world.forward(seconds=2)
    assert len(world.channel("leads-us")) == 1
    assert {attempts for (attempts,) in rows(world, "attempts")} == {1}


def test_a_second_conversation_refused_at_the_same_time_holds_all_posts(world: World) -> None:
    world.workspace.faults.ratelimit("chat.postMessage", retry_after=30, times=2)
    world.lead(settle=False)
    world.forward(seconds=1)
    world.lead(external_id="b", settle=False)
    world.forward(seconds=27)
    assert [status for _, status in posts(world)] == [429, 429]
    world.forward(seconds=30)
    assert len(world.channel("leads-us")) == 2
    assert [status for _, status in posts(world)].count(429) == 2


def test_a_429_on_updates_holds_updates_and_not_posts(world: World) -> None:
    world.lead()
    world.workspace.faults.ratelimit("chat.update", retry_after=60)
    world.click("alice", "Accept")
    world.forward(seconds=2)
    world.lead(external_id="b", settle=False)
    world.forward(seconds=5)
    assert len(world.channel("leads-us")) == 2
    assert [call.status for call in world.workspace.calls if call.method == "chat.update"] == [429]
    world.forward(seconds=60)
    assert buttons(world.dm("alice")[0])[0] == "Log touch"
    assert buttons(world.channel("leads-us")[0])[0] == "Log touch"


def test_somebody_slack_does_not_know_is_passed_over_without_blame_and_their_manager_hears_of_it(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "user_not_found", times=9, channel=world.ids["alice"])
    lead_id = world.lead().json()["lead_id"]
    lead = world.view(lead_id).lead
    assert (lead.rep, lead.reassignments, lead.refused_by) == ("bob@acme.example", 0, frozenset())
    assert "Accept" in buttons(world.dm("bob")[0])
    assert "Alice can't be reached in Slack" in (lead.why or "")
    assert world.dm("dana")[-1].text == (
        "Handoff could not deliver the card of Pat Lee (Northwind) to Alice: Slack knows no such account. "
        "Bob has the lead now."
    )
    assert "took it from Alice, whom Slack can't reach (user" in world.say("dana", f"/lead why {lead_id}")

    def outcomes(tx: Transaction) -> list[str | None]:
        return list(tx.connection.execute(select(ASSIGNMENT.c.outcome).order_by(ASSIGNMENT.c.id)).scalars())

    assert world.loop.run(world.service.office.read(outcomes)) == ["unreachable", None]
    assert world.lead(external_id="b").json()["status"] == "accepted"
    assert [call for call in world.workspace.calls if call.args.get("channel") == world.ids["alice"]][1:] == []


def test_somebody_who_says_they_are_back_gets_leads_again_and_so_does_who_is_reached(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "cannot_dm_bot", channel=world.ids["alice"])
    world.lead()
    world.say("alice", "/leads back")
    world.lead(external_id="b")
    world.lead(external_id="c")
    assert len(world.dm("alice")) == 1, "level with the others, she has one of the next two"

    def lose(tx: Transaction) -> None:
        people.change(tx, "alice@acme.example", unreachable_until=world.clock.now() + timedelta(days=1))

    world.loop.run(world.service.office.run(lose))
    world.click("alice", "Accept")
    world.forward(minutes=40)
    assert len(world.dm("alice")) > 1, "a reminder came through"
    found = world.loop.run(world.service.office.read(people.find, "alice@acme.example"))
    assert found is not None
    assert found.unreachable_until is None


def test_a_day_later_somebody_out_of_reach_is_tried_again(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "restricted_action", channel=world.ids["alice"])
    world.lead()
    assert not world.dm("alice")
    world.forward(days=1, minutes=1)
    world.lead(external_id="b")
    world.lead(external_id="c")
    assert world.dm("alice")


def test_with_everybody_out_of_reach_the_lead_waits_and_the_channel_hears_when_the_manager_is_too(
    world: World,
) -> None:
    for name in ("alice", "bob", "carol", "femi", "gita", "dana"):
        world.workspace.faults.error("chat.postMessage", "user_not_found", times=9, channel=world.ids[name])
    lead_id = world.lead().json()["lead_id"]
    world.forward(seconds=30)
    assert world.view(lead_id).lead.plan == "held"
    everywhere = [*world.channel("leads-us"), *world.channel("leads-emea"), *world.dm("erik")]
    told = [message.text for message in everywhere if "could not deliver" in message.text]
    assert sorted(sentence.partition(" to ")[2].split(":")[0] for sentence in told) == [
        *("Alice", "Bob", "Carol", "Femi", "Gita")
    ], "each once: by the manager who can be reached, else by the channel"


def test_a_bot_that_was_removed_parks_nothing_and_goes_on_when_it_is_back(world: World) -> None:
    world.workspace.state.switches.bot_deactivated = True
    lead_id = world.lead(settle=False).json()["lead_id"]
    world.forward(minutes=1)
    world.workspace.state.switches.bot_deactivated = False
    world.forward(minutes=1)
    assert PARKED not in {state for (state,) in rows(world, "state")}
    assert world.view(lead_id).lead.rep == "alice@acme.example"
    assert "Accept" in buttons(world.dm("alice")[0])


def test_a_token_that_is_revoked_for_a_while_loses_nothing(world: World) -> None:
    world.workspace.revoke_token()
    world.lead(settle=False)
    world.forward(minutes=1)
    world.workspace.state.switches.token_revoked = False
    world.forward(minutes=1)
    assert "Accept" in buttons(world.dm("alice")[0])


@pytest.mark.parametrize(
    ("part", "verb", "problem"),
    [
        (Directory, "slack_id", "its reader can't be looked up (ZeroDivisionError)"),
        (posting, "metadata", "it can't be sent (ZeroDivisionError)"),
        (Attempts, "_sent", "it was sent, which can't be written down (ZeroDivisionError)"),
    ],
)
def test_what_failed_unexpectedly_is_said_and_not_that_the_message_cant_be_drawn(
    world: World, monkeypatch: pytest.MonkeyPatch, part: object, verb: str, problem: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(part, verb, broken)
        world.lead(settle=False)
        world.loop.run(world.service.deliver_due())
    assert ("person:alice@acme.example", problem) in rows(world, "lane", "problem")


def test_a_post_that_could_not_be_written_down_is_found_again_and_not_repeated(
    reading_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    reading_world.lead(settle=False)
    with monkeypatch.context() as patch:
        patch.setattr(Attempts, "_sent", broken)
        reading_world.loop.run(reading_world.service.deliver_due())
    reading_world.forward(minutes=2)
    assert (len(reading_world.dm("alice")), len(reading_world.channel("leads-us"))) == (1, 1)
    assert {state for (state,) in rows(reading_world, "state")} == {"sent"}


def test_a_message_that_cant_be_drawn_is_parked_and_the_others_go(world: World) -> None:
    world.lead(settle=False)

    def spoil(tx: Transaction) -> None:
        in_channel = MESSAGE.c.lane == "channel:#leads-us"
        tx.connection.execute(update(MESSAGE).where(in_channel).values(detail={"poison": True}))

    world.loop.run(world.service.office.run(spoil))
    world.lead(external_id="b", settle=False)
    world.forward(seconds=3)
    assert len(world.dm("alice") + world.dm("bob") + world.dm("carol")) == 2
    assert len(world.channel("leads-us")) == 1
    world.forward(minutes=2)
    assert [state for state, lane in rows(world, "state", "lane") if lane == "channel:#leads-us"] == [PARKED, "sent"]
    assert "it can't be drawn (KeyError)" in world.dm("dana")[-1].text
