"""What a lead's status rules out is refused with a sentence that is true of it."""

from datetime import timedelta

import pytest

from leads.desk import Desk
from leads.intake import Delivery, Event
from leads.progress import NobodyHasIt
from sla_engine.clock import Kind
from sla_engine.lead import Lead, Status
from sla_engine.policy import NobodyAvailable
from sla_engine.refusals import WrongStatus
from storage import leads
from storage.database import Database
from tests.leads.floor import run
from tests.leads.shop import Shop
from tests.sla_engine.samples import CLAIM, EVENING, HOLD, MONDAY, TUESDAY_NEW_YORK, data, email, policy, rep, team

ALICE, DANA = email("alice"), email("dana")
POLICY = policy(team("us", rep("alice")))


def a_lead(database: Database, desk: Desk) -> str:
    """A lead that has come in."""
    return run(database, lambda tx: desk.ingest(tx, Delivery("website", "msg_1"), data())).lead_id


def becomes(database: Database, desk: Desk, status: Status) -> Lead:
    """Another system says that the lead has this status; returns the lead."""
    delivery, event = Delivery("website", f"msg_{status}"), Event("lead.status_changed", "00Q5", status=status)
    lead_id = run(database, lambda tx: desk.apply(tx, delivery, event)).lead_id
    with database.read() as tx:
        found = leads.load(tx, lead_id)
    assert found is not None
    return found


@pytest.mark.parametrize("nobody", [HOLD, CLAIM])
def test_a_lead_is_not_paused_while_nobody_has_it(database: Database, nobody: NobodyAvailable) -> None:
    asked = policy(team("us", rep("alice")), when_nobody_is_available=nobody)
    desk = Desk(lambda: asked, lambda: EVENING)
    lead_id = a_lead(database, desk)
    with pytest.raises(NobodyHasIt):
        run(database, lambda tx: desk.pause(tx, lead_id, DANA, "waiting"))


def test_a_lead_that_became_a_customer_is_closed_from_then_on(database: Database) -> None:
    now = MONDAY
    desk = Desk(lambda: POLICY, lambda: now)
    lead_id = a_lead(database, desk)
    run(database, lambda tx: desk.accept(tx, lead_id, ALICE))
    for status in (Status.SQL, Status.OPPORTUNITY, Status.CUSTOMER):
        now += timedelta(hours=1)
        lead = becomes(database, desk, status)
        assert (lead.status, lead.sql_at) == (status, MONDAY + timedelta(hours=1))
        assert lead.closed_at == (now if status is Status.CUSTOMER else None)


def test_nothing_makes_a_lead_new_again(database: Database) -> None:
    desk = Desk(lambda: POLICY, lambda: MONDAY)
    a_lead(database, desk)
    with pytest.raises(WrongStatus, match=r"^A lead that is MQL can't be new again.$"):
        becomes(database, desk, Status.NEW)


@pytest.mark.parametrize("nobody", [HOLD, CLAIM])
def test_a_contact_made_elsewhere_ends_the_buyers_wait_while_nobody_has_the_lead(
    database: Database, nobody: NobodyAvailable
) -> None:
    shop = Shop(database, policy(team("us", rep("alice")), when_nobody_is_available=nobody), EVENING)
    lead_id = shop.lead()
    plan = shop.get(lead_id).plan
    shop.now += timedelta(minutes=5)
    shop.event("lead.contacted", actor="crm")
    told, waits = shop.history(lead_id, "touched"), shop.get(lead_id)
    assert [(one.actor, one.on_behalf_of) for one in told] == [("crm", None)]
    assert (waits.first_response_at, waits.status, waits.plan, waits.rep) == (shop.now, Status.MQL, plan, None)
    shop.now = TUESDAY_NEW_YORK
    shop.tick()
    shop.do(shop.desk.accept, lead_id, ALICE)
    assert shop.view(lead_id).clock(Kind.FIRST_TOUCH) is None
