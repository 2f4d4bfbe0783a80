"""Promises as they are recorded: by which policy they began, and how their time was counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from leads.desk import Desk
from leads.intake import Delivery, Event
from sla_engine.clock import Kind
from sla_engine.conditions import Bound, Condition
from sla_engine.lead import Status
from sla_engine.policy import Policy, Promise, Qualification
from storage import clocks
from storage.database import Database
from storage.tables import HISTORY
from storage.transaction import Transaction
from tests.leads.floor import run
from tests.leads.shop import Shop
from tests.sla_engine.samples import LONDON, MONDAY, data, email, policy, rep, team

ALICE = email("alice")
POLICY, EDITED = policy(team("us", rep("alice"))), policy(team("us", rep("alice", LONDON)))
DUE, COUNTED = MONDAY + timedelta(hours=4), "4 h of working time from Mon 10:00 New York: 4 h Monday"


@pytest.mark.parametrize("verb", ["accept", "pause", "follow"])
def test_a_breach_that_is_found_before_its_timer_fires_tells_how_its_time_was_counted(
    database: Database, verb: str
) -> None:
    now, asked = MONDAY, POLICY
    desk = Desk(lambda: asked, lambda: now)
    lead_id = run(database, lambda tx: desk.ingest(tx, Delivery("website", "msg_1"), data())).lead_id
    now, asked = DUE + timedelta(hours=1), EDITED if verb == "follow" else POLICY
    doings: dict[str, Callable[[Transaction], object]] = {
        "accept": lambda _: None,
        "pause": lambda tx: desk.pause(tx, lead_id, ALICE, "waiting"),
        "follow": desk.follow,
    }
    run(database, doings[verb])
    now += timedelta(minutes=1)
    run(database, lambda tx: desk.accept(tx, lead_id, ALICE))
    with database.read() as tx:
        told = tx.connection.execute(select(HISTORY.c.at, HISTORY.c.detail).where(HISTORY.c.event == "breached")).one()
        found = next(one for one in clocks.of_leads(tx, [lead_id])[lead_id] if one.kind is Kind.ACCEPTANCE)
    assert (told.at, found.breached_at) == (DUE, DUE)
    assert (told.detail["reckoning"], found.reckoning) == (COUNTED, COUNTED)


HOUR = timedelta(hours=1)
HOT = Promise("Hot", HOUR, HOUR, HOUR, (Condition("score", bounds=(Bound(">=", 90.0),)),))
STANDARD = Promise("Standard", 4 * HOUR, 24 * HOUR, 80 * HOUR)
LAST = replace(STANDARD, name="Everything else")


@pytest.mark.parametrize(
    ("edited", "kept", "target"), [((HOT, STANDARD), "Standard", 24 * HOUR), ((HOT, LAST), "Hot", HOUR)]
)
def test_a_lead_that_gets_hotter_in_its_reps_hands_keeps_its_promise_while_the_policy_has_it(
    database: Database, edited: tuple[Promise, ...], kept: str, target: timedelta
) -> None:
    shop = Shop(database, replace(POLICY, promises=(HOT, STANDARD)))
    lead_id = shop.lead(score=70.0)
    assert (shop.lead(score=95.0), shop.get(lead_id).promise) == (lead_id, "Standard")
    shop.edit(replace(POLICY, promises=edited))
    shop.do(shop.desk.accept, lead_id, ALICE)
    clock = shop.clock(lead_id, Kind.FIRST_TOUCH)
    assert (shop.get(lead_id).promise, clock.promise, clock.target) == (kept, kept, target)


@pytest.mark.parametrize("again", ["sent again", "promoted", "updated"])
def test_every_clock_of_a_lead_that_was_below_the_bar_is_of_the_policy_under_which_it_began(
    database: Database, again: str
) -> None:
    asked: Policy = policy(team("us", rep("alice")), qualification=Qualification(50))
    desk = Desk(lambda: asked, lambda: MONDAY)
    first, second = Delivery("website", "msg_1"), Delivery("website", "msg_2")
    lead_id = run(database, lambda tx: desk.ingest(tx, first, data(score=10.0))).lead_id
    asked = replace(asked, hash="edited")
    event = Event("lead.status_changed", "00Q5", status=Status.MQL)
    if again == "updated":
        event = Event("lead.updated", "00Q5", data=data(score=60.0))
    if again == "sent again":
        run(database, lambda tx: desk.ingest(tx, second, data(score=60.0)))
    else:
        run(database, lambda tx: desk.apply(tx, second, event))
    with database.read() as tx:
        found = {one.kind: one.policy_hash for one in clocks.of_leads(tx, [lead_id])[lead_id]}
    assert found == {Kind.ROUTING: "edited", Kind.ACCEPTANCE: "edited"}
