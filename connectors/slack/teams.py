"""What managers see of their teams: who has which lead now, who is away, and how the promises are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.slack import buyers, presence
from connectors.slack.blocks import Block, context, header, section, sections
from connectors.slack.markup import called, count, phrase, when
from connectors.slack.numbers import PERIOD, SHOWN, Figures, figures, summary
from connectors.slack.presence import Roll
from connectors.slack.promises import by_urgency, is_late, owed, working_zone
from connectors.slack.situations import Look, situation
from sla_engine.policy import Policy, Team
from storage.people import Person
from storage.presence import Change
from storage.queries import Kept, LeadView

MOST_LEADS = 20


@dataclass(frozen=True, slots=True)
class Floor:
    """A team as it stands: its leads in work or waiting for a rep, and what changed last about who is there."""

    team: Team
    views: list[LeadView]
    changes: Sequence[Change] = ()


def floor(one: Floor, kept: list[Kept], roll: Roll, reader: str) -> list[Block]:
    """A team's open leads, the most urgent first, with who has each; who is away; how it kept its promises."""
    people, policy, now = roll.people, roll.policy, roll.now
    zone = working_zone(policy, None, one.team.name)
    shown = by_urgency(one.views, policy, now)
    lines = [_lead(view, zone, policy, now) for view in shown[:MOST_LEADS]]
    if len(shown) > MOST_LEADS:
        lines.append(f"and {count(len(shown) - MOST_LEADS, 'more lead')}")
    blocks = [header(f"{one.team.name} now"), context(_overview(shown, policy, now))]
    blocks += sections(lines, most=3) if lines else []
    absent = [_away(one.team, people, zone, now), presence.coming_leaves(one.team.reps, roll)]
    blocks += [context(*absent)] if any(absent) else []
    blocks += presence.of_team(one.team.name, reader, roll)
    return [*blocks, *numbers(one.team, kept, people, f"The last {PERIOD}")]


def _overview(views: list[LeadView], policy: Policy, now: datetime) -> str:
    if not views:
        return "No open leads."
    late = sum(is_late(view, policy, now) for view in views)
    waiting = sum(view.lead.rep is None for view in views)
    parts = [count(len(views), "open lead"), f"{late:,} overdue" if late else ""]
    parts += [f"{waiting:,} with nobody yet" if waiting else "", "the most urgent first" if len(views) > 1 else ""]
    return " · ".join(filter(None, parts))


def _lead(view: LeadView, zone: str, policy: Policy, now: datetime) -> str:
    lead = view.lead
    who = f" · with *{called(view.people, lead.rep)}*" if lead.rep else ""
    return f"{title(view)}{who}\n{standing(view, zone, policy, now)}"


def title(view: LeadView) -> str:
    """The lead's name, company and id as one line of markup."""
    data = view.lead.data
    company = f" · {phrase(data.company, 60)}" if data.company else ""
    return f"*{buyers.called(data)}*{company} · `{phrase(view.lead.id, 40)}`"


def standing(view: LeadView, zone: str, policy: Policy, now: datetime) -> str:
    """What is owed to the lead most urgently, or what it waits for, as one line of markup."""
    lead = view.lead
    if lead.rep is None:
        return " · ".join(situation(Look(view, policy, now, "channel")).lines)
    promises = [one.line(zone, now) for one in owed(view, policy, now)[:1]] or ["nothing is owed now"]
    paused = [f"paused: {phrase(lead.pause_reason or 'no reason given', 80)}"] if lead.paused_at else []
    return " · ".join([*paused, *promises])


def _away(team: Team, people: Mapping[str, Person], zone: str, now: datetime) -> str:
    leaves = {rep.email: person.leave_at(now) for rep in team.reps if (person := people.get(rep.email))}
    told = [
        called(people, email) + (f" until {when(leave[1], zone, now)}" if leave[1] else "")
        for email, leave in leaves.items()
        if leave
    ]
    return f":palm_tree: Away: {', '.join(told)}" if told else ""


def members(team: Team) -> tuple[str, ...]:
    """The team's reps and its manager, who may hold leads too, each once."""
    return tuple(dict.fromkeys([*(rep.email for rep in team.reps), team.manager]))


def numbers(team: Team, kept: list[Kept], people: Mapping[str, Person], title: str = "") -> list[Block]:
    """How a team kept its promises: totals, then a line for each rep, and one for whoever else had its leads."""
    own = [one for one in kept if one.team in (None, team.name)]
    counted = _counted(team, own)
    lines = [_member(team, email, own, people) for email in counted]
    total = [f"*{title or phrase(team.name, 60)}*", *summary(own, counted)]
    return [section("\n".join(total)), *sections(filter(None, lines), most=2)]


def _counted(team: Team, own: list[Kept]) -> tuple[str, ...]:
    """The team's members, and who else took or was given its leads: a promise is the team's, whoever was to keep it."""
    return tuple(dict.fromkeys([*members(team), *(one.rep for one in own if one.team == team.name)]))


def spoken(team: Team, kept: list[Kept]) -> str:
    """How a team kept its most urgent promises, in a sentence."""
    own = [one for one in kept if one.team in (None, team.name)]
    counted = _counted(team, own)
    said = [f"{name.lower()} {figures(own, kind, counted).sentence()}" for kind, name in SHOWN.items()]
    return f"{phrase(team.name, 60)}: {'; '.join(said[:2])}."


def _member(team: Team, email: str, kept: list[Kept], people: Mapping[str, Person]) -> str:
    found = {kind: figures(kept, kind, (email,)) for kind in SHOWN}
    is_rep = team.rep(email) is not None
    other = "manager" if email == team.manager else "no rep of the team"
    name = f"*{called(people, email)}*" + ("" if is_rep else f" ({other})")
    late = sum(one.running_late for one in found.values())
    answered = any(one.answered for one in found.values())
    parts = [_short(SHOWN[kind], one) for kind, one in found.items()] if answered else []
    parts += [f"{late:,} overdue now"] if late else []
    if not parts:
        return f"{name} · nothing answered yet" if is_rep else ""
    return " · ".join([name, *parts])


def _short(name: str, found: Figures) -> str:
    return f"{name.lower()} {found.share} of {found.answered:,}" if found.answered else f"{name.lower()} –"
