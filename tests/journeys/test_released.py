"""What nobody had is given out: held leads one by one and the hottest first, free ones when the rules find somebody."""

from datetime import UTC, datetime, timedelta

import pytest

from leads import progress
from sla_engine.lead import Plan
from sla_engine.policy import NobodyAvailable
from tests.journeys.conftest import Build, edit
from tests.screens import buttons, words
from tests.world import MONDAY, World

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OPENING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Carol, in London, is the first of us-inbound at work."""
ALL = ("alice", "bob", "carol", "femi", "gita")


def ids(world: World, **scores: float | None) -> dict[str, str]:
    """Leads by their external ids, with these scores."""
    return {name: world.lead(external_id=name, score=score).json()["lead_id"] for name, score in scores.items()}


def with_whom(world: World, leads: dict[str, str]) -> dict[str, str]:
    """The leads that somebody has, and who."""
    found = {name: world.view(lead_id).lead.rep for name, lead_id in leads.items()}
    return {name: rep.partition("@")[0] for name, rep in found.items() if rep}


def test_held_leads_are_released_one_by_one_hottest_first(make_world: Build) -> None:
    world = make_world(start=SATURDAY)
    edit(world, release_every=timedelta(minutes=1))
    leads = ids(world, warm=80, hot=95, cool=70, lukewarm=80)
    world.forward_to(OPENING - timedelta(seconds=1))
    assert with_whom(world, leads) == {}
    for number, released in enumerate(["hot", "warm", "lukewarm", "cool"]):
        world.forward_to(OPENING + timedelta(minutes=number))
        assert released in with_whom(world, leads)
        assert len(with_whom(world, leads)) == number + 1
    assert set(with_whom(world, leads).values()) == {"carol"}
    stamps = [world.view(leads[name]).lead.assigned_at for name in ("hot", "warm", "lukewarm", "cool")]
    assert stamps == [OPENING + timedelta(minutes=number) for number in range(4)]


def test_a_released_lead_takes_the_turn_of_its_release(make_world: Build) -> None:
    world = make_world()
    for name in ALL:
        world.say(name, "/leads away")
    leads = ids(world, hot=95, warm=80)
    world.say("bob", "/leads back")
    world.say("carol", "/leads back")
    world.forward(seconds=5)
    assert with_whom(world, leads) == {"hot": "bob", "warm": "carol"}


def test_the_held_card_says_since_when_the_buyer_waits(make_world: Build) -> None:
    world = make_world(start=SATURDAY)
    world.lead()
    card = words(world.channel("leads-us")[-1])
    assert "Held until" in card
    assert "The buyer has been waiting since" in card


@pytest.fixture
def claiming(world: World) -> World:
    """A world in which leads that find nobody are free to take, and nobody is there."""
    edit(world, when_nobody_is_available=NobodyAvailable.CLAIM)
    for name in ALL:
        world.say(name, "/leads away")
    return world


def test_a_lead_that_nobody_takes_is_asked_about_again_after_a_while(claiming: World) -> None:
    lead_id = claiming.lead().json()["lead_id"]
    lead = claiming.view(lead_id).lead
    assert (lead.plan, lead.hold_until) == (Plan.CLAIMABLE, MONDAY + timedelta(minutes=30))
    assert "The rules are asked again" in words(claiming.channel("leads-us")[0])
    claiming.forward(minutes=30)
    again = claiming.view(lead_id).lead
    assert (again.plan, again.hold_until) == (Plan.CLAIMABLE, MONDAY + timedelta(minutes=60))
    assert len(claiming.channel("leads-us")) == 1

    edit(claiming, when_nobody_is_available=NobodyAvailable.ASSIGN_ANYWAY)
    claiming.forward(minutes=29)
    assert claiming.view(lead_id).lead.plan is Plan.CLAIMABLE
    claiming.forward(minutes=1)
    claiming.settle()
    given = claiming.view(lead_id).lead
    assert (given.plan, given.rep) == (Plan.ASSIGNED, "alice@acme.example")
    assert buttons(claiming.channel("leads-us")[0]) == ["Accept", "Reject"]


def test_a_lead_that_nobody_takes_is_given_to_the_first_who_is_back(claiming: World) -> None:
    lead_id = claiming.lead().json()["lead_id"]
    claiming.forward(minutes=7)
    claiming.say("bob", "/leads back")
    claiming.settle()
    lead = claiming.view(lead_id).lead
    assert (lead.plan, lead.rep) == (Plan.ASSIGNED, "bob@acme.example")


def test_a_lead_that_nobody_takes_before_opening_is_given_out_then(make_world: Build) -> None:
    world = make_world(start=OPENING - timedelta(minutes=10))
    edit(world, when_nobody_is_available=NobodyAvailable.CLAIM)
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.hold_until == OPENING
    world.forward_to(OPENING)
    world.settle()
    lead = world.view(lead_id).lead
    assert (lead.plan, lead.rep, lead.assigned_at) == (Plan.ASSIGNED, "carol@acme.example", OPENING)


def test_who_took_a_lead_stands_on_the_channel_s_card(claiming: World) -> None:
    lead_id = claiming.lead().json()["lead_id"]
    card = claiming.channel("leads-us")[0]
    claiming.click("bob", "Accept", message=card)
    claiming.settle()
    assert claiming.view(lead_id).lead.rep == "bob@acme.example"
    told = words(claiming.channel("leads-us")[0]).replace("*", "")
    assert "with Bob" in told
    assert "Why Bob: Bob was the first to take it" in told
    claiming.forward(hours=1)
    assert claiming.view(lead_id).lead.rep == "bob@acme.example", "the rules are not asked again"


def test_a_lead_that_becomes_free_to_take_later_on_has_a_new_card_and_the_old_one_points_to_it(
    claiming: World,
) -> None:
    claiming.say("alice", "/leads back")
    lead_id = claiming.lead().json()["lead_id"]
    for number in (1, 2):
        claiming.forward(seconds=2)
        claiming.say("alice", "/leads away")
        lapses(claiming, lead_id)
        claiming.forward(seconds=2)
        assert claiming.view(lead_id).lead.plan is Plan.CLAIMABLE
        *older, newest = claiming.channel("leads-us")
        assert len(older) == number
        assert buttons(newest) == ["Accept"]
        assert [buttons(card) for card in older] == [[]] * number
        assert "a newer card" in words(older[0])
        claiming.say("alice", "/leads back")
        claiming.forward(seconds=5)
        claiming.settle()
        assert claiming.view(lead_id).lead.rep == "alice@acme.example", "nobody else is left"
        assert len(claiming.channel("leads-us")) == number + 1, "the card is drawn again where it stands"
        assert buttons(claiming.channel("leads-us")[-1]) == ["Accept", "Reject"]
        assert [buttons(card) for card in claiming.dm("alice") if "newer card" in words(card)] == [[]] * number


def test_who_takes_a_lead_from_outside_the_team_counts_in_its_numbers(claiming: World) -> None:
    claiming.lead()
    claiming.click("olga", "Accept", message=claiming.channel("leads-us")[0])
    claiming.forward(days=3)
    told = claiming.say("dana", "/sla team")
    assert "*Olga* (no rep of the team) · accepting 100 % of 1 · first touch 0 % of 1" in told
    assert "*Accepting* · 1 of 1 in time" in told
    assert "Olga* (no rep of the team)" in words(claiming.home("dana"))


def lapses(world: World, lead_id: str) -> None:
    """The rep of a lead let the promise break, and it is taken from them."""
    office = world.service.office
    world.loop.run(office.run(lambda tx: progress.lapse(office.desk.work(tx), world.view(lead_id).lead)))
    world.settle()
