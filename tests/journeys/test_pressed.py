"""Whoever presses a button soon sees what came of it, however much else is to be drawn."""

from connectors.delivery import REDRAWINGS_AT_ONCE
from storage.transaction import Transaction
from tests.screens import buttons
from tests.world import World


def leads(world: World, number: int) -> list[str]:
    """So many leads, each told of in Slack, and a quiet minute after."""
    ids = [world.lead(external_id=f"n{n}").json()["lead_id"] for n in range(number)]
    world.forward(seconds=61)
    return ids


def test_twelve_who_accept_in_the_same_moment_all_see_their_cards_change_at_once(world: World) -> None:
    leads(world, 12)
    offers = [
        (name, card) for name in ("alice", "bob", "carol") for card in world.dm(name) if "Accept" in buttons(card)
    ]
    assert len(offers) == 12
    for name, card in offers:
        world.click(name, "Accept", message=card)
    world.forward(seconds=1)
    assert [buttons(card)[0] for _, card in offers] == ["Log touch"] * 12
    assert [buttons(card)[0] for card in world.channel("leads-us")] == ["Log touch"] * 12
    assert 429 not in {call.status for call in world.workspace.calls}


def test_a_card_that_somebody_has_just_pressed_goes_before_others_that_wait(world: World) -> None:
    ids = leads(world, 30)
    pressed = world.dm("alice")[-1]

    def change(tx: Transaction) -> None:
        work = world.service.desk.work(tx)
        for number, lead_id in enumerate(ids):
            work.change(work.lead(lead_id), why=f"another reason {number}")

    world.loop.run(world.service.office.run(change))
    world.workspace.faults.ratelimit("chat.update", retry_after=5, times=20)
    world.forward(seconds=1)
    world.workspace.faults.clear()
    world.click("alice", "Accept", message=pressed)
    began = len(world.workspace.calls)
    world.forward(seconds=10)
    drawn = [call.args["ts"] for call in world.workspace.calls[began:] if call.method == "chat.update"]
    assert drawn.index(pressed.ts) < REDRAWINGS_AT_ONCE, "among the first that are drawn side by side"
    assert len(drawn) > REDRAWINGS_AT_ONCE
