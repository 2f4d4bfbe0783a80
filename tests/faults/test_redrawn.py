"""A card is drawn again whenever it may show something else, and not without need."""

from collections.abc import Callable
from contextlib import closing

from connectors.delivery import Delivery
from connectors.pace import Quota, Tempo
from connectors.slack.directory import Directory
from tests.hosting import Loop
from tests.screens import buttons
from tests.world import World

BUDGET = "Waits for budget"


def test_a_card_whose_redrawing_had_no_answer_is_drawn_again_though_it_is_to_look_as_before(world: World) -> None:
    accept(world)
    world.workspace.faults.accept_then_drop("chat.update")
    pause(world)
    world.loop.run(world.service.deliver_due())
    assert BUDGET in shown(world)
    world.click("alice", "Resume")
    world.forward(minutes=5)
    assert BUDGET not in shown(world)


def test_a_card_that_another_process_drew_meanwhile_is_drawn_again_though_it_is_to_look_as_before(
    loop: Loop, fresh_postgres_url: Callable[[], str]
) -> None:
    with closing(World(loop, fresh_postgres_url())) as world:
        accept(world)
        pause(world)
        world.loop.run(deliverer(world).deliver_due())
        assert BUDGET in shown(world)
        world.click("alice", "Resume")
        world.forward(minutes=5)
        assert BUDGET not in shown(world)


def test_where_one_process_is_alone_a_card_that_looks_as_before_is_not_drawn(world: World) -> None:
    world.lead()
    world.forward(minutes=8)
    world.click("bob", "Accept")
    world.settle()
    [was_hers, *_] = world.dm("alice")
    before = len(drawn(world, was_hers.ts))
    world.click("bob", "Log touch")
    assert not world.submit("bob", how_were_you_in_contact="Call")
    world.settle()
    assert (len(drawn(world, was_hers.ts)) == before) is world.service.office.is_alone


def test_a_redrawing_that_the_pace_breaks_off_goes_on_where_it_was(world: World) -> None:
    world.lead()
    slow = deliverer(world, Tempo(updates=Quota(1)))
    world.click("alice", "Accept")
    free = world.loop.run(slow.deliver_due())
    assert buttons(world.dm("alice")[0])[0] == "Log touch"
    assert buttons(world.channel("leads-us")[0])[0] == "Accept"
    world.clock.instant = free or world.clock.now()
    world.loop.run(slow.deliver_due())
    assert buttons(world.channel("leads-us")[0])[0] == "Log touch"
    assert len(drawn(world)) == 2


def accept(world: World) -> None:
    """Alice has a lead and was in contact, and it is evening: no time is counted."""
    world.lead()
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Log touch")
    assert not world.submit("alice", how_were_you_in_contact="Call")
    world.forward(hours=10)


def pause(world: World) -> None:
    world.click("alice", "Pause")
    assert not world.submit("alice", reason=BUDGET)


def shown(world: World) -> str:
    return str(world.dm("alice")[0].blocks)


def drawn(world: World, ts: str | None = None) -> list[str]:
    """The cards that were drawn again, or this one, as often as it was."""
    all_of_them = [str(call.args["ts"]) for call in world.workspace.calls if call.method == "chat.update"]
    return [one for one in all_of_them if ts in (None, one)]


def deliverer(world: World, tempo: Tempo | None = None) -> Delivery:
    """What delivers in another process on the same database."""
    service = world.service
    directory = Directory(service.slack, service.office, lambda: service.policy, world.clock.now)
    return Delivery(service.office, service.slack, directory, lambda: service.policy, world.clock.now, tempo)
