"""A lead is ignored until it is taken away, and until nobody is left."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.policy import load_policy
from sla_engine.clock import Kind
from tests.journeys.conftest import Build, edit
from tests.screens import buttons, is_breach, words
from tests.world import World

MINUTE = timedelta(minutes=1)


def started(world: World, lead_id: str) -> datetime:
    """When the newest acceptance clock of a lead began."""
    clock = world.view(lead_id).clock(Kind.ACCEPTANCE)
    assert clock is not None
    return clock.started_at


def test_reminders_come_at_half_and_at_four_fifths_of_the_time(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    start = started(world, lead_id)
    world.forward_to(start + 2.4 * MINUTE)
    assert len(world.dm("alice")) == 1

    world.forward_to(start + 2.5 * MINUTE)
    assert len(world.dm("alice")) == 2
    reminder = world.dm("alice")[-1].text
    assert "2 min" in reminder
    assert "left to accept or reject Pat Lee, VP Operations at Northwind" in reminder
    assert reminder.endswith("until 10:05 New York.")
    assert len(world.channel("leads-us")) == 1

    world.forward_to(start + 4 * MINUTE)
    assert len(world.dm("alice")) == 3
    assert "1 min left" in world.dm("alice")[-1].text
    for_all = world.channel("leads-us")[-1]
    assert "Alice has" in for_all.text
    assert "1 min left" in for_all.text
    assert for_all.thread_ts == world.channel("leads-us")[0].ts
    assert not for_all.reply_broadcast
    assert not world.dm("dana")


def test_the_breach_is_told_to_the_rep_the_channel_and_the_manager_with_the_true_instant(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    start = started(world, lead_id)
    world.forward_to(start + 5 * MINUTE)
    world.settle()

    clock = world.view(lead_id).clock(Kind.ACCEPTANCE)
    assert clock is not None
    assert clock.breached_at == start + 5 * MINUTE
    told = [world.dm("alice")[-1], world.channel("leads-us")[-1], world.dm("dana")[-1]]
    assert all(is_breach(message) and "10:05 New York" in message.text for message in told)
    assert told[1].reply_broadcast
    breach = next(entry for entry in world.history(lead_id) if entry.event == "breached")
    assert breach.at == start + 5 * MINUTE

    world.click("alice", "Accept", message=world.dm("alice")[0])
    world.settle()
    clock = world.view(lead_id).clock(Kind.ACCEPTANCE)
    assert clock is not None
    assert clock.answered
    assert clock.breached_at == start + 5 * MINUTE, "a breach stays recorded if the rep answers later"


def test_at_half_as_much_again_the_lead_goes_to_the_next_rep(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    start = started(world, lead_id)
    world.forward_to(start + 7.5 * MINUTE)
    world.settle()

    lead = world.view(lead_id).lead
    assert (lead.rep, lead.reassignments) == ("bob@acme.example", 1)
    assert lead.refused_by == {"alice@acme.example"}
    assert buttons(world.dm("bob")[-1]) == ["Accept", "Reject"]
    assert "10:12 New York" in world.dm("bob")[-1].text
    card, taken = world.dm("alice")[0], world.dm("alice")[-1]
    assert buttons(card) == []
    assert "Bob" in words(card)
    assert "went to Bob" in taken.text
    assert "went to Bob" not in world.dm("dana")[-1].text
    assert "Bob" in world.dm("dana")[-1].text
    events = [entry.event for entry in world.history(lead_id)]
    assert events[-3:] == ["level reached", "lapsed", "assigned"]
    acceptance = [clock for clock in world.view(lead_id).clocks if clock.kind is Kind.ACCEPTANCE]
    assert [clock.rep for clock in acceptance] == ["alice@acme.example", "bob@acme.example"]
    assert acceptance[1].started_at == start + 7.5 * MINUTE


def test_a_lead_that_nobody_answers_ends_with_the_manager(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    reps = []
    for _ in range(4):
        reps.append(world.view(lead_id).lead.rep)
        world.forward_to(started(world, lead_id) + 7.5 * MINUTE)
        world.settle()
    assert reps == [f"{name}@acme.example" for name in ("alice", "bob", "carol", "femi")]
    lead = world.view(lead_id).lead
    assert (lead.rep, lead.reassignments) == ("erik@acme.example", 4), "who manages the team that had it last"
    offered = next(message for message in reversed(world.dm("erik")) if "Accept" in buttons(message))
    assert "passed on 4 times" in words(offered)

    world.forward(days=3)
    assert world.view(lead_id).lead.rep == lead.rep, "it is not taken from the manager"
    world.click("erik", "Accept", message=offered)
    assert world.view(lead_id).lead.status == "SAL"


def test_an_accepted_lead_without_a_first_touch_is_taken_away_too(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.forward(minutes=65)
    assert "make first contact with" in world.dm("dana")[-1].text
    world.forward(minutes=30)
    lead = world.view(lead_id).lead
    assert (lead.status, lead.rep, lead.sal_at) == ("MQL", "bob@acme.example", None)


def test_a_lead_that_is_not_qualified_in_time_stays_with_its_rep(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Log touch")
    world.submit("alice", how_were_you_in_contact="Meeting")
    world.forward(days=21)
    view = world.view(lead_id)
    clock = view.clock(Kind.QUALIFICATION)
    assert clock is not None
    assert clock.breached_at is not None
    assert (view.lead.status, view.lead.rep) == ("SAL", "alice@acme.example")
    assert "qualify or give back" in world.dm("dana")[-1].text


def test_a_lead_of_a_team_that_an_edit_has_renamed_is_taken_away_and_given_on(
    make_world: Build, policy: Callable[..., Path]
) -> None:
    world = make_world()
    lead_id = world.lead().json()["lead_id"]
    renamed = load_policy(policy(("us-inbound", "americas")), date(2026, 1, 1))
    edit(world, teams=renamed.teams, rules=renamed.rules)
    assert "Northwind" in words(world.home("dana")), "the manager's board has it as before"
    world.forward(minutes=8)
    lead = world.view(lead_id).lead
    assert (lead.team, lead.rep) == ("americas", "bob@acme.example")
