"""Which calendar a promise counts on."""

from datetime import timedelta

import pytest

from leads.work import ELAPSED, calendar_of
from sla_engine import Calendar
from sla_engine.clock import Clock, Kind
from tests.sla_engine.samples import ALWAYS, LONDON, MONDAY, NEW_YORK, email, policy, rep, team

POLICY = policy(
    team("us", rep("alice", ALWAYS), rep("carol", LONDON)), team("emea", rep("alice", LONDON), rep("femi", LONDON))
)


@pytest.mark.parametrize(
    ("of", "name", "calendar"),
    [
        ("us", "alice", ALWAYS),
        ("emea", "alice", LONDON),
        ("us", "femi", LONDON),
        ("emea", "carol", LONDON),
        ("gone", "carol", LONDON),
        ("us", "stranger", NEW_YORK),
        ("gone", "stranger", ELAPSED),
    ],
)
def test_a_clock_counts_on_its_reps_own_calendar_whichever_team_they_are_in_and_else_on_its_teams(
    of: str, name: str, calendar: Calendar
) -> None:
    clock = Clock(Kind.ACCEPTANCE, timedelta(hours=4), MONDAY, MONDAY, rep=email(name), team=of)
    assert calendar_of(POLICY, clock) == calendar
