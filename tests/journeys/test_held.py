"""A lead comes while nobody works: the backup team is asked, else it waits for whoever opens first."""

from datetime import UTC, datetime, timedelta

from sla_engine.clock import Kind
from sla_engine.lead import Plan
from storage import leaves
from tests.journeys.conftest import Build
from tests.screens import buttons, words

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MONDAY_IN_LONDON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EARLY_IN_NEW_YORK = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_a_lead_on_saturday_waits_for_the_first_rep_who_opens(make_world: Build) -> None:
    world = make_world(start=SATURDAY)
    answer = world.lead()
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    view = world.view(answer.json()["lead_id"])
    assert (view.lead.status, view.lead.plan, view.lead.rep) == ("MQL", Plan.HELD, None)
    assert view.lead.hold_until == MONDAY_IN_LONDON
    card = world.channel("leads-us")[-1]
    assert "held until Mon 04:00 New York" in card.text
    assert buttons(card) == []

    world.forward_to(MONDAY_IN_LONDON - timedelta(seconds=1))
    assert not world.dm("carol")
    world.forward_to(MONDAY_IN_LONDON)
    world.settle()
    view = world.view(view.lead.id)
    assert (view.lead.plan, view.lead.rep) == (Plan.ASSIGNED, "carol@acme.example")
    assert view.lead.assigned_at == MONDAY_IN_LONDON
    assert buttons(world.dm("carol")[-1]) == ["Accept", "Reject"]
    assert buttons(world.channel("leads-us")[0]) == ["Accept", "Reject"]
    routing = view.clock(Kind.ROUTING)
    assert routing is not None
    assert routing.breached_at is None, "the night is not the system's fault"


def test_the_backup_team_is_asked_before_a_lead_is_held(make_world: Build) -> None:
    world = make_world(start=EARLY_IN_NEW_YORK)
    world.say("carol", "/leads away")
    lead_id = world.lead().json()["lead_id"]
    lead = world.view(lead_id).lead
    assert (lead.rep, lead.team) == ("femi@acme.example", "emea-inbound")
    assert "backing up us-inbound" in words(world.dm("femi")[-1])
    assert len(world.channel("leads-emea")) == 1
    assert not world.channel("leads-us")


def test_a_held_lead_goes_to_a_rep_who_comes_back_early(make_world: Build) -> None:
    world = make_world()
    for name in ("alice", "bob", "carol", "femi", "gita"):
        world.say(name, "/leads away")
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.plan is Plan.HELD
    assert "tried again every 15 minutes" in (world.view(lead_id).lead.why or "")
    world.forward(hours=2)
    assert world.view(lead_id).lead.plan is Plan.HELD

    world.say("bob", "/leads back")
    world.settle()
    assert world.view(lead_id).lead.rep == "bob@acme.example"


def test_a_lead_is_taken_and_held_when_everybodys_leave_ends_beyond_what_calendars_know(make_world: Build) -> None:
    world = make_world()
    beyond = (world.clock.now(), datetime(2300, 1, 1, tzinfo=UTC))
    for name in ("alice", "bob", "carol", "femi", "gita"):
        # Such rows are in databases of the time before leave had a bound.
        rep = f"{name}@acme.example"
        world.loop.run(world.service.office.run(leaves.add, rep, beyond))
    answer = world.lead()
    assert answer.status_code == 202
    lead = world.view(answer.json()["lead_id"]).lead
    assert lead.plan is Plan.HELD
    assert "tried again every 15 minutes" in (lead.why or "")


def test_a_manager_cannot_accept_what_is_held(make_world: Build) -> None:
    world = make_world(start=SATURDAY)
    lead_id = world.lead().json()["lead_id"]
    world.forward_to(MONDAY_IN_LONDON)
    world.settle()
    offered = world.dm("carol")[-1]
    for name in ("alice", "bob", "carol", "femi", "gita"):
        world.say(name, "/leads away")
    world.click("carol", "Reject", message=offered)
    assert not world.submit("carol", reason="Wrong territory")
    stale = world.channel("leads-us")[0]
    assert "Accept" in buttons(stale)
    world.click("dana", "Accept", message=stale)
    assert world.whispers("dana") == ["This lead waits for a rep: nobody has it yet."]
    lead = world.view(lead_id).lead
    assert (lead.status, lead.plan, lead.rep) == ("MQL", Plan.HELD, None)
