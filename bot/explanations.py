"""`handoff sla explain`: which promise a lead would get, when each of its levels would fall due, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.places import instant_at, local_words, rep_teams, team_named, typed_moment
from bot.policy import PolicyFile
from bot.policy.conditions import LEAD_FIELDS
from bot.settings import read_settings
from leads.domains import company_domain
from sla_engine.calendar import Calendar
from sla_engine.clock import REASSIGNED, Clock, Kind
from sla_engine.lead import LeadData
from sla_engine.matching import asked, describe, failed, unmet
from sla_engine.phrases import in_words
from sla_engine.policy import Audience, Level, Policy, Promise, Rep, Rule, Team, ToAccountOwner, ToTeam


class Finite(click.types.FloatParamType):
    """A number: `nan` and `inf`, which Python reads as some, are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number, or click's refusal."""
        number = super().convert(value, param, ctx)
        return number if isfinite(number) else self.fail(f"{value!r} is no number.", param, ctx)


F = TypeVar("F", bound=Callable[..., Any])
KINDS = {"employees": int, "score": Finite()}
"""What the lead's fields are, where they are not text."""
BEGINS = {Kind.ACCEPTANCE: "assigned", Kind.FIRST_TOUCH: "accepted", Kind.QUALIFICATION: "accepted"}
ASKED = tuple(name for name in LEAD_FIELDS if name != "external_id")


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose calendar counts, and how that was found."""

    team: Team
    rep: Rep | None
    why: str

    @property
    def calendar(self) -> Calendar:
        """The rep's calendar, else the team's."""
        return self.rep.calendar if self.rep else self.team.calendar

    @property
    def calendar_name(self) -> str:
        """What the policy calls that calendar."""
        return self.rep.calendar_name if self.rep else self.team.calendar_name


def lead_fields(command: F) -> F:
    """An option for each field of a lead that a policy can name."""
    for name in reversed(ASKED):
        option = f"--{name.replace('_', '-')}"
        said = "One of the lead's interests; may be repeated." if name == "interests" else f"The lead's {name}."
        repeated = name == "interests"
        command = click.option(option, name, type=KINDS.get(name, str), multiple=repeated, help=said)(command)
    return command


@click.group()
def sla() -> None:
    """Look at promises."""


@sla.command()
@click.option("--at", metavar="TIME", help='Such as "2026-11-25 16:00", local or with an offset. Default: now.')
@click.option("--team", metavar="NAME", help="The team that has the lead; by the routing rules if left out.")
@click.option("--rep", metavar="EMAIL", help="The rep who has the lead.")
@click.option("--policy", "file", type=click.Path(path_type=Path), help="The policy file, instead of HANDOFF_CONFIG.")
@lead_fields
def explain(at: str | None, team: str | None, rep: str | None, file: Path | None, **said: Any) -> None:
    """Say which SLA a lead gets, when every level of its clocks is due, and why."""
    written = PolicyFile.read(file or read_settings().config)
    when = None if at is None else typed_moment(at)
    # The zone of a local time is known only once the policy is; its year is near enough to know the holidays.
    policy = written.policy((when or datetime.now(UTC)).date())
    email = said["email"] or ""
    known = {**said, "email": email, "interests": tuple(said["interests"])}
    data = LeadData(external_id="", domain=company_domain(email, said["website"]), **known)
    hands = find_hands(policy, data, team, rep)
    start = datetime.now(UTC).replace(microsecond=0) if when is None else instant_at(when, hands.calendar)
    head = f"Policy {written.path} ({policy.hash})"
    click.echo("\n".join([head, *answer(policy, data, hands, start)]))


def find_hands(policy: Policy, data: LeadData, team: str | None, rep: str | None) -> Hands:
    """Who has the lead: as asked for, else the team of the first routing rule it meets. Raises Unknown…"""
    if rep is not None:
        found, member = rep_teams(policy, rep, team)[0]
        return Hands(found, member, f"{member.email} in {found.name}")
    if team is not None:
        return Hands(team_named(policy, team), None, team)
    for rule in policy.rules:
        if failed(data, rule.when) is None and (hands := _by_rule(policy, data, rule)) is not None:
            return hands
    first = next(iter(policy.teams.values()))
    return Hands(first, None, f"{first.name}, whose manager gets what no routing rule takes")


def _by_rule(policy: Policy, data: LeadData, rule: Rule) -> Hands | None:
    """Whom a rule names, whether or not they can take a lead now; nobody where it hands on to the next."""
    why = f"by the routing rule “{rule.name}”"
    wanted: str | None = None
    owners: list[str | None] = []
    if isinstance(rule.assign, ToTeam):
        wanted = rule.assign.team
    elif isinstance(rule.assign, ToAccountOwner):
        owners = [data.owner_email, policy.accounts.get(data.domain or "")]
    elif policy.territories and (row := policy.territories.find(data)) is not None:
        wanted, owners = row.team, [row.rep]
        why += f" (line {row.line} of the territories)"
    for email in filter(None, owners):
        for team, member in policy.reps():
            if member.email == email.lower() and wanted in (None, team.name):
                return Hands(team, member, f"{member.email} in {team.name}, {why}")
    return Hands(policy.teams[wanted], None, f"{wanted}, {why}") if wanted else None


def answer(policy: Policy, data: LeadData, hands: Hands, start: datetime) -> Iterator[str]:
    """The whole answer, line by line."""
    known = data.stated(ASKED)
    yield f"Lead: {', '.join(f'{name} {describe(value)}' for name, value in known.items()) or 'nothing is said of it'}"
    promise, tried = choose(policy, data)
    wanted = f"leads with {asked(*promise.when)}" if promise.when else "every lead"
    yield f"SLA: “{promise.name}”, for {wanted}"
    yield from (f"  not “{name}”: {missed}" for name, missed in tried)
    yield f"Team: {hands.why}"
    calendar, zone = hands.calendar, hands.calendar.timezone
    if promise.count == "elapsed":
        yield f"Calendar: none, since this SLA counts elapsed time; local times are those of {zone}"
        calendar = Calendar.elapsed(zone)
    else:
        opens = calendar.next_open(start)
        shut = f"; closed at that time, open again {local_words(opens, calendar)}" if opens and opens > start else ""
        yield f"Calendar: {hands.calendar_name} ({zone}){shut}"
    targets = {
        Kind.ACCEPTANCE: promise.accept_within,
        Kind.FIRST_TOUCH: promise.first_touch_within,
        Kind.QUALIFICATION: promise.qualify_within,
    }
    for kind, target in targets.items():
        yield ""
        yield from levels(Clock(kind, target, start, start, promise.count), calendar, policy, hands.team)


def choose(policy: Policy, data: LeadData) -> tuple[Promise, list[tuple[str, str]]]:
    """The first SLA whose conditions the lead meets, and what those before it wanted."""
    tried: list[tuple[str, str]] = []
    for promise in policy.promises:
        missed = failed(data, promise.when)
        if missed is None:
            return promise, tried
        tried.append((promise.name, unmet(missed, data)))
    raise AssertionError("the last promise of a policy has no conditions")


def levels(clock: Clock, calendar: Calendar, policy: Policy, team: Team) -> Iterator[str]:
    """One clock: its heading, and for each level when, who hears of it, and how the engine counted."""
    noun = "elapsed" if clock.count == "elapsed" else "working"
    begins = local_words(clock.started_at, calendar)
    yield f"{clock.kind.capitalize()}: {in_words(clock.target)} of {noun} time, if {BEGINS[clock.kind]} {begins}"
    known = {level.at: level for level in (Level(100), *policy.levels)}
    for level in (known[at] for at in sorted(known)):
        due = clock.due(calendar, level.at)
        told = _told(level, clock.kind, team)
        if due is None:
            yield f"  {level.at:>4}%  never: the calendar does not get there within 5 years"
            continue
        yield f"  {level.at:>4}%  {local_words(due, calendar)} = {due:%Y-%m-%d %H:%M:%S}Z  {told}"
        counted = calendar.explain(clock.started_at, clock.target * level.at / 100)
        yield f"         {counted.sentence(elapsed=clock.count == 'elapsed')}"


def _told(level: Level, kind: Kind, team: Team) -> str:
    names = {Audience.REP: "the rep", Audience.CHANNEL: team.channel, Audience.MANAGER: f"the manager {team.manager}"}
    heard = [names[audience] for audience in Audience if audience in level.notify]
    parts = ["the breach is recorded"] if level.at == 100 else []
    if heard:
        parts.append(f"tells {' and '.join(filter(None, (', '.join(heard[:-1]), heard[-1])))}")
    if level.reassign:
        parts.append("the lead goes to the next rep" if kind in REASSIGNED else "the lead stays with its rep")
    return "; ".join(parts)
