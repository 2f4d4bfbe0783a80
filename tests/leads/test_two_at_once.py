"""Two processes on one PostgreSQL, and one of them changes a lead while the other waits for it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from leads import progress
from leads.desk import Desk
from leads.intake import Delivery
from sla_engine.clock import ESCALATED, Kind
from sla_engine.lead import Status
from sla_engine.lifecycle import Verb
from sla_engine.policy import NobodyAvailable, Policy
from storage import clocks, leads
from storage.database import Database
from storage.transaction import Transaction
from storage.writer import Writer
from tests.bot.stage import eventually
from tests.sla_engine.samples import LONDON, MONDAY, data, email, policy, rep, team

ALICE = email("alice")
PAT = "pat@northwind.example"
BEFORE, EDITED = policy(team("us", rep("alice"))), policy(team("us", rep("alice", LONDON)))
BY_HAND = policy(team("us", rep("bob"), rep("alice")))
FREE = policy(team("us", rep("alice", max_open=0)), when_nobody_is_available=NobodyAvailable.CLAIM)
LATER = MONDAY + timedelta(minutes=10)
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def desk(policy: Policy) -> Desk:
    """A desk under a policy, ten minutes after the lead came."""
    return Desk(lambda: policy, lambda: LATER)


def a_lead(database: Database, policy: Policy = BEFORE) -> str:
    """A lead that came in, by most policies Alice's."""
    first = Desk(lambda: policy, lambda: MONDAY)
    with database.writing.begin() as connection:
        return first.ingest(Transaction(connection), Delivery("website", "msg_1"), data()).lead_id


def anybody_waits(database: Database) -> bool:
    """Whether a transaction waits for another."""
    with database.read() as tx:
        return bool(tx.connection.execute(WAITING).scalar())


def doing(verb: str, lead_id: str) -> Callable[[Transaction], object]:
    """What one process does to the lead while the other sees that its rep's calendar was edited."""
    doings: dict[str, Callable[[Transaction], object]] = {
        "accept": lambda tx: desk(BEFORE).accept(tx, lead_id, ALICE),
        "pause": lambda tx: desk(BEFORE).pause(tx, lead_id, ALICE, "waiting"),
        "follow": lambda tx: desk(EDITED).follow(tx),
    }
    return doings[verb]


def meet(
    databases: tuple[Database, Database], does: Callable[[Transaction], object], waits: Callable[[Transaction], object]
) -> None:
    """The first does something and commits once the second waits for it."""
    holding, is_waiting = threading.Event(), threading.Event()
    first, second = (Writer(database) for database in databases)

    def held(tx: Transaction) -> None:
        does(tx)
        holding.set()
        assert is_waiting.wait(20)

    done = first.submit(held)
    assert holding.wait(20)
    later = second.submit(waits)
    try:
        eventually(lambda: anybody_waits(databases[0]), "the other process to wait for the lead")
    finally:
        is_waiting.set()
    done.result(20)
    later.result(20)
    first.close()
    second.close()


@pytest.mark.parametrize("verb", ["accept", "pause", "follow"])
def test_a_clock_that_another_process_has_just_changed_stays_as_it_left_it(
    databases: tuple[Database, Database], verb: str
) -> None:
    lead_id = a_lead(databases[0])
    meet(databases, doing(verb, lead_id), desk(EDITED).follow)
    with databases[0].read() as tx:
        found = clocks.of_leads(tx, [lead_id])[lead_id]
        awake = {each.id: any(timer.due_at for timer in clocks.pending(tx, each.id)) for each in found}
    acceptance = next(each for each in found if each.kind is Kind.ACCEPTANCE)
    assert acceptance.stopped_at == (LATER if verb == "accept" else None)
    assert acceptance.running_since == (LATER if verb == "follow" else None)
    assert acceptance.spent == timedelta(minutes=10)
    assert all(awake[each.id] == (each.is_running and each.kind in ESCALATED) for each in found)


@pytest.mark.parametrize("begins", ["assigned", "accepted", "reassigned", "claimed"])
def test_a_clock_that_another_process_is_starting_stands_still_for_a_leave_that_begins(
    databases: tuple[Database, Database], begins: str
) -> None:
    lead_id = a_lead(databases[0], BY_HAND if begins == "reassigned" else FREE if begins == "claimed" else BEFORE)
    start: dict[str, Callable[[Transaction], object]] = {
        "assigned": lambda tx: desk(BEFORE).ingest(tx, Delivery("website", "msg_2"), data(external_id="other")),
        "accepted": lambda tx: desk(BEFORE).accept(tx, lead_id, ALICE),
        "reassigned": lambda tx: desk(BY_HAND).reassign(tx, lead_id, email("dana"), ALICE),
        "claimed": lambda tx: desk(FREE).accept(tx, lead_id, ALICE),
    }
    meet(databases, start[begins], lambda tx: desk(BEFORE).away(tx, ALICE, ALICE))
    with databases[0].read() as tx:
        mine = [clock for _, clock in clocks.running(tx, ALICE)]
        assert mine
        assert not any(timer.due_at for clock in mine for timer in clocks.pending(tx, clock.id))


def test_an_address_that_comes_under_two_ids_to_two_processes_is_one_lead(databases: tuple[Database, Database]) -> None:
    merging = desk(replace(BEFORE, duplicates_by_email=True))

    def comes(external_id: str, address: str) -> Callable[[Transaction], object]:
        delivery = Delivery("website", f"msg_{external_id}")
        return lambda tx: merging.ingest(tx, delivery, data(external_id=external_id, email=address))

    meet(databases, comes("A", PAT), comes("B", PAT.upper()))
    with databases[0].read() as tx:
        assert tx.connection.execute(text("SELECT external_id FROM lead")).scalars().all() == ["A"]
        assert tx.connection.execute(text("SELECT external_id FROM alias")).scalars().all() == ["B"]


def test_a_form_is_opened_without_waiting_for_whoever_changes_the_lead(databases: tuple[Database, Database]) -> None:
    lead_id = a_lead(databases[0])
    with databases[0].writing.begin() as connection, databases[1].read() as tx:
        desk(BEFORE).pause(Transaction(connection), lead_id, ALICE, "waiting")
        tx.connection.execute(text("SET LOCAL lock_timeout = '100ms'"))
        assert desk(BEFORE).check(tx, lead_id, ALICE, Verb.REJECT).paused_at is None


def test_room_is_not_spent_on_a_lead_that_another_process_has_just_closed(databases: tuple[Database, Database]) -> None:
    full = replace(FREE, when_nobody_is_available=NobodyAvailable.HOLD)
    lead_id = a_lead(databases[0], full)
    hastened: list[bool] = []

    def close(tx: Transaction) -> None:
        work = desk(full).work(tx)
        progress.set_status(work, work.lead(lead_id), Status.RECYCLED, "the CRM", None)

    def hasten(tx: Transaction) -> None:
        hastened.append(leads.hasten_next(tx, "us", LATER, freed=ALICE, left=""))

    meet(databases, close, hasten)
    assert hastened[-1] is False
    with databases[0].read() as tx:
        found = leads.load(tx, lead_id)
    assert found is not None
    assert (found.status, found.hold_until) == (Status.RECYCLED, None)
