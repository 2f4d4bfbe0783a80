"""Whose Slack account is whose: by e-mail address, or as the policy says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storage import people
from tests.journeys.conftest import Build
from tests.journeys.test_strangers import UNKNOWN
from tests.screens import buttons, words
from tests.world import World

ALICE = "{email: alice@acme.example, weight: 2"


def test_an_account_the_policy_names_takes_the_place_of_the_one_that_was_found_by_address(
    world: World, policy: Callable[..., Path]
) -> None:
    world.lead()
    earlier = len(world.dm("alice"))
    assert earlier == 1
    named(world, policy, "alice2", "alice.private@other.example")
    world.loop.run(world.service.meet())
    for number in range(4):
        world.lead(external_id=f"n{number}")
    assert "Accept" in buttons(world.dm("alice2")[0])
    assert len(world.dm("alice")) == earlier
    world.click("alice2", "Accept")
    world.settle()
    assert "Log touch" in buttons(world.dm("alice2")[-1])


def test_the_old_account_may_still_act_and_is_not_written_to_again(world: World, policy: Callable[..., Path]) -> None:
    world.loop.run(world.service.meet())
    named(world, policy, "alice2", "alice.private@other.example")
    world.loop.run(world.service.meet())
    assert "open lead" in world.say("alice", "/leads")
    assert account(world, "alice") == world.ids["alice2"]


@pytest.mark.parametrize("word", ["unknown_method", "missing_scope", "user_not_found"])
def test_an_account_the_policy_names_is_written_to_though_slack_tells_nothing_of_it(
    make_world: Build, policy: Callable[..., Path], word: str
) -> None:
    world = make_world()
    named(world, policy, "alice2", "alice.private@other.example")
    world.workspace.faults.error("users.info", word, times=99)
    world.lead()
    assert "Accept" in buttons(world.dm("alice2")[0])
    world.click("alice2", "Accept")
    world.settle()
    assert "Log touch" in buttons(world.dm("alice2")[0])


def test_while_slack_does_not_say_who_pressed_nobody_is_called_a_stranger(world: World) -> None:
    world.lead()
    drawn = words(world.home("erik"))
    assert "emea-inbound now" in drawn
    forget(world, "erik")
    world.workspace.faults.ratelimit("users.info", 30, times=9)
    world.click("erik", "Accept", message=world.channel("leads-us")[0])
    asked = world.say("erik", "/sla team")
    world.loop.run(world.workspace.open_home(world.ids["erik"]))
    assert "Slack did not answer" in world.whispers("erik")[-1]
    assert "Slack did not answer" in asked
    assert UNKNOWN not in asked
    assert world.shown("erik") == drawn


def named(world: World, policy: Callable[..., Path], name: str, email: str) -> None:
    """Alice has another account, which the policy names from the next start on."""
    world.ids[name] = world.workspace.add_user(name, email=email, tz="America/New_York").id
    world.stop_bot()
    world.environment["HANDOFF_CONFIG"] = str(policy((ALICE, f"{ALICE}, slack_id: {world.ids[name]}")))
    world.start_bot()


def account(world: World, name: str) -> str | None:
    return world.loop.run(world.service.directory.person(f"{name}@acme.example")).slack_id


def forget(world: World, name: str) -> None:
    """Nobody has met them yet."""
    world.loop.run(world.service.office.run(lambda tx: people.change(tx, f"{name}@acme.example", slack_id=None)))
