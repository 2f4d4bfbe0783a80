"""`handoff route`: who would get a lead and why, as the database stands now, without anything being written."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.explanations import ASKED
from bot.places import instant_at, local_words, typed_moment
from bot.policy import PolicyFile
from bot.settings import read_settings
from connectors.generic import QUALIFIED, Unusable, parse
from leads.desk import Desk
from leads.forecasts import Forecast
from leads.intake import Event
from sla_engine.calendar import Calendar
from sla_engine.decision import Routing
from sla_engine.lead import LeadData, Plan
from sla_engine.matching import describe, failed, unmet
from sla_engine.phrases import in_words
from sla_engine.policy import Policy, Promise
from sla_engine.turns import in_turns
from storage import schema
from storage.database import Database, open_database
from storage.transaction import Transaction

LONGEST_VALUE = 80


class UnreadableFile(Exception):
    """{file} can't be read: {problem}."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__((self.__doc__ or "").format(file=file, problem=problem))


class UnusableLead(Exception):
    """A lead that the webhook would refuse, each mistake in a sentence."""


class UnknownSource(Exception):
    """The policy has no source “{name}”; it has: {known}."""

    def __init__(self, policy: Policy, name: str) -> None:
        super().__init__((self.__doc__ or "").format(name=name, known=", ".join(policy.sources)))


@click.command("route")
@click.option("--lead", "file", required=True, metavar="FILE", help="A webhook's body or its `data`; - reads stdin.")
@click.option("--at", metavar="TIME", help='Such as "2026-11-25 16:00", local to the first team. Default: now.')
@click.option("--source", metavar="NAME", help="The source it would come through. Default: the policy's first.")
def command(file: str, at: str | None, source: str | None) -> None:
    """Say who would get a lead, and why, without handing it over."""
    settings = read_settings()
    written = PolicyFile.read(settings.config)
    when = None if at is None else typed_moment(at)
    policy = written.policy((when or datetime.now(UTC)).date())
    door = next(iter(policy.sources), "") if source is None else source
    if source is not None and source not in policy.sources:
        raise UnknownSource(policy, source)
    data = read_lead(file)
    calendar = next(iter(policy.teams.values())).calendar
    now = datetime.now(UTC).replace(microsecond=0) if when is None else instant_at(when, calendar)
    with closing(open_database(settings.database_url)) as database:
        click.echo(f"Policy {written.path} ({policy.hash}), database {database.shown}, {local_words(now, calendar)}")
        if schema.is_unused(database):
            click.echo("The database is not in use yet: this is as if nothing had happened so far.")
        with present(database) as tx:
            found = Desk(lambda: policy, lambda: now).foresee(tx, door, data)
    click.echo("\n".join(answer(found, policy, data)))


def read_lead(file: str) -> LeadData:
    """The lead in a file of JSON, or on stdin. Raises UnreadableFile, UnusableLead."""
    name = "stdin" if file == "-" else file
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UnreadableFile(file, error.strerror or str(error)) from error
    bare = _bare(body)
    try:
        found = parse(json.dumps({"type": QUALIFIED, "data": bare}).encode() if bare is not None else body)
    except Unusable as error:
        fields = [(one.field.removeprefix("data.") if bare is not None else one.field, one) for one in error.mistakes]
        raise UnusableLead("\n".join(f"{name}: {field} {one.problem}." for field, one in fields)) from error
    if isinstance(found, Event):
        raise UnusableLead(f"{name}: type is “{found.kind}”: only a {QUALIFIED} is given to a rep.")
    return found


def _bare(body: bytes) -> dict[str, object] | None:
    """What is the `data` of a body alone, without the rest."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and not document.keys() & {"type", "data"} else None


@contextmanager
def present(database: Database) -> Iterator[Transaction]:
    """The database as it is at one instant; one that is not in use yet is left so, and another empty one read."""
    if not schema.is_unused(database):
        schema.check(database)
        with database.snapshot() as tx:
            yield tx
        return
    with TemporaryDirectory() as folder, closing(open_database(f"sqlite:///{folder}/empty.db")) as empty:
        schema.migrate(empty)
        with empty.snapshot() as tx:
            yield tx


def answer(found: Forecast, policy: Policy, data: LeadData) -> Iterator[str]:
    """The whole answer, line by line."""
    known = data.stated(ASKED)
    yield f"Lead: {', '.join(f'{name} {_short(describe(value))}' for name, value in known.items())}"
    if found.changed is not None:
        whose = f"which is with {found.lead.rep}" if found.lead.rep else "which nobody has yet"
        yield f"It would update the open lead {found.lead.id}, {whose}: no rule is asked."
        yield f"New: {', '.join(found.changed) or 'nothing'}"
        return
    if (before := found.earlier) is not None:
        had = f", was with {before.rep}" if before.rep else ""
        yield f"It would begin a new cycle after {before.id} ({before.status}{had})."
    if found.reasons:
        yield f"It would not be handed over: {'; '.join(found.reasons)}."
    if found.routing is not None and found.promise is not None:
        yield from _routing(found, found.routing, found.promise, policy, data)


def _routing(found: Forecast, routing: Routing, promise: Promise, policy: Policy, data: LeadData) -> Iterator[str]:
    team = policy.teams[routing.team]
    rep = team.rep(routing.rep or "")
    calendar = rep.calendar if rep else team.calendar
    yield "Rules, in order:"
    for number, verdict in enumerate(routing.rules, start=1):
        yield f"  {number}. {verdict.subject}: {verdict.obstacle or 'this one decides'}"
    if routing.considered:
        yield "Reps looked at:"
    for verdict in routing.considered:
        yield f"  {verdict.subject}: {verdict.obstacle or 'gets it'}{_owed(routing, verdict.subject)}"
    yield _outcome(routing, calendar, team.channel)
    yield f"Why: {routing.line}"
    targets = f"{in_words(promise.accept_within)} to accept, {in_words(promise.first_touch_within)} to the first touch"
    yield f"SLA: “{promise.name}”: {targets}, {in_words(promise.qualify_within)} to qualify, in {promise.count} time"
    for other in policy.promises[: policy.promises.index(promise)]:
        if (missed := failed(data, other.when)) is not None:
            yield f"  not “{other.name}”: {unmet(missed, data)}"
    if found.accept_by is not None:
        yield f"Accept by: {local_words(found.accept_by, calendar)}"


def _outcome(routing: Routing, calendar: Calendar, channel: str) -> str:
    again = f"{local_words(routing.hold_until, calendar)}, when the rules are asked again" if routing.hold_until else ""
    if routing.plan is Plan.HELD:
        return f"It would be held until {again}."
    if routing.plan is Plan.CLAIMABLE:
        return f"It would be free to take in {channel} until {again}."
    return f"It would go to {routing.rep} in {routing.team}."


def _owed(routing: Routing, rep: str) -> str:
    """What a rep would be owed before and after the turn, where that moves."""
    if routing.turn is None or rep not in routing.turn.after:
        return ""
    before, after = routing.turn.before[rep].credit, routing.turn.after[rep].credit
    return f" · owed {in_turns(before)} → {in_turns(after)} turns" if before != after else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"
