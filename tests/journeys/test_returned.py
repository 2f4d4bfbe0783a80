"""A lead comes again: while it is open, and after it was closed; and others of its company come."""

from datetime import timedelta
from typing import Any

import pytest

from sla_engine.clock import Kind
from sla_engine.lead import Status
from sla_engine.policy import Returning
from tests.journeys.conftest import edit
from tests.sample import PAT
from tests.screens import buttons, words
from tests.world import World

FREE_MAIL: dict[str, Any] = {"email": "pat@gmail.com", "website": None}
"""Of no company, so that nobody owns its account."""
NORTHWIND: dict[str, Any] = {"email": "kim@northwind.example", "website": "northwind.example"}
"""Somebody else of the company of the contract's example."""


@pytest.fixture
def unowned(world: World) -> World:
    """A world in which nobody owns an account, so that only what is asked before the rules ties a lead to a rep."""
    edit(world, rules=world.service.policy.rules[1:])
    return world


def recycled(world: World, name: str = "alice", **changes: Any) -> str:
    """A lead that its rep accepted and gave back to marketing."""
    lead_id: str = world.lead(**changes).json()["lead_id"]
    world.click(name, "Accept")
    world.settle()
    world.click(name, "Recycle")
    assert not world.submit(name, reason="No budget")
    world.settle()
    return lead_id


def rep_of(world: World, **changes: Any) -> str:
    """Who gets a lead."""
    lead_id = world.lead(**changes).json()["lead_id"]
    return (world.view(lead_id).lead.rep or "nobody").partition("@")[0]


def test_an_open_lead_that_comes_again_is_updated_and_its_promise_stays(world: World) -> None:
    lead_id = world.lead(campaign=None).json()["lead_id"]
    promised = world.view(lead_id).clock(Kind.ACCEPTANCE)
    world.forward(minutes=2)
    again = world.lead(score=97, campaign="spring", phone=None)
    assert (again.status_code, again.json()) == (200, {"status": "duplicate", "lead_id": lead_id})
    view = world.view(lead_id)
    assert (view.lead.data.score, view.lead.data.campaign, view.lead.data.phone) == (97, "spring", PAT["phone"])
    assert (view.lead.rep, view.clock(Kind.ACCEPTANCE)) == ("alice@acme.example", promised)
    for card in (world.dm("alice")[0], world.channel("leads-us")[0]):
        assert ":repeat: Came again" in words(card)
        assert "new: campaign, score" in words(card)
        assert buttons(card) == ["Accept", "Reject"]
    assert len(world.dm("alice")) == 1, "there is no second card"
    assert "the lead came again, with new campaign, score" in world.say("dana", f"/lead why {lead_id}")


def test_the_same_delivery_again_changes_nothing_at_all(world: World) -> None:
    body = {"type": "lead.qualified", "data": PAT}
    lead_id = world.post(body, webhook_id="msg_a").json()["lead_id"]
    world.settle()
    before = world.view(lead_id), world.history(lead_id), world.dm("alice")[0].text
    world.forward(minutes=1)
    again = world.post({**body, "data": {**PAT, "score": 61}}, webhook_id="msg_a")
    world.settle()
    assert again.json() == {"status": "duplicate", "lead_id": lead_id}
    assert (world.view(lead_id), world.history(lead_id), world.dm("alice")[0].text) == before


def test_an_address_is_the_same_in_capitals_and_is_shown_as_it_was_sent(world: World) -> None:
    edit(world, duplicates_by_email=True)
    address = PAT["email"].capitalize()
    lead_id = world.lead(email=address).json()["lead_id"]
    world.forward(minutes=2)
    again = world.lead(external_id="another id", email=PAT["email"], website=PAT["website"], score=70)
    assert again.json() == {"status": "duplicate", "lead_id": lead_id}
    assert world.view(lead_id).lead.data.email == address
    assert "new: score" in words(world.dm("alice")[0])
    assert address in words(world.dm("alice")[0])
    for said in (PAT["email"], PAT["email"].upper()):
        assert lead_id in world.say("dana", f"/lead why {said}")


def test_an_address_that_has_an_open_lead_is_a_duplicate_where_the_policy_says_so(world: World) -> None:
    edit(world, duplicates_by_email=True)
    lead_id = world.lead().json()["lead_id"]
    again = world.lead(external_id="another id", email=PAT["email"], score=70)
    assert again.json() == {"status": "duplicate", "lead_id": lead_id}
    data = world.view(lead_id).lead.data
    assert (data.external_id, data.score) == (PAT["external_id"], 70), "it keeps the id it is known by"
    assert len(world.channel("leads-us")) == 1

    world.click("alice", "Reject")
    assert not world.submit("alice", reason="No budget")
    assert world.lead(external_id="a third id", email=PAT["email"]).json()["status"] == "accepted"


def test_news_under_either_id_of_a_merged_lead_is_news_of_it(world: World) -> None:
    edit(world, duplicates_by_email=True)
    lead_id = world.lead().json()["lead_id"]
    world.lead(external_id="another id", email=PAT["email"])
    told = world.event("lead.updated", external_id="another id", title="CEO")
    assert told.json() == {"status": "accepted", "lead_id": lead_id}
    data = world.view(lead_id).lead.data
    assert (data.external_id, data.title) == (PAT["external_id"], "CEO")
    assert lead_id in world.say("dana", "/lead why another id")
    again = world.lead(external_id="another id", email="pat@elsewhere.example")
    assert again.json() == {"status": "duplicate", "lead_id": lead_id}, "the sender still means the same lead"

    world.click("alice", "Reject")
    assert not world.submit("alice", reason="No budget")
    second = world.lead(external_id="another id", email="pat@elsewhere.example").json()["lead_id"]
    assert world.view(second).lead.previous == lead_id
    assert world.event("lead.replied", external_id="another id").json()["lead_id"] == second
    assert world.event("lead.replied").json()["lead_id"] == second, "and so does the first id"


def test_a_merged_lead_that_came_again_below_the_bar_keeps_the_id_it_came_under(world: World) -> None:
    edit(world, duplicates_by_email=True)
    world.lead()
    world.lead(external_id="another id", email=PAT["email"])
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="No budget")
    waiting = world.lead(score=10).json()["lead_id"]
    assert world.lead(external_id="another id", score=90).json() == {"status": "accepted", "lead_id": waiting}
    assert world.view(waiting).lead.data.external_id == PAT["external_id"]


def test_a_lead_that_returns_begins_a_new_cycle_with_the_rep_who_knew_it(unowned: World) -> None:
    first = recycled(unowned)
    assert rep_of(unowned, external_id="for bob") == "bob"
    unowned.forward(minutes=2)
    second = unowned.lead(score=95).json()["lead_id"]
    view = unowned.view(second)
    assert (view.lead.previous, view.lead.status, view.lead.rep) == (first, Status.MQL, "alice@acme.example")
    assert view.lead.why == "Alice knew this lead before · returning lead"
    assert unowned.view(first).lead.status is Status.RECYCLED
    card = words(unowned.dm("alice")[-1])
    assert "Here before: recycled" in card
    assert "was with Alice" in card
    assert "Why you: you knew this lead before" in card.replace("*", "")
    told = unowned.say("dana", f"/lead why {second}")
    assert "Returning lead: *this one decided*" in told
    assert rep_of(unowned, external_id="next") == "carol", "it was nobody's turn"


def test_by_the_policy_s_wish_a_lead_that_returns_takes_its_turn_like_any_other(unowned: World) -> None:
    edit(unowned, returning_leads=Returning.BY_RULES)
    first = recycled(unowned)
    second = unowned.lead().json()["lead_id"]
    lead = unowned.view(second).lead
    assert (lead.previous, lead.rep) == (first, "bob@acme.example")


def test_a_rep_who_turned_a_lead_down_did_not_know_it(unowned: World) -> None:
    unowned.lead()
    unowned.click("alice", "Reject")
    assert not unowned.submit("alice", reason="No budget")
    unowned.settle()
    assert rep_of(unowned) == "bob"


def test_a_lead_whose_rep_is_away_goes_by_the_rules_and_the_explanation_says_why(unowned: World) -> None:
    first = recycled(unowned)
    unowned.say("alice", "/leads away")
    second = unowned.lead().json()["lead_id"]
    lead = unowned.view(second).lead
    assert (lead.previous, lead.rep) == (first, "bob@acme.example")
    told = unowned.say("dana", f"/lead why {second}")
    assert "Returning lead: Alice knew this lead before, but is away" in told
    assert "Everyone else: *this one decided*" in told


def test_a_lead_whose_rep_is_off_goes_by_the_rules_and_the_explanation_says_why(unowned: World) -> None:
    for number in range(2):
        unowned.lead(external_id=f"first {number}")
    recycled(unowned, "carol")
    unowned.forward(hours=3)
    second = unowned.lead().json()["lead_id"]
    assert unowned.view(second).lead.rep != "carol@acme.example"
    told = unowned.say("dana", f"/lead why {second}")
    assert "Returning lead: Carol knew this lead before, but is off until Tue 09:00 London" in told


def test_free_mail_returns_to_its_rep_too(world: World) -> None:
    recycled(world, **FREE_MAIL)
    assert rep_of(world, **FREE_MAIL) == "alice"


@pytest.fixture
def together(unowned: World) -> World:
    """A world whose policy keeps a company's leads of one week with one rep."""
    edit(unowned, keep_company_together=timedelta(days=7))
    return unowned


def test_a_company_s_leads_of_some_days_go_to_one_rep(together: World) -> None:
    together.lead()
    together.click("alice", "Accept")
    together.clock.advance(timedelta(days=4))
    second = together.lead(settle=False, external_id="kim", **NORTHWIND).json()["lead_id"]
    lead = together.view(second).lead
    assert (lead.rep, lead.previous) == ("alice@acme.example", None)
    assert lead.why == "Alice was given another lead of northwind.example · same company"
    assert "Same company: *this one decided*" in together.say("dana", f"/lead why {second}")


def test_after_those_days_a_company_s_lead_takes_its_turn(together: World) -> None:
    together.lead()
    together.click("alice", "Accept")
    together.clock.advance(timedelta(days=7))
    assert rep_of(together, settle=False, external_id="kim", **NORTHWIND) == "alice"
    together.clock.advance(timedelta(days=7, seconds=1))
    assert rep_of(together, settle=False, external_id="lou", **NORTHWIND) == "bob"


def test_a_company_s_lead_whose_rep_is_away_goes_by_the_rules(together: World) -> None:
    together.lead()
    together.say("alice", "/leads away")
    lead_id = together.lead(external_id="kim", **NORTHWIND).json()["lead_id"]
    assert together.view(lead_id).lead.rep == "bob@acme.example"
    assert "Same company: Alice was given another lead of northwind.example, but is away" in together.say(
        "dana", f"/lead why {lead_id}"
    )


def test_a_lead_that_was_below_the_bar_is_no_second_cycle(world: World) -> None:
    first = world.lead(score=10).json()["lead_id"]
    second = world.lead(score=90).json()
    assert second == {"status": "accepted", "lead_id": first}
    assert world.view(first).lead.previous is None
