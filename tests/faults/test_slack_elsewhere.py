"""Slack refuses the way in which a message came, and would take it in another."""

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.slack import client
from storage.outbox import PARKED
from tests.faults.evidence import posts, rows
from tests.journeys.conftest import Build
from tests.sample import changed
from tests.screens import buttons
from tests.world import SCOPES, World


def test_a_card_that_somebody_deleted_does_not_silence_the_channel(world: World) -> None:
    world.lead()
    world.workspace.state.timeline.remove(world.channel("leads-us")[0])
    world.forward(minutes=6)
    told = world.channel("leads-us")[0]
    assert "left to accept or reject" in told.text
    assert told.thread_ts is None
    assert PARKED not in {state for (state,) in rows(world, "state")}


def test_somebody_who_cant_be_written_to_by_their_id_is_written_to_in_their_conversation(make_world: Build) -> None:
    world = make_world(scopes=(*SCOPES, "im:write"))
    for name in ("alice", "bob", "carol", "dana"):
        world.workspace.faults.error("chat.postMessage", "channel_not_found", times=99, channel=world.ids[name])
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.rep == "alice@acme.example"
    assert "Accept" in buttons(world.dm("alice")[0])
    world.forward(minutes=5)
    direct = [channel for channel, _ in posts(world) if channel.startswith("U")]
    assert direct.count(world.ids["alice"]) == 1, "what was found once is not looked for again"


def test_a_channel_that_is_not_found_by_its_name_is_written_to_by_its_id(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "channel_not_found", times=99, channel="#leads-us")
    for name in ("a", "b"):
        world.lead(external_id=name)
    assert len(world.channel("leads-us")) == 2
    assert [channel for channel, _ in posts(world) if channel == "#leads-us"] == ["#leads-us"]


@pytest.mark.parametrize("wanted", ["#nowhere", "C0NOTTHERE"])
def test_a_channel_that_is_nowhere_is_looked_for_once_in_a_while_and_its_messages_are_parked(
    make_world: Build, tmp_path: Path, wanted: str
) -> None:
    world = make_world(policy=changed(tmp_path, ('"#leads-us"', f'"{wanted}"')))
    for name in ("a", "b", "c"):
        world.lead(external_id=name)
    parked = [lane for lane, state in rows(world, "lane", "state") if state == PARKED]
    assert parked == [f"channel:{wanted}"] * 3
    asked = [call for call in world.workspace.calls if call.method == "conversations.list"]
    assert len(asked) == (wanted[0] == "#")


@pytest.mark.parametrize("word", ["missing_scope", "unknown_method", "user_not_found"])
def test_somebody_whose_conversation_cant_be_opened_is_out_of_reach(world: World, word: str) -> None:
    world.workspace.faults.error("chat.postMessage", "channel_not_found", times=9, channel=world.ids["alice"])
    world.workspace.faults.error("conversations.open", word, times=9, users=world.ids["alice"])
    assert world.view(world.lead().json()["lead_id"]).lead.rep == "bob@acme.example"


def test_while_slack_is_busy_a_channel_is_looked_for_later_and_nothing_is_lost(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "channel_not_found", times=9, channel="#leads-us")
    world.workspace.faults.ratelimit("conversations.list", 30)
    world.lead(settle=False)
    world.forward(seconds=20)
    assert not world.channel("leads-us")
    world.forward(seconds=20)
    assert len(world.channel("leads-us")) == 1


@pytest.fixture
def large(make_world: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., World]:
    """Builds a workspace whose channels have more pages than Slack gives out in a minute."""
    monkeypatch.setattr(client, "PAGE", 4)

    def build(channel: str) -> World:
        world = make_world(policy=changed(tmp_path, ('"#leads-us"', f'"{channel}"')))
        for number in range(120):
            world.workspace.add_channel(f"c{number}", members=[])
        return world

    return build


def listings(world: World) -> int:
    return sum(call.method == "conversations.list" and call.status == 200 for call in world.workspace.calls)


def test_in_a_large_workspace_a_misspelt_channel_is_looked_for_to_the_end_and_its_manager_told(
    large: Callable[..., World],
) -> None:
    world = large("#leads-usa")
    world.lead(settle=False)
    world.forward(minutes=3)
    assert {state for lane, state in rows(world, "lane", "state") if lane == "channel:#leads-usa"} == {PARKED}
    assert any("#leads-usa" in message.text for message in world.dm("dana"))
    assert listings(world) == -(-(120 + len(world.channels)) // 4), "each page was read once"


def test_in_a_large_workspace_a_channel_on_a_late_page_is_found(large: Callable[..., World]) -> None:
    world = large("#c119")
    world.workspace.faults.error("chat.postMessage", "channel_not_found", times=99, channel="#c119")
    world.lead(settle=False)
    world.forward(seconds=1)
    world.workspace.faults.error("conversations.list", "invalid_cursor")
    world.forward(minutes=5)
    assert PARKED not in {state for (state,) in rows(world, "state")}


def test_a_channel_is_not_looked_for_without_end_where_slack_never_gives_the_list(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "channel_not_found", times=999, channel="#leads-us")
    world.workspace.faults.ratelimit("conversations.list", 20, times=999)
    world.lead(settle=False)
    world.forward(minutes=9)
    assert any("#leads-us" in message.text for message in world.dm("dana"))
