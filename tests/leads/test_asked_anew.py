"""What has the rules asked again about leads that nobody has: who goes, who has room, what becomes known of a lead."""

from datetime import UTC, datetime, timedelta

import pytest

from leads import progress
from sla_engine.conditions import Condition
from sla_engine.lead import Plan
from storage import lanes
from storage.database import Database
from tests.leads.floor import run
from tests.leads.shop import Shop
from tests.sla_engine.samples import (
    ALWAYS,
    EVENING,
    LONDON,
    TUESDAY_LONDON,
    TUESDAY_NEW_YORK,
    data,
    email,
    policy,
    rep,
    team,
    to,
)

ALICE, BOB, CAROL = (email(name) for name in ("alice", "bob", "carol"))
AFTERNOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
"""Monday 13:00 in New York, 18:00 in London: Alice and Bob are at work, Carol is off."""
AN_HOUR = timedelta(hours=1)


def test_who_shortens_their_leave_is_waited_for_at_its_new_end(database: Database) -> None:
    shop = Shop(database, policy(team("us", rep("alice", ALWAYS), rep("bob"))), EVENING)
    shop.do(shop.desk.away, ALICE, ALICE, None)
    held = shop.lead()
    assert shop.get(held).hold_until == TUESDAY_NEW_YORK
    shop.do(shop.desk.away, ALICE, ALICE, EVENING + AN_HOUR)
    shop.until(EVENING + 2 * AN_HOUR)
    assert (shop.get(held).rep, shop.get(held).assigned_at) == (ALICE, EVENING + AN_HOUR)


@pytest.mark.parametrize("goes", ["on leave", "by their status", "out of reach"])
def test_when_the_last_whom_a_lead_waits_for_goes_it_is_back_at_once_with_who_had_it(
    database: Database, goes: str
) -> None:
    asked = policy(team("us", rep("bob"), rep("carol", LONDON)), away_statuses=frozenset({":palm_tree:"}))
    shop = Shop(database, asked, AFTERNOON)
    lead_id = shop.lead()
    run(database, lambda tx: progress.lapse(shop.desk.work(tx), shop.get(lead_id)))
    shop.tick()
    assert (shop.get(lead_id).plan, shop.get(lead_id).hold_until) == (Plan.HELD, TUESDAY_LONDON)
    if goes == "on leave":
        shop.do(shop.desk.away, CAROL, CAROL)
    elif goes == "by their status":
        shop.do(shop.desk.described, CAROL, {"status": ":palm_tree: On the beach"})
    else:
        lost(shop, CAROL)
    shop.tick()
    assert shop.get(lead_id).rep == BOB


def test_a_lead_waits_for_nobody_whose_leave_begins_before_they_are_back(database: Database) -> None:
    shop = Shop(database, policy(team("us", rep("bob"), rep("carol", LONDON))), AFTERNOON)
    midnight = TUESDAY_LONDON - 9 * AN_HOUR
    shop.do(shop.desk.plan_leave, CAROL, CAROL, (midnight, midnight + timedelta(days=14)))
    lead_id = shop.lead()
    run(database, lambda tx: progress.lapse(shop.desk.work(tx), shop.get(lead_id)))
    assert shop.get(lead_id).rep == BOB
    shop.now = EVENING
    held = shop.lead(external_id="held", email="held@other.example")
    assert shop.get(held).hold_until == TUESDAY_NEW_YORK


@pytest.mark.parametrize("comes", ["again", "updated"])
def test_a_lead_that_nobody_has_is_asked_about_again_when_it_comes_with_something_new(
    database: Database, comes: str
) -> None:
    british = Condition("country", ("GB",))
    teams = team("us", rep("alice")), team("emea", rep("femi", ALWAYS), manager="erik")
    shop = Shop(database, policy(*teams, rules=(to("emea", when=(british,)), to("us", rule="Others"))), EVENING)
    held = shop.lead(domain="northwind.example")
    assert shop.get(held).hold_until == TUESDAY_NEW_YORK
    for country in (None, "GB"):
        shop.now += AN_HOUR
        if comes == "again":
            shop.lead(country=country)
        else:
            shop.event("lead.updated", data=data(country=country))
        tried = shop.do(shop.desk.next_due) == shop.now
        assert tried == (country == "GB"), "what is known already is no news"
    shop.tick()
    assert shop.get(held).rep == email("femi")


def lost(shop: Shop, who: str) -> None:
    """A message to somebody comes back, about a lead they have accepted: their Slack account is closed."""
    other = shop.lead(external_id="other", email="other@other.example", score=1.0)
    shop.do(shop.desk.reassign, other, email("dana"), who)
    shop.do(shop.desk.accept, other, who)
    shop.tick()
    message = next(one for one in shop.messages("card") if one.lane == lanes.to_person(who))
    shop.do(shop.desk.undeliverable, message, "account_inactive", out_of_reach=True)
