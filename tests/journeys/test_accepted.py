"""A lead is accepted."""

from tests.world import World, buttons


def test_a_rep_who_accepts_is_offered_what_comes_next(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    card = world.dm("alice")[-1]
    assert "Pat Lee" in card.text
    assert "10:05 New York" in card.text
    assert buttons(card) == ["Accept", "Reject"]

    world.click("alice", "Accept")
    world.settle()

    assert buttons(world.dm("alice")[-1]) == ["Log touch", "Qualify", "Recycle", "Disqualify", "Reassign", "Pause"]
    assert world.view(lead_id).lead.status == "SAL"
