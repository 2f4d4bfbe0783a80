"""What people ask the bot: their numbers, their leads, the Home tab."""

from dataclasses import replace

import pytest

from connectors.slack.home import MOST_TEAMS
from sla_engine.policy import Policy
from storage import queries
from storage.queries import LeadView
from storage.transaction import Transaction
from tests.journeys.conftest import edit
from tests.screens import words
from tests.world import World


def test_a_rep_sees_their_own_numbers(world: World) -> None:
    assert "none yet" in world.say("alice", "/sla")
    world.lead()
    world.forward(minutes=2)
    world.click("alice", "Accept")
    told = world.say("alice", "/sla")
    assert "1 of 1 in time (100 %), median 2 min" in told
    assert "1 open lead now" in told
    assert "too few to read much into" in told
    assert "1 of 1" not in world.say("bob", "/sla")
    assert told == world.say("alice", "/handoff sla")


def test_a_promise_that_was_missed_counts_as_missed(world: World) -> None:
    world.lead()
    world.forward(minutes=6)
    assert "1 overdue" in world.say("alice", "/sla")
    world.click("alice", "Accept", message=world.dm("alice")[0])
    assert "0 of 1 in time (0 %)" in world.say("alice", "/sla")
    told = world.say("dana", "/sla team")
    assert "0 of 1 in time (0 %)" in told
    assert told.index("Alice") < told.index("Bob") < told.index("Carol")


def test_a_reps_leads_are_listed_the_most_urgent_first(world: World) -> None:
    world.lead(lead_type="ebook", score=70, first_name="Slow")
    for number in range(2):
        world.lead(external_id=f"others {number}")
    world.lead(external_id="fast", first_name="Fast")
    told = world.say("alice", "/leads")
    assert "2 open leads" in told
    assert told.index("Fast Lee") < told.index("Slow Lee")
    assert "You have no open leads" in world.say("gita", "/leads")
    world.forward(minutes=6)
    assert "1 overdue" in world.say("alice", "/leads")


def test_the_other_command_takes_the_same_words_and_lists_them_when_it_has_none(world: World) -> None:
    usage = world.say("alice", "/handoff")
    for word in ("/sla team", "/leads away", "/leads back", "/leads hand-over", "/lead why"):
        assert word in usage
    assert world.say("alice", "/handoff LEADS").startswith("You have no open leads")
    for line in ("/handoff help", "/handoff nonsense", "/lead what"):
        assert "What you can say" in world.say("alice", line)


def test_the_home_tab_shows_open_leads_with_deadlines_and_buttons_that_work(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    home = world.home("alice")
    shown = words(home)
    assert "Pat Lee" in shown
    assert "Accept by" in shown
    view_id = home["id"]
    world.loop.run(world.workspace.click_in_view(world.ids["alice"], view_id, label="Accept"))
    assert world.view(lead_id).lead.status == "SAL"
    shown = words(world.home("alice"))
    assert "First touch by" in shown
    assert "1 of 1 in time" in shown

    world.loop.run(world.workspace.click_in_view(world.ids["alice"], world.home("alice")["id"], label="Log touch"))
    assert not world.submit("alice", how_were_you_in_contact="Call")
    assert world.view(lead_id).lead.first_response_at is not None


def test_a_refusal_on_the_home_tab_comes_as_a_message(world: World) -> None:
    world.lead()
    home = world.home("alice")
    world.forward(minutes=8)
    world.loop.run(world.workspace.click_in_view(world.ids["alice"], home["id"], label="Accept"))
    world.whispers("alice")
    assert world.dm("alice")[-1].text == "This lead has moved on: it is with Bob now."


def test_a_home_tab_that_slack_refuses_is_let_be(world: World) -> None:
    world.lead()
    world.workspace.faults.error("views.publish", "internal_error")
    world.loop.run(world.workspace.open_home(world.ids["alice"]))
    world.loop.run(world.service.doors.finish())
    assert world.workspace.home(world.ids["alice"]) is None
    assert "Pat Lee" in words(world.home("alice"))


def test_the_messages_tab_is_none_of_the_home_tabs_business(world: World) -> None:
    event = {"type": "app_home_opened", "user": world.ids["alice"], "channel": "D1", "tab": "messages"}
    world.loop.run(world.workspace.send_event(event))
    world.loop.run(world.service.doors.finish())
    assert world.workspace.home(world.ids["alice"]) is None


def test_a_tab_that_is_opened_without_its_name_is_home(world: World) -> None:
    event = {"type": "app_home_opened", "user": world.ids["alice"], "channel": "D1"}
    world.loop.run(world.workspace.send_event(event))
    world.loop.run(world.service.doors.finish())
    assert world.workspace.home(world.ids["alice"]) is not None


def test_a_form_that_opens_too_late_says_so(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.workspace.faults.error("views.open", "expired_trigger_id")
    world.click("alice", "Reject")
    assert world.whispers("alice") == ["Slack closed the form before it could open: press the button again."]
    world.workspace.faults.error("views.open", "invalid_blocks")
    world.click("alice", "Reject")
    assert world.whispers("alice")[-1] == "Slack did not accept this form. The log has the details."
    world.workspace.faults.status("views.open", 503)
    world.click("alice", "Reject")
    assert world.whispers("alice")[-1] == "Slack did not answer Handoff just now. Try again in a moment."
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="No budget")
    assert world.view(lead_id).lead.status == "Recycled"


def test_the_buyers_wait_is_told_beside_the_reps_own_clocks(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.forward(minutes=2)
    world.click("alice", "Accept")
    world.settle()
    world.forward(minutes=20)
    world.event("lead.contacted")
    told = "The buyer waited 22 min from receipt to first contact"
    assert told in world.say("alice", "/sla")
    assert told in world.say("dana", "/sla team")
    assert told in world.say("dana", f"/lead why {lead_id}")


def test_an_admin_of_many_teams_is_told_of_those_that_are_not_shown_and_nothing_is_asked_of_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, asked = world.service.policy.teams["us-inbound"], list[str]()
    edit(world, teams={name: replace(team, name=name) for name in "abcdefgh"})
    look = queries.open_leads_of_team

    def noted(tx: Transaction, name: str, policy: Policy) -> list[LeadView]:
        asked.append(name)
        return look(tx, name, policy)

    monkeypatch.setattr(queries, "open_leads_of_team", noted)
    assert "And 3 more teams: `/sla team` has their numbers." in words(world.home("olga"))
    assert asked == list("abcdefgh")[:MOST_TEAMS]


def test_an_admin_of_many_teams_changes_who_is_there_in_each_of_them(world: World) -> None:
    team = world.service.policy.teams["us-inbound"]
    edit(world, teams={name: replace(team, name=name) for name in "abcdefgh"})
    world.press("olga", "Limits in …", value="g")
    assert world.modal("olga")["private_metadata"] == "g"
    world.press("olga", "Availability in …", value="h")
    assert not world.submit("olga", rep="Bob", **{"from": "2026-11-23"})
    assert "You set Bob away" in world.shown("olga")
