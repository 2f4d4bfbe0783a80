"""Leads that nobody has, and what has them offered anew."""

from datetime import timedelta

from sla_engine.lead import Plan
from storage import people
from storage.database import Database
from tests.leads.floor import run
from tests.leads.shift import Shift
from tests.sla_engine.samples import MONDAY, email, policy, rep, team

ALICE = email("alice")


def test_a_held_lead_is_offered_as_soon_as_a_message_comes_through_to_who_was_out_of_reach(database: Database) -> None:
    shift, until = Shift(database, policy(team("us", rep("alice")))), MONDAY + timedelta(hours=3)
    run(database, lambda tx: people.change(tx, ALICE, unreachable_until=until))
    lead_id = shift.lead()
    assert (shift.at(lead_id).plan, shift.at(lead_id).hold_until) == (Plan.HELD, until)
    shift.do(shift.desk.reached, ALICE)
    shift.do(shift.desk.tick)
    assert shift.at(lead_id).rep == ALICE
