"""A timer that can't be handled: it is put off, longer each time, and everybody else's timers fire."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from storage import clocks
from storage.clocks import Timer
from storage.tables import TIMER
from storage.transaction import Transaction
from tests.world import World

MINUTE = timedelta(minutes=1)
REFUSING = {
    "sqlite": [
        "CREATE TRIGGER refusing BEFORE INSERT ON history WHEN NEW.event = 'level reached' AND NEW.lead_id = '{lead}' "
        "BEGIN SELECT RAISE(ABORT, 'not this one'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$",
        "CREATE TRIGGER refusing BEFORE INSERT ON history FOR EACH ROW "
        "WHEN (NEW.event = 'level reached' AND NEW.lead_id = '{lead}') EXECUTE FUNCTION refuse()",
    ],
}
"""A database that will not have the history of one lead."""


def run(world: World, *statements: Any) -> None:
    """Change the database by hand."""

    def unit(tx: Transaction) -> None:
        for statement in statements:
            tx.connection.execute(statement)

    world.loop.run(world.service.office.run(unit))


def first_level(world: World, lead_id: str) -> Timer:
    """The timer at half of a lead's time to accept."""
    clock = next(one for one in world.view(lead_id).clocks if one.kind.value == "acceptance")

    def query(tx: Transaction) -> Timer:
        return clocks.pending(tx, clock.id or 0)[0]

    return world.loop.run(world.service.office.read(query))


def two_leads(world: World) -> tuple[str, str, datetime]:
    """A lead for Alice, one for Bob, and when both began."""
    first = world.lead().json()["lead_id"]
    second = world.lead(external_id="2", email="sam@southwind.example", company="Southwind").json()["lead_id"]
    return first, second, world.clock.now()


def test_a_timer_that_fails_is_put_off_longer_each_time_and_reported(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    lead_id = world.lead().json()["lead_id"]
    timer = first_level(world, lead_id)
    assert timer.due_at is not None
    run(world, update(TIMER).where(TIMER.c.id == timer.id).values(detail={"notify": ["nobody"]}))

    world.forward_to(timer.due_at)
    told = [record for record in caplog.records if "a timer failed" in record.message]
    assert [(one.levelno, vars(one)["timer"], vars(one)["lead_id"]) for one in told] == [
        (logging.ERROR, timer.key, lead_id)
    ]
    delays = []
    for _ in range(3):
        waiting = first_level(world, lead_id)
        assert waiting.due_at is not None
        delays.append((waiting.due_at - world.clock.now()).total_seconds())
        world.forward_to(waiting.due_at)
    assert delays == [5, 10, 20]

    run(world, update(TIMER).where(TIMER.c.id == timer.id).values(detail={"notify": ["rep"]}))
    world.forward(minutes=1)
    assert "to accept or reject" in world.dm("alice")[1].text, "mended, it fires after all"


def test_the_delay_ends_at_an_hour_however_often_a_timer_failed(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    timer = first_level(world, lead_id)
    assert timer.due_at is not None
    run(world, update(TIMER).where(TIMER.c.id == timer.id).values(detail={"notify": ["nobody"]}, attempts=5_000))
    world.forward_to(timer.due_at)
    assert first_level(world, lead_id).due_at == timer.due_at + timedelta(hours=1)


def test_what_the_database_refuses_for_one_lead_does_not_hold_up_the_others(world: World) -> None:
    first, second, start = two_leads(world)
    kind = world.service.database.url.get_backend_name()
    run(world, *(text(statement.format(lead=first)) for statement in REFUSING[kind]))
    told = {name: len(world.dm(name)) for name in ("alice", "bob")}

    world.forward_to(start + 3 * MINUTE)
    assert len(world.dm("alice")) == told["alice"], "what could not be done was undone whole, with its message"
    assert len(world.dm("bob")) == told["bob"] + 1
    assert first_level(world, first).attempts > 0
    assert first_level(world, second).share == 80
