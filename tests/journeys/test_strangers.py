"""Who may act on a lead, and what everybody else is told."""

import pytest

from sla_engine.clock import Clock
from sla_engine.lead import Lead
from tests.screens import buttons, words
from tests.world import World

ALICES = "This lead is with Alice: only they, their manager or an admin can do that."
UNKNOWN = "Your Slack account is not one the policy names: ask an admin to add your e-mail address to it."


def state(world: World, lead_id: str) -> tuple[Lead, tuple[Clock, ...], int]:
    """All that a click could change of a lead."""
    view = world.view(lead_id)
    return view.lead, view.clocks, len(world.history(lead_id))


def test_only_the_rep_answers_an_offer(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    before = state(world, lead_id)
    for name in ("bob", "zoe", "erik"):
        for label in ("Accept", "Reject"):
            world.click(name, label, message=world.channel("leads-us")[0])
        assert world.whispers(name) == [ALICES, ALICES]
        assert world.workspace.modal(world.ids[name]) is None
    assert state(world, lead_id) == before


def test_only_the_rep_works_on_a_lead(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    before = state(world, lead_id)
    labels = ["Log touch", "Qualify", "Recycle", "Disqualify", "Reassign", "Pause"]
    for label in labels:
        world.click("bob", label, message=world.channel("leads-us")[0])
        assert world.workspace.modal(world.ids["bob"]) is None
    assert world.whispers("bob") == [ALICES] * len(labels)
    assert state(world, lead_id) == before


@pytest.mark.parametrize("name", ["dana", "olga"])
def test_a_manager_or_an_admin_acts_for_a_rep_and_both_names_are_kept(world: World, name: str) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click(name, "Accept", message=world.channel("leads-us")[0])
    world.settle()
    lead = world.view(lead_id).lead
    assert (lead.status, lead.rep) == ("SAL", "alice@acme.example")
    accepted = world.history(lead_id)[-1]
    assert (accepted.actor, accepted.on_behalf_of) == (f"{name}@acme.example", "alice@acme.example")

    world.click(name, "Log touch", message=world.channel("leads-us")[0])
    assert not world.submit(name, how_were_you_in_contact="Call")
    touched = world.history(lead_id)[-1]
    assert (touched.actor, touched.on_behalf_of) == (f"{name}@acme.example", "alice@acme.example")
    assert f"{name.capitalize()}* for Alice: accepted it" in world.say("alice", f"/lead why {lead_id}")


def test_a_form_that_was_opened_in_time_is_refused_once_the_lead_has_moved_on(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Reject")
    world.forward(minutes=8)
    assert world.view(lead_id).lead.rep == "bob@acme.example"
    assert world.submit("alice", reason="No budget") == {"Reason": "This lead has moved on: it is with Bob now."}
    assert world.view(lead_id).lead.rep == "bob@acme.example"


def test_somebody_whom_the_policy_does_not_name_is_told_so(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    guest = world.workspace.add_user("guest", email="", tz="America/New_York")
    world.ids["guest"] = guest.id
    world.click("guest", "Accept", message=world.channel("leads-us")[0])
    assert world.whispers("guest") == [UNKNOWN]
    assert UNKNOWN in world.say("guest", "/leads")
    assert UNKNOWN in world.say("zoe", "/leads away")
    assert "Pat Lee" not in words(world.home("guest"))
    assert world.view(lead_id).lead.status == "MQL"


def test_the_numbers_of_a_team_are_for_its_manager_and_admins(world: World) -> None:
    world.lead()
    assert "Only a team's manager or an admin can do that." in world.say("alice", "/sla team")
    assert "us-inbound" in world.say("dana", "/sla team")
    assert "emea-inbound" not in world.say("dana", "/sla team")
    both = world.say("olga", "/handoff sla team")
    assert "us-inbound" in both
    assert "emea-inbound" in both


def test_a_stranger_who_presses_a_button_on_a_lead_that_is_gone_is_told_so(world: World) -> None:
    world.lead()
    card = world.channel("leads-us")[0]
    for block in card.blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button":
                element["value"] = "Lnothing00"
    assert buttons(card) == ["Accept", "Reject"]
    for label in ("Accept", "Reject"):
        world.click("zoe", label, message=card)
    assert world.whispers("zoe") == ["There is no lead “Lnothing00”."] * 2
