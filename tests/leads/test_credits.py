"""Turns that are given back: what counts towards the limit, and who still earns of a lead's next turn."""

from dataclasses import replace
from datetime import timedelta

from sla_engine.policy import Outcome, Reason
from storage import lanes, ledger
from storage.database import Database
from tests.leads.shop import TO_THE_NEXT, Shop
from tests.sla_engine.samples import ROUND, email, policy, rep, team

ALICE, BOB = email("alice"), email("bob")


def out_of_reach(shop: Shop, lead_id: str, who: str) -> None:
    """The card of a lead comes back from Slack; a moment later Slack has its reader again."""
    card = next(one for one in shop.messages("card") if (one.lead_id, one.lane) == (lead_id, lanes.to_person(who)))
    shop.do(shop.desk.undeliverable, card, "account_inactive", out_of_reach=True)
    shop.do(shop.desk.reached, who)


def test_turns_lost_to_slack_leave_the_days_credits_to_the_rep(database: Database) -> None:
    asked = policy(team("us", rep("alice"), rep("bob")), credits_a_day=1)
    shop = Shop(database, replace(asked, reasons=(Reason("territory", "Territory", Outcome.REROUTE, credit=True),)))
    out_of_reach(shop, shop.lead(), ALICE)
    hers = [lead_id for n in range(3) if shop.get(lead_id := shop.lead(external_id=str(n))).rep == ALICE]
    credited = []
    for lead_id in hers:
        shop.do(shop.desk.reject, lead_id, ALICE, "territory", "")
        credited.append(shop.history(lead_id, "rejected")[0].detail["credit"])
    assert credited == [True, False]


def test_who_lost_a_second_turn_at_a_lead_for_good_earns_nothing_more_of_it(database: Database) -> None:
    reps = (rep(name) for name in ("alice", "bob", "carol", "dave"))
    shop = Shop(database, replace(policy(team("us", *reps)), reasons=TO_THE_NEXT))
    lead_id = shop.lead()
    out_of_reach(shop, lead_id, ALICE)
    for n in range(2):
        shop.now += timedelta(minutes=1)
        shop.lead(external_id=str(n))
    had = []
    for _ in range(2):
        had.append(shop.get(lead_id).rep)
        shop.reject(lead_id)
    assert had == [BOB, ALICE]
    with database.read() as tx:
        assert ALICE not in list(ledger.entries(tx, "us", ROUND))[-1].weights
