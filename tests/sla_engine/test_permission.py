"""Who may act on a lead."""

import pytest

from sla_engine.lead import Lead, Status
from sla_engine.permission import beneficiary, looked_after
from sla_engine.refusals import MovedOn, NobodysYet, NotYours
from tests.sla_engine.samples import email, lead, policy, rep, team

POLICY = policy(
    team("us", rep("alice"), rep("bob"), rep("dana")),
    team("emea", rep("femi"), manager="erik"),
    admins=(email("olga"),),
)


def with_bob(refused: str = "") -> Lead:
    return lead(Status.MQL, team="us", rep=email("bob"), refused=refused)


def test_the_rep_acts_for_themselves() -> None:
    assert beneficiary(with_bob(), email("bob"), POLICY) is None


@pytest.mark.parametrize("name", ["dana", "olga"])
def test_the_manager_and_an_admin_act_for_the_rep(name: str) -> None:
    assert beneficiary(with_bob(), email(name), POLICY) == email("bob")


def test_a_manager_who_is_the_rep_acts_for_nobody_else() -> None:
    mine = lead(Status.MQL, team="us", rep=email("dana"))
    assert beneficiary(mine, email("dana"), POLICY) is None


def test_a_manager_keeps_their_say_over_a_lead_they_once_gave_away() -> None:
    assert beneficiary(with_bob(refused="dana"), email("dana"), POLICY) == email("bob")


@pytest.mark.parametrize("name", ["alice", "erik", "stranger"])
def test_anybody_else_learns_whose_lead_it_is(name: str) -> None:
    with pytest.raises(NotYours, match=r"^This lead is with Bob: only they, their manager or an admin can do that.$"):
        beneficiary(with_bob(), email(name), POLICY)


def test_a_rep_who_had_the_lead_learns_that_it_has_moved_on() -> None:
    with pytest.raises(MovedOn, match=r"^This lead has moved on: it is with Bob now.$"):
        beneficiary(with_bob(refused="alice"), email("alice"), POLICY)


def test_a_lead_that_is_nobodys_yet_is_for_its_teams_manager_or_an_admin() -> None:
    waiting = lead(Status.MQL, team="us")
    assert beneficiary(waiting, email("dana"), POLICY) is None
    with pytest.raises(NobodysYet, match=r"^This lead is with nobody yet: only its team's manager or an admin can"):
        beneficiary(waiting, email("alice"), POLICY)


def test_a_lead_of_a_team_the_policy_no_longer_has_is_for_its_rep_their_present_manager_and_the_admins() -> None:
    old = lead(Status.MQL, team="gone", rep=email("bob"))
    assert beneficiary(old, email("bob"), POLICY) is None
    assert {beneficiary(old, email(name), POLICY) for name in ("dana", "olga")} == {email("bob")}
    with pytest.raises(NotYours):
        beneficiary(old, email("erik"), POLICY)


def test_a_lead_whose_team_and_rep_have_both_left_the_policy_is_for_the_admins() -> None:
    old = lead(Status.MQL, team="gone", rep=email("zoe"))
    assert beneficiary(old, email("olga"), POLICY) == email("zoe")
    with pytest.raises(NotYours):
        beneficiary(old, email("dana"), POLICY)


def test_a_manager_looks_after_their_teams_and_an_admin_after_all() -> None:
    found = {name: [one.name for one in looked_after(POLICY, email(name))] for name in ("dana", "erik", "olga", "bob")}
    assert found == {"dana": ["us"], "erik": ["emea"], "olga": ["us", "emea"], "bob": []}
