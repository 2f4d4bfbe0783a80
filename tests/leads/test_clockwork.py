"""Levels that fall due together: who hears of it, and what becomes of the lead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.slack.drawing import Post, draw
from leads import clockwork
from sla_engine.clock import Kind
from sla_engine.policy import Audience, Level, Policy
from storage.database import Database
from storage.transaction import Transaction
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


def test_of_an_outage_in_which_more_fell_due_than_one_batch_holds_each_clock_tells_its_highest_level_once(
    database: Database,
) -> None:
    shares = (50, 80, 100, 150)
    shop = Shop(database, with_levels(*(Level(share, REP) for share in shares)))
    leads = clockwork.AT_ONCE // len(shares) + 15
    for number in range(leads):
        shop.now += timedelta(seconds=1)
        shop.lead(external_id=f"lead {number}", email=f"pat@buyer{number}.example")
    shop.wake_up_at(MONDAY + timedelta(days=4))
    assert [share for _, share in shop.reminded()] == [150] * leads


@pytest.mark.parametrize("kind", [Kind.ACCEPTANCE, Kind.QUALIFICATION])
def test_a_level_that_tells_nobody_does_not_silence_one_that_does(database: Database, kind: Kind) -> None:
    shop = Shop(database, with_levels(Level(100, MANAGER), Level(150, frozenset(), reassign=True)))
    lead_id = shop.lead()
    if kind is Kind.QUALIFICATION:
        shop.do(shop.desk.accept, lead_id, email("alice"))
        shop.do(shop.desk.touch, lead_id, email("alice"), "call", "")
    shop.wake_up_at(MONDAY + timedelta(days=35))
    assert shop.reminded() == [(f"person:{email('dana')}", 100)]
    assert shop.get(lead_id).rep == email("alice" if kind is Kind.QUALIFICATION else "bob")


@pytest.mark.parametrize("asked", [MANAGER, REP | MANAGER])
def test_a_manager_who_has_the_lead_is_told_once_as_who_has_it(database: Database, asked: frozenset[Audience]) -> None:
    shop = Shop(database, replace(policy(team("us", rep("dana"))), levels=(Level(100, asked),)))
    shop.lead()
    shop.until(MONDAY + TARGET)
    assert [one.lane for one in shop.messages("reminder")] == [f"person:{email('dana')}"]
    with database.read() as tx:
        [(_, news)] = draw(tx, shop.messages("reminder"), shop.policy, shop.now)
    assert isinstance(news, Post)
    assert news.content.text.startswith("Time is up: please accept or reject")


def test_a_level_that_comes_after_a_higher_one_is_told_no_more(database: Database) -> None:
    brief = with_levels(Level(50, REP), Level(60, REP))
    seconds = replace(brief.promises[0], accept_within=timedelta(seconds=40))
    shop = Shop(database, replace(brief, promises=(seconds,)))
    lead_id = shop.lead()
    shop.now += timedelta(seconds=20)

    def fail(tx: Transaction) -> None:
        work = shop.desk.work(tx)
        [due] = clockwork.claim(work)
        clockwork.push_away(work, due)

    shop.do(fail)
    shop.until(MONDAY + timedelta(seconds=30))
    assert shop.due(shop.clock(lead_id)).keys() == {100}
    assert shop.reminded() == [(f"person:{email('alice')}", 60)]
    assert [entry.detail["share"] for entry in shop.history(lead_id, "level reached")] == [60]
