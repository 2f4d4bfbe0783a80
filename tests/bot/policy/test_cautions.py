"""What is allowed in a policy but seldom meant."""

from collections.abc import Callable

import pytest

from bot.policy import policy_warnings
from sla_engine.policy import Policy
from tests.bot.policy.conftest import ACCEPTANCE

Load = Callable[..., Policy]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "name: Everyone else",
            "name: Everyone else\n    when: {country: US}",
            "routing: no rule takes every lead; end with one that has no `when`, or what is left goes to a manager.",
        ),
        (
            '    when: {country: US, employees: ">=1000"}\n',
            "",
            "routing: “Everyone else” is never reached, since “Big US companies” before it takes every lead.",
        ),
        (
            '    when: {score: ">=90"}\n',
            "",
            "sla: “Standard” is never reached, since “Hot” before it takes every lead.",
        ),
        (
            ", reassign: true}",
            "}",
            "escalation: no level has `reassign: true`, so a lead its rep ignores stays with that rep.",
        ),
    ],
)
def test_an_oddity_is_told_in_one_sentence(load: Load, old: str, new: str, sentence: str) -> None:
    assert policy_warnings(load((old, new))) == [sentence]


def test_a_policy_without_levels_is_told(load: Load) -> None:
    written = ACCEPTANCE.read_text(encoding="utf-8")
    levels = written[written.index("escalation:") : written.index("pause_on:")]
    sentence = "escalation: there are no levels, so nobody is reminded of anything."
    assert policy_warnings(load((levels, ""))) == [sentence]


def test_a_team_without_leads_is_told(load: Load) -> None:
    policy = load(
        ("    backup: emea-inbound              ", "    "), ("{team: emea-inbound, method", "{team: us-inbound, method")
    )
    assert policy_warnings(policy) == ["teams: no rule and no backup leads to “emea-inbound”."]


def test_a_rep_with_two_slack_accounts_is_told(load: Load) -> None:
    policy = load(
        ("weight: 2", "slack_id: U001"),
        ("{email: femi@acme.example}", "{email: alice@acme.example, slack_id: U002}"),
    )
    assert policy_warnings(policy) == ["teams: alice@acme.example has several Slack accounts: U001, U002."]
