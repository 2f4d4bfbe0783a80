"""The policy answers what the rules ask of it."""

from dataclasses import replace

from sla_engine.errors import EngineError
from sla_engine.policy import Outcome, Reason
from sla_engine.refusals import NoteRequired, NotPaused
from tests.sla_engine.samples import email, policy, rep, team

US = team("us", rep("alice"), rep("bob"))
EMEA = team("emea", rep("bob"), manager="erik")
POLICY = policy(US, EMEA, admins=(email("olga"), email("erik")))


def test_a_rep_of_two_teams_comes_once_for_each() -> None:
    assert [(each.name, one.email) for each, one in POLICY.reps()] == [
        ("us", email("alice")),
        ("us", email("bob")),
        ("emea", email("bob")),
    ]


def test_everyone_the_policy_names_is_named_once() -> None:
    assert POLICY.people() == tuple(map(email, ("alice", "bob", "dana", "erik", "olga")))


def test_a_team_knows_its_reps() -> None:
    assert US.rep(email("bob")) == rep("bob")
    assert EMEA.rep(email("alice")) is None


def test_a_reason_is_found_by_its_id() -> None:
    reason = Reason("no_budget", "No budget", Outcome.RECYCLE)
    known = replace(POLICY, reasons=(Reason("other", "Other", Outcome.REROUTE), reason))
    assert known.reason("no_budget") is reason
    assert known.reason("gone") is None


def test_a_refusal_is_the_sentence_of_its_docstring_filled_in() -> None:
    assert str(NoteRequired(reason="{Bad} timing")) == "“{Bad} timing” needs a note, so that marketing can act on it."
    assert str(NotPaused()) == "The clock of this lead is not paused."
    assert NoteRequired(reason="x").facts == {"reason": "x"}


def test_an_error_without_a_sentence_says_nothing_rather_than_failing() -> None:
    class Silent(EngineError):
        pass

    assert str(Silent()) == ""
