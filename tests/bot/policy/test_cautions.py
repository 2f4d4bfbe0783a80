"""What is allowed in a policy but seldom meant."""

from collections.abc import Callable

import pytest

from tests.bot.policy.conftest import ACCEPTANCE

Told = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "timezone: America/New_York\n",
            "timezone: EST\n",
            "10: calendars.new-york.timezone: EST has no summer time; America/New_York goes by the clocks there.",
        ),
        (
            "timezone: America/New_York\n",
            "timezone: Etc/GMT+5\n",
            "10: calendars.new-york.timezone: Etc/GMT+5 is behind UTC, and has no summer time; name a city's zone.",
        ),
        (
            "name: Everyone else",
            "name: Everyone else\n    when: {country: US}",
            "44: routing: no rule takes every lead; "
            "end with one that has no `when`, or what is left goes to a manager.",
        ),
        (
            '    when: {country: US, employees: ">=1000"}\n',
            "",
            "52: routing: “Everyone else” never gets a lead: “Big US companies” (line 50) takes every lead.",
        ),
        (
            '    when: {score: ">=90"}\n',
            "",
            "68: sla: “Standard” is never used: “Hot” (line 64) takes every lead.",
        ),
        (
            ", reassign: true}",
            "}",
            "73: escalation: no level has `reassign: true`, so a lead its rep ignores stays with that rep.",
        ),
    ],
)
def test_an_oddity_is_told_in_one_sentence(told: Told, old: str, new: str, sentence: str) -> None:
    assert told((old, new)) == [f"handoff.yaml:{sentence}"]


def test_a_policy_without_levels_is_told(told: Told) -> None:
    written = ACCEPTANCE.read_text(encoding="utf-8")
    levels = written[written.index("escalation:") : written.index("pause_on:")]
    sentence = "1: escalation: there are no levels, so nobody is reminded of anything."
    assert told((levels, "")) == [f"handoff.yaml:{sentence}"]


def test_a_team_without_leads_is_told(told: Told) -> None:
    assert told(
        ("    backup: emea-inbound              ", "    "), ("{team: emea-inbound, method", "{team: us-inbound, method")
    ) == ["handoff.yaml:32: teams: no rule and no backup leads to “emea-inbound”."]


def test_a_rep_with_two_slack_accounts_is_told(told: Told) -> None:
    assert told(
        ("weight: 2", "slack_id: U001"),
        ("{email: femi@acme.example}", "{email: alice@acme.example, slack_id: U002}"),
    ) == ["handoff.yaml:22: teams: alice@acme.example has several Slack accounts: U001, U002."]


EVERYONE = "  - name: Everyone else\n"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{country: [AT, PL]}", "{country: at}"),
        ("{country: AT}", "{country: AT, score: '>50'}"),
        ("{employees: '>=100'}", "{employees: '>=200 <300'}"),
        ("{employees: '>=100'}", "{employees: [100, 250]}"),
        ("{company: {contains: bank}}", "{company: {contains: [Deutsche Bank, bankers]}}"),
        ("{email: {domain: acme.com}}", "{email: {domain: eu.acme.com}}"),
        ("{website: {domain: edu}}", "{website: [https://www.mit.edu/admissions]}"),
        ("{country: {not: [US]}}", "{country: {not: [US, CA]}}"),
        ("{country: {not: US}}", "{country: CA}"),
        ("{any: [{country: AT}, {country: PL}]}", "{country: PL, state: X}"),
        ("{country: [AT, PL]}", "{any: [{country: AT}, {country: PL, state: X}]}"),
        ("{not: {country: US, state: CA}}", "{country: PL}"),
    ],
)
def test_a_rule_behind_one_that_takes_all_it_would_match_is_told(told: Told, earlier: str, later: str) -> None:
    assign = "    assign: {team: us-inbound}\n"
    rules = f"  - name: Wide\n    when: {earlier}\n{assign}  - name: Narrow\n    when: {later}\n{assign}"
    sentence = "routing: “Narrow” never gets a lead: “Wide” (line 53) takes every lead it would match."
    assert told((EVERYONE, rules + EVERYONE)) == [f"handoff.yaml:56: {sentence}"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{country: AT}", "{country: [AT, PL]}"),
        ("{country: AT, state: BE}", "{country: AT}"),
        ("{employees: '>100'}", "{employees: '>=100'}"),
        ("{employees: '>=100 <200'}", "{employees: '>=100'}"),
        ("{company: {contains: bank}}", "{company: {contains: [bank, credit]}}"),
        ("{email: {domain: eu.acme.com}}", "{email: {domain: acme.com}}"),
        ("{country: {not: [US, CA]}}", "{country: {not: US}}"),
        ("{country: CA}", "{country: {not: US}}"),
        ("{interests: {not: api}}", "{interests: sso}"),
        ("{any: [{country: AT, state: BE}, {country: PL}]}", "{country: AT}"),
        ("{not: {country: US, state: CA}}", "{country: US}"),
        ("{country: AT}", "{any: [{country: AT}, {country: PL}]}"),
    ],
)
def test_a_rule_that_can_still_get_a_lead_is_left_alone(told: Told, earlier: str, later: str) -> None:
    assign = "    assign: {team: us-inbound}\n"
    rules = f"  - name: Wide\n    when: {earlier}\n{assign}  - name: Narrow\n    when: {later}\n{assign}"
    assert told((EVERYONE, rules + EVERYONE)) == []


@pytest.mark.parametrize(
    "when",
    [
        "{country: US, not: {country: US}}",
        "{country: US, all: [{country: PL}]}",
        "{employees: '>=100', all: [{employees: '<100'}]}",
        "{country: US, all: [{country: {not: [US, CA]}}]}",
        "{country: US, any: [{country: PL}, {country: {not: us}}]}",
        "{country: US, state: CA, not: {country: US, state: CA}}",
    ],
)
def test_a_rule_whose_conditions_no_lead_meets_is_told(told: Told, when: str) -> None:
    rule = f"  - name: Odd\n    when: {when}\n    assign: {{team: us-inbound}}\n"
    sentence = "routing: “Odd” never gets a lead: no lead meets all of its conditions."
    assert told((EVERYONE, rule + EVERYONE)) == [f"handoff.yaml:53: {sentence}"]


def test_interests_are_several_so_that_two_of_them_can_be_asked_at_once(told: Told) -> None:
    rule = "  - name: Both\n    when: {interests: api, all: [{interests: sso}]}\n    assign: {team: us-inbound}\n"
    assert told((EVERYONE, rule + EVERYONE)) == []


def test_an_owners_rule_hands_on_so_that_the_next_is_reached(told: Told) -> None:
    rule = "  - name: Again\n    assign: account_owner\n"
    assert told((EVERYONE, rule + EVERYONE)) == []


def test_skills_that_nobody_has_are_told(told: Told) -> None:
    rule = "{team: emea-inbound, skills_from: [interests]}"
    sentence = "routing: “EMEA territory” goes by skills, but no rep of emea-inbound has any."
    assert told(("{team: emea-inbound, method: round_robin}", rule)) == [f"handoff.yaml:47: {sentence}"]


def test_tables_that_no_rule_asks_are_told(told: Told) -> None:
    keys = "version: 1\nterritories: {file: territories.csv}\nnamed_accounts: {file: accounts.csv}"
    found = told(
        ("version: 1", keys),
        ("assign: account_owner ", "assign: {team: us-inbound}\n    when: {score: 1} "),
        territories="country,team\nUS,us-inbound\n",
        accounts="domain,rep\nacme.com,bob@acme.example\n",
    )
    assert found == [
        "handoff.yaml:4: territories: no rule says `assign: territory`, so the table is not used.",
        "handoff.yaml:5: named_accounts: no rule says `assign: account_owner`, so the table is not used.",
    ]
