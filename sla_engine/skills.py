"""What a rep must know or speak to be offered a lead."""

from collections.abc import Iterable

from sla_engine.decision import Question
from sla_engine.names import listed
from sla_engine.obstacles import Cause, Obstacle
from sla_engine.policy import Rep, Team, ToTeam


def lacking(asked: Question, assign: ToTeam, team: Team) -> dict[str, Obstacle]:
    """The reps of a team, by e-mail, who lack a skill that a rule asks for, and what they lack."""
    if not assign.skills and not assign.skills_from:
        return {}
    wanted = _wanted(asked, assign, team)
    return {rep.email: met for rep in team.reps if (met := _lacks(rep, assign.skills, wanted))}


def needed(asked: Question, assign: ToTeam, teams: Iterable[Team]) -> str:
    """All that a rep of these teams must have at once for this lead: `api`, `api and fr`, `api, and fr or nl`."""
    every, some = sorted(assign.skills), sorted(set[str]().union(*(_wanted(asked, assign, team) for team in teams)))
    if len(some) > 1 and every:
        return f"{listed(every)}, and {listed(some, 'or')}"
    return listed([*every, *some]) if every else listed(some, "or")


def _wanted(asked: Question, assign: ToTeam, team: Team) -> frozenset[str]:
    """What the lead says in the fields a rule looks at, as far as somebody in the team has it as a skill."""
    said: set[str] = set()
    for name in assign.skills_from:
        value = asked.lead.data.value(name)
        values = value if isinstance(value, tuple) else (value,)
        said |= {str(one).strip().casefold() for one in values if one is not None}
    return frozenset(said).intersection(skill for rep in team.reps for skill in rep.skills)


def _lacks(rep: Rep, all_of: frozenset[str], one_of: frozenset[str]) -> Obstacle | None:
    if missing := sorted(all_of - rep.skills):
        return Obstacle(Cause.UNSKILLED, listed(missing))
    if one_of and not one_of & rep.skills:
        return Obstacle(Cause.UNSKILLED, listed(sorted(one_of), "or"))
    return None
