"""Who gets a lead, as the policy file says it: groups of conditions, skills, and the keys beside the rules."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sla_engine.conditions import AnyOf, Bound, Condition, Not, When
from sla_engine.policy import Method, Policy, Returning, ToTeam
from tests.bot.policy.conftest import Edit

Load = Callable[..., Policy]
Told = Callable[..., list[str]]
WHEN = "{country: [GB, IE, DE, FR, NL]}"
ASSIGN = "{team: emea-inbound, method: round_robin}"
US, CA = Condition("country", ("US",)), Condition("state", ("CA",))
FEMI: Edit = ("{email: femi@acme.example}", "{email: femi@acme.example, skills: [API, fr, api], max_per_week: 30}")
GITA: Edit = ("{email: gita@acme.example}", "{email: gita@acme.example, skills: [nl]}")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{country: {not: US}}", (US.opposite(),)),
        ("{country: {not: [US, CA]}}", (Condition("country", ("US", "CA"), negated=True),)),
        ("{employees: {not: '>=10'}}", (Condition("employees", bounds=(Bound(">=", 10),), negated=True),)),
        ("{company: {contains: bank}}", (Condition("company", contains=("bank",)),)),
        ("{company: {not: {contains: [a, b]}}}", (Condition("company", contains=("a", "b"), negated=True),)),
        ("{email: {domain: '@ACME.com'}}", (Condition("email", domains=("acme.com",)),)),
        ("{website: {not: {domain: [edu, ac.uk]}}}", (Condition("website", domains=("edu", "ac.uk"), negated=True),)),
        ("{domain: [www.acme.com, b.co.uk]}", (Condition("domain", ("acme.com", "b.co.uk")),)),
        ("{any: [{country: US}, {state: CA, country: US}]}", (AnyOf(((US,), (CA, US))),)),
        ("{state: CA, all: [{country: US}, {state: CA}]}", (CA, US, CA)),
        ("{not: {country: US, state: CA}}", (Not((US, CA)),)),
        ("{not: {country: {not: US}}}", (US,)),
        ("{not: {any: [{country: US}]}}", (Not((AnyOf(((US,),)),)),)),
        ("{postal_code: 01067}", (Condition("postal_code", ("01067",)),)),
    ],
)
def test_conditions_are_read_as_they_are_meant(load: Load, written: str, meant: When) -> None:
    assert load((WHEN, written)).rules[1].when == meant


def test_a_promise_takes_the_same_conditions(load: Load) -> None:
    assert load(('{score: ">=90"}', "{not: {country: US, state: CA}}")).promises[1].when == (Not((US, CA)),)


def test_skills_are_compared_in_lower_case(load: Load) -> None:
    policy = load(FEMI, (ASSIGN, "{team: emea-inbound, skills: [Api, FR], skills_from: [interests, country]}"))
    femi = policy.teams["emea-inbound"].reps[0]
    assert (sorted(femi.skills), femi.max_per_week) == (["api", "fr"], 30)
    skills = frozenset({"api", "fr"})
    assert policy.rules[1].assign == ToTeam("emea-inbound", Method.ROUND_ROBIN, skills, ("interests", "country"))


def test_a_skill_may_be_a_backups(load: Load) -> None:
    everyone = "{team: us-inbound, method: least_loaded}"
    assert load(FEMI, (everyone, "{team: us-inbound, skills: [fr]}")).rules[2].assign == ToTeam(
        "us-inbound", Method.ROUND_ROBIN, frozenset({"fr"})
    )


def test_a_skill_that_nobody_has_is_refused_with_those_there_are(mistakes: Told) -> None:
    expected = 'a skill of a rep of emea-inbound or its backups: one of api, fr, nl (did you mean "api"?)'
    assert mistakes(FEMI, GITA, (ASSIGN, "{team: emea-inbound, skills: [fr, apis]}"))[1:] == [
        f'handoff.yaml:49: routing[1].assign.skills[1]: found "apis", expected {expected}'
    ]


def test_skills_that_nobody_has_together_are_refused(mistakes: Told) -> None:
    expected = "expected skills that one rep of emea-inbound or its backups has all of"
    assert mistakes(FEMI, GITA, (ASSIGN, "{team: emea-inbound, skills: [fr, nl]}"))[1:] == [
        f"handoff.yaml:49: routing[1].assign.skills: found a list, {expected}"
    ]


def test_what_the_file_does_not_say_has_a_default(load: Load) -> None:
    policy = load()
    assert (policy.claim_within, policy.release_every) == (timedelta(minutes=30), timedelta(seconds=1))
    assert (policy.credits_a_day, policy.returning_leads) == (3, Returning.SAME_REP)
    assert (policy.keep_company_together, policy.duplicates_by_email) == (None, False)
    assert (policy.territories, policy.accounts, policy.personal_data_after) == (None, {}, None)


def test_what_the_file_says_is_taken(load: Load) -> None:
    keys = (
        "claim_within: 5m\nrelease_every: 2s\ncredits_a_day: 0\nreturning_leads: by_rules\n"
        "keep_company_together: 7d\nduplicates_by: [external_id, email]\n"
        "retention: {personal_data_after: 400d}\n"
    )
    policy = load(("version: 1\n", f"version: 1\n{keys}"))
    assert (policy.claim_within, policy.release_every) == (timedelta(minutes=5), timedelta(seconds=2))
    assert (policy.credits_a_day, policy.returning_leads) == (0, Returning.BY_RULES)
    assert (policy.keep_company_together, policy.duplicates_by_email) == (timedelta(days=7), True)
    assert policy.personal_data_after == timedelta(days=400)
