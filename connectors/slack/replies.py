"""Private replies to slash commands: a rep's leads, their numbers, their team's, and what one can say."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from connectors.slack import buyers
from connectors.slack.account import account
from connectors.slack.blocks import Block, context, header, message, section, sections
from connectors.slack.markup import Content, called, count, day, escape, phrase
from connectors.slack.numbers import SHOWN, Figures, caution, figures, summary
from connectors.slack.promises import by_urgency, is_late, owed, working_zone, zone_of
from sla_engine.clock import Kind
from sla_engine.policy import Policy, Team
from storage.people import Person
from storage.queries import Entry, Kept, LeadView

MOST_LEADS = 20
MOST_TEAMS = 15
COUNTED = "Medians are in working time, or wall time where the policy counts that."
WORDS = {
    "/sla": "your own numbers",
    "/sla team": "your team's numbers, for managers",
    "/leads": "your open leads, the most urgent first",
    "/leads away": "leads pass you by, and your clocks stand still",
    "/leads back": "you are there again",
    "/lead why <id>": "why a lead went where it went, and all that happened to it",
}


def plain(sentence: str) -> Content:
    """One sentence, whatever is in it."""
    return message(escape(sentence), [section(escape(sentence))])


def usage() -> Content:
    """What one can say."""
    lines = [f"`{escape(word)}` {meaning}" for word, meaning in WORDS.items()]
    text = "What you can say: " + "; ".join(f"{escape(word)}: {meaning}" for word, meaning in WORDS.items()) + "."
    foot = "Or put the words after `/handoff`: `/handoff sla team`, `/handoff leads`, `/handoff lead why …`"
    return message(text, [section("*What you can say*\n" + "\n".join(lines)), context(foot)])


def my_numbers(
    rep: str, kept: list[Kept], views: list[LeadView], policy: Policy, now: datetime, days: int = 30
) -> Content:
    """How a rep kept their promises over the last `days`, and what is open now."""
    late = sum(is_late(view, policy, now) for view in views)
    open_now = f"{count(len(views), 'open lead')} now" + (f", {late:,} overdue" if late else "")
    lines = [f"*{open_now}*", *summary(kept, (rep,))]
    spoken = "; ".join(f"{name} {figures(kept, kind, (rep,)).sentence()}" for kind, name in SHOWN.items())
    text = f"Your last {count(days, 'day')}: {spoken}. {open_now}."
    notes = [*filter(None, [caution(kept, rep)]), COUNTED]
    return message(text, [header(f"Your last {count(days, 'day')}"), section("\n".join(lines)), *map(context, notes)])


def team_numbers(
    teams: list[Team],
    kept: list[Kept],
    policy: Policy,
    now: datetime,
    days: int = 30,
    people: Mapping[str, Person] | None = None,
) -> Content:
    """How each team kept its promises over the last `days`: totals, then one line per rep."""
    if not teams:
        return plain("You manage no team in the policy.")
    since = day(now - timedelta(days=days), working_zone(policy, None, teams[0].name))
    blocks = [header(f"The last {count(days, 'day')}")]
    for team in teams[:MOST_TEAMS]:
        blocks += _team(team, kept, people or {})
    blocks.append(context(f"Promises made since {since}. {COUNTED}"))
    text = " ".join(_spoken(team, kept) for team in teams[:MOST_TEAMS])
    return message(f"The last {count(days, 'day')}. {text}", blocks)


def _team(team: Team, kept: list[Kept], people: Mapping[str, Person]) -> list[Block]:
    reps = tuple(rep.email for rep in team.reps)
    total = [f"*{phrase(team.name, 60)}*", *summary(kept, reps)]
    return [section("\n".join(total)), *sections((_rep(rep, kept, people) for rep in reps), most=2)]


def _rep(rep: str, kept: list[Kept], people: Mapping[str, Person]) -> str:
    found = {kind: figures(kept, kind, (rep,)) for kind in SHOWN}
    name = called(people, rep)
    if not any(one.answered or one.running_late for one in found.values()):
        return f"*{name}* · nothing answered yet"
    late = sum(one.running_late for one in found.values())
    parts = [_short(SHOWN[kind], one) for kind, one in found.items()]
    return " · ".join([f"*{name}*", *parts, *([f"{late:,} overdue now"] if late else [])])


def _short(name: str, found: Figures) -> str:
    return f"{name.lower()} {found.share} of {found.answered:,}" if found.answered else f"{name.lower()} –"


def _spoken(team: Team, kept: list[Kept]) -> str:
    reps = tuple(rep.email for rep in team.reps)
    accepted = figures(kept, Kind.ACCEPTANCE, reps).sentence()
    touched = figures(kept, Kind.FIRST_TOUCH, reps).sentence()
    return f"{phrase(team.name, 60)}: accepting {accepted}; first touch {touched}."


def my_leads(rep: str, views: list[LeadView], policy: Policy, now: datetime) -> Content:
    """A rep's open leads with what is owed and by when, the most urgent first; 20 at most."""
    if not views:
        return plain("You have no open leads. A new one comes to your messages, with the time you have to answer.")
    shown = by_urgency(views, policy, now)
    late = sum(is_late(view, policy, now) for view in shown)
    total = count(len(views), "open lead") + (f", {late:,} overdue" if late else "")
    zone = zone_of(policy, shown[0].people, rep)
    blocks = [section(f"*{total}*, the most urgent first" if len(views) > 1 else f"*{total}*")]
    blocks += [section(_entry(view, zone, policy, now)) for view in shown[:MOST_LEADS]]
    blocks += [context(f"and {len(shown) - MOST_LEADS:,} more")] if len(shown) > MOST_LEADS else []
    first = owed(shown[0], policy, now)
    words = f": {first[0].words(zone, now)}" if first else ""
    return message(f"{total}. Most urgent: {buyers.naming(shown[0].lead.data)}{words}.", blocks)


def _entry(view: LeadView, zone: str, policy: Policy, now: datetime) -> str:
    lead = view.lead
    title = f"*{phrase(lead.data.name, 60)}*" + (f" · {phrase(lead.data.company, 60)}" if lead.data.company else "")
    promises = [one.line(zone, now) for one in owed(view, policy, now)[:1]] or ["nothing is owed now"]
    paused = [f"paused: {phrase(lead.pause_reason or 'no reason given', 80)}"] if lead.paused_at else []
    return f"{title} · `{phrase(lead.id, 40)}`\n{' · '.join([*paused, *promises])}"


def why(view: LeadView, entries: list[Entry], policy: Policy, now: datetime) -> Content:
    """The whole account of a lead: rule by rule, rep by rep, and all that happened since."""
    return account(view, entries, policy, now)
