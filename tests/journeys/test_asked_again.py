"""A buyer asks again whose lead no clock drives any more: it is sales qualified, or a deal."""

from dataclasses import replace

import pytest

from sla_engine.lead import Status
from tests.journeys.conftest import edit
from tests.screens import buttons, words
from tests.world import World


def won(world: World) -> str:
    """A lead that Alice accepted and that became an opportunity."""
    lead_id: str = world.lead().json()["lead_id"]
    for status in ("SAL", "SQL", "Opportunity"):
        world.event("lead.status_changed", status=status)
    assert world.view(lead_id).lead.status is Status.OPPORTUNITY
    return lead_id


def without_alice(world: World) -> None:
    """Alice leaves the company."""
    teams = world.service.policy.teams
    edit(
        world,
        teams={
            name: replace(team, reps=tuple(rep for rep in team.reps if not rep.email.startswith("alice")))
            for name, team in teams.items()
        },
    )


def test_the_rep_of_a_deal_hears_that_its_buyer_asks_again_once_a_day(world: World) -> None:
    lead_id = won(world)
    before = len(world.dm("alice"))
    world.forward(days=30)
    for campaign in ("spring", "summer"):
        again = world.lead(campaign=campaign, message="A second site, please")
        assert again.json() == {"status": "duplicate", "lead_id": lead_id}
    told = world.dm("alice")[before:]
    assert len(told) == 1
    assert told[0].text.startswith("Pat Lee, VP Operations at Northwind (demo request, score 92) came again")
    assert "an opportunity and with you" in told[0].text
    assert "A second site, please" in words(told[0])
    world.forward(days=1)
    world.lead()
    assert len(world.dm("alice")[before:]) == 2
    assert not world.dm("dana")


def test_the_manager_hears_of_it_when_the_rep_has_left_and_can_close_the_lead(world: World) -> None:
    lead_id = won(world)
    without_alice(world)
    world.forward(days=30)
    world.lead()
    told = world.dm("dana")[-1]
    assert "an opportunity and with Alice, who is no rep any more" in told.text
    card = world.channel("leads-us")[0]
    assert buttons(card) == ["Log touch", "Recycle", "Disqualify"]
    world.click("dana", "Recycle", message=card)
    assert not world.submit("dana", reason="No budget")
    assert world.view(lead_id).lead.status is Status.RECYCLED
    assert world.lead().json()["status"] == "accepted", "the next request is a lead again"


def test_a_lead_that_still_runs_on_a_clock_says_so_on_its_card_alone(world: World) -> None:
    world.lead()
    world.lead(message="Please")
    assert len(world.dm("alice")) == 1


@pytest.mark.parametrize("status", ["Recycled", "Disqualified"])
def test_another_system_says_that_a_deal_was_lost(world: World, status: str) -> None:
    lead_id = won(world)
    assert world.event("lead.status_changed", status=status, note="Chose another").status_code == 202
    lead = world.view(lead_id).lead
    assert (lead.status, lead.note) == (status, "Chose another")
    assert world.lead().json()["status"] == "accepted"
