"""Levels that fall due together: who hears of it, and what becomes of the lead."""

from dataclasses import replace
from datetime import timedelta

from sla_engine.policy import Audience, Level, Policy
from storage.database import Database
from tests.leads.shop import Shop
from tests.sla_engine.samples import MONDAY, email, policy, rep, team

REP, MANAGER = frozenset({Audience.REP}), frozenset({Audience.MANAGER})
TARGET = timedelta(hours=4)


def with_levels(*levels: Level) -> Policy:
    """Alice and Bob of one team, whose promises have these levels."""
    return replace(policy(team("us", rep("alice"), rep("bob"))), levels=levels)


def test_a_lead_is_taken_away_by_a_level_that_was_slept_through_though_a_higher_one_is_told(
    database: Database,
) -> None:
    shop = Shop(database, with_levels(Level(100, REP, reassign=True), Level(200, MANAGER)))
    lead_id = shop.lead()
    assert shop.get(lead_id).rep == email("alice")
    shop.wake_up_at(MONDAY + timedelta(days=2))
    assert shop.get(lead_id).rep == email("bob")
    assert shop.reminded() == [(f"person:{email('dana')}", 200)]


def test_a_level_that_somebody_hears_of_is_told_though_the_breach_was_slept_through_too(database: Database) -> None:
    shop = Shop(database, with_levels(Level(50, REP), Level(80, REP)))
    lead_id = shop.lead()
    shop.wake_up_at(MONDAY + TARGET + timedelta(minutes=1))
    assert shop.reminded() == [(f"person:{email('alice')}", 80)]
    assert [entry.detail["share"] for entry in shop.history(lead_id, "level reached")] == [80]
    assert shop.clock(lead_id).breached_at == MONDAY + TARGET
