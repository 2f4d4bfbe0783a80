"""The App Home: a rep's open leads with their deadlines and buttons, then how the promises are kept."""

from datetime import datetime
from typing import Any

from connectors.slack import buyers
from connectors.slack.blocks import Block, actions, context, divider, header, section
from connectors.slack.markup import count, when
from connectors.slack.numbers import caution, summary
from connectors.slack.promises import by_urgency, is_late, zone_of
from connectors.slack.situations import Look, situation
from sla_engine.policy import Policy
from storage.people import Person
from storage.queries import Kept, LeadView

MOST_LEADS = 25
"""With two or three blocks each, what the 100 blocks of a home tab hold."""
DAYS = 30


def home(
    rep: str, views: list[LeadView], kept: list[Kept], policy: Policy, now: datetime, person: Person | None
) -> dict[str, Any]:
    """The rep's home tab at `now`; `kept` covers the last 30 days."""
    shown = by_urgency(views, policy, now)
    blocks = [header("Your open leads"), context(_overview(shown, policy, now))]
    blocks += _absence(person, policy, now)
    for view in shown[:MOST_LEADS]:
        blocks += [divider(), *_lead(rep, view, policy, now)]
    if len(shown) > MOST_LEADS:
        blocks += [
            divider(),
            context(f"And {count(len(shown) - MOST_LEADS, 'more lead')}: `/leads` lists the first 20."),
        ]
    blocks += [divider(), *_numbers(rep, kept)]
    return {"type": "home", "blocks": blocks}


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
    return [section(f"{said} `/leads back` ends it.")]


def _lead(rep: str, view: LeadView, policy: Policy, now: datetime) -> list[Block]:
    found = situation(Look(view, policy, now, "rep", rep))
    data = view.lead.data
    wanted = " · ".join(filter(None, (buyers.request(data), buyers.heat(data))))
    lines = [f"*{buyers.introduction(data)}*", wanted, *found.lines]
    blocks = [section("\n".join(line for line in lines if line))]
    return [*blocks, actions(found.actions, view.lead.id, found.primary)] if found.actions else blocks


def _numbers(rep: str, kept: list[Kept]) -> list[Block]:
    blocks = [header(f"Your last {DAYS} days"), section("\n".join(summary(kept, (rep,))))]
    said = caution(kept, rep)
    return [*blocks, context(said)] if said else blocks
