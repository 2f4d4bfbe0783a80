"""Promises stand still at night, over the weekend and on Thanksgiving."""

from datetime import UTC, datetime, timedelta

import pytest

from sla_engine.clock import Kind
from tests.journeys.conftest import Build
from tests.screens import is_breach

FRIDAY_1658 = datetime(2026, 11, 20, 21, 58, tzinfo=UTC)
WEDNESDAY_1658 = datetime(2026, 11, 25, 21, 58, tzinfo=UTC)
MONDAY_1658 = datetime(2026, 11, 23, 21, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "due", "said"),
    [
        (MONDAY_1658, datetime(2026, 11, 24, 14, 3, tzinfo=UTC), "Tue 09:03 New York"),
        (FRIDAY_1658, datetime(2026, 11, 23, 14, 3, tzinfo=UTC), "Mon 09:03 New York"),
        (WEDNESDAY_1658, datetime(2026, 11, 27, 14, 3, tzinfo=UTC), "Fri 09:03 New York"),
    ],
    ids=["over night", "over the weekend", "over Thanksgiving"],
)
def test_what_is_left_at_closing_counts_on_at_the_next_opening(
    make_world: Build, start: datetime, due: datetime, said: str
) -> None:
    world = make_world(start=start)
    lead_id = world.lead().json()["lead_id"]
    assert said in world.dm("alice")[-1].text

    world.forward_to(due - timedelta(minutes=3, seconds=1))
    assert len(world.dm("alice")) == 1, "nobody is reminded outside working hours"
    world.forward_to(due)
    world.settle()
    clock = world.view(lead_id).clock(Kind.ACCEPTANCE)
    assert clock is not None
    assert clock.breached_at == due
    assert is_breach(world.dm("dana")[-1])
    world.forward_to(due + timedelta(minutes=2, seconds=30))
    assert world.view(lead_id).lead.rep == "bob@acme.example"


def test_levels_are_shares_of_working_time(make_world: Build) -> None:
    world = make_world(start=datetime(2026, 11, 23, 21, 30, tzinfo=UTC))
    lead_id = world.lead(lead_type="ebook", score=80).json()["lead_id"]
    world.forward_to(datetime(2026, 11, 24, 15, 29, 59, tzinfo=UTC))
    assert len(world.dm("alice")) == 1
    world.forward_to(datetime(2026, 11, 24, 15, 30, tzinfo=UTC))
    assert "2 h left" in world.dm("alice")[-1].text, "half of 4 h that began 30 min before closing"
    world.forward_to(datetime(2026, 11, 24, 16, 42, tzinfo=UTC))
    assert len(world.channel("leads-us")) == 2
    assert world.view(lead_id).lead.rep == "alice@acme.example"
