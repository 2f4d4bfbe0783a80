"""The manager has a lead as the last resort: then it stays with them. As a rep they lose it like any other."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from sla_engine.lead import Plan
from sla_engine.policy import Audience, Level, Policy
from storage.database import Database
from storage.outbox import to_message
from storage.tables import MESSAGE
from storage.transaction import Transaction
from tests.leads.shop import TO_THE_NEXT, Shop
from tests.sla_engine.samples import CLAIM, EVENING, MONDAY, email, policy, rep, team

BOB, DANA = email("bob"), email("dana")
H = timedelta(hours=1)
TAKEN_AT_ONCE = (Level(100, frozenset({Audience.REP}), reassign=True),)


def of_dana(max_reassignments: int = 3) -> Policy:
    """Dana manages a team in which she is a rep, too, and the first in turn."""
    asked = policy(team("us", rep("dana"), rep("bob"), manager="dana"), max_reassignments=max_reassignments)
    return replace(asked, levels=TAKEN_AT_ONCE, reasons=TO_THE_NEXT)


def test_a_manager_whose_turn_it_was_loses_a_lead_like_any_rep(database: Database) -> None:
    shop = Shop(database, of_dana())
    lead_id = shop.lead()
    assert shop.get(lead_id).rep == DANA
    shop.until(MONDAY + 4 * H)
    assert (shop.get(lead_id).rep, shop.get(lead_id).reassignments) == (BOB, 1)


def test_a_lead_is_not_taken_from_a_manager_who_would_get_it_again_at_once(database: Database) -> None:
    shop = Shop(database, of_dana(max_reassignments=0))
    lead_id = shop.lead()
    shop.until(MONDAY + 5 * H)
    assert (shop.get(lead_id).rep, shop.get(lead_id).reassignments) == (DANA, 0)
    shop.policy = of_dana(max_reassignments=1)
    shop.reject(lead_id)
    shop.reject(lead_id)
    assert shop.get(lead_id).why == "Dana manages us · it was passed on twice"
    shop.policy = of_dana(max_reassignments=9)
    shop.until(shop.now + 24 * H)
    assert (shop.get(lead_id).rep, shop.get(lead_id).reassignments) == (DANA, 2)


def test_a_lead_goes_on_from_a_manager_who_can_not_be_reached_if_it_was_their_turn(database: Database) -> None:
    shop = Shop(database, of_dana())
    lead_id = shop.lead()

    def lose(tx: Transaction) -> None:
        query = select(MESSAGE).where(MESSAGE.c.lead_id == lead_id, MESSAGE.c.lane.contains(shop.get(lead_id).rep))
        message = to_message(tx.connection.execute(query.order_by(MESSAGE.c.id.desc())).mappings().first() or {})
        shop.desk.undeliverable(tx, message, "account_inactive", out_of_reach=True)

    shop.do(lose)
    assert shop.get(lead_id).rep == BOB
    shop.do(lose)
    assert shop.get(lead_id).plan is Plan.HELD, "nobody is left in whose turn it could be"


def test_a_lead_that_a_manager_who_is_no_rep_has_claimed_stays_with_them(database: Database) -> None:
    asked = policy(team("us", rep("alice")), when_nobody_is_available=CLAIM)
    shop = Shop(database, replace(asked, levels=TAKEN_AT_ONCE), EVENING)
    lead_id = shop.lead()
    shop.do(shop.desk.accept, lead_id, DANA)
    shop.until(MONDAY + 10 * 24 * H)
    assert (shop.get(lead_id).rep, shop.get(lead_id).reassignments) == (DANA, 0)
