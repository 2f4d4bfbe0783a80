"""A lead passes to another rep of the team, by hand."""

from sla_engine.clock import Kind
from tests.screens import buttons, options, words
from tests.world import World


def test_an_accepted_lead_is_offered_anew_to_the_colleague(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Reassign")
    assert options(world.modal("alice"), "New rep") == ["Bob", "Carol"]
    assert not world.submit("alice", new_rep="Carol")
    world.settle()

    view = world.view(lead_id)
    assert (view.lead.status, view.lead.rep, view.lead.sal_at) == ("MQL", "carol@acme.example", None)
    assert [clock.kind for clock in view.open_clocks] == [Kind.ACCEPTANCE]
    assert buttons(world.dm("carol")[-1]) == ["Accept", "Reject"]
    assert "15:0" in world.dm("carol")[-1].text
    assert "London" in world.dm("carol")[-1].text, "a deadline is named in the reader's own zone"
    assert buttons(world.dm("alice")[-1]) == []
    assert "Alice passed it on" in words(world.dm("carol")[-1])
    assert not view.lead.refused_by


def test_a_manager_passes_a_lead_on_for_its_rep(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.click("dana", "Reassign", message=world.channel("leads-us")[0])
    assert not world.submit("dana", new_rep="Bob")
    assigned = world.history(lead_id)[-1]
    assert (assigned.event, assigned.actor, assigned.on_behalf_of) == (
        "assigned", "dana@acme.example", "alice@acme.example"
    )  # fmt: skip
    assert world.view(lead_id).lead.why == "Dana passed it on from Alice"


def test_a_colleague_who_has_it_by_now_is_not_given_it_again(world: World) -> None:
    world.lead()
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Reassign")
    world.click("dana", "Reassign", message=world.channel("leads-us")[0])
    assert not world.submit("dana", new_rep="Bob")
    assert world.submit("alice", new_rep="Bob") == {
        "New rep": "This lead is with Bob: only they, their manager or an admin can do that."
    }


def test_the_first_touch_is_not_owed_twice(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Log touch")
    world.submit("alice", how_were_you_in_contact="Call")
    world.click("alice", "Reassign")
    world.submit("alice", new_rep="Bob")
    world.settle()
    world.click("bob", "Accept")
    assert [clock.kind for clock in world.view(lead_id).open_clocks] == [Kind.QUALIFICATION]
