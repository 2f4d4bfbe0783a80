"""The lead that is being decided about is no ground for the decision."""

from dataclasses import replace
from datetime import timedelta

from sla_engine.grounds import Ground
from storage.database import Database
from tests.leads.shift import TO_THE_NEXT, Shift
from tests.sla_engine.samples import MONDAY, OWNERS, email, policy, rep, team, to

ALICE, BOB = email("alice"), email("bob")


def test_a_lead_that_is_passed_on_does_not_count_as_its_companys_other_lead(database: Database) -> None:
    asked = policy(team("us", rep("alice"), rep("bob"), rep("carol")), rules=(OWNERS, to("us")))
    shift = Shift(database, replace(asked, reasons=TO_THE_NEXT))
    first = shift.lead(external_id="first", domain="northwind.example", owner_email=BOB)
    shift.do(shift.desk.accept, first, BOB)
    shift.do(shift.desk.away, BOB, BOB)
    shift.now = MONDAY + timedelta(hours=1)
    second = shift.lead(external_id="second", domain="northwind.example")
    assert shift.at(second).rep == ALICE
    shift.do(shift.desk.back, BOB, BOB)
    after = shift.reject(second)
    assert (after.rep, after.ground) == (BOB, Ground.OWNER), "not Alice, who has just turned it down"


def test_a_lead_that_comes_back_to_its_only_rep_does_not_fill_their_desk(database: Database) -> None:
    asked = replace(policy(team("us", rep("alice", max_open=1))), reasons=TO_THE_NEXT)
    shift = Shift(database, asked)
    again = shift.reject(shift.lead())
    assert (again.rep, again.why) == (ALICE, "Alice's turn in us · rule “Everyone” · nobody else is left")
