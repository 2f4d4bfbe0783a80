"""A lead is accepted, touched and qualified."""

from datetime import timedelta

from sla_engine.clock import Kind
from tests.screens import buttons, words
from tests.world import World

OFFERED = ["Log touch", "Qualify", "Recycle", "Disqualify", "Reassign", "Pause"]


def test_a_rep_who_accepts_is_offered_what_comes_next(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    card = world.dm("alice")[-1]
    assert "Pat Lee" in card.text
    assert "10:05 New York" in card.text
    assert buttons(card) == ["Accept", "Reject"]

    world.click("alice", "Accept")
    world.settle()

    assert buttons(world.dm("alice")[-1]) == OFFERED
    assert world.view(lead_id).lead.status == "SAL"


def test_the_channel_sees_the_lead_and_who_took_it(world: World) -> None:
    world.lead()
    card = world.channel("leads-us")[-1]
    assert "Pat Lee" in card.text
    assert buttons(card) == ["Accept", "Reject"]
    assert "Alice's turn in us-inbound" in words(card)
    assert "your turn in us-inbound" in words(world.dm("alice")[-1])

    world.click("alice", "Accept")
    world.settle()

    card = world.channel("leads-us")[-1]
    assert len(world.channel("leads-us")) == 1
    assert buttons(card) == OFFERED
    assert "Accepted" in words(card)
    assert "Alice" in words(card)


def test_an_accepted_lead_is_touched_and_then_qualified(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    received = world.view(lead_id).lead.received_at
    world.forward(minutes=2)
    world.click("alice", "Accept")
    world.settle()
    world.forward(minutes=20)
    touched_at = world.clock.now()

    world.click("alice", "Log touch")
    assert not world.submit("alice", how_were_you_in_contact="Call", note="Wants a demo on Friday")
    world.settle()
    view = world.view(lead_id)
    assert view.lead.first_response_at == touched_at
    touch = view.clock(Kind.FIRST_TOUCH)
    assert touch is not None
    assert touch.answered
    assert touch.stopped_at == touched_at
    assert touch.breached_at is None
    assert timedelta(minutes=22) <= view.lead.first_response_at - received < timedelta(minutes=23)


def test_a_touched_lead_is_qualified(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Log touch")
    assert not world.submit("alice", how_were_you_in_contact="Call", note="Wants a demo on Friday")
    world.settle()

    world.click("alice", "Qualify")
    assert not world.submit(
        "alice", budget="40 k", authority="Pat decides", need="Quotes take days", timeline="January"
    )
    world.settle()
    view = world.view(lead_id)
    assert view.lead.status == "SQL"
    assert view.lead.sql_at is not None
    assert not view.open_clocks
    assert [entry.event for entry in world.history(lead_id)] == [
        "received",
        "assigned",
        "accepted",
        "touched",
        "qualified",
    ]
    qualified = world.history(lead_id)[-1]
    assert (qualified.before, qualified.after, qualified.actor) == ("SAL", "SQL", "alice@acme.example")
    assert qualified.detail["budget"] == "40 k"
    assert buttons(world.dm("alice")[-1]) == ["Log touch", "Recycle", "Disqualify"]


def test_no_reminder_comes_for_a_promise_that_was_kept(world: World) -> None:
    world.lead()
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Log touch")
    world.submit("alice", how_were_you_in_contact="E-mail")
    world.click("alice", "Qualify")
    world.submit("alice", budget="1", authority="2", need="3", timeline="4")
    world.forward(days=30)
    assert len(world.dm("alice")) == 1
    assert len(world.channel("leads-us")) == 1
    assert not world.dm("dana")


def test_an_accepted_lead_is_recycled_with_a_reason(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Recycle")
    assert not world.submit("alice", reason="No budget", note="Next year perhaps")
    world.settle()
    lead = world.view(lead_id).lead
    assert (lead.status, lead.reason, lead.note) == ("Recycled", "no_budget", "Next year perhaps")
    assert lead.closed_at is not None
    assert not world.view(lead_id).open_clocks
    assert buttons(world.dm("alice")[-1]) == []
    assert "Next year perhaps" in words(world.dm("alice")[-1])


def test_an_accepted_lead_is_disqualified_with_a_reason(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Disqualify")
    assert not world.submit("alice", reason="Duplicate")
    world.settle()
    assert world.view(lead_id).lead.status == "Disqualified"
    assert world.history(lead_id)[-1].event == "disqualified"
    world.forward(days=10)
    assert not world.dm("dana")
