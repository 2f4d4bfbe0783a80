"""Turns given back: so many a day, and each kept or given back by the ledger."""

from datetime import UTC, datetime, timedelta

from sla_engine.policy import Method, NobodyAvailable
from storage import ledger
from tests.journeys.conftest import edit
from tests.world import World

MIDNIGHT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""In New York, where Alice is."""


def turned_down(world: World, number: int) -> str:
    """A lead that Alice gets and rejects for a reason that gives her the turn back."""
    lead_id: str = world.lead(external_id=f"lead {number}").json()["lead_id"]
    assert world.view(lead_id).lead.rep == "alice@acme.example"
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="Wrong territory")
    world.settle()
    return lead_id


def test_three_turns_a_day_are_given_back_and_the_fourth_is_not(world: World) -> None:
    leads = [turned_down(world, number) for number in range(4)]
    told = [world.say("dana", f"/lead why {lead_id}") for lead_id in leads]
    assert ["the turn was given back" in one for one in told] == [True, True, True, False]
    assert "the turn was not given back: enough had been that day" in told[3]
    entries = world.loop.run(
        world.service.office.read(lambda tx: list(ledger.entries(tx, "us-inbound", Method.ROUND_ROBIN)))
    )
    assert [entry.kind for entry in entries if entry.kind in ("given back", "not given back")] == [
        "given back", "given back", "given back", "not given back"
    ]  # fmt: skip


def test_the_day_begins_at_the_rep_s_midnight(world: World) -> None:
    edit(world, credits_a_day=1)
    assert "the turn was given back" in world.say("dana", f"/lead why {turned_down(world, 1)}")
    assert "the turn was not given back" in world.say("dana", f"/lead why {turned_down(world, 2)}")
    world.clock.instant = MIDNIGHT - timedelta(seconds=1)
    edit(world, when_nobody_is_available=NobodyAvailable.ASSIGN_ANYWAY)
    assert [given_back(world, number) for number in range(10, 13)] == [False] * 3
    world.clock.instant = MIDNIGHT
    assert [given_back(world, number) for number in range(20, 22)] == [True, False]


def given_back(world: World, number: int) -> bool:
    """Whether Alice has her turn back at the next lead that she gets and rejects, at once."""
    office = world.service.office
    for attempt in range(9):
        lead_id = world.lead(settle=False, external_id=f"lead {number} {attempt}").json()["lead_id"]
        if world.view(lead_id).lead.rep == "alice@acme.example":
            world.loop.run(office.run(office.desk.reject, lead_id, "alice@acme.example", "wrong_territory", ""))
            rejected = next(one for one in world.history(lead_id) if one.event == "rejected")
            return bool(rejected.detail["credit"])
    raise AssertionError("Alice got none of nine leads")


def test_a_policy_may_give_none_back(world: World) -> None:
    edit(world, credits_a_day=0)
    assert "the turn was not given back" in world.say("dana", f"/lead why {turned_down(world, 1)}")
