"""Who gets a lead, told as cases."""

from dataclasses import replace
from datetime import timedelta

from sla_engine.conditions import Bound, Condition
from sla_engine.decision import Routing, Verdict, chain, to_manager
from sla_engine.lead import Plan, Status
from sla_engine.policy import Rep, ToTeam
from sla_engine.turns import TURN
from tests.sla_engine.samples import (
    ALWAYS,
    ANYWAY,
    AWAY,
    CLAIM,
    EVENING,
    LEAST,
    MONDAY,
    OWNERS,
    ROUND,
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

BRITISH = (Condition("country", ("GB", "IE")),)
BIG = (Condition("employees", bounds=(Bound(">=", 1_500_000),)),)
LOST = {"unreachable_until": MONDAY + timedelta(days=1)}


def test_the_first_rule_that_matches_decides_and_the_explanation_tells_of_those_before_it() -> None:
    rules = to("emea", rule="Britain", when=BRITISH), to("us", rule="Big", when=BIG), to("us"), to("emea", rule="Never")
    found = decide(acme(*rules), lead(said=data(country="US")))
    assert (found.plan, found.team, found.rep, found.rule) == (Plan.ASSIGNED, "us", email("alice"), "Everyone")
    assert found.rules == (
        Verdict("Britain", "needs country GB or IE; it has US"),
        Verdict("Big", "needs employees >=1500000; it has none"),
        Verdict("Everyone"),
    )
    assert decide(acme(*rules), lead(said=data(country="IE"))).rep == email("femi")


def owed(found: Routing) -> dict[str, float]:
    """What each is owed once the turn is paid, in turns."""
    return {email: one.credit / TURN for email, one in found.turn.after.items()} if found.turn else {}


def test_a_turn_pays_one_and_earns_each_who_was_free_their_share() -> None:
    found = decide(acme(), credits={email("alice"): -0.5, email("bob"): 0.25, email("carol"): 0.25})
    assert found.rep == email("bob")
    assert owed(found) == {email("alice"): 0, email("bob"): -0.5, email("carol"): 0.5}
    assert found.line == "Bob's turn in us · rule “Everyone”"


def test_the_card_says_who_was_passed_over_and_the_explanation_who_was_merely_not_next() -> None:
    found = decide(acme(), alice={"away": True, "away_until": TUESDAY_NEW_YORK})
    assert found.line == "Bob's turn in us · rule “Everyone” · Alice away until Tue 09:00 New York"
    assert found.considered == (
        Verdict(email("alice"), "away until Tue 09:00 New York"),
        Verdict(email("carol"), "free, but not next in turn"),
        Verdict(email("bob")),
    )


def test_least_loaded_counts_open_leads_whatever_the_weights() -> None:
    found = decide(acme(to("us", LEAST)), alice={"open_leads": 5}, bob={"open_leads": 3}, carol={"open_leads": 4})
    assert found.rep == email("bob")
    assert found.line == "Bob has the fewest open leads in us (3) · rule “Everyone”"
    assert Verdict(email("alice"), "free, with 5 open") in found.considered


def test_least_loaded_is_relative_to_what_each_can_hold() -> None:
    asked = policy(
        team("us", rep("alice", max_open=20), rep("bob", max_open=4), rep("carol")), rules=(to("us", LEAST),)
    )
    found = decide(asked, alice={"open_leads": 5}, bob={"open_leads": 2}, carol={"open_leads": 6})
    assert found.rep == email("alice"), "5 of 20 is less than 2 of 4, and than 6 of the team's largest 20"
    assert found.line.startswith("Alice is the least full in us (5 of 20)"), "Bob has fewer open leads"
    assert Verdict(email("bob"), "free, with 2 of 4 open") in found.considered
    assert found.turn is not None
    assert found.turn.skipped[email("bob")].clause == "is fuller"


def test_who_can_hold_as_many_as_the_others_has_the_fewest_open_leads() -> None:
    asked = policy(team("us", rep("alice", max_open=5), rep("bob")), rules=(to("us", LEAST),))
    found = decide(asked, alice={"open_leads": 2}, bob={"open_leads": 1})
    assert found.line.startswith("Bob has the fewest open leads in us (1)")


def test_least_loaded_among_equals_takes_turns_of_its_own() -> None:
    found = decide(acme(to("emea", LEAST)), credits={email("gita"): 0.5, email("femi"): -0.5})
    assert found.line == "Gita has the fewest open leads in emea (0) · rule “Everyone”"
    assert found.turn is not None
    assert (found.turn.method, owed(found)) == (LEAST, {email("femi"): 0, email("gita"): 0})


def test_the_owner_of_the_account_gets_the_lead_whatever_team_they_are_in_and_no_turn_is_used() -> None:
    owned = lead(said=data(owner_email="Femi@Acme.example", domain="northwind.example"))
    found = decide(acme(OWNERS, to("us")), owned)
    assert (found.rep, found.team, found.rule) == (email("femi"), "emea", "Named accounts")
    assert found.line == "Femi owns northwind.example · rule “Named accounts”"
    assert found.turn is None
    assert found.rules == (Verdict("Named accounts"),)
    assert found.considered == (Verdict(email("femi")),)


def test_the_senders_word_counts_before_who_holds_the_domain() -> None:
    asked = acme(OWNERS, to("us"))
    assert decide(asked, lead(said=data(owner_email=email("gita"))), holder="bob").rep == email("gita")
    assert decide(asked, lead(said=data(owner_email="stranger@acme.example")), holder="bob").rep == email("bob")
    assert decide(asked, holder="bob").line == "Bob owns this account · rule “Named accounts”"


def test_an_account_without_an_owner_goes_on_to_the_next_rule() -> None:
    asked = acme(OWNERS, to("us"))
    assert decide(asked).rules[0] == Verdict("Named accounts", "nobody owns this account yet")
    found = decide(asked, lead(said=data(owner_email="stranger@acme.example")))
    assert found.rules[0].obstacle == "stranger@acme.example is not a rep in the policy"
    assert found.rep == email("alice")


def test_an_owner_who_can_not_take_it_is_named_and_the_next_rule_is_asked() -> None:
    asked = acme(OWNERS, to("us"))
    away = decide(asked, lead(said=data(owner_email=email("bob"))), bob=AWAY)
    assert away.rules[0].obstacle == "Bob owns this account, but is away"
    refused = decide(asked, lead(said=data(owner_email=email("alice")), refused="alice"))
    assert refused.rules[0].obstacle == "Alice owns this account, but had it before"
    lost = decide(asked, lead(said=data(owner_email=email("bob"))), bob=LOST)
    assert lost.rules[0].obstacle == "Bob owns this account, but can't be reached in Slack"
    assert (away.rep, refused.rep, lost.rep) == (email("alice"), email("bob"), email("alice"))


def test_an_owner_in_two_teams_is_found_in_the_one_whose_hours_suit() -> None:
    asked = policy(team("day", rep("bob")), team("night", rep("bob", ALWAYS)), rules=(OWNERS, to("day")))
    owned = lead(said=data(owner_email=email("bob")))
    assert (decide(asked, owned).team, decide(asked, owned, EVENING).team) == ("day", "night")
    assert decide(asked, owned, EVENING, bob=AWAY).rules[0].obstacle == "Bob owns this account, but is away"


def test_a_lead_no_rule_has_a_rep_for_is_the_managers() -> None:
    found = decide(acme(to("us", when=BRITISH), OWNERS), lead(said=data(country="US"), team="emea", rule="Old"))
    assert (found.plan, found.rep, found.team, found.rule) == (Plan.ASSIGNED, email("erik"), "emea", "Old")
    assert found.line == "Erik manages emea · no routing rule finds a rep for it"
    assert [verdict.subject for verdict in found.rules] == ["Everyone", "Named accounts"]
    assert all(verdict.obstacle for verdict in found.rules)


def test_the_manager_of_a_lead_without_a_known_team_is_the_first_teams() -> None:
    for name in (None, "gone"):
        found = to_manager(lead(team=name), acme(), "it was passed on 3 times")
        assert (found.rep, found.team) == (email("dana"), "us")
        assert found.line == "Dana manages us · it was passed on 3 times"


def test_a_manager_who_is_also_a_rep_takes_turns_like_the_others() -> None:
    asked = policy(team("us", rep("dana"), rep("bob")))
    assert decide(asked).rep == email("dana")
    assert decide(asked, lead(refused="dana")).rep == email("bob")
    assert to_manager(lead(team="us", refused="dana"), asked, "it went round").rep == email("dana")


def test_a_backup_team_is_asked_when_nobody_is_available() -> None:
    found = decide(acme(), alice=AWAY, bob={"away": True}, carol=AWAY)
    assert (found.rep, found.team) == (email("femi"), "emea")
    assert found.line == ("Femi's turn in emea, backing up us · rule “Everyone” · Alice away, Bob away, Carol away")


def test_backups_in_a_circle_are_asked_once_each() -> None:
    asked = policy(team("a", rep("alice"), backup="b"), team("b", rep("bob"), backup="a"))
    assert [one.name for one in chain(asked, "b")] == ["b", "a"]
    found = decide(asked, alice=AWAY, bob=AWAY)
    assert found.plan is Plan.HELD
    assert [verdict.subject for verdict in found.considered] == [email("alice"), email("bob")]


def test_a_rep_of_two_teams_is_taken_where_they_are_free() -> None:
    asked = policy(team("day", rep("bob"), backup="night"), team("night", rep("bob", ALWAYS), rep("zoe", ALWAYS)))
    found = decide(asked, lead(), EVENING)
    assert (found.team, found.rep) == ("night", email("bob"))
    assert found.line == "Bob's turn in night, backing up day · rule “Everyone”"
    assert found.considered[0] == Verdict(email("bob"), "off until Tue 09:00 New York")


def test_who_had_the_lead_is_passed_over_while_somebody_else_is_left() -> None:
    found = decide(acme(), lead(refused="alice bob"))
    assert found.rep == email("carol")
    assert found.line.endswith("· Alice and Bob had it before")
    everybody = lead(refused="alice bob carol femi gita")
    again = decide(acme(), everybody)
    assert again.rep == email("alice")
    assert again.line == "Alice's turn in us · rule “Everyone” · nobody else is left"


def test_those_who_had_the_lead_are_named_together_before_those_who_are_off() -> None:
    found = decide(acme(), lead(refused="alice bob carol"), gita=AWAY)
    assert found.rep == email("femi")
    assert found.line.endswith("· Alice, Bob and Carol had it before, Gita away")


def anyway(refused: str = "", **seen: object) -> tuple[str | None, str]:
    """Who is burdened in the evening, when all are off, and in which team."""
    found = decide(acme(when_nobody_is_available=ANYWAY), lead(refused=refused), EVENING, **seen)
    assert found.plan is Plan.ASSIGNED
    assert found.line.endswith(" · nobody is available, assigned anyway")
    assert found.considered[-1] == Verdict(found.rep or "")
    return found.rep, found.team


def test_a_lead_assigned_anyway_goes_by_turn_to_the_teams_own_reps() -> None:
    assert anyway() == (email("alice"), "us")
    found = decide(acme(when_nobody_is_available=ANYWAY), lead(), EVENING)
    assert found.rule == "Everyone"
    assert owed(found)[email("alice")] == -0.5
    assert found.line.startswith("Alice's turn in us · rule “Everyone” · Bob off until Tue 09:00 New York, Carol off")


def test_a_lead_assigned_anyway_goes_to_who_is_off_before_the_backup_and_to_the_backup_before_who_had_it() -> None:
    assert anyway(refused="alice", bob=AWAY) == (email("carol"), "us")
    assert anyway(refused="alice bob carol") == (email("femi"), "emea")


def test_a_lead_assigned_anyway_goes_back_to_who_had_it_before_it_goes_to_who_is_away() -> None:
    everybody = dict.fromkeys(("alice", "bob", "carol", "femi", "gita"), AWAY)
    assert anyway(refused="bob", **{**everybody, "bob": {}}) == (email("bob"), "us")
    assert anyway(refused="alice bob carol", **everybody) == (email("femi"), "emea")
    assert anyway(refused="alice bob carol femi gita", **everybody) == (email("alice"), "us")


def test_a_lead_free_to_take_is_tried_again_when_the_first_of_them_opens() -> None:
    minutes_before = TUESDAY_LONDON - timedelta(minutes=5)
    assert decide(acme(when_nobody_is_available=CLAIM), lead(), minutes_before).hold_until == TUESDAY_LONDON


def test_a_card_names_a_few_of_many_who_were_passed_over_and_the_explanation_all() -> None:
    crowd: list[Rep] = [rep(f"rep{number}") for number in range(30)]
    asked = policy(team("us", *crowd, rep("zoe", ALWAYS)))
    found = decide(asked, lead(), EVENING)
    assert found.rep == email("zoe")
    assert found.line.endswith("Rep3 off until Tue 09:00 New York, 26 more passed over")
    assert len(found.considered) == 31


def test_the_manager_of_the_reps_present_team_answers_for_a_lead_whose_team_is_gone() -> None:
    stranded = lead(Status.MQL, team="renamed", rep=email("femi"))
    assert to_manager(stranded, acme(), "it was passed on twice").rep == email("erik")
    assert to_manager(replace(stranded, rep=email("left")), acme(), "it was passed on twice").rep == email("dana")


def test_what_a_lead_does_not_say_is_no_skill() -> None:
    speaks = replace(to("us"), assign=ToTeam("us", ROUND, skills_from=("country",)))
    us = team("us", rep("alice", skills=frozenset({"fr"})), rep("bob", skills=frozenset({"none"})))
    asked = policy(us, rules=(speaks,))
    assert decide(asked, lead(said=data(country="FR"))).rep == email("alice")
    assert decide(asked, lead(said=data(country=None))).rep == email("alice"), "as the first in turn"
