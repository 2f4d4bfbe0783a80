"""Who gets a lead: account owners, territories, turns, load, limits, and what happens when nobody is available."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sla_engine.lead import Plan
from storage import queries
from tests.journeys.conftest import Build
from tests.screens import buttons, words
from tests.world import World

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Policy = Callable[..., Path]
NAMES = ("alice", "bob", "carol", "femi", "gita")


def rep_of(world: World, **changes: object) -> str:
    """Who gets a lead."""
    lead_id = world.lead(settle=False, **changes).json()["lead_id"]
    return (world.view(lead_id).lead.rep or "nobody").partition("@")[0]


def test_turns_are_strict_and_weighted(world: World) -> None:
    got = [rep_of(world, external_id=f"lead {number}") for number in range(12)]
    assert "".join(name[0] for name in got) == "abca" * 3
    assert Counter(got) == {"alice": 6, "bob": 3, "carol": 3}


def test_a_territory_goes_to_its_team(world: World) -> None:
    assert [rep_of(world, external_id=country, country=country) for country in ("GB", "IE", "FR")] == [
        "femi", "gita", "femi"
    ]  # fmt: skip


def test_big_companies_go_to_whoever_has_the_least_to_do(world: World) -> None:
    got = [rep_of(world, external_id=f"big {number}", employees=5000) for number in range(8)]
    assert Counter(got) == {"alice": 3, "bob": 3, "carol": 2}
    world.settle()
    assert "fewest open leads" in words(world.dm("alice")[0])


def test_a_named_owner_gets_the_lead_whoevers_turn_it_is(world: World) -> None:
    assert rep_of(world, owner_email="Gita@Acme.example") == "gita"
    world.settle()
    assert "Named accounts" in words(world.dm("gita")[-1])
    assert rep_of(world, external_id="b", owner_email="stranger@acme.example") == "alice"


def test_a_company_goes_to_the_rep_who_holds_its_domain(world: World) -> None:
    world.lead()
    world.lead(external_id="b")
    world.click("bob", "Accept")
    world.settle()
    assert rep_of(world, external_id="c", email="sam@mail.b.example") == "bob"
    assert (
        rep_of(world, external_id="d", email="sam@gmail.com", website="https://www.northwind.example/about") == "alice"
    )


def test_free_mail_names_no_company(world: World) -> None:
    world.lead(email="pat@gmail.com", website=None)
    world.click("alice", "Accept")
    world.settle()
    assert [rep_of(world, external_id=name, email="lee@gmail.com", website=None) for name in "bc"] == ["bob", "carol"]


def test_an_owner_who_is_away_is_passed_over_and_the_next_rule_asked(world: World) -> None:
    world.say("gita", "/leads away")
    lead_id = world.lead(owner_email="gita@acme.example").json()["lead_id"]
    assert world.view(lead_id).lead.rep == "alice@acme.example"
    assert "Gita owns this account, but is away" in world.say("dana", f"/lead why {lead_id}")


def test_a_rep_at_capacity_is_passed_over_and_keeps_their_place(make_world: Build, policy: Policy) -> None:
    world = make_world(policy=policy(("max_open: 15", "max_open: 1")))
    assert [rep_of(world, external_id=str(number)) for number in range(5)] == [
        "alice",
        "bob",
        "carol",
        "alice",
        "alice",
    ]
    world.settle()
    assert "Bob at capacity (1 of 1 open)" in words(world.dm("alice")[-1])
    world.click("bob", "Reject")
    world.submit("bob", reason="No budget")
    assert "bob" in [rep_of(world, external_id=f"next {number}") for number in range(5)]


def test_a_rep_gets_so_many_a_day_by_their_own_calendar(make_world: Build, policy: Policy) -> None:
    world = make_world(policy=policy(("max_per_day: 20", "max_per_day: 1")))
    got = [rep_of(world, external_id=str(number)) for number in range(6)]
    assert Counter(got)["bob"] == 1
    world.clock.advance(timedelta(days=1))
    assert "bob" in [rep_of(world, external_id=f"tuesday {number}") for number in range(6)]


def test_a_rep_who_comes_back_starts_level_with_the_others(world: World) -> None:
    world.say("bob", "/leads away")
    for number in range(9):
        world.lead(settle=False, external_id=f"monday {number}")
    world.say("bob", "/leads back")
    got = Counter(rep_of(world, external_id=f"later {number}") for number in range(8))
    assert got == {"alice": 4, "bob": 2, "carol": 2}


def test_a_lead_that_nobody_is_there_for_can_be_claimed_by_whoever_is_first(make_world: Build, policy: Policy) -> None:
    world = make_world(policy=policy(("available: hold", "available: claim")), start=SATURDAY)
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.plan is Plan.CLAIMABLE
    card = world.channel("leads-us")[-1]
    assert buttons(card) == ["Accept"]
    assert "first to accept has it" in card.text

    world.click("bob", "Accept", message=card)
    world.click("alice", "Accept", message=card)
    world.settle()
    lead = world.view(lead_id).lead
    assert (lead.status, lead.rep, lead.plan) == ("SAL", "bob@acme.example", Plan.ASSIGNED)
    assert world.whispers("alice") == ["Bob has already accepted this lead."]
    assert world.whispers("bob") == []
    assert buttons(world.dm("bob")[-1])[0] == "Log touch"
    assert "Bob was the first to take it" in (lead.why or "")


def test_another_system_cannot_claim_a_lead(make_world: Build, policy: Policy) -> None:
    world = make_world(policy=policy(("available: hold", "available: claim")), start=SATURDAY)
    lead_id = world.lead().json()["lead_id"]
    assert world.event("lead.status_changed", status="SAL", actor="CRM").status_code == 422
    assert world.view(lead_id).lead.rep is None


def test_a_lead_can_be_assigned_although_nobody_is_there(make_world: Build, policy: Policy) -> None:
    world = make_world(policy=policy(("available: hold", "available: assign_anyway")), start=SATURDAY)
    lead_id = world.lead().json()["lead_id"]
    lead = world.view(lead_id).lead
    assert (lead.plan, lead.rep) == (Plan.ASSIGNED, "alice@acme.example")
    assert "nobody is available, assigned anyway" in words(world.dm("alice")[-1])
    assert "Mon 09:05 New York" in world.dm("alice")[-1].text, "the clock waits for opening all the same"


def test_why_a_lead_went_where_it_went_is_told_rule_by_rule_and_rep_by_rep(world: World) -> None:
    world.say("alice", "/leads away")
    lead_id = world.lead().json()["lead_id"]
    told = world.say("zoe", f"/lead why {lead_id}")
    for line in (
        "Named accounts: nobody owns this account yet",
        "EMEA territory:",
        "Big US companies:",
        "Everyone else: *this one decided*",
        "Alice: away",
        "Bob's turn in us-inbound",
    ):
        assert line in told
    assert world.loop.run(world.service.office.read(queries.find, "00Q5e00000AbCdE")) is not None
    assert told == world.say("zoe", "/lead why 00Q5e00000AbCdE")
    assert "Everyone else" in world.say("zoe", "/handoff lead why PAT@northwind.example")
    assert "There is no lead “nothing”." in world.say("zoe", "/lead why nothing")


def test_what_would_happen_can_be_asked_without_anything_happening(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    before = world.history(lead_id)
    data = world.view(lead_id).lead.data
    data = replace(data, external_id="next", email="pat@contoso.example", domain="contoso.example")
    forecast = world.loop.run(world.service.office.read(world.service.desk.foresee, "website", data))
    assert forecast.routing is not None
    assert forecast.routing.rep == "bob@acme.example"
    assert world.history(lead_id) == before
    assert rep_of(world, external_id="next") == "bob"
