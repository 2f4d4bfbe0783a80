"""One lead, several hands at once: one outcome, and everybody else is told privately what became of it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.model import Message
from sla_engine.lead import Plan
from tests.journeys.conftest import Build
from tests.screens import answered, buttons, words
from tests.world import World

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def events(world: World, lead_id: str) -> list[str]:
    """What happened to a lead, by name."""
    return [entry.event for entry in world.history(lead_id)]


def test_one_who_accepts_on_two_devices_has_accepted_once(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    card, home = world.dm("alice")[-1], world.home("alice")["id"]

    async def together() -> None:
        click, tap = world.workspace.click, world.workspace.click_in_view
        await asyncio.gather(
            click(world.ids["alice"], card.channel, card.ts, label="Accept"),
            tap(world.ids["alice"], home, label="Accept"),
        )

    world.loop.run(together())
    assert events(world, lead_id).count("accepted") == 1
    assert world.whispers("alice") == []
    world.settle()
    assert "Accept" not in buttons(world.dm("alice")[-1])


def test_of_a_rep_who_accepts_and_a_manager_who_rejects_at_once_one_holds(world: World) -> None:
    for number in range(6):
        lead_id = world.lead(external_id=str(number), owner_email="alice@acme.example").json()["lead_id"]
        mine = world.dm("alice")[-1]
        world.click("dana", "Reject", message=world.channel("leads-us")[-1])
        form = world.modal("dana")
        answers = answered(form, {"reason": "Wrong territory"})

        async def together(card: Message = mine, view: str = form["id"], given: dict[str, Any] = answers) -> None:
            await asyncio.gather(
                world.workspace.click(world.ids["alice"], card.channel, card.ts, label="Accept"),
                world.workspace.submit(world.ids["dana"], view, given),
            )

        world.loop.run(together())
        happened = events(world, lead_id)
        assert ("accepted" in happened) != ("rejected" in happened)
        kept = world.view(lead_id).lead.rep == "alice@acme.example"
        assert kept == ("accepted" in happened)
        world.settle()
    refused = {"This lead has moved on: it is with Bob now.", "This lead has moved on: it is with Carol now."}
    assert set(world.whispers("alice")) <= refused


def test_a_card_that_is_stale_after_a_reassignment_says_who_has_the_lead(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    mine, channel = world.dm("alice")[-1], world.channel("leads-us")[0]
    world.click("dana", "Reassign", message=channel)
    assert not world.submit("dana", new_rep="Bob")
    before = world.view(lead_id)
    for card in (mine, channel):
        assert "Log touch" in buttons(card), "what happened has not been drawn yet"
        for label in ("Log touch", "Qualify"):
            world.click("alice", label, message=card)
    told = "This lead is with Bob: only they, their manager or an admin can do that."
    assert world.whispers("alice") == [told] * 4
    assert world.workspace.modal(world.ids["alice"]) is None
    assert world.view(lead_id) == before
    world.settle()
    assert buttons(world.dm("alice")[-1]) == []
    assert "*With Bob now.*" in words(world.dm("alice")[-1])


def test_a_card_that_is_stale_after_a_hand_over_says_who_has_the_lead(world: World) -> None:
    world.lead()
    world.say("dana", "/leads hand-over alice@acme.example bob@acme.example")
    for card in (world.dm("alice")[-1], world.channel("leads-us")[0]):
        for label in ("Accept", "Reject"):
            world.click("alice", label, message=card)
    assert world.whispers("alice") == ["This lead has moved on: it is with Bob now."] * 4


def test_of_two_who_claim_at_once_one_has_it_and_the_channel_shows_who(
    make_world: Build, policy: Callable[..., Path]
) -> None:
    world = make_world(policy=policy(("available: hold", "available: claim")), start=SATURDAY)
    lead_id = world.lead().json()["lead_id"]
    card = world.channel("leads-us")[-1]

    async def together() -> None:
        click = world.workspace.click
        await asyncio.gather(
            *(click(world.ids[name], card.channel, card.ts, label="Accept") for name in ("alice", "bob", "carol"))
        )

    world.loop.run(together())
    world.settle()
    lead = world.view(lead_id).lead
    assert (lead.status, lead.plan) == ("SAL", Plan.ASSIGNED)
    winner = (lead.rep or "").partition("@")[0]
    assert events(world, lead_id).count("accepted") == 1
    for name in {"alice", "bob", "carol"} - {winner}:
        assert world.whispers(name) == [f"{winner.capitalize()} has already accepted this lead."]
    assert world.whispers(winner) == []
    shown = world.channel("leads-us")[-1]
    assert winner.capitalize() in words(shown)
    assert "Free to take" not in words(shown)
