"""A level that takes a lead away: whom it tells, and that its words are true wherever the lead goes."""

from dataclasses import replace
from datetime import timedelta

from connectors.slack import history
from connectors.slack.drawing import Post, draw
from sla_engine.policy import Audience, Level, Policy
from storage.database import Database
from storage.history import of
from tests.leads.shop import Shop
from tests.sla_engine.samples import MONDAY, email, policy, rep, team

ALICE, BOB = email("alice"), email("bob")
TARGET = timedelta(hours=4)
EVERYBODY = frozenset(Audience)


def taken_at(share: int, *names: str) -> Policy:
    """A team of these reps, where everybody hears of one level, which takes the lead away."""
    return replace(policy(team("us", *map(rep, names))), levels=(Level(share, EVERYBODY, reassign=True),))


def told(shop: Shop) -> dict[str, str]:
    """What each conversation hears of levels and of leads that were taken, as it would be sent now."""
    waiting = [*shop.messages("reminder"), *shop.messages("taken")]
    with shop.database.read() as tx:
        drawn = draw(tx, waiting, shop.policy, shop.now)
    return {one.lane.partition(":")[2]: news.content.text for one, news in drawn if isinstance(news, Post)}


def lines(shop: Shop, lead_id: str) -> str:
    """The history as `/lead why` tells it."""
    with shop.database.read() as tx:
        return "\n".join(history.lines(of(tx, lead_id), {}, "UTC", shop.now))


def test_everybody_hears_of_a_broken_promise_though_the_lead_goes_back_to_the_same_rep(database: Database) -> None:
    shop = Shop(database, taken_at(100, "alice", "bob"))
    shop.do(shop.desk.away, BOB, BOB)
    lead_id = shop.lead()
    shop.until(MONDAY + TARGET)
    assert shop.get(lead_id).rep == ALICE
    assert len(shop.history(lead_id, "lapsed")) == 1
    ran_out = "time to accept or reject pat@northwind.example ran out after 4 h of working time. It is with"
    assert told(shop) == {
        ALICE: f"Your {ran_out} you again.",
        "#us": f"Alice's {ran_out} Alice again.",
        email("dana"): f"Alice's {ran_out} Alice again.",
    }


def test_nobody_hears_that_a_time_ran_out_once_its_rep_has_qualified_the_lead(database: Database) -> None:
    shop = Shop(database, replace(taken_at(100, "alice"), levels=(Level(100, EVERYBODY),)))
    lead_id = shop.lead()
    shop.do(shop.desk.accept, lead_id, ALICE)
    shop.until(MONDAY + timedelta(days=7))
    assert shop.clock(lead_id).breached_at is None
    assert told(shop).keys() == {ALICE, "#us", email("dana")}
    shop.do(shop.desk.qualify, lead_id, ALICE, {})
    assert told(shop) == {}


def test_a_lead_that_is_taken_before_the_time_ran_out_is_told_with_its_clock_and_what_was_used(
    database: Database,
) -> None:
    shop = Shop(database, taken_at(50, "alice", "bob"))
    lead_id = shop.lead()
    shop.now += timedelta(minutes=30)
    shop.do(shop.desk.accept, lead_id, ALICE)
    shop.until(MONDAY + timedelta(days=1, hours=4, minutes=30))
    assert shop.get(lead_id).rep == BOB
    ended = "make first contact with pat@northwind.example ended after 12 h of 24 h of working time"
    assert told(shop) == {
        ALICE: f"The time to {ended}, so it went to Bob. Nothing is left for you to do.",
        "#us": f"Alice's time to {ended}. It is with Bob now.",
        email("dana"): f"Alice's time to {ended}. It is with Bob now.",
    }
    assert "took it from Alice, who had used 50 % of the time for the first touch, and assigned it to Bob" in lines(
        shop, lead_id
    )
    shop.until(MONDAY + timedelta(days=60))
    assert "had run out" not in lines(shop, lead_id)


def test_a_reminder_that_took_nothing_away_is_not_told_once_a_manager_passed_the_lead_on(database: Database) -> None:
    shop = Shop(database, replace(taken_at(50, "alice", "bob"), levels=(Level(50, EVERYBODY),)))
    lead_id = shop.lead()
    shop.until(MONDAY + TARGET / 2)
    assert told(shop).keys() == {ALICE, "#us", email("dana")}
    shop.do(shop.desk.reassign, lead_id, email("dana"), BOB)
    assert told(shop) == {}
