"""The App Home: a rep's open leads with deadlines and buttons, a manager's teams, and how the promises are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.slack import buyers, presence
from connectors.slack.blocks import Block, actions, button, context, divider, header, section
from connectors.slack.markup import count, when
from connectors.slack.numbers import PERIOD, caution, summary
from connectors.slack.presence import Roll
from connectors.slack.promises import by_urgency, is_late, zone_of
from connectors.slack.situations import Look, situation
from connectors.slack.teams import Floor, floor
from connectors.slack.words import Presence
from sla_engine.limits import Caps
from sla_engine.policy import Policy
from storage.leaves import Leave
from storage.people import Person
from storage.presence import Change
from storage.queries import Kept, LeadView

MOST_LEADS = 25
"""With two or three blocks each, what the 100 blocks of a home tab hold."""
MOST_OWN, MOST_TEAMS = 5, 5
"""Of a manager's own leads and teams, where there are teams to show."""
OUTSIDER = "You are in no team's rotation, so no leads come to you."


@dataclass(frozen=True, slots=True)
class Company:
    """Who everybody is, and how everybody concerned kept their promises over the last 30 days."""

    people: Mapping[str, Person]
    kept: list[Kept]
    policy: Policy
    now: datetime
    leaves: Sequence[Leave] = ()
    caps: Mapping[str, Caps] | None = None
    changes: Sequence[Change] = ()

    def roll(self, changes: Sequence[Change]) -> Roll:
        """Who is there, with these changes to tell of."""
        return Roll(self.people, self.policy, self.now, self.leaves, self.caps, changes)


def home(
    rep: str, views: list[LeadView], floors: Sequence[Floor], company: Company, *, more: Sequence[str] = ()
) -> dict[str, Any]:
    """A person's home tab: the leads they hold, then the teams they manage or, as an admin, look after.

    `floors` are at most `MOST_TEAMS`; who is there is changed for the teams that `more` names, but not shown.
    """
    as_rep = company.policy.rep(rep)
    blocks: list[Block] = []
    if as_rep or views:
        blocks += _own(rep, views, MOST_OWN if floors else MOST_LEADS, company)
    for one in floors:
        blocks += [
            *([divider()] if blocks else []),
            *floor(one, company.kept, company.roll(one.changes), rep),
        ]
    if more:
        blocks.append(context(f"And {count(len(more), 'more team')}: `/sla team` has their numbers."))
        blocks.append(presence.of_teams(more))
    if as_rep:
        blocks += [*presence.own(as_rep, company.roll(company.changes)), divider(), *_numbers(rep, company.kept)]
    return {"type": "home", "blocks": blocks or [section(OUTSIDER)]}


def _own(rep: str, views: list[LeadView], most: int, company: Company) -> list[Block]:
    policy, now = company.policy, company.now
    shown = by_urgency(views, policy, now)
    blocks = [header("Your open leads"), context(_overview(shown, policy, now))]
    blocks += _absence(company.people.get(rep), policy, now)
    for view in shown[:most]:
        blocks += [divider(), *_lead(rep, view, policy, now)]
    if len(shown) > most:
        blocks += [divider(), context(f"And {count(len(shown) - most, 'more lead')}: `/leads` lists the first 20.")]
    return blocks


def _overview(views: list[LeadView], policy: Policy, now: datetime) -> str:
    if not views:
        return "No open leads. A new one comes to your messages, with the time you have to answer."
    late = sum(is_late(view, policy, now) for view in views)
    paused = sum(view.lead.paused_at is not None for view in views)
    parts = [f"{len(views):,} open", f"{late:,} overdue" if late else "", f"{paused:,} paused" if paused else ""]
    return " · ".join(filter(None, [*parts, "the most urgent first"]))


def _absence(person: Person | None, policy: Policy, now: datetime) -> list[Block]:
    leave = person.leave_at(now) if person else None
    if person is None or leave is None:
        return []
    zone = zone_of(policy, {person.email: person}, person.email)
    until = f" until {when(leave[1], zone, now)}" if leave[1] else ""
    said = f":palm_tree: *You are away{until}.* New leads go to others, and the clocks of yours stand still."
    return [section(said) | {"accessory": button(Presence.BACK, person.email)}]


def _lead(rep: str, view: LeadView, policy: Policy, now: datetime) -> list[Block]:
    found = situation(Look(view, policy, now, "rep", rep))
    data = view.lead.data
    wanted = " · ".join(filter(None, (buyers.request(data), buyers.heat(data))))
    lines = [f"*{buyers.introduction(data)}*", wanted, *found.lines]
    blocks = [section("\n".join(line for line in lines if line))]
    return [*blocks, actions(found.actions, view.lead.id, found.primary)] if found.actions else blocks


def _numbers(rep: str, kept: list[Kept]) -> list[Block]:
    blocks = [header(f"Your last {PERIOD}"), section("\n".join(summary(kept, (rep,))))]
    said = caution(kept, rep)
    return [*blocks, context(said)] if said else blocks
