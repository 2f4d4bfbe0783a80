"""Nobody can take a lead now: until when it is held or free to take."""

from datetime import UTC, datetime, timedelta

import pytest

from sla_engine import Calendar
from sla_engine.decision import Verdict
from sla_engine.lead import Plan
from sla_engine.policy import CLAIM_WITHIN
from sla_engine.vacancy import RETRY_WHEN_FULL
from tests.sla_engine.samples import (
    ALWAYS,
    AWAY,
    CLAIM,
    EMEA,
    EVENING,
    LONDON,
    MONDAY,
    OWNERS,
    TUESDAY_LONDON,
    TUESDAY_NEW_YORK,
    acme,
    data,
    decide,
    email,
    lead,
    policy,
    rep,
    team,
    to,
)


def test_a_lead_waits_for_who_is_off_rather_than_going_back_to_who_had_it() -> None:
    asked = policy(team("us", rep("alice", ALWAYS), rep("carol", LONDON)))
    found = decide(asked, lead(refused="alice"), EVENING)
    assert (found.plan, found.hold_until) == (Plan.HELD, TUESDAY_LONDON)
    assert found.line == "Nobody in us can take it: Carol is first back, 09:00 London"
    away = decide(asked, lead(refused="alice"), EVENING, carol=AWAY)
    assert away.rep == email("alice")


def test_when_only_they_are_left_a_lead_waits_for_who_had_it_not_for_who_is_away() -> None:
    thursday = {"away": True, "away_until": datetime(2026, 11, 26, 9, tzinfo=UTC)}
    found = decide(policy(team("us", rep("alice"), rep("bob"))), lead(refused="alice"), EVENING, bob=thursday)
    assert found.hold_until == TUESDAY_NEW_YORK


def test_a_held_lead_waits_for_the_first_of_the_team_or_its_backups_to_open() -> None:
    found = decide(policy(team("us", rep("alice"), backup="emea"), EMEA), lead(), EVENING)
    assert (found.plan, found.team, found.rule, found.rep) == (Plan.HELD, "us", "Everyone", None)
    assert found.hold_until == TUESDAY_LONDON
    assert found.line == "Nobody in us or its backup emea is at work: Femi is first back, 09:00 London"
    assert found.considered[0] == Verdict(email("alice"), "off until Tue 09:00 New York")


@pytest.mark.parametrize(
    "bob", [{"away": True, "away_until": TUESDAY_NEW_YORK}, {"unreachable_until": TUESDAY_NEW_YORK}]
)
def test_a_held_lead_waits_for_who_comes_back_before_the_others_open(bob: dict[str, object]) -> None:
    mondays = Calendar.of("America/New_York", {"mon": "09:00-17:00"})
    asked = policy(team("us", rep("alice", mondays), rep("bob", ALWAYS)))
    found = decide(asked, lead(), EVENING, bob=bob)
    assert found.hold_until == TUESDAY_NEW_YORK
    assert found.line == "Nobody in us is at work: Bob is first back, 14:00 UTC"
    both = {"away_until": TUESDAY_LONDON, **bob, "away": True, "unreachable_until": TUESDAY_NEW_YORK}
    assert decide(asked, lead(), EVENING, bob=both).hold_until == TUESDAY_NEW_YORK


def test_a_held_lead_waits_for_its_owner_too() -> None:
    owned = lead(said=data(owner_email=email("femi")))
    found = decide(policy(team("us", rep("alice")), EMEA, rules=(OWNERS, to("us"))), owned, EVENING)
    assert (found.plan, found.team, found.hold_until) == (Plan.HELD, "us", TUESDAY_LONDON)
    assert found.line == "Nobody in us is at work: Femi is first back, 09:00 London"
    knew = decide(policy(team("us", rep("alice")), EMEA), lead(), EVENING, knew_it="femi")
    assert knew.hold_until == TUESDAY_LONDON
    had_it = lead(said=owned.data, refused="femi")
    asked = policy(team("us", rep("alice")), EMEA, rules=(OWNERS, to("us")))
    assert decide(asked, had_it, EVENING).hold_until == TUESDAY_NEW_YORK


def test_a_lead_held_because_all_are_away_or_full_is_tried_again_soon() -> None:
    asked = policy(team("us", rep("alice", max_open=1)))
    for seen, line in (
        (AWAY, "Everyone in us is away: it is tried again every 15 minutes"),
        ({"open_leads": 1}, "Everyone at work for us is full: it is tried again every 15 minutes"),
    ):
        found = decide(asked, alice=seen)
        assert (found.plan, found.hold_until, found.line) == (Plan.HELD, MONDAY + RETRY_WHEN_FULL, line)


def test_a_lead_does_not_wait_for_tomorrow_while_somebody_full_is_at_work() -> None:
    asked = policy(team("us", rep("alice", max_open=1), rep("carol", LONDON)))
    later = MONDAY + timedelta(hours=4)
    full = {"open_leads": 1}
    assert decide(asked, lead(), later, alice=full).hold_until == later + RETRY_WHEN_FULL
    assert decide(asked, lead(), later, alice={**full, **AWAY}).hold_until == TUESDAY_LONDON
    minutes_before = TUESDAY_LONDON - timedelta(minutes=5)
    around_the_clock = policy(team("us", rep("alice", ALWAYS, max_open=1), rep("carol", LONDON)))
    assert decide(around_the_clock, lead(), minutes_before, alice=full).hold_until == TUESDAY_LONDON


def test_a_claimable_lead_names_its_team_and_keeps_the_explanation() -> None:
    found = decide(acme(when_nobody_is_available=CLAIM), lead(), EVENING)
    assert (found.plan, found.rep, found.team, found.rule) == (Plan.CLAIMABLE, None, "us", "Everyone")
    assert found.hold_until == EVENING + CLAIM_WITHIN
    assert found.line == "Nobody in us or its backup emea is available: the first to take it has it"
    assert [verdict.subject for verdict in found.considered] == [
        email(name) for name in ("alice", "bob", "carol", "femi", "gita")
    ]
    assert all(verdict.obstacle for verdict in found.considered)
