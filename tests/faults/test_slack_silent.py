"""Slack does not answer, or its answer is lost: nothing is lost and nothing is doubled."""

from datetime import timedelta

import pytest

from connectors import attempts
from connectors.slack import client
from storage import outbox
from tests.faults.evidence import posts, rows
from tests.faults.siege import HISTORY
from tests.journeys.conftest import Build
from tests.screens import buttons
from tests.world import SCOPES, World


def cards(world: World, name: str) -> list[str]:
    """What offers of leads stand in somebody's DM."""
    return [message.text for message in world.dm(name) if buttons(message)]


def test_the_client_repeats_nothing_on_its_own(world: World) -> None:
    assert world.service.slack.new_client().retry_handlers == []
    world.workspace.faults.accept_then_drop("chat.postMessage", channel="#leads-us")
    world.lead(settle=False)
    world.loop.run(world.service.deliver_due())
    assert len(world.channel("leads-us")) == 1
    assert ("channel:#leads-us", outbox.UNKNOWN) in rows(world, "lane", "state")


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_is_followed_by_one_card(reading_world: World, status: int) -> None:
    reading_world.workspace.faults.status("chat.postMessage", status, times=3)
    reading_world.lead(settle=False)
    reading_world.forward(minutes=1)
    assert len(cards(reading_world, "alice")) == 1
    assert len(reading_world.channel("leads-us")) == 1


def test_a_server_error_after_the_deed_is_not_repeated(reading_world: World) -> None:
    reading_world.workspace.faults.status("chat.postMessage", 500, times=2, accepts=True)
    reading_world.lead(settle=False)
    reading_world.forward(minutes=2)
    assert len(cards(reading_world, "alice")) == 1
    assert len(reading_world.channel("leads-us")) == 1


def test_a_lost_answer_is_found_and_the_card_lives(reading_world: World) -> None:
    world = reading_world
    world.workspace.faults.accept_then_drop("chat.postMessage", times=2)
    world.lead(settle=False)
    world.forward(seconds=20)
    assert {state for (state,) in rows(world, "state")} == {outbox.SENT}
    assert [len(world.dm("alice")), len(world.channel("leads-us"))] == [1, 1]
    world.click("alice", "Accept")
    world.settle()
    assert buttons(world.dm("alice")[0])[0] == "Log touch"
    assert buttons(world.channel("leads-us")[0])[0] == "Log touch"


def test_a_found_card_is_drawn_as_the_lead_is_now(reading_world: World) -> None:
    world = reading_world
    world.workspace.faults.accept_then_drop("chat.postMessage", channel="#leads-us")
    world.lead(settle=False)
    world.forward(seconds=1)
    world.click("alice", "Accept")
    world.forward(seconds=30)
    assert [buttons(card)[0] for card in world.channel("leads-us")] == ["Log touch"]


def test_a_lost_reminder_in_a_thread_is_found_there(reading_world: World) -> None:
    world = reading_world
    world.lead()
    world.workspace.faults.accept_then_drop("chat.postMessage", channel="#leads-us")
    world.forward(minutes=4, seconds=20)
    assert len([message for message in world.channel("leads-us") if message.thread_ts]) == 1
    assert "conversations.replies" in {call.method for call in world.workspace.calls}


def test_a_look_that_takes_too_long_is_counted_and_the_channels_are_not_listed_again(
    reading_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "LATEST_START", timedelta(seconds=-1))
    world = reading_world
    world.workspace.faults.drop("chat.postMessage", channel="#leads-us")
    world.lead(settle=False)
    world.forward(seconds=30)
    called = [call.method for call in world.workspace.calls]
    [tries] = [tries for lane, tries in rows(world, "lane", "attempts") if lane == "channel:#leads-us"]
    assert tries in range(2, 7)
    assert called.count("conversations.list") == 1
    monkeypatch.setattr(attempts, "LATEST_START", timedelta(seconds=8))
    world.forward(minutes=2)
    assert len(world.channel("leads-us")) == 1


def test_what_never_arrived_is_sent_once_more(reading_world: World) -> None:
    reading_world.workspace.faults.drop("chat.postMessage", times=2)
    reading_world.lead(settle=False)
    reading_world.forward(seconds=20)
    assert [len(reading_world.dm("alice")), len(reading_world.channel("leads-us"))] == [1, 1]


def test_without_the_scope_a_card_comes_twice_and_either_works(world: World) -> None:
    world.workspace.faults.accept_then_drop("chat.postMessage", channel=world.ids["alice"])
    lead_id = world.lead(settle=False).json()["lead_id"]
    world.forward(seconds=4)
    assert len(world.dm("alice")) == 1
    world.forward(seconds=3)
    assert len(world.dm("alice")) == 2, "longer would tell nothing, and she might have none"
    world.click("alice", "Accept", message=world.dm("alice")[0])
    world.settle()
    assert world.view(lead_id).lead.status == "SAL"
    assert buttons(world.dm("alice")[1])[0] == "Log touch"


def test_without_the_scope_a_reminder_that_may_have_arrived_is_left_to_the_next(world: World) -> None:
    world.lead()
    world.workspace.faults.drop("chat.postMessage", channel=world.ids["alice"])
    world.forward(minutes=3, seconds=50)
    assert len(world.dm("alice")) == 1
    world.forward(seconds=15)
    assert len(world.dm("alice")) == 2, "the reminder at 80 % tells them"


def test_without_the_scope_the_last_reminder_is_repeated(world: World) -> None:
    world.lead()
    world.forward(minutes=4, seconds=30)
    before = len(world.dm("alice"))
    world.workspace.faults.drop("chat.postMessage", channel=world.ids["alice"])
    world.forward(minutes=2)
    assert len(world.dm("alice")) == before + 1


def test_a_timeout_holds_up_no_other_conversation(make_world: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.5)
    world = make_world(scopes=(*SCOPES, *HISTORY))
    world.workspace.faults.delay("chat.postMessage", 2, channel=world.ids["alice"])
    world.lead(settle=False)
    under_way = world.loop.submit(world.service.deliver_due())
    world.wait(lambda: world.channel("leads-us"))
    assert not under_way.done(), "the rep's card is still under way"
    under_way.result(10)
    world.forward(seconds=30)
    assert [len(world.dm("alice")), len(world.channel("leads-us"))] == [1, 1]


def test_an_hours_outage_loses_nothing_doubles_nothing_and_asks_rarely(reading_world: World) -> None:
    check_an_hours_outage(reading_world)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_hours_outage_is_the_same_to_a_bot_that_may_not_read_conversations_back(world: World) -> None:
    check_an_hours_outage(world)


def check_an_hours_outage(world: World) -> None:
    """Six leads and an hour without Slack; the first came just before."""
    first = world.lead().json()["lead_id"]
    world.workspace.down = True
    leads = [
        world.lead(external_id=str(number), first_name=f"Pat{number}", settle=False).json()["lead_id"]
        for number in range(5)
    ]
    asked = len(posts(world))
    world.forward(minutes=60)
    assert len(posts(world)) - asked < 200, "one call every half minute, whatever waits"
    world.workspace.down = False
    world.forward(minutes=6)
    for name in world.ids:
        told = [message.text for message in world.dm(name)]
        assert len(told) == len(set(told)), f"{name} was told something twice"
        assert not [text for text in told if " left to accept" in text]
    in_channel = world.channel("leads-us")
    assert len([message for message in in_channel if not message.thread_ts]) == 6
    assert len([message for message in in_channel if message.thread_ts]) <= 6, "of each lead its newest breach at most"
    for lead_id in (first, *leads):
        holder = (world.view(lead_id).lead.rep or "").partition("@")[0]
        assert cards(world, holder), f"{holder} never saw the card"


def test_a_breach_after_an_outage_is_told_after_the_offers(world: World) -> None:
    world.workspace.down = True
    for number in range(4):
        world.lead(external_id=str(number), settle=False)
    world.forward(minutes=4, seconds=10)
    world.workspace.down = False
    world.forward(seconds=50)
    accepted = [call for call in world.workspace.calls if call.method == "chat.postMessage" and call.status == 200]
    reminders = [bool(call.args.get("thread_ts")) for call in accepted if call.args["channel"] == "#leads-us"]
    assert reminders == sorted(reminders)
    assert timedelta(0) < accepted[-1].at - accepted[0].at < timedelta(seconds=50)
