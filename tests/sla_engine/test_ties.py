"""Leads that belong to somebody: who knew them, who has the account or the territory, who has the skills."""

from dataclasses import replace
from typing import Any

import pytest

from sla_engine.decision import Routing, Verdict
from sla_engine.lead import LeadData, Plan
from sla_engine.policy import Rule, ToTeam, ToTerritory
from sla_engine.territories import Territories, Territory
from tests.sla_engine.samples import (
    ALWAYS,
    AWAY,
    EVENING,
    OWNERS,
    ROUND,
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


def test_a_lead_that_returns_goes_to_the_rep_who_knew_it_and_uses_no_turn() -> None:
    found = decide(acme(), knew_it="femi")
    assert (found.rep, found.team, found.turn) == (email("femi"), "emea", None)
    assert found.line == "Femi knew this lead before · returning lead"
    assert found.rules == (Verdict("Returning lead"),)


def test_the_rules_are_asked_when_the_rep_who_knew_the_lead_can_not_take_it() -> None:
    found = decide(acme(), knew_it="bob", bob=AWAY)
    assert found.rep == email("alice")
    assert found.rules == (Verdict("Returning lead", "Bob knew this lead before, but is away"), Verdict("Everyone"))
    assert decide(acme(), lead(refused="femi"), knew_it="femi").rep == email("alice")
    assert decide(acme(), knew_it="gone").rules == (Verdict("Everyone"),)


def test_another_lead_of_a_company_follows_the_first() -> None:
    found = decide(acme(), lead(said=data(domain="northwind.example")), companion="carol")
    assert found.line == "Carol was given another lead of northwind.example · same company"
    assert (found.rep, found.rule) == (email("carol"), "Same company")
    both = decide(acme(), knew_it="bob", companion="carol", bob=AWAY)
    assert both.rep == email("carol")
    assert [verdict.subject for verdict in both.rules] == ["Returning lead", "Same company"]


def test_a_named_account_comes_after_the_senders_word_and_before_who_holds_the_domain() -> None:
    asked = acme(OWNERS, to("us"), accounts={"northwind.example": email("gita")})
    named = data(domain="northwind.example")
    assert decide(asked, lead(said=named), holder="bob").rep == email("gita")
    assert decide(asked, lead(said=replace(named, owner_email=email("femi")))).rep == email("femi")
    assert decide(asked, lead(said=data(domain="other.example")), holder="bob").rep == email("bob")


SPEAKERS = team("eu", rep("ann", ALWAYS, skills=frozenset({"fr", "api"})), rep("ben", ALWAYS), rep("cyd", ALWAYS))
DUTCH = team("nl", rep("dirk", ALWAYS, skills=frozenset({"nl"})))


def skilled(*skills: str, of: tuple[str, ...] = ()) -> Rule:
    return Rule("Skilled", ToTeam("eu", ROUND, frozenset(skills), of))


def test_only_who_has_every_skill_a_rule_asks_for_is_offered_the_lead() -> None:
    asked = policy(SPEAKERS, rules=(skilled("fr", "api"), to("eu")))
    assert {decide(asked, credits={email("ben"): 1}).rep for _ in range(3)} == {email("ann")}
    found = decide(asked)
    assert found.line == "Ann's turn in eu · rule “Skilled” · Ben lacks api and fr, Cyd lacks api and fr"
    assert found.turn is not None
    assert set(found.turn.weights) == {email("ann")}, "who lacks a skill earns nothing, and keeps their turn"


def test_a_skill_nobody_has_leaves_the_lead_to_the_next_rule_rather_than_to_nobody() -> None:
    found = decide(policy(SPEAKERS, rules=(skilled("de"), to("eu"))))
    assert found.rules == (Verdict("Skilled", "nobody in eu has de"), Verdict("Everyone"))
    assert found.rep == email("ann")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (data(country="NL"), "nobody in nl has api and nl"),
        (data(country="NL", interests=("fr",)), "nobody in nl has api, and fr or nl"),
    ],
)
def test_skills_that_nobody_has_at_once_are_all_named(said: LeadData, words: str) -> None:
    reps = [rep(skill, ALWAYS, skills=frozenset({skill})) for skill in ("api", "nl", "fr")]
    asked_for = Rule("Skilled", ToTeam("nl", ROUND, frozenset({"api"}), ("country", "interests")))
    found = decide(policy(team("nl", *reps), rules=(asked_for, to("nl"))), lead(said=said))
    assert found.rules == (Verdict("Skilled", words), Verdict("Everyone"))


def test_a_skilled_rep_who_is_off_is_waited_for() -> None:
    asked = policy(team("eu", rep("ann", skills=frozenset({"fr"})), rep("ben", ALWAYS)), rules=(skilled("fr"),))
    found = decide(asked, lead(), EVENING)
    assert (found.plan, found.hold_until) == (Plan.HELD, TUESDAY_NEW_YORK)


def test_what_the_lead_says_asks_for_a_skill_only_where_somebody_has_it() -> None:
    asked = policy(SPEAKERS, rules=(skilled(of=("interests", "country")),))
    french = decide(asked, lead(said=data(country="FR")), credits={email("ben"): 1})
    assert french.rep == email("ann")
    assert Verdict(email("ben"), "lacks fr") in french.considered
    assert decide(asked, lead(said=data(interests=("API", "pricing"))), credits={email("ben"): 1}).rep == email("ann")
    assert decide(asked, lead(said=data(country="PL"))).line == "Ann's turn in eu · rule “Skilled”"


WEST = Territory(2, country="US", state="CA", team="us", name="West Coast")
ANNS = Territory(3, country="US", rep=email("bob"))
BOTH = Territory(4, country="GB", rep=email("gita"), team="emea")
BY_TERRITORY = Rule("Territories", ToTerritory(ROUND))


def in_territory(said: dict[str, str], *rows: Territory, **seen: Any) -> Routing:
    asked = acme(BY_TERRITORY, to("us"), territories=Territories.of(rows))
    return decide(asked, lead(said=data(**said)), **seen)


def test_a_territory_gives_the_lead_to_its_team_by_turn_or_to_its_rep() -> None:
    found = in_territory({"country": "US", "state": "CA"}, WEST)
    assert (found.rep, found.rule) == (email("alice"), "Territories")
    assert found.line == "Alice's turn in us · territory West Coast"
    found = in_territory({"country": "US"}, ANNS)
    assert (found.rep, found.turn) == (email("bob"), None)
    assert found.line == "Bob has the territory of line 3 · rule “Territories”"


def test_a_territory_whose_rep_is_off_is_its_teams_or_the_next_rules() -> None:
    found = in_territory({"country": "GB"}, BOTH, gita=AWAY)
    assert (found.rep, found.team, found.rule) == (email("femi"), "emea", "Territories")
    found = in_territory({"country": "US"}, ANNS, bob=AWAY)
    assert (found.rep, found.rule) == (email("alice"), "Everyone")
    assert found.rules[0].obstacle == "Bob has the territory of line 3, but is away"


def test_a_lead_in_no_territory_is_the_next_rules() -> None:
    assert in_territory({"country": "BR"}, WEST).rules[0] == Verdict("Territories", "the lead is in no territory")
