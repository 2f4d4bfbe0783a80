"""Leads that nobody has, and what has them offered anew."""

from datetime import timedelta

from leads.desk import Desk
from leads.intake import Delivery
from sla_engine.lead import Lead, Plan
from storage import leads, people
from storage.database import Database
from tests.leads.floor import run
from tests.sla_engine.samples import MONDAY, data, email, policy, rep, team

ALICE = email("alice")
POLICY = policy(team("us", rep("alice")))


def now_of(database: Database, lead_id: str) -> Lead:
    """The lead as it stands."""
    with database.read() as tx:
        found = leads.load(tx, lead_id)
    assert found is not None
    return found


def test_a_held_lead_is_offered_as_soon_as_a_message_comes_through_to_who_was_out_of_reach(database: Database) -> None:
    desk = Desk(lambda: POLICY, lambda: MONDAY)
    until = MONDAY + timedelta(hours=3)
    run(database, lambda tx: people.change(tx, ALICE, unreachable_until=until))
    lead_id = run(database, lambda tx: desk.ingest(tx, Delivery("website", "msg_1"), data())).lead_id
    assert (now_of(database, lead_id).plan, now_of(database, lead_id).hold_until) == (Plan.HELD, until)
    run(database, lambda tx: desk.reached(tx, ALICE))
    run(database, desk.tick)
    assert now_of(database, lead_id).rep == ALICE
