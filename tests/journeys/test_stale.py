"""Clicks that come too late, twice, or at the same time as another's."""

import asyncio

from handlers.doors import DONE_BEFORE
from sandbox.model import Message
from sla_engine.clock import Kind
from storage import presence
from tests.screens import words
from tests.world import World


def test_a_rep_who_accepts_after_the_lead_moved_on_is_told_who_has_it(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    card = Message(**vars(world.dm("alice")[-1]))
    world.loop.run(world.service.fire_due())
    world.clock.instant = world.clock.now().replace(minute=8)
    world.loop.run(world.service.fire_due())
    assert world.view(lead_id).lead.rep == "bob@acme.example"

    world.click("alice", "Accept", message=card)
    assert world.whispers("alice") == ["This lead has moved on: it is with Bob now."]
    assert world.view(lead_id).lead.status == "MQL"


def test_a_lead_that_was_accepted_cannot_be_rejected_any_more(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Reject")
    world.click("alice", "Accept")
    assert world.submit("alice", reason="No budget") == {"Reason": "Alice has already accepted this lead."}
    world.click("dana", "Reject", message=world.channel("leads-us")[0])
    assert world.whispers("dana") == ["Alice has already accepted this lead."]
    assert world.view(lead_id).lead.status == "SAL"


def test_a_second_click_changes_nothing_and_says_nothing(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    card = world.dm("alice")[-1]
    world.click("alice", "Accept", message=card)
    before = world.view(lead_id)
    world.click("alice", "Accept", message=card)
    assert world.view(lead_id) == before
    assert world.whispers("alice") == []
    assert [entry.event for entry in world.history(lead_id)].count("accepted") == 1


def test_what_slack_delivers_twice_happens_once(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.loop.run(world.workspace.redeliver_last())
    world.settle()
    world.click("alice", "Log touch")
    world.submit("alice", how_were_you_in_contact="Call")
    world.loop.run(world.workspace.redeliver_last())
    world.click("alice", "Pause")
    world.submit("alice", reason="They travel")
    world.loop.run(world.workspace.redeliver_last())
    world.settle()
    world.click("alice", "Resume")
    world.loop.run(world.workspace.redeliver_last())
    assert [entry.event for entry in world.history(lead_id)][2:] == ["accepted", "touched", "paused", "resumed"]
    assert world.whispers("alice") == []


def test_what_slack_delivers_twice_about_a_rep_happens_once(world: World) -> None:
    def again() -> str:
        return words(world.loop.run(world.workspace.redeliver_last()).content)

    world.say("alice", "/leads away 3h")
    assert DONE_BEFORE in again()
    world.press("alice", "I'm back")
    again()
    world.press("alice", "Limits")
    world.submit("alice", open_leads_at_once="3")
    again()
    world.press("alice", "Plan leave")
    world.submit("alice", **{"from": "2026-12-01"}, until="2026-12-04")
    again()
    world.lead()
    world.say("dana", "/leads hand-over alice@acme.example")
    assert DONE_BEFORE in again()
    done = world.loop.run(world.service.office.read(presence.latest, ["alice@acme.example"], 20))
    assert [change.event for change in reversed(done)] == ["leave", "back", "limit", "leave"]


def test_two_touches_that_say_the_same_are_two(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    for _ in range(2):
        world.click("alice", "Log touch")
        world.submit("alice", how_were_you_in_contact="Call")
    assert [entry.event for entry in world.history(lead_id)].count("touched") == 2


def test_of_two_who_act_at_once_one_is_heard(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    card, channel = world.dm("alice")[-1], world.channel("leads-us")[0]

    async def together() -> None:
        click = world.workspace.click
        await asyncio.gather(
            *(click(world.ids["alice"], card.channel, card.ts, label="Accept") for _ in range(5)),
            *(click(world.ids["dana"], channel.channel, channel.ts, label="Accept") for _ in range(5)),
        )

    world.loop.run(together())
    assert [entry.event for entry in world.history(lead_id)].count("accepted") == 1
    kinds = [clock.kind for clock in world.view(lead_id).open_clocks]
    assert sorted(kinds) == sorted([Kind.FIRST_TOUCH, Kind.QUALIFICATION])
