"""Two processes on two editions of the policy share the leads, as in a restart one by one: a clock counts one way."""

from dataclasses import replace
from datetime import timedelta

from connectors.slack import explanation, promises
from sla_engine import Calendar
from sla_engine.clock import Kind
from sla_engine.policy import Audience, Level, Policy
from storage.database import Database
from tests.leads.shop import Shop
from tests.sla_engine.samples import ALWAYS, LONDON, MONDAY, email, policy, rep, team

ALICE = email("alice")
REP = frozenset({Audience.REP})


def edition(name: str, calendar: Calendar) -> Policy:
    """Alice's team, where she works by this calendar and has four hours to accept."""
    return replace(policy(team("us", rep("alice", calendar))), levels=(Level(100, REP),), hash=name)


def begun_by_the_old(database: Database, old: Policy, new: Policy) -> tuple[Shop, str]:
    """The new edition's process has started; after that the old one's takes a lead in."""
    shop = Shop(database, new)
    shop.do(shop.desk.open)
    shop.policy = old
    lead_id = shop.lead()
    shop.policy = new
    return shop, lead_id


def test_a_promise_that_was_kept_by_the_calendar_it_was_made_on_is_not_broken_by_another(database: Database) -> None:
    shop, lead_id = begun_by_the_old(database, edition("old", LONDON), edition("new", ALWAYS))
    shop.now = MONDAY + timedelta(hours=18, minutes=30)  # Tuesday 09:30 in London
    shop.do(shop.desk.accept, lead_id, ALICE)
    clock = shop.clock(lead_id)
    assert (clock.breached_at, clock.spent) == (None, timedelta(hours=2, minutes=30))
    assert clock.reckoning == "4 h of working time from Mon 15:00 London: 2 h Monday, 2 h Tuesday"


def test_a_promise_that_was_broken_by_the_calendar_it_was_made_on_is_broken_by_whomever_it_is_noticed(
    database: Database,
) -> None:
    shop, lead_id = begun_by_the_old(database, edition("old", ALWAYS), edition("new", LONDON))
    shop.until(MONDAY + timedelta(hours=5))
    assert shop.clock(lead_id).breached_at == MONDAY + timedelta(hours=4)
    assert shop.reminded() == [(f"person:{ALICE}", 100)]


def test_a_pause_leaves_what_is_left_by_the_calendar_so_far_and_what_follows_counts_by_the_one_in_force(
    database: Database,
) -> None:
    shop, lead_id = begun_by_the_old(database, edition("old", ALWAYS), edition("new", LONDON))
    shop.now = MONDAY + timedelta(hours=3)  # 18:00 in London
    shop.do(shop.desk.pause, lead_id, ALICE, "they travel")
    assert shop.clock(lead_id).spent == timedelta(hours=3)
    shop.now += timedelta(minutes=10)
    shop.do(shop.desk.resume, lead_id, ALICE)
    assert shop.due(shop.clock(lead_id))[100] == MONDAY + timedelta(hours=19)  # Tuesday 10:00 in London


def test_people_are_told_the_deadline_that_is_kept_though_an_edit_took_the_rep_and_the_team_away(
    database: Database,
) -> None:
    shop = Shop(database, edition("old", LONDON))
    lead_id = shop.lead()
    shop.edit(replace(policy(team("emea", rep("erik"))), admins=(email("olga"),)))
    due = MONDAY + timedelta(hours=20)
    assert shop.due(shop.clock(lead_id))[100] == due
    assert [one.due for one in promises.owed(shop.view(lead_id), shop.policy, shop.now)] == [due]
    assert "Accept or reject by Tue 11:00 UTC" in explanation.why(shop.view(lead_id), [], shop.policy, shop.now).text
    shop.do(shop.desk.accept, lead_id, ALICE)
    shown = {one.clock.kind: one.due for one in promises.owed(shop.view(lead_id), shop.policy, shop.now)}
    kept = {kind: shop.due(shop.clock(lead_id, kind))[100] for kind in (Kind.FIRST_TOUCH, Kind.QUALIFICATION)}
    assert shown == kept


def test_an_edit_moves_no_deadline_that_is_over(database: Database) -> None:
    shop = Shop(database, edition("old", ALWAYS))
    lead_id = shop.lead()
    shop.until(MONDAY + timedelta(hours=4, minutes=1))
    shop.edit(edition("new", LONDON))
    assert shop.clock(lead_id).breached_at == MONDAY + timedelta(hours=4)
    assert shop.history(lead_id, "calendar changed") == []


def test_a_leave_that_is_entered_before_an_overdue_level_fires_moves_no_deadline_that_is_over(
    database: Database,
) -> None:
    shop = Shop(database, edition("old", ALWAYS))
    lead_id = shop.lead()
    shop.now = MONDAY + timedelta(hours=5)
    shop.do(shop.desk.away, ALICE, ALICE)
    assert shop.clock(lead_id).breached_at == MONDAY + timedelta(hours=4)
    assert shop.history(lead_id, "calendar changed") == []
