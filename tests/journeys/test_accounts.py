"""Whose Slack account is whose: by e-mail address, or as the policy says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.slack.directory import Directory
from storage import people
from tests.journeys.conftest import Build
from tests.journeys.test_strangers import UNKNOWN
from tests.screens import buttons, words
from tests.world import World

ALICES = "alice@acme.example"
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


def test_whoever_is_deactivated_gets_no_leads_and_the_one_they_were_offered_passes_on(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.rep == ALICES
    deactivate(world)
    assert world.view(lead_id).lead.rep == "bob@acme.example"
    assert ALICES not in {offered(world, f"n{number}") for number in range(6)}
    assert len(world.dm("alice")) == 1
    world.workspace.state.directory.users[world.ids["alice"]].deleted = False
    world.forward(minutes=11)
    world.loop.run(world.service.meet())
    assert ALICES in {offered(world, f"m{number}") for number in range(6)}, "reactivated"


def test_leads_that_somebody_accepted_stay_theirs_when_they_are_deactivated(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    deactivate(world)
    assert world.view(lead_id).lead.rep == ALICES


@pytest.mark.parametrize("is_told", [True, False])
def test_an_account_that_was_made_anew_with_the_same_address_takes_the_old_ones_place(
    world: World, is_told: bool
) -> None:
    world.lead()
    world.ids["alice2"] = world.workspace.add_user("alice2", email=ALICES, tz="America/New_York").id
    if is_told:
        deactivate(world)
    else:
        world.workspace.deactivate(world.ids["alice"])
        world.forward(days=1)
        world.loop.run(world.service.meet())
    before = len(world.dm("alice"))
    assert account(world, "alice") == world.ids["alice2"]
    assert ALICES in {offered(world, f"n{number}") for number in range(6)}
    assert len(world.dm("alice")) == before
    assert world.dm("alice2")


def test_another_process_writes_to_the_account_that_took_the_old_ones_place(world: World) -> None:
    world.lead()
    service = world.service
    other = Directory(service.slack, service.office, lambda: service.policy, world.clock.now)
    assert world.loop.run(other.slack_id(ALICES)) == world.ids["alice"]
    world.ids["alice2"] = world.workspace.add_user("alice2", email=ALICES, tz="America/New_York").id
    deactivate(world)
    world.loop.run(other.introduce())
    assert world.loop.run(other.slack_id(ALICES)) == world.ids["alice2"]


def test_who_is_well_is_asked_after_once_a_day(world: World) -> None:
    def asked() -> int:
        before = len(world.workspace.calls)
        world.loop.run(world.service.meet())
        return sum(call.method == "users.info" for call in world.workspace.calls[before:])

    world.loop.run(world.service.meet())
    assert asked() == 0, "they have just been looked up"
    world.forward(days=1)
    assert asked() == len(world.service.policy.people())
    assert asked() == 0


def named(world: World, policy: Callable[..., Path], name: str, email: str) -> None:
    """Alice has another account, which the policy names from the next start on."""
    world.ids[name] = world.workspace.add_user(name, email=email, tz="America/New_York").id
    world.stop_bot()
    world.environment["HANDOFF_CONFIG"] = str(policy((ALICE, f"{ALICE}, slack_id: {world.ids[name]}")))
    world.start_bot()


def deactivate(world: World) -> None:
    """Alice's account ends, and Slack tells of it."""
    ended = world.ids["alice"]
    world.workspace.deactivate(ended)
    world.loop.run(world.workspace.send_event({"type": "user_change", "user": {"id": ended, "deleted": True}}))
    world.loop.run(world.service.doors.finish())
    world.settle()


def offered(world: World, external_id: str) -> str | None:
    """Whom a new lead is offered."""
    return world.view(world.lead(external_id=external_id).json()["lead_id"]).lead.rep


def account(world: World, name: str) -> str | None:
    return world.loop.run(world.service.directory.person(f"{name}@acme.example")).slack_id


def forget(world: World, name: str) -> None:
    """Nobody has met them yet."""
    world.loop.run(world.service.office.run(lambda tx: people.change(tx, f"{name}@acme.example", slack_id=None)))
