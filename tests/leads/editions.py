"""Editions of one policy, as somebody keeps editing it: who is in which team, by what weight, and much else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sla_engine.conditions import Bound, Condition
from sla_engine.policy import (
    Audience,
    Level,
    Outcome,
    Policy,
    Promise,
    Qualification,
    Reason,
    Returning,
    Rule,
    Team,
    ToTeam,
)
from tests.sla_engine.samples import ANYWAY, CLAIM, HOLD, LEAST, LONDON, OWNERS, ROUND, email, policy, rep, team, to

PEOPLE = tuple(map(email, ("alice", "bob", "carol", "femi", "gita", "hugo")))
MANAGERS = tuple(map(email, ("dana", "erik")))
OLGA = email("olga")
HOUR = timedelta(hours=1)
ALICE, BOB, CAROL = rep("alice", weight=2), rep("bob", max_open=2), rep("carol", LONDON, max_per_day=3)
FEMI, GITA = rep("femi", LONDON, skills=frozenset({"french"})), rep("gita", LONDON, max_per_week=4)
HUGO = rep("hugo", weight=3)
BRITISH, FRENCH = (Condition("country", (code,)) for code in ("GB", "FR"))
LARGE = Condition("employees", bounds=(Bound(">=", 1000),))
RULES: tuple[Rule, ...] = (
    OWNERS,
    to("emea", ROUND, "Britain", when=(BRITISH,)),
    Rule("France", ToTeam("emea", ROUND, skills=frozenset({"french"})), when=(FRENCH,)),
    to("us", LEAST, "Large", when=(LARGE,)),
    to("us"),
)
US, EMEA = team("us", ALICE, BOB, CAROL, backup="emea"), team("emea", FEMI, GITA, BOB, manager="erik")
EVERYBODY = frozenset(Audience)
FOUND: dict[str, Any] = {
    "promises": (
        Promise("Large", HOUR, 2 * HOUR, 10 * HOUR, (LARGE,), "elapsed"),
        Promise("Standard", 2 * HOUR, 4 * HOUR, 40 * HOUR),
    ),
    "levels": (Level(50, frozenset({Audience.REP})), Level(100, EVERYBODY), Level(150, EVERYBODY, reassign=True)),
    "reasons": (
        Reason("recycle", "No budget", Outcome.RECYCLE),
        Reason("disqualify", "Wrong industry", Outcome.DISQUALIFY),
        Reason("reroute", "No time", Outcome.REROUTE),
        Reason("territory", "Wrong territory", Outcome.REROUTE, credit=True),
    ),
}


def edition(name: str, us: Team = US, emea: Team = EMEA, **more: Any) -> Policy:
    """One edition of the policy."""
    made = policy(us, emea, rules=RULES, admins=(OLGA,), qualification=Qualification(5), **more)
    return replace(made, hash=name, pause_on=frozenset({"lead_replied"}), **FOUND)


EDITIONS = (
    edition("first", when_nobody_is_available=HOLD),
    edition("claim", when_nobody_is_available=CLAIM),
    edition("anyway", when_nobody_is_available=ANYWAY),
    edition("slow release", release_every=timedelta(minutes=10), max_reassignments=1),
    edition("no backup", replace(US, backup=None, reps=(ALICE, BOB)), replace(EMEA, reps=(FEMI,))),
    edition("newcomer", replace(US, reps=(HUGO, ALICE, BOB, CAROL)), credits_a_day=1),
    edition("reweighted", replace(US, reps=(replace(ALICE, weight=1), BOB, replace(CAROL, weight=5)))),
    edition("together", keep_company_together=timedelta(days=7), returning_leads=Returning.BY_RULES),
    edition("by email", replace(US, reps=(ALICE,)), duplicates_by_email=True, when_nobody_is_available=CLAIM),
)
