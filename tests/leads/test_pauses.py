"""A pause that ends by itself."""

from datetime import timedelta

from sla_engine.policy import LONGEST_PAUSE
from storage.database import Database
from tests.leads.shop import Shop
from tests.sla_engine.samples import ALWAYS, MONDAY, email, policy, rep, team

ALICE = email("alice")
POLICY = policy(team("us", rep("alice", ALWAYS)))
SPENT, LEFT = timedelta(hours=3, minutes=50), timedelta(minutes=10)
END = MONDAY + SPENT + LONGEST_PAUSE


def paused(database: Database) -> tuple[Shop, str]:
    """A lead that Alice paused with ten minutes left."""
    shop = Shop(database, POLICY)
    lead_id = shop.lead()
    shop.until(MONDAY + SPENT)
    shop.do(shop.desk.pause, lead_id, ALICE, "They travel")
    return shop, lead_id


def test_a_pause_ends_when_it_was_to_end_though_the_service_was_down_then(database: Database) -> None:
    shop, lead_id = paused(database)
    shop.wake_up_at(END + timedelta(days=2))
    assert [entry.at for entry in shop.history(lead_id, "resumed")] == [END]
    assert shop.clock(lead_id).breached_at == END + LEFT


def test_the_rep_is_told_that_a_pause_has_ended_by_itself_and_not_of_one_that_somebody_ended(
    database: Database,
) -> None:
    shop, lead_id = paused(database)
    shop.until(END)
    assert [(one.lane, one.lead_id) for one in shop.messages("resumed")] == [(f"person:{ALICE}", lead_id)]
    shop.do(shop.desk.pause, lead_id, ALICE, "They travel again")
    shop.do(shop.desk.resume, lead_id, ALICE)
    shop.until(END + timedelta(days=20))
    assert len(shop.messages("resumed")) == 1


def test_a_clock_that_is_answered_while_it_is_paused_does_not_go_on_saying_what_is_left(database: Database) -> None:
    shop, lead_id = paused(database)
    shop.do(shop.desk.accept, lead_id, ALICE)
    assert shop.clock(lead_id).reckoning == "3 h 50 min of 4 h used, then the clock stood still"
