"""The weekly digest's figures."""

from dataclasses import replace
from datetime import timedelta

from leads import reports
from sla_engine.policy import Outcome, Reason
from storage.database import Database
from tests.leads.shop import Shop
from tests.sla_engine.samples import MONDAY, email, policy, rep, team

NO_BUDGET, TOO_EARLY = Reason("no_budget", "No budget", Outcome.RECYCLE), Reason("early", "Too early", Outcome.RECYCLE)


def test_a_reason_that_left_the_policy_is_told_by_what_it_was_called(database: Database) -> None:
    before = replace(policy(team("us", rep("alice"))), reasons=(NO_BUDGET, TOO_EARLY))
    shop = Shop(database, before)
    for name, reason in (("one", NO_BUDGET), ("two", TOO_EARLY)):
        shop.do(shop.desk.reject, shop.lead(external_id=name), email("alice"), reason.id, "")
    after = replace(before, reasons=(replace(TOO_EARLY, label="Ask later"),))
    with database.read() as tx:
        told = reports.rejections(tx, after, MONDAY + timedelta(hours=1))
    assert [one.name for one in told.reasons] == ["Ask later", "No budget"]
