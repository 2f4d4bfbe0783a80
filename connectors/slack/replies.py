"""Private replies to slash commands: a rep's leads, their numbers, their team's, and what one can say."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from connectors.slack import buyers, teams
from connectors.slack.blocks import context, header, message, section
from connectors.slack.home import OUTSIDER
from connectors.slack.markup import Content, count, day, ended, escape, full_name, listed, literal, phrase
from connectors.slack.numbers import PERIOD, SHOWN, caution, counting, figures, summary, waited
from connectors.slack.promises import by_urgency, is_late, owed, working_zone, zone_of
from leads.handover import HandedOver
from leads.reports import SPAN
from sla_engine.policy import Policy, Team
from storage.people import Person
from storage.queries import Kept, LeadView

MOST_LEADS = 20
MOST_TEAMS = 15
WORDS = {
    "/sla": "your own numbers",
    "/sla team": "your team's numbers, for managers",
    "/leads": "your open leads, the most urgent first",
    "/leads away": "go away: new leads go to others and your clocks pause. `away 3h` or `away 2026-12-01` sets an end; "
    "managers put the rep's address first",
    "/leads back": "you are there again",
    "/leads hand-over <rep>": "passes on all of a rep's open leads, by the rules or to a second person you name "
    "(managers)",
    "/lead why <id>": "why a lead went where it went, and all that happened to it",
}


def plain(sentence: str) -> Content:
    """One sentence, whatever is in it."""
    return message(escape(sentence), [section(escape(sentence))])


def usage(unknown: str = "") -> Content:
    """What one can say, after what was said that isn't known."""
    lines = [f"`{escape(word)}` {meaning}" for word, meaning in WORDS.items()]
    text = "What you can say: " + ". ".join(f"{escape(word)}: {meaning}" for word, meaning in WORDS.items()) + "."
    foot = "Or put the words after `/handoff`: `/handoff sla team`, `/handoff leads`, `/handoff lead why …`"
    known = [section("*What you can say*\n" + "\n".join(lines)), context(foot)]
    if not (said := phrase(unknown, 60)):
        return message(text, known)
    sentence = f"I don't know “{said}”."
    return message(f"{sentence} {text}", [section(sentence), *known])


def handed_over(done: HandedOver, people: Mapping[str, Person]) -> str:
    """How many leads went to whom, in plain words."""
    parts = [f"{number:,} to {_name(people, rep)}" for rep, number in done.given.items()]
    parts += [f"{done.held:,} waiting for the next rep"] if done.held else []
    parts += [f"{done.claimable:,} free to take"] if done.claimable else []
    said = f"{count(done.total, 'lead')} of {_name(people, done.rep)} handed over: {listed(parts)}."
    left = f" {count(done.left, 'lead')} in other managers' teams stayed." if done.left else ""
    return said + left


def _name(people: Mapping[str, Person], email: str) -> str:
    return literal(full_name(people.get(email), email), 60) or email


def my_numbers(
    rep: str,
    kept: list[Kept],
    views: list[LeadView],
    policy: Policy,
    now: datetime,
    waits: Sequence[timedelta] = (),
) -> Content:
    """How a rep kept their promises over `SPAN`, and what is open now."""
    late = sum(is_late(view, policy, now) for view in views)
    open_now = f"{count(len(views), 'open lead')} now" + (f", {late:,} overdue" if late else "")
    lines = [f"*{open_now}*", *summary(kept, (rep,))]
    spoken = "; ".join(f"{name} {figures(kept, kind, (rep,)).sentence()}" for kind, name in SHOWN.items())
    text = f"Your last {PERIOD}: {spoken}. {open_now}."
    notes = [*filter(None, [waited(waits), caution(kept, rep)]), counting(policy)]
    return message(text, [header(f"Your last {PERIOD}"), section("\n".join(lines)), *map(context, notes)])


def team_numbers(
    managed: list[Team],
    kept: list[Kept],
    policy: Policy,
    now: datetime,
    people: Mapping[str, Person] | None = None,
    waits: Sequence[timedelta] = (),
) -> Content:
    """How each team kept its promises over `SPAN`: totals, then one line per rep."""
    if not managed:
        return plain("You manage no team in the policy.")
    since = day(now - SPAN, working_zone(policy, None, managed[0].name))
    blocks = [header(f"The last {PERIOD}")]
    for team in managed[:MOST_TEAMS]:
        blocks += teams.numbers(team, kept, people or {})
    notes = filter(None, [f"Promises made since {since}.", counting(policy), waited(waits)])
    blocks.append(context(" ".join(notes)))
    text = " ".join(teams.spoken(team, kept) for team in managed[:MOST_TEAMS])
    return message(f"The last {PERIOD}. {text}", blocks)


def _none_open(email: str, policy: Policy, *, is_away: bool) -> str:
    if policy.rep(email) and is_away:
        return "You have no open leads, and get none while you are away."
    if policy.rep(email):
        return "You have no open leads. A new one comes to your messages, with the time you have to answer."
    if any(team.manager == email for team in policy.teams.values()):
        return "You have no open leads: you are in no team's rotation, and only what nobody else can take comes to you."
    return OUTSIDER


def my_leads(rep: str, views: list[LeadView], policy: Policy, now: datetime, *, is_away: bool = False) -> Content:
    """A rep's open leads with what is owed and by when, the most urgent first; 20 at most."""
    if not views:
        return plain(_none_open(rep, policy, is_away=is_away))
    shown = by_urgency(views, policy, now)
    late = sum(is_late(view, policy, now) for view in shown)
    total = count(len(views), "open lead") + (f", {late:,} overdue" if late else "")
    zone = zone_of(policy, shown[0].people, rep)
    blocks = [section(f"*{total}*, the most urgent first" if len(views) > 1 else f"*{total}*")]
    blocks += [
        section(f"{teams.title(view)}\n{teams.standing(view, zone, policy, now)}") for view in shown[:MOST_LEADS]
    ]
    blocks += [context(f"and {len(shown) - MOST_LEADS:,} more")] if len(shown) > MOST_LEADS else []
    first = owed(shown[0], policy, now)
    words = f": {first[0].words(zone, now)}" if first else ""
    return message(ended(f"{total}. Most urgent: {buyers.naming(shown[0].lead.data)}{words}"), blocks)
