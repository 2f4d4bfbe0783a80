"""What counts towards how often a lead may be passed on, and what a manager may do whatever it says."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from sla_engine.lead import Plan
from storage.database import Database
from storage.tables import MESSAGE
from tests.leads.shop import TO_THE_NEXT, Shop
from tests.sla_engine.samples import EVENING, email, policy, rep, team

ALICE, BOB, CAROL, DANA = (email(name) for name in ("alice", "bob", "carol", "dana"))
POLICY = replace(policy(team("us", rep("alice"), rep("bob"), rep("carol")), max_reassignments=0), reasons=TO_THE_NEXT)


def later(shop: Shop) -> None:
    shop.now += timedelta(minutes=1)


def test_a_lead_that_managers_send_back_and_hand_over_is_never_theirs_for_that(database: Database) -> None:
    shop = Shop(database, POLICY)
    lead_id = shop.lead()
    later(shop)
    shop.do(shop.desk.reroute, lead_id, DANA)
    later(shop)
    assert shop.do(shop.desk.hand_over, DANA, BOB).given == {CAROL: 1}
    later(shop)
    assert shop.do(shop.desk.hand_over, DANA, CAROL, ALICE).given == {ALICE: 1}
    assert (shop.get(lead_id).rep, shop.get(lead_id).reassignments) == (ALICE, 0)
    with database.read() as tx:
        cards = select(MESSAGE.c.id).where(MESSAGE.c.kind == "card", MESSAGE.c.lane.contains(ALICE))
        assert len(tx.connection.execute(cards).all()) == 2, "whoever has it again gets a new card"


def test_a_manager_who_has_a_lead_as_the_last_resort_can_send_it_back_to_the_rules(database: Database) -> None:
    shop = Shop(database, POLICY)
    lead_id = shop.lead()
    assert shop.reject(lead_id).rep == DANA
    later(shop)
    shop.do(shop.desk.reroute, lead_id, DANA)
    assert (shop.get(lead_id).rep, shop.get(lead_id).reassignments) == (BOB, 1)


def test_a_held_lead_that_is_sent_back_to_the_rules_waits_on(database: Database) -> None:
    shop = Shop(database, POLICY, EVENING)
    lead_id = shop.lead()
    for _ in range(3):
        shop.do(shop.desk.reroute, lead_id, DANA)
    assert (shop.get(lead_id).plan, shop.get(lead_id).reassignments) == (Plan.HELD, 0)


def test_a_lead_that_nobody_had_and_a_manager_gives_to_somebody_has_not_been_passed_on(database: Database) -> None:
    shop = Shop(database, POLICY, EVENING)
    lead_id = shop.lead()
    shop.do(shop.desk.reassign, lead_id, DANA, BOB)
    assert (shop.get(lead_id).reassignments, shop.get(lead_id).why) == (0, "Dana assigned it")
    later(shop)
    shop.do(shop.desk.reassign, lead_id, DANA, CAROL)
    assert (shop.get(lead_id).reassignments, shop.get(lead_id).why) == (1, "Dana passed it on from Bob")
