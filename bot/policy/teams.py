"""The section `teams`: who takes leads, and who looks after them."""

from collections.abc import Mapping

from bot.policy.node import Node, Reader
from bot.policy.shapes import each, named, once, reference
from bot.policy.values import channel, email, slack_user, text, whole
from sla_engine.calendar import Calendar
from sla_engine.policy import Rep, Team

Calendars = Mapping[str, Calendar]
HEAVIEST = 1_000
"""A rep who gets a thousand leads for another's one is out of any list made in earnest."""


def teams(calendars: Calendars) -> Reader[dict[str, Team]]:
    """All teams. Backups may form a circle: a search visits each team once."""

    def read_teams(node: Node) -> dict[str, Team]:
        names = tuple(node.children())
        return named(team(calendars, names), "teams")(node)

    return read_teams


def team(calendars: Calendars, names: tuple[str, ...]) -> Reader[Team]:
    """A team, its reps on the team's calendar unless they have their own."""

    def read_team(node: Node) -> Team:
        with node.section() as section:
            calendar = section.require("calendar", reference("calendar", calendars))
            reps = once("email", each(rep(calendars, calendar), "reps"))
            return Team(
                name=node.name,
                channel=section.require("channel", channel),
                manager=section.require("manager", email),
                calendar=calendars.get(calendar, Calendar.elapsed()),
                calendar_name=calendar,
                backup=section.take("backup", another(node.name, names), None),
                reps=section.require("reps", reps),
            )

    return read_team


def another(name: str, names: tuple[str, ...]) -> Reader[str]:
    """A team other than this one."""

    def read_another(node: Node) -> str:
        return node.refuse("another team than this one", "") if node.text == name else known(node)

    known = reference("team", names)
    return read_another


def rep(calendars: Calendars, team_calendar: str) -> Reader[Rep]:
    """A rep of a team."""

    def read_rep(node: Node) -> Rep:
        with node.section() as section:
            address = section.require("email", email)
            calendar = section.take("calendar", reference("calendar", calendars), team_calendar)
            return Rep(
                email=address,
                calendar=calendars.get(calendar, Calendar.elapsed()),
                calendar_name=calendar,
                weight=section.take("weight", whole(at_least=1, at_most=HEAVIEST), 1),
                max_open=section.take("max_open", whole(at_least=1), None),
                max_per_day=section.take("max_per_day", whole(at_least=1), None),
                max_per_week=section.take("max_per_week", whole(at_least=1), None),
                skills=section.take("skills", skills, frozenset()),
                slack_id=section.take("slack_id", slack_user, None),
            )

    return read_rep


def skills(node: Node) -> frozenset[str]:
    """Skills in lower case: they are compared without regard to it."""
    return frozenset(skill.lower() for skill in each(text("a skill"), "skills", at_least=0)(node))
