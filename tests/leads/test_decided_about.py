"""The lead that is being decided about is no ground for the decision."""

from dataclasses import replace
from datetime import timedelta

from leads import progress
from sla_engine.grounds import Ground
from storage.database import Database
from tests.leads.floor import run
from tests.leads.shop import TO_THE_NEXT, Shop
from tests.sla_engine.samples import MONDAY, OWNERS, email, policy, rep, team, to

ALICE, BOB = email("alice"), email("bob")


def test_a_lead_that_is_passed_on_does_not_count_as_its_companys_other_lead(database: Database) -> None:
    asked = policy(team("us", rep("alice"), rep("bob"), rep("carol")), rules=(OWNERS, to("us")))
    shop = Shop(database, replace(asked, reasons=TO_THE_NEXT))
    first = shop.lead(external_id="first", domain="northwind.example", owner_email=BOB)
    shop.do(shop.desk.accept, first, BOB)
    shop.do(shop.desk.away, BOB, BOB)
    shop.now = MONDAY + timedelta(hours=1)
    second = shop.lead(external_id="second", domain="northwind.example")
    assert shop.get(second).rep == ALICE
    shop.do(shop.desk.back, BOB, BOB)
    after = shop.reject(second)
    assert (after.rep, after.ground) == (BOB, Ground.OWNER), "not Alice, who has just turned it down"


def test_a_lead_that_comes_back_to_its_only_rep_does_not_fill_their_desk(database: Database) -> None:
    asked = replace(policy(team("us", rep("alice", max_open=1))), reasons=TO_THE_NEXT)
    shop = Shop(database, asked)
    lead_id = shop.lead()
    again = run(database, lambda tx: progress.lapse(shop.desk.work(tx), shop.get(lead_id)))
    assert (again.rep, again.why) == (ALICE, "Alice's turn in us · rule “Everyone” · nobody else is left")
