"""Something is down for a while: the bot, Slack, or the database."""

import asyncio
import threading
from datetime import timedelta
from functools import partial

import pytest

from connectors.pace import Pace
from sla_engine.clock import Kind
from storage import database, outbox
from storage.database import Database, open_database
from storage.errors import StoreUnavailable
from storage.outbox import Rank
from tests.journeys.conftest import Build
from tests.postgres import PostgresServer
from tests.sample import PAT
from tests.screens import buttons
from tests.world import World

QUALIFIED = {"type": "lead.qualified", "data": PAT}


def test_a_bot_that_slept_through_levels_tells_the_highest_once_with_the_true_instant(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    clock = world.view(lead_id).clock(Kind.ACCEPTANCE)
    assert clock is not None
    world.stop_bot()
    world.clock.advance(timedelta(minutes=6))
    world.start_bot()
    world.settle()

    clock = world.view(lead_id).clock(Kind.ACCEPTANCE)
    assert clock is not None
    assert clock.breached_at == clock.started_at + timedelta(minutes=5)
    assert [len(world.dm(name)) for name in ("alice", "dana")] == [2, 1]
    assert "Overdue by 1 min" in world.dm("alice")[-1].text
    assert len(world.channel("leads-us")) == 2
    world.stop_bot()
    world.start_bot()
    world.settle()
    assert [len(world.dm(name)) for name in ("alice", "dana")] == [2, 1]


def test_a_bot_that_slept_through_all_levels_passes_the_lead_on_once(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.stop_bot()
    world.clock.advance(timedelta(minutes=30))
    world.start_bot()
    world.settle()
    view = world.view(lead_id)
    assert (view.lead.rep, view.lead.reassignments) == ("bob@acme.example", 1)
    lapsed = next(clock for clock in view.clocks if clock.rep == "alice@acme.example")
    assert lapsed.breached_at == lapsed.started_at + timedelta(minutes=5)
    assert [len(world.dm(name)) for name in ("alice", "bob", "dana")] == [2, 1, 1]
    acceptance = view.clock(Kind.ACCEPTANCE)
    assert acceptance is not None
    assert acceptance.started_at >= world.clock.now() - timedelta(seconds=5), "the next rep has the whole time"


def test_a_reminder_that_is_late_because_slack_is_slow_is_dropped_once_the_lead_is_accepted(world: World) -> None:
    world.lead()
    world.workspace.faults.error("chat.postMessage", "service_unavailable", times=3)
    world.forward(minutes=2, seconds=31)
    assert len(world.dm("alice")) == 1
    world.click("alice", "Accept")
    world.forward(minutes=10)
    assert len(world.dm("alice")) == 1


@pytest.mark.parametrize("status", ["Disqualified", "Recycled", "SQL"])
def test_once_slack_is_back_nobody_is_reminded_of_a_lead_that_another_system_has_moved_on(
    world: World, status: str
) -> None:
    lead_id = world.lead().json()["lead_id"]
    if status == "SQL":
        world.click("alice", "Accept")
        world.settle()
    owed = world.view(lead_id).open_clocks[0]
    world.forward_to(owed.started_at + owed.target - timedelta(seconds=1))
    before = posted(world)
    world.workspace.faults.error("chat.postMessage", "service_unavailable", times=20)
    world.forward(seconds=2)
    world.event("lead.status_changed", status=status)
    world.workspace.faults.clear()
    world.forward(minutes=10)
    breached = next(clock for clock in world.view(lead_id).clocks if clock.id == owed.id).breached_at
    assert (breached, posted(world)) == (owed.started_at + owed.target, before)


def posted(world: World) -> list[int]:
    """How many messages each has who would be reminded."""
    return [len(world.dm("alice")), len(world.dm("dana")), len(world.channel("leads-us"))]


def test_what_slack_will_never_take_is_parked_and_the_rest_goes_on(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "is_archived", channel="#leads-us")
    world.lead()
    assert len(world.dm("alice")) == 1
    assert not world.channel("leads-us")
    assert "in #leads-us: it is archived" in world.dm("dana")[-1].text
    world.click("alice", "Accept")
    world.settle()
    assert buttons(world.dm("alice")[-1])[0] == "Log touch"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_sqlite_that_is_locked_is_a_503_and_a_sentence_and_nothing_is_lost(
    make_world: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 20)
    world = make_world()
    world.lead()
    other = database.open_database(world.environment["DATABASE_URL"])
    with other.writing.begin():
        answer = world.post(QUALIFIED | {"data": {**PAT, "external_id": "b"}}, "msg_b")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.headers["content-type"] == "application/problem+json"
        world.click("alice", "Accept")
        sentence = "Handoff can't reach its database just now: nothing was changed. Try again in a moment."
        assert world.whispers("alice") == [sentence]
    other.close()
    assert world.post(QUALIFIED | {"data": {**PAT, "external_id": "b"}}, "msg_b").status_code == 202
    world.click("alice", "Accept")
    assert world.whispers("alice") == [sentence]


def test_the_loops_own_counts_are_not_touched_in_the_writers_thread(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, seen = Pace.held, set()

    def watched(pace: Pace) -> list[str]:
        seen.add(threading.current_thread().name)
        return held(pace)

    monkeypatch.setattr(Pace, "held", watched)
    world.lead()
    assert seen == {"loop"}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_home_tab_that_cannot_be_drawn_for_want_of_the_database_is_said_in_the_log(
    make_world: Build, caplog: pytest.LogCaptureFixture
) -> None:
    world = make_world()
    world.home("alice")
    database = open_database(world.environment["DATABASE_URL"])
    rename(database, "lead", "away")
    database.close()
    world.loop.run(world.workspace.open_home(world.ids["alice"]))
    world.loop.run(world.service.doors.finish())
    assert [record.levelname for record in caplog.records if "put off" in record.message] == ["WARNING"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_was_put_off_is_given_up_when_it_takes_too_long(make_world: Build) -> None:
    world, given_up = make_world(), threading.Event()

    async def hangs() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            given_up.set()

    async def stops() -> None:
        world.service.doors.later(hangs())
        await world.service.doors.finish(within=0.05)

    world.loop.run(stops())
    assert given_up.wait(5)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_database_that_goes_between_leasing_and_drawing_costs_no_room_for_posts(make_world: Build) -> None:
    world = make_world()
    lead_id = world.lead(settle=False).json()["lead_id"]
    now, post = world.clock.now(), partial(outbox.post, rank=Rank.OFFER, lead_id=lead_id)
    for name in world.ids:
        lane = f"person:{name}@acme.example"
        world.loop.run(world.service.office.run(post, now, key=f"more:{name}", kind="card", lane=lane))
    database = open_database(world.environment["DATABASE_URL"])
    rename(database, "lead", "away")
    with pytest.raises(StoreUnavailable):
        world.loop.run(world.service.deliver_due())
    rename(database, "away", "lead")
    database.close()
    world.forward(minutes=1)
    assert len(world.dm("alice")) > 0
    assert len(world.channel("leads-us")) > 0


def rename(database: Database, table: str, name: str) -> None:
    """What has to be read is out of reach, what has to be leased is not."""
    with database.writing.begin() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_postgresql_that_is_away_is_a_503_and_a_sentence(make_world: Build, postgres_server: PostgresServer) -> None:
    world = make_world()
    world.lead()
    name = world.environment["DATABASE_URL"].partition("?")[0].rpartition("/")[2]
    postgres_server.set_away(name, True)
    try:
        answer = world.post(QUALIFIED | {"data": {**PAT, "external_id": "b"}}, "msg_b")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        world.click("alice", "Accept")
        assert "can't reach its database" in world.whispers("alice")[-1]
        assert "can't reach its database" in world.say("alice", "/leads")
        assert world.http.get(f"{world.bot.url}/readyz").status_code == 503
        assert world.http.get(f"{world.bot.url}/healthz").status_code == 200
    finally:
        postgres_server.set_away(name, False)
    assert world.post(QUALIFIED | {"data": {**PAT, "external_id": "b"}}, "msg_b").status_code == 202
    world.click("alice", "Accept")
    world.settle()
    assert buttons(world.dm("alice")[0])[0] == "Log touch"
