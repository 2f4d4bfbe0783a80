"""The accepted policy and our example, read as they stand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.policy import PolicyFile, load_policy, policy_warnings
from sla_engine.conditions import Bound, Condition
from sla_engine.policy import (
    Audience,
    Digest,
    Level,
    Method,
    NobodyAvailable,
    Outcome,
    Policy,
    Qualification,
    Reason,
    Source,
    ToAccountOwner,
    ToTeam,
)
from tests.bot.policy.conftest import ACCEPTANCE, TODAY

EXAMPLE = Path(__file__).parents[3] / "examples" / "handoff.yaml"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(ACCEPTANCE, TODAY)


def test_teams_and_reps_are_as_written(policy: Policy) -> None:
    us, emea = policy.teams.values()
    assert (us.name, us.channel, us.manager, us.backup) == (
        "us-inbound",
        "#leads-us",
        "dana@acme.example",
        "emea-inbound",
    )
    assert [rep.email for rep in us.reps] == ["alice@acme.example", "bob@acme.example", "carol@acme.example"]
    alice, bob, carol = us.reps
    assert (alice.weight, bob.weight) == (2, 1)
    assert (bob.max_open, bob.max_per_day, alice.max_open) == (15, 20, None)
    assert (alice.calendar_name, carol.calendar_name) == ("new-york", "london")
    assert carol.calendar is emea.calendar is policy.calendars["london"]
    assert emea.backup is None
    assert policy.admins == ("olga@acme.example",)


def test_rules_are_kept_in_order_with_their_conditions(policy: Policy) -> None:
    named, emea, big, rest = policy.rules
    assert (named.assign, named.when) == (ToAccountOwner(), ())
    assert emea.when == (Condition("country", values=("GB", "IE", "DE", "FR", "NL")),)
    assert big.when == (
        Condition("country", values=("US",)),
        Condition("employees", bounds=(Bound(">=", 1000),)),
    )
    assert big.assign == ToTeam("us-inbound", Method.LEAST_LOADED)
    assert (rest.name, rest.when) == ("Everyone else", ())
    assert policy.qualification == Qualification(60, ("email", "company", "country"))
    assert policy.when_nobody_is_available is NobodyAvailable.HOLD
    assert policy.max_reassignments == 3


def test_promises_and_levels_are_as_written(policy: Policy) -> None:
    demo, hot, standard = policy.promises
    assert (demo.accept_within, demo.first_touch_within) == (timedelta(minutes=5), timedelta(hours=1))
    assert hot.when == (Condition("score", bounds=(Bound(">=", 90),)),)
    assert (standard.when, standard.count, standard.qualify_within) == ((), "working", timedelta(hours=80))
    assert [level.at for level in policy.levels] == [50, 80, 100, 150]
    assert policy.levels[-1] == Level(150, frozenset({Audience.MANAGER}), reassign=True)
    assert policy.pause_on == {"lead_replied"}


def test_reasons_digests_and_sources_are_as_written(policy: Policy) -> None:
    assert policy.reason("bad_timing") == Reason("bad_timing", "Bad timing", Outcome.RECYCLE, note_required=True)
    assert policy.reason("wrong_territory") == Reason(
        "wrong_territory", "Wrong territory", Outcome.REROUTE, credit=True
    )
    assert len(policy.reasons) == 6
    assert policy.digests == (Digest("rejections", "#marketing", 0, time(9), "America/New_York"),)
    assert policy.sources == {"website": Source("website", "generic", "HANDOFF_WEBSITE_SECRET")}


def test_its_calendars_keep_public_holidays_and_days_off(policy: Policy) -> None:
    new_york = policy.calendars["new-york"]
    wednesday = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
    assert new_york.after(wednesday, timedelta(hours=2)) == datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    assert not new_york.is_open(datetime(2026, 12, 24, 15, 0, tzinfo=UTC))
    assert policy.calendars["always"].is_open(datetime(2026, 12, 25, 3, 0, tzinfo=UTC))


def test_its_hash_is_that_of_its_bytes(policy: Policy) -> None:
    assert policy.hash == sha256(ACCEPTANCE.read_bytes()).hexdigest()[:12]


@pytest.mark.parametrize(
    "change",
    [lambda written: written.replace(b"\n", b"\r\n"), lambda written: b"\xef\xbb\xbf" + written],
    ids=["windows newlines", "byte order mark"],
)
def test_another_systems_newlines_keep_the_hash(
    policy: Policy, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "handoff.yaml"
    path.write_bytes(change(ACCEPTANCE.read_bytes()))
    assert load_policy(path, TODAY) == policy


def test_an_edited_promise_changes_the_hash(policy: Policy, load: Callable[..., Policy]) -> None:
    assert load(("accept_within: 5m", "accept_within: 6m")).hash != policy.hash


@pytest.mark.parametrize("path", [ACCEPTANCE, EXAMPLE], ids=["accepted", "example"])
def test_neither_policy_has_anything_to_warn_of(path: Path) -> None:
    file = PolicyFile.read(path)
    assert policy_warnings(file, file.policy(TODAY)) == []


def test_the_example_shows_what_the_accepted_policy_does_not() -> None:
    example = load_policy(EXAMPLE, TODAY)
    assert len(example.teams) == 2
    austin, stockholm = example.calendars["austin"], example.calendars["stockholm"]
    assert austin.is_open(datetime(2026, 11, 11, 18, 0, tzinfo=UTC)), "a public holiday that is worked"
    assert not stockholm.is_open(datetime(2026, 12, 23, 9, 0, tzinfo=UTC)), "a day off with a name"
    assert example.rules[2].when[1] == Condition("employees", bounds=(Bound(">=", 50), Bound("<", 5000)))
    assert example.promises[1].count == "elapsed"


def test_a_policy_is_read_the_same_on_any_day() -> None:
    assert load_policy(ACCEPTANCE, date(2031, 2, 28)).rules == load_policy(ACCEPTANCE, TODAY).rules
