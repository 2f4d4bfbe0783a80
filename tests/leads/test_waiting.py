"""Leads that nobody has, and what has them offered anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from leads import progress
from sla_engine.lead import Plan
from sla_engine.policy import Outcome, Reason
from storage import people
from storage.database import Database
from tests.leads.floor import run
from tests.leads.shop import TO_THE_NEXT, Shop
from tests.sla_engine.samples import LONDON, MONDAY, email, policy, rep, team

ALICE = email("alice")


def test_a_held_lead_is_offered_as_soon_as_a_message_comes_through_to_who_was_out_of_reach(database: Database) -> None:
    shop, until = Shop(database, policy(team("us", rep("alice")))), MONDAY + timedelta(hours=3)
    run(database, lambda tx: people.change(tx, ALICE, unreachable_until=until))
    lead_id = shop.lead()
    assert (shop.get(lead_id).plan, shop.get(lead_id).hold_until) == (Plan.HELD, until)
    shop.do(shop.desk.reached, ALICE)
    shop.do(shop.desk.tick)
    assert shop.get(lead_id).rep == ALICE


@pytest.mark.parametrize("ended", ["rejected", "recycled", "qualified", "lapsed"])
def test_a_lead_held_because_all_are_full_is_offered_when_somebody_has_room_again(
    database: Database, ended: str
) -> None:
    asked = policy(team("us", rep("alice", max_open=1), rep("bob", max_open=1)), max_reassignments=0)
    shop = Shop(database, replace(asked, reasons=(Reason("budget", "No budget", Outcome.RECYCLE),)))
    first, _, held, later = (shop.lead(external_id=name) for name in "abcd")
    assert (shop.get(first).rep, shop.get(held).plan, shop.get(later).plan) == (ALICE, Plan.HELD, Plan.HELD)
    if ended in ("recycled", "qualified"):
        shop.do(shop.desk.accept, first, ALICE)
    verbs: dict[str, Callable[[], object]] = {
        "rejected": lambda: shop.do(shop.desk.reject, first, ALICE, "budget", ""),
        "recycled": lambda: shop.do(shop.desk.recycle, first, ALICE, "budget", ""),
        "qualified": lambda: shop.do(shop.desk.qualify, first, ALICE, {}),
        "lapsed": lambda: run(database, lambda tx: progress.lapse(shop.desk.work(tx), shop.get(first))),
    }
    verbs[ended]()
    shop.do(shop.desk.tick)
    assert (shop.get(held).rep, shop.get(later).plan) == (ALICE, Plan.HELD)


def test_room_is_for_a_lead_that_waits_not_for_the_one_that_has_just_left(database: Database) -> None:
    asked = policy(team("us", rep("bob", max_open=1), rep("carol", LONDON, max_open=1)))
    shop = Shop(database, replace(asked, reasons=TO_THE_NEXT), MONDAY + timedelta(hours=3))
    hottest, held = shop.lead(external_id="hottest", score=99.0), shop.lead(external_id="held", score=1.0)
    assert (shop.get(hottest).rep, shop.get(held).plan) == (email("bob"), Plan.HELD)
    shop.reject(hottest)
    shop.do(shop.desk.tick)
    assert (shop.get(hottest).plan, shop.get(held).rep) == (Plan.HELD, email("bob"))


def test_room_is_for_a_lead_that_the_rep_has_not_had_before_one_that_they_had(database: Database) -> None:
    asked = policy(team("us", rep("bob", max_open=1), rep("carol", max_open=1)))
    shop = Shop(database, replace(asked, reasons=(*TO_THE_NEXT, Reason("budget", "No budget", Outcome.RECYCLE))))
    had = shop.lead(external_id="had", score=99.0)
    shop.lead(external_id="carol's")
    shop.reject(had)
    bobs, held = shop.lead(external_id="bob's"), shop.lead(external_id="held", score=1.0)
    assert (shop.get(bobs).rep, shop.get(had).plan, shop.get(held).plan) == (email("bob"), Plan.HELD, Plan.HELD)
    shop.tick()
    shop.do(shop.desk.reject, bobs, email("bob"), "budget", "")
    shop.do(shop.desk.tick)
    assert (shop.get(had).plan, shop.get(held).rep) == (Plan.HELD, email("bob"))
