"""The weeks that reports tell of follow each other without a gap."""

from datetime import UTC, datetime, time, timedelta

import pytest

from leads import reports
from sla_engine.policy import Digest
from storage.database import Database
from tests.sla_engine.samples import MONDAY, policy, rep, team

DIGEST = Digest("rejections", "#marketing", 0, time(9), "America/New_York")
SKIPPED = Digest("rejections", "#marketing", 6, time(2, 30), "America/New_York")
POLICY = policy(team("us", rep("alice")))


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
