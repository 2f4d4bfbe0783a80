"""The database is away for a moment, after messages were taken in hand and before anything was sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connectors import delivery
from leads.office import Office
from storage.errors import StoreUnavailable
from storage.outbox import SENT, Message
from storage.transaction import Transaction
from tests.faults.evidence import rows
from tests.world import World

LOST = StoreUnavailable(problem="the connection was closed")


def losing_the_database(tx: Transaction, messages: Sequence[Message], policy: Any, now: datetime) -> Any:
    """What draws, and loses its connection on the way."""
    if tx.dialect.name == "postgresql":
        tx.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    raise LOST


def claimed_and_not_answered(whole: Any) -> Any:
    """What runs units, and loses the answer of a claim that is committed."""

    async def run(self: Office, verb: Any, *args: Any, **kwargs: Any) -> Any:
        done = await whole(self, verb, *args, **kwargs)
        if verb.__name__ == "_claim":
            raise LOST
        return done

    return run


def until_a_reminder_is_due(world: World) -> None:
    world.lead()
    world.clock.advance(timedelta(minutes=4, seconds=1))
    world.loop.run(world.service.fire_due())


def fail_a_pass(world: World) -> None:
    with pytest.raises(StoreUnavailable):
        world.loop.run(world.service.deliver_due())


@pytest.mark.parametrize("moment", ["before drawing", "while claiming"])
def test_what_was_never_sent_goes_as_soon_as_the_database_is_back_and_is_not_in_doubt(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    until_a_reminder_is_due(world)
    with monkeypatch.context() as patch:
        if moment == "before drawing":
            patch.setattr(delivery, "draw", losing_the_database)
        else:
            patch.setattr(Office, "run", claimed_and_not_answered(Office.run))
        fail_a_pass(world)
    world.loop.run(world.service.deliver_due())
    world.settle()
    reminders = [row[1:] for row in rows(world, "kind", "state", "attempts", "problem") if row[0] == "reminder"]
    assert reminders == [(SENT, 1, None)] * len(reminders)
    assert len(world.dm("alice")) == 2


def test_what_was_in_doubt_is_still_in_doubt(reading_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = reading_world
    world.workspace.faults.accept_then_drop("chat.postMessage", channel=world.ids["alice"])
    world.lead(settle=False)
    world.loop.run(world.service.deliver_due())
    world.clock.advance(timedelta(seconds=6))
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "draw", losing_the_database)
        fail_a_pass(world)
    world.loop.run(world.service.deliver_due())
    world.settle()
    assert {state for (state,) in rows(world, "state")} == {SENT}
    assert len(world.dm("alice")) == 1, "it was looked for"


def losing(verb: str, whole: Any) -> Any:
    """What runs units, and loses the database whenever this one is to run."""

    async def run(self: Office, unit: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(unit, "__name__", "") == verb:
            raise LOST
        return await whole(self, unit, *args, **kwargs)

    return run


@pytest.mark.parametrize("moment", ["while its reader is looked up", "while a refusal is written down"])
def test_what_slack_never_had_is_not_in_doubt_either_when_the_database_goes_away_later(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    until_a_reminder_is_due(world)
    with monkeypatch.context() as patch:
        if moment == "while its reader is looked up":
            world.service.directory.forget("alice@acme.example")
            patch.setattr(Office, "read", losing("find", Office.read))
        else:
            world.workspace.faults.ratelimit("chat.postMessage", 5)
            patch.setattr(Office, "run", losing("give_back", Office.run))
        fail_a_pass(world)
    world.workspace.faults.clear()
    for _ in range(3):
        world.loop.run(world.service.deliver_due())
        world.clock.advance(timedelta(seconds=10))
    reminders = [row[1:] for row in rows(world, "kind", "state", "problem") if row[0] == "reminder"]
    assert reminders == [(SENT, None)] * len(reminders)
    assert len(world.dm("alice")) == 2


def test_what_was_sent_while_the_database_went_away_is_written_down_and_not_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.lead(settle=False)
    with monkeypatch.context() as patch:
        patch.setattr(Office, "run", losing("_sent", Office.run))
        fail_a_pass(world)
    for _ in range(3):
        world.loop.run(world.service.deliver_due())
        world.clock.advance(timedelta(seconds=31))
    assert {state for (state,) in rows(world, "state")} == {SENT}
    assert (len(world.dm("alice")), len(world.channel("leads-us"))) == (1, 1)
