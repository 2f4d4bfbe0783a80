"""To whom a lead never goes back by the rules: who rejected it, and from whom a manager has just taken it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leads import progress
from sla_engine.lead import Plan
from sla_engine.policy import Audience, Level, NobodyAvailable, Policy
from storage.database import Database
from tests.leads.floor import run
from tests.leads.shop import TO_THE_NEXT, Shop
from tests.sla_engine.samples import ANYWAY, CLAIM, EVENING, HOLD, MONDAY, email, policy, rep, team

ALICE, BOB, DANA = email("alice"), email("bob"), email("dana")


def asked(*names: str, nobody: NobodyAvailable = HOLD, manager: str = "dana", called: str = "us") -> Policy:
    made = policy(team(called, *map(rep, names), manager=manager), when_nobody_is_available=nobody, max_reassignments=9)
    return replace(made, reasons=TO_THE_NEXT)


@pytest.mark.parametrize("nobody", [HOLD, CLAIM, ANYWAY])
def test_a_lead_that_everybody_rejected_is_the_managers(database: Database, nobody: NobodyAvailable) -> None:
    shop = Shop(database, asked("alice", "bob", nobody=nobody))
    lead_id = shop.lead()
    assert [shop.reject(lead_id).rep for _ in range(2)] == [BOB, DANA]
    assert shop.get(lead_id).why == "Dana manages us · nobody else is left in us"
    rejected = shop.history(lead_id, "assigned")[-1].detail["considered"]
    assert rejected == {"had it before": [ALICE, BOB], "": [DANA]}


@pytest.mark.parametrize(("nobody", "plan"), [(HOLD, Plan.HELD), (CLAIM, Plan.CLAIMABLE)])
def test_who_rejects_a_lead_does_not_get_it_back_because_all_others_are_away(
    database: Database, nobody: NobodyAvailable, plan: Plan
) -> None:
    shop = Shop(database, asked("alice", "bob", nobody=nobody))
    shop.do(shop.desk.away, BOB, BOB)
    lead_id = shop.lead()
    shop.reject(lead_id)
    shop.until(MONDAY + timedelta(hours=2))
    assert shop.get(lead_id).plan is plan
    shop.do(shop.desk.back, BOB, BOB)
    shop.tick()
    assert shop.get(lead_id).rep == BOB


def test_a_lead_waits_for_who_is_full_not_for_who_rejected_it_and_says_so(database: Database) -> None:
    shop = Shop(database, replace(asked(), teams={"us": team("us", rep("alice", max_open=1), rep("bob"))}))
    shop.lead(external_id="first")
    lead_id = shop.lead(external_id="second")
    assert shop.reject(lead_id).why == "Everyone else at work for us is full: it is tried again every 15 minutes"


def test_who_let_a_lead_lapse_gets_a_second_chance_who_rejected_it_does_not(database: Database) -> None:
    shop = Shop(database, asked("alice", "bob"))
    lead_id = shop.lead()
    run(database, lambda tx: progress.lapse(shop.desk.work(tx), shop.get(lead_id)))
    assert [shop.reject(lead_id).rep for _ in range(2)] == [ALICE, DANA]


def test_a_manager_who_rejected_a_lead_as_a_rep_has_it_still_when_nobody_is_left(database: Database) -> None:
    shop = Shop(database, asked("dana", "bob", manager="dana"))
    lead_id = shop.lead()
    assert [shop.reject(lead_id).rep for _ in range(2)] == [BOB, DANA]


@pytest.mark.parametrize("verb", ["reroute", "hand over"])
@pytest.mark.parametrize(
    ("others", "line"), [((), "nobody else is left in us"), (("bob",), "nobody but Alice is left")]
)
def test_out_of_hours_too_a_lead_that_a_manager_takes_from_a_rep_does_not_go_back_to_them(
    database: Database, verb: str, others: tuple[str, ...], line: str
) -> None:
    shop = Shop(database, asked("alice", *others))
    lead_id = shop.lead()
    for name in others:
        shop.do(shop.desk.away, email(name), email(name), MONDAY + timedelta(days=7))
    shop.now = EVENING
    if verb == "reroute":
        shop.do(shop.desk.reroute, lead_id, DANA)
    else:
        shop.do(shop.desk.hand_over, DANA, ALICE)
    assert (shop.get(lead_id).rep, shop.get(lead_id).why) == (DANA, f"Dana manages us · {line}")


def test_a_lead_that_a_manager_took_from_a_rep_may_come_back_to_them_after_somebody_else_had_it(
    database: Database,
) -> None:
    shop = Shop(database, asked("alice", "bob"))
    lead_id = shop.lead()
    shop.do(shop.desk.reroute, lead_id, DANA)
    assert shop.get(lead_id).rep == BOB
    assert shop.reject(lead_id).rep == ALICE


def test_the_last_resort_can_not_reject_what_would_come_straight_back(database: Database) -> None:
    shop = Shop(database, asked("alice"))
    lead_id = shop.lead()
    assert shop.reject(lead_id).rep == DANA
    before = shop.get(lead_id)
    with pytest.raises(progress.WouldComeBack):
        shop.reject(lead_id)
    assert shop.get(lead_id) == before
    assert len(shop.history(lead_id, "rejected")) == 1


def test_what_a_manager_sends_back_is_decided_by_the_rules_however_often_it_was_passed_on(database: Database) -> None:
    made = replace(asked("alice"), teams={"us": team("us", rep("alice"), rep("bob", max_open=1))}, max_reassignments=0)
    shop = Shop(database, made)
    first = shop.lead(external_id="first")
    shop.do(shop.desk.reassign, first, DANA, BOB) if shop.get(first).rep != BOB else None
    lead_id = shop.lead(external_id="second")
    assert (shop.get(lead_id).rep, shop.reject(lead_id).rep) == (ALICE, DANA)
    assert shop.do(shop.desk.reroute, lead_id, DANA).plan is Plan.HELD
    shop.until(MONDAY + timedelta(minutes=20))
    assert shop.get(lead_id).plan is Plan.HELD, "it waits for Bob"
    shop.reject(first)
    shop.tick()
    assert shop.get(lead_id).rep == BOB


def test_whom_slack_can_not_reach_lifts_no_bar(database: Database) -> None:
    shop = Shop(database, asked("alice", "bob"))
    lead_id = shop.lead()
    shop.do(shop.desk.reroute, lead_id, DANA)
    assert shop.get(lead_id).rep == BOB
    card = next(message for message in shop.messages("card") if message.lane == f"person:{BOB}")
    shop.do(shop.desk.undeliverable, card, "account_inactive", out_of_reach=True, in_doubt=False)
    assert shop.get(lead_id).rep != ALICE


def test_what_keeps_a_waiting_lead_is_told_as_it_is_after_every_try(database: Database) -> None:
    shop = Shop(database, asked("alice", "bob"), EVENING)
    lead_id = shop.lead()
    before = shop.get(lead_id).why
    shop.do(shop.desk.away, ALICE, ALICE)
    shop.tick()
    assert shop.get(lead_id).why != before
    assert [entry.detail["line"] for entry in shop.history(lead_id, "held")] == [before, shop.get(lead_id).why]
    shop.until(EVENING + timedelta(hours=1))
    assert len(shop.history(lead_id, "held")) == 2, "nothing has changed since"


def test_what_nobody_else_could_take_is_not_taken_from_the_manager_of_a_team_that_is_gone(database: Database) -> None:
    levels = (Level(150, frozenset({Audience.MANAGER}), reassign=True),)
    shop = Shop(database, replace(asked("alice"), levels=levels))
    lead_id = shop.lead()
    assert shop.reject(lead_id).rep == DANA
    shop.edit(replace(asked("alice", called="americas"), levels=levels, hash="beef"))
    shop.until(MONDAY + timedelta(days=10))
    assert [entry.detail["share"] for entry in shop.history(lead_id, "level reached")] == [100, 150]
    assert shop.history(lead_id, "lapsed") == []
