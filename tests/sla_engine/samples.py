"""Leads, reps and policies as small as a test of the rules needs them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sla_engine import Calendar
from sla_engine.availability import Candidate
from sla_engine.decision import NO_TIES, Routing, Snapshot, Ties
from sla_engine.lead import Lead, LeadData, Plan, Status
from sla_engine.policy import Method, NobodyAvailable, Policy, Promise, Rep, Rule, Team, ToAccountOwner, ToTeam
from sla_engine.routing import route, teams_asked
from sla_engine.turns import TURN, Standing

NEW_YORK = Calendar.of("America/New_York", {"mon-fri": "09:00-17:00"})
LONDON = Calendar.of("Europe/London", {"mon-fri": "09:00-17:00"})
ALWAYS = Calendar.elapsed()
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
"""Monday 23 November 2026, 10:00 in New York and 15:00 in London: both are at work."""
EVENING = datetime(2026, 11, 24, 1, tzinfo=UTC)
"""The same Monday at 20:00 in New York: nobody is at work."""
TUESDAY_LONDON = datetime(2026, 11, 24, 9, tzinfo=UTC)
TUESDAY_NEW_YORK = datetime(2026, 11, 24, 14, tzinfo=UTC)
AWAY = {"away": True}
ROUND, LEAST = Method.ROUND_ROBIN, Method.LEAST_LOADED


def email(name: str) -> str:
    return f"{name}@acme.example"


def rep(name: str, calendar: Calendar = NEW_YORK, **more: Any) -> Rep:
    return Rep(email(name), calendar, calendar.timezone, **more)


def team(name: str, *reps: Rep, backup: str | None = None, manager: str = "dana") -> Team:
    return Team(name, f"#{name}", email(manager), NEW_YORK, "new-york", reps, backup)


def to(name: str, method: Method = ROUND, rule: str = "Everyone", **more: Any) -> Rule:
    return Rule(rule, ToTeam(name, method), **more)


OWNERS = Rule("Named accounts", ToAccountOwner())


def policy(*teams: Team, rules: tuple[Rule, ...] | None = None, **more: Any) -> Policy:
    """A policy of these teams; without `rules` every lead is for the first."""
    return Policy(
        company="Acme",
        hash="cafe",
        teams={one.name: one for one in teams},
        rules=rules if rules is not None else (to(teams[0].name),),
        promises=(Promise("Standard", timedelta(hours=4), timedelta(hours=24), timedelta(hours=80)),),
        levels=(),
        reasons=(),
        sources={},
        **more,
    )


US = team("us", rep("alice", weight=2), rep("bob"), rep("carol", LONDON), backup="emea")
EMEA = team("emea", rep("femi", LONDON), rep("gita", LONDON), manager="erik")
"""Two teams: one with two at work and one in London, and the one behind it."""


def acme(*rules: Rule, **more: object) -> Policy:
    return policy(US, EMEA, rules=rules or None, **more)


def data(**more: Any) -> LeadData:
    return LeadData(**{"external_id": "00Q5", "email": "pat@northwind.example", **more})


def lead(status: Status = Status.NEW, *, said: LeadData | None = None, refused: str = "", **more: Any) -> Lead:
    """A lead; `refused` names the reps who had it before."""
    plan = Plan.ASSIGNED if more.get("rep") else Plan.NONE
    refused_by = frozenset(map(email, refused.split()))
    return Lead("lead_1", "website", said or data(), MONDAY, status, refused_by=refused_by, **{"plan": plan, **more})


def snapshot(
    asked: Policy,
    *,
    credits: Mapping[str, float] | None = None,
    ties: Ties = NO_TIES,
    teams: list[Team] | None = None,
    **seen: Any,
) -> Snapshot:
    """All teams as they stand: `alice={"open_leads": 3}` says what is seen of Alice, in all her teams.

    `credits` are in turns, by e-mail; who is not in them is owed nothing.
    """
    teams = list(asked.teams.values()) if teams is None else teams
    owed = credits or {}
    return Snapshot(
        candidates={
            one.name: tuple(Candidate(each, **seen.get(each.email.split("@")[0], {})) for each in one.reps)
            for one in teams
        },
        books={
            (one.name, method): {
                each.email: Standing(round(owed.get(each.email, 0) * TURN), each.weight) for each in one.reps
            }
            for one in teams
            for method in Method
        },
        ties=ties,
    )


def decide(asked: Policy, one: Lead | None = None, now: datetime = MONDAY, **seen: Any) -> Routing:
    """The decision for a lead, from no more than the teams the rules say they look at."""
    one = one or lead()
    ties = Ties(**{tie: email(seen.pop(tie)) for tie in ("holder", "knew_it", "companion") if seen.get(tie)})
    teams = teams_asked(one, asked, ties)
    return route(one, asked, snapshot(asked, teams=teams, ties=ties, **seen), now)


HOLD, CLAIM, ANYWAY = NobodyAvailable.HOLD, NobodyAvailable.CLAIM, NobodyAvailable.ASSIGN_ANYWAY
