"""A lead is rejected, with each outcome a reason can have."""

from sla_engine.clock import Kind
from sla_engine.policy import Method
from storage import ledger
from tests.screens import buttons, fields, options, words
from tests.world import World

NOTE = "“Bad timing” needs a note, so that marketing can act on it."


def test_the_form_asks_for_one_of_the_reasons_and_a_note(world: World) -> None:
    world.lead()
    world.click("alice", "Reject")
    form = world.modal("alice")
    assert form["title"]["text"] == "Reject lead"
    assert options(form, "Reason") == [
        "Wrong industry", "No budget", "Bad timing", "Wrong territory", "Bad contact data", "Duplicate"
    ]  # fmt: skip
    assert not fields(form)["Reason"].get("optional")
    assert "Bad timing" in fields(form)["Note"]["hint"]["text"]


def test_a_lead_without_budget_goes_back_to_marketing(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="No budget")
    world.settle()
    view = world.view(lead_id)
    assert (view.lead.status, view.lead.reason) == ("Recycled", "no_budget")
    acceptance = view.clock(Kind.ACCEPTANCE)
    assert acceptance is not None
    assert acceptance.answered
    assert world.workspace.modal(world.ids["alice"]) is None
    assert buttons(world.dm("alice")[-1]) == []
    assert "No budget" in words(world.channel("leads-us")[-1])
    rejected = world.history(lead_id)[-1]
    assert (rejected.event, rejected.before, rejected.after) == ("rejected", "MQL", "Recycled")
    assert rejected.policy_hash


def test_a_lead_of_the_wrong_industry_is_closed(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="Wrong industry", note="They make bricks")
    world.settle()
    assert world.view(lead_id).lead.status == "Disqualified"
    assert "They make bricks" in words(world.dm("alice")[-1])


def test_a_lead_of_the_wrong_territory_goes_to_the_next_rep_and_the_turn_comes_back(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="Wrong territory")
    world.settle()
    view = world.view(lead_id)
    assert (view.lead.status, view.lead.rep, view.lead.reassignments) == ("MQL", "bob@acme.example", 1)
    assert buttons(world.dm("alice")[-1]) == []
    assert "Bob" in words(world.dm("alice")[-1])
    assert buttons(world.dm("bob")[-1]) == ["Accept", "Reject"]
    assert len(world.channel("leads-us")) == 1

    world.lead(external_id="another")
    assert "Pat Lee" in world.dm("alice")[-1].text
    assert buttons(world.dm("alice")[-1]) == ["Accept", "Reject"]
    book = world.loop.run(world.service.office.read(ledger.book, "us-inbound", Method.ROUND_ROBIN))
    assert sum(one.credit for one in book.values()) == 0, "a turn given back is as if it had never been"
    assert "the turn was given back" in world.say("alice", f"/lead why {lead_id}")


def test_a_reason_that_needs_a_note_keeps_the_form_open_until_there_is_one(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Reject")
    assert world.submit("alice", reason="Bad timing") == {"Note": NOTE}
    assert world.submit("alice", reason="Bad timing", note="  ") == {"Note": NOTE}
    assert world.modal("alice")["title"]["text"] == "Reject lead"
    assert world.view(lead_id).lead.status == "MQL"

    assert not world.submit("alice", reason="Bad timing", note="Ask again in May")
    assert world.workspace.modal(world.ids["alice"]) is None
    assert world.view(lead_id).lead.note == "Ask again in May"


def test_a_lead_that_everybody_turned_down_waits_for_its_manager(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    for name in ("alice", "bob", "carol", "femi"):
        assert world.view(lead_id).lead.rep == f"{name}@acme.example"
        world.click(name, "Reject")
        assert not world.submit(name, reason="Wrong territory")
        world.settle()
    assert world.view(lead_id).lead.rep == "erik@acme.example", "who manages the team that had it last"
    assert "passed on 4 times" in words(world.dm("erik")[-1])
