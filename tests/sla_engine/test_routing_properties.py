"""What holds of every routing decision, whatever the team, the lead and the hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_engine import availability
from sla_engine.availability import is_away, obstacle
from sla_engine.decision import NO_TIES, Routing, Snapshot, chain
from sla_engine.grounds import opening
from sla_engine.lead import Lead, Plan
from sla_engine.obstacles import Obstacle
from sla_engine.policy import NobodyAvailable, Policy, Rep, Rule
from sla_engine.routing import route, teams_asked
from tests.sla_engine.samples import (
    ALWAYS,
    LEAST,
    LONDON,
    MONDAY,
    NEW_YORK,
    OWNERS,
    ROUND,
    data,
    email,
    lead,
    policy,
    rep,
    snapshot,
    team,
    to,
)

NAMES = ("ann", "ben", "cyd", "dan", "eve")
names = st.sampled_from(NAMES)
instants = st.integers(0, 7 * 24 * 4).map(lambda quarters: MONDAY + quarters * timedelta(minutes=15))
any_answer = st.sampled_from(NobodyAvailable)
seen = st.fixed_dictionaries(
    {},
    optional={
        "open_leads": st.integers(0, 3),
        "given_today": st.integers(0, 3),
        "away": st.booleans(),
        "away_until": instants,
        "unreachable_until": instants,
    },
)


@dataclass(frozen=True)
class Case:
    """All a decision depends on."""

    policy: Policy
    lead: Lead
    snapshot: Snapshot
    now: datetime

    def decide(self) -> Routing:
        return route(self.lead, self.policy, self.snapshot, self.now)


@st.composite
def reps(draw: st.DrawFn, name: str) -> Rep:
    calendar = draw(st.sampled_from([NEW_YORK, LONDON, ALWAYS]))
    caps = {cap: draw(st.none() | st.integers(1, 3)) for cap in ("max_open", "max_per_day")}
    return rep(name, calendar, weight=draw(st.integers(1, 3)), **caps)


@st.composite
def cases(draw: st.DrawFn, nobody: st.SearchStrategy[NobodyAvailable] = any_answer) -> Case:
    """One to three teams that may share reps and back each other up, and a lead some of them had before."""
    labels = ("red", "blue", "green")[: draw(st.integers(1, 3))]
    teams = [
        team(
            label,
            *(draw(reps(name)) for name in draw(st.lists(names, min_size=1, max_size=4, unique=True))),
            backup=draw(st.sampled_from([None, *(other for other in labels if other != label)])),
        )
        for label in labels
    ]
    last = to(draw(st.sampled_from(labels)), draw(st.sampled_from([ROUND, LEAST])))
    rules: tuple[Rule, ...] = (OWNERS, last) if draw(st.booleans()) else (last,)
    asked = policy(*teams, rules=rules, when_nobody_is_available=draw(nobody))
    owner = draw(st.none() | names.map(email))
    one = lead(said=data(owner_email=owner), refused=" ".join(draw(st.sets(names))))
    facts: Mapping[str, Any] = {name: draw(seen) for name in NAMES}
    looked_at = teams_asked(one, asked, NO_TIES)
    credits = {email(name): draw(st.floats(-1, 1)) for name in draw(st.sets(names))}
    return Case(asked, one, snapshot(asked, teams=looked_at, credits=credits, **facts), draw(instants))


def standing(case: Case, team_name: str, who: str | None) -> Obstacle | None:
    """Why this rep could not take a lead in this team, if anything kept them."""
    candidates = case.snapshot.candidates[team_name]
    return obstacle(next(one for one in candidates if one.rep.email == who), case.now)


@settings(max_examples=50, deadline=None)
@given(cases())
def test_a_lead_always_has_an_owner_or_a_plan_with_a_time_and_a_line_that_says_why(case: Case) -> None:
    found = case.decide()
    assert found.team in case.policy.teams
    assert found.line
    assert found.rule
    if found.plan is Plan.ASSIGNED:
        assert found.rep is not None
        assert found.ground is not None
        assert found.line.startswith(opening(found.ground, found.rep))
        assert found.hold_until is None
    else:
        assert found.plan in (Plan.HELD, Plan.CLAIMABLE)
        assert found.rep is None
        assert found.hold_until is not None
        assert found.hold_until > case.now


@settings(max_examples=100, deadline=None)
@given(cases(st.sampled_from([NobodyAvailable.HOLD, NobodyAvailable.CLAIM])))
def test_a_lead_that_nobody_has_is_tried_again_by_the_time_somebody_who_has_not_had_it_is_there(case: Case) -> None:
    found = case.decide()
    if found.hold_until is not None:
        asked = (one for each in chain(case.policy, found.team) for one in case.snapshot.candidates[each.name])
        waited_for = [one for one in asked if one.rep.email not in case.lead.refused_by]
        assert all(found.hold_until <= back for one in waited_for if (back := availability.opening(one, case.now)))


@settings(max_examples=50, deadline=None)
@given(cases(st.sampled_from([NobodyAvailable.HOLD, NobodyAvailable.CLAIM])))
def test_nobody_who_is_off_away_or_full_is_given_a_lead(case: Case) -> None:
    found = case.decide()
    if found.plan is Plan.ASSIGNED:
        assert standing(case, found.team, found.rep) is None
    else:
        assert found.turn is None


@settings(max_examples=50, deadline=None)
@given(cases())
def test_a_lead_never_goes_back_to_who_had_it_while_somebody_else_is_left(case: Case) -> None:
    found = case.decide()
    if found.rep in case.lead.refused_by:
        last = case.policy.rules[-1].assign
        teams = chain(case.policy, getattr(last, "team", None))
        left = {
            one.rep.email for each in teams for one in case.snapshot.candidates[each.name] if not is_away(one, case.now)
        }
        assert left <= case.lead.refused_by


@settings(max_examples=50, deadline=None)
@given(cases())
def test_somebody_available_who_has_not_had_the_lead_gets_it(case: Case) -> None:
    found = case.decide()
    last = case.policy.rules[-1].assign
    for each in chain(case.policy, getattr(last, "team", None)):
        for one in case.snapshot.candidates[each.name]:
            if obstacle(one, case.now) is None and one.rep.email not in case.lead.refused_by:
                assert found.plan is Plan.ASSIGNED
                assert standing(case, found.team, found.rep) is None
                assert found.rep not in case.lead.refused_by


@settings(max_examples=50, deadline=None)
@given(cases())
def test_the_same_inputs_give_the_same_decision(case: Case) -> None:
    assert case.decide() == case.decide()


@settings(max_examples=50, deadline=None)
@given(cases())
def test_every_rule_tried_and_every_rep_looked_at_is_in_the_explanation(case: Case) -> None:
    found = case.decide()
    tried = [verdict.subject for verdict in found.rules]
    assert tried == [rule.name for rule in case.policy.rules][: len(tried)]
    assert tried[-1] == found.rule
    assert [bool(verdict.obstacle) for verdict in found.rules] == [True] * (len(tried) - 1) + [False]
    taken = [verdict.subject for verdict in found.considered if not verdict.obstacle]
    assert taken == ([found.rep] if found.rep else [])
    if found.rule != OWNERS.name:
        asked = chain(case.policy, getattr(case.policy.rules[-1].assign, "team", None))
        until = [one.name for one in asked].index(found.team) + 1 if found.rep else len(asked)
        looked_at = {one.email for each in asked[:until] for one in each.reps}
        assert looked_at <= {verdict.subject for verdict in found.considered}
        assert len(set(found.considered)) == len(found.considered)


@settings(max_examples=50, deadline=None)
@given(cases(st.just(NobodyAvailable.HOLD)))
def test_a_lead_held_until_somebody_is_back_is_given_out_then_unless_who_is_there_is_full(case: Case) -> None:
    found = case.decide()
    if found.hold_until is not None and " is back, " in found.line:
        later = Case(case.policy, case.lead, case.snapshot, found.hold_until).decide()
        full = any("capacity" in verdict.obstacle or "limit" in verdict.obstacle for verdict in later.considered)
        assert later.plan is Plan.ASSIGNED or full


@settings(max_examples=50, deadline=None)
@given(cases())
def test_only_reps_who_earned_in_a_turn_have_their_credit_changed_and_credit_is_neither_made_nor_lost(
    case: Case,
) -> None:
    turn = case.decide().turn
    if turn is not None:
        moved = {who: turn.after[who].credit - turn.before[who].credit for who in turn.after}
        assert sum(moved.values()) == 0
        assert {who for who, units in moved.items() if units} <= set(turn.weights)
        assert turn.rep in turn.weights
        assert not set(turn.skipped) & set(turn.weights)
