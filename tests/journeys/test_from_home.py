"""What is pressed on the Home tab is seen there at once."""

import asyncio
from typing import Any

import pytest

from connectors.slack.client import SlackClient
from handlers import home
from tests.screens import buttons, words
from tests.world import World

WORKED = ["Log touch", "Qualify", "Recycle", "Disqualify", "Reassign", "Pause"]


def offered(view: dict[str, Any] | None) -> list[str]:
    """The words on the buttons of the leads on a Home tab."""
    rows = [block for block in (view or {})["blocks"] if str(block.get("block_id")).startswith("actions:")]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def tab(world: World, name: str) -> dict[str, Any] | None:
    """Somebody's Home tab as it stands, without their opening it again."""
    world.loop.run(world.service.doors.finish())
    return world.workspace.home(world.ids[name])


def test_a_lead_that_is_accepted_on_the_home_tab_is_shown_as_accepted_there(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.press("alice", "Accept")
    assert world.view(lead_id).lead.status == "SAL"
    assert offered(tab(world, "alice")) == WORKED


def test_a_form_that_was_opened_from_the_home_tab_draws_it_anew_when_it_is_sent(world: World) -> None:
    world.lead()
    world.press("alice", "Accept")
    world.press("alice", "Pause")
    assert not world.submit("alice", reason="They travel")
    assert "They travel" in world.shown("alice")
    assert offered(tab(world, "alice")) == [*WORKED[:-1], "Resume"]
    world.press("alice", "Resume")
    assert offered(tab(world, "alice")) == WORKED


@pytest.mark.parametrize("label", ["Accept", "Reject"])
def test_a_tab_that_is_no_longer_true_is_drawn_anew_with_the_refusal(world: World, label: str) -> None:
    world.lead()
    view = world.home("alice")["id"]
    world.forward(minutes=8)
    world.loop.run(world.workspace.click_in_view(world.ids["alice"], view, label=label))
    assert "No open leads." in world.shown("alice")
    assert world.dm("alice")[-1].text == "This lead has moved on: it is with Bob now."


def test_a_form_from_a_tab_that_is_no_longer_true_draws_it_anew(world: World) -> None:
    world.lead()
    world.press("alice", "Reject")
    world.forward(minutes=8)
    assert world.submit("alice", reason="No budget") == {"Reason": "This lead has moved on: it is with Bob now."}
    assert "No open leads." in world.shown("alice")


def test_what_is_pressed_on_a_card_draws_no_tab(world: World) -> None:
    world.lead()
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Pause")
    assert not world.submit("alice", reason="They travel")
    world.settle()
    world.whispers("alice")
    assert not [call for call in world.workspace.calls if call.method == "views.publish"]
    assert "They travel" in words(world.home("alice"))
    assert "Resume" in buttons(world.dm("alice")[0])


def test_a_drawing_that_is_slow_on_its_way_does_not_come_after_a_later_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.lead()
    call, on_their_way = SlackClient.call, []

    async def slowed(slack: SlackClient, method: str, **arguments: Any) -> dict[str, Any]:
        if method == "views.publish":
            on_their_way.append(method)
            await asyncio.sleep(0.5 if len(on_their_way) == 1 else 0)
        return await call(slack, method, **arguments)

    monkeypatch.setattr(SlackClient, "call", slowed)
    doors, alice = world.service.doors, world.ids["alice"]
    earlier = world.loop.submit(home.publish(doors, alice))
    world.wait(lambda: on_their_way)
    world.click("alice", "Accept")
    world.loop.run(home.publish(doors, alice))
    earlier.result(10)
    assert offered(tab(world, "alice")) == WORKED
