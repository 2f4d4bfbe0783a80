"""The figures of the weekly digest, and the weeks they are of."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from leads import reports
from sla_engine.policy import Digest, Outcome, Reason
from storage.database import Database
from tests.leads.shop import Shop
from tests.sla_engine.samples import MONDAY, email, policy, rep, team

DIGEST = Digest("rejections", "#marketing", 0, time(9), "America/New_York")
SKIPPED = Digest("rejections", "#marketing", 6, time(2, 30), "America/New_York")
POLICY = policy(team("us", rep("alice")))
NO_BUDGET, TOO_EARLY = Reason("no_budget", "No budget", Outcome.RECYCLE), Reason("early", "Too early", Outcome.RECYCLE)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("digest", [DIGEST, SKIPPED])
@pytest.mark.parametrize("begins", ["2026-10-10T12:00", "2027-02-20T12:00"])
def test_each_digest_begins_where_the_one_before_ended_when_summer_begins_and_ends(
    database: Database, digest: Digest, begins: str
) -> None:
    ends = [reports.following(digest, utc(begins))]
    for _ in range(6):
        ends.append(reports.following(digest, ends[-1]))
    with database.read() as tx:
        weeks = [reports.rejections(tx, POLICY, digest, end) for end in ends]
    assert [week.start for week in weeks[1:]] == ends[:-1]


def test_a_digest_that_is_asked_for_in_between_tells_of_seven_days(database: Database) -> None:
    with database.read() as tx:
        assert reports.rejections(tx, POLICY, DIGEST, MONDAY).start == MONDAY - timedelta(days=7)


def test_a_reason_that_left_the_policy_is_told_by_what_it_was_called(database: Database) -> None:
    before = replace(policy(team("us", rep("alice"))), reasons=(NO_BUDGET, TOO_EARLY))
    shop = Shop(database, before)
    for name, reason in (("one", NO_BUDGET), ("two", TOO_EARLY)):
        shop.do(shop.desk.reject, shop.lead(external_id=name), email("alice"), reason.id, "")
    after = replace(before, reasons=(replace(TOO_EARLY, label="Ask later"),))
    with database.read() as tx:
        told = reports.rejections(tx, after, DIGEST, MONDAY + timedelta(hours=1))
    assert [one.name for one in told.reasons] == ["Ask later", "No budget"]
