"""The same product behind Socket Mode."""

import threading
from typing import Any

import pytest

from sla_engine.lead import Lead
from tests.journeys.conftest import Build
from tests.screens import buttons, words
from tests.world import World


@pytest.fixture
def world(make_world: Build) -> World:
    """A world whose bot has opened a websocket to Slack."""
    world = make_world(socket_mode=True)
    world.wait(lambda: world.workspace.deliveries.connected)
    return world


def test_a_click_a_form_a_command_and_the_home_tab_come_over_the_websocket(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    assert world.http.post(f"{world.bot.url}/slack/events").status_code == 404
    world.click("alice", "Accept")
    world.settle()
    assert world.view(lead_id).lead.status == "SAL"
    world.click("alice", "Recycle")
    assert not world.submit("alice", reason="No budget", note="Later")
    world.settle()
    assert world.view(lead_id).lead.status == "Recycled"
    assert buttons(world.dm("alice")[-1]) == []
    assert "You have no open leads" in world.say("alice", "/leads")
    assert "No open leads" in words(world.home("alice"))


def test_a_form_with_a_mistake_stays_open(world: World) -> None:
    world.lead()
    world.click("alice", "Reject")
    assert list(world.submit("alice", reason="Bad timing")) == ["Note"]
    assert not world.submit("alice", reason="Bad timing", note="May")


def test_a_stranger_gets_a_private_sentence(world: World) -> None:
    world.lead()
    world.click("bob", "Accept", message=world.channel("leads-us")[0])
    world.wait(lambda: world.whispers("bob"))
    assert "This lead is with Alice" in world.whispers("bob")[0]


def test_a_press_in_hand_when_the_service_stops_is_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lead_id = world.lead().json()["lead_id"]
    [card] = world.dm("alice")
    gate, came = threading.Event(), threading.Event()
    accept = world.service.desk.accept

    def accept_late(*asked: Any) -> Lead:
        came.set()
        gate.wait(5)
        return accept(*asked)

    monkeypatch.setattr(world.service.desk, "accept", accept_late)
    press = world.loop.submit(world.workspace.click(world.ids["alice"], card.channel, card.ts, label="Accept"))
    assert came.wait(5)
    threading.Timer(0.5, gate.set).start()
    world.stop_bot()
    press.result(5)
    world.start_bot()
    assert world.view(lead_id).lead.status == "SAL"
