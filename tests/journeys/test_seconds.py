"""A policy whose promises are seconds works like any other."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sla_engine.clock import Kind
from tests.journeys.conftest import Build
from tests.screens import buttons, is_breach
from tests.world import World

SECOND = timedelta(seconds=1)
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def quick(make_world: Build, policy: Callable[..., Path]) -> World:
    """A world on a Sunday night with four seconds to accept, always open."""
    file = policy(
        ("accept_within: 5m", "accept_within: 4s"),
        ("calendar: new-york", "calendar: always"),
        ("calendar: london", "calendar: always"),
    )
    return make_world(policy=file, start=SUNDAY)


def test_levels_breach_and_reassignment_come_within_seconds(make_world: Build, policy: Callable[..., Path]) -> None:
    world = quick(make_world, policy)
    lead_id = world.lead(settle=False).json()["lead_id"]
    world.forward(seconds=1.9)
    assert len(world.dm("alice")) == 1
    world.forward(seconds=0.2)
    assert "2 s left" in world.dm("alice")[-1].text
    world.forward_to(SUNDAY + 3.3 * SECOND)
    assert len(world.channel("leads-us")) == 2
    world.forward_to(SUNDAY + 4 * SECOND)
    clock = world.view(lead_id).clock(Kind.ACCEPTANCE)
    assert clock is not None
    assert clock.breached_at == SUNDAY + 4 * SECOND
    world.forward_to(SUNDAY + 6 * SECOND)
    assert world.view(lead_id).lead.rep == "bob@acme.example"
    world.forward_to(SUNDAY + 7 * SECOND)
    assert buttons(world.dm("bob")[0]) == ["Accept", "Reject"]
    assert is_breach(world.dm("dana")[0])


def test_a_lead_accepted_in_time_is_left_alone(make_world: Build, policy: Callable[..., Path]) -> None:
    world = quick(make_world, policy)
    lead_id = world.lead(settle=False).json()["lead_id"]
    world.forward(seconds=1)
    world.click("alice", "Accept")
    world.forward(minutes=2)
    assert len(world.dm("alice")) == 1
    assert world.view(lead_id).lead.rep == "alice@acme.example"
