"""`handoff check`: what would break in production, a line per finding."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from bot import slack_findings
from bot.clock import SystemClock
from bot.findings import Finding, Grade
from bot.policy import PolicyFile, PolicyMistakes, policy_warnings
from bot.settings import Settings, SettingsMistakes, slack_mistakes, verifiers
from connectors.standard_webhooks import SHORTEST_KEY
from sla_engine.policy import Policy
from storage import backlog, people, schema
from storage.database import Database, ensure_writable, open_database
from storage.errors import StoreError
from storage.lanes import REDRAWING
from storage.outbox import PARKED

MOST_PARKED = 50


@dataclass(frozen=True, slots=True)
class Held:
    """How many leads are in work, by rep and by team."""

    reps: Mapping[str, int]
    teams: Mapping[str, int]


NOTHING = Held({}, {})


async def check(settings: Settings, *, offline: bool) -> int:
    """Print every finding; returns the exit status: 1 if anything would break in production."""
    findings: list[Finding] = []
    policy: Policy | None = None
    told, held = _database(settings)
    for finding in (*_local(settings), *told):
        _say(findings, finding)
    try:
        file = PolicyFile.read(settings.config)
        policy = file.policy(SystemClock().now().date())
        for finding in (*_policy(settings, file, policy), *_stranded(held, policy)):
            _say(findings, finding)
    except PolicyMistakes as error:
        for line in str(error).splitlines()[bool(error.mistakes) :]:
            _say(findings, Finding(Grade.FAIL, "policy", line))
    if not offline:
        async for finding in slack_findings.look(settings, policy):
            _say(findings, finding)
    broken = sum(finding.grade is Grade.FAIL for finding in findings)
    click.echo("Ready for production." if not broken else f"{broken} of {len(findings)} checks failed.")
    return 1 if broken else 0


def _say(findings: list[Finding], finding: Finding) -> None:
    findings.append(finding)
    click.echo(f"{finding.grade:<5} {finding.about:<9} {finding.sentence}")


def _local(settings: Settings) -> Iterator[Finding]:
    mistakes = [*slack_mistakes(settings), *_kinds(settings)]
    for mistake in mistakes:
        yield Finding(Grade.FAIL, "settings", mistake)
    if not mistakes:
        way = "Socket Mode" if settings.socket_mode else "HTTP"
        yield Finding(Grade.OK, "settings", f"Buttons and commands come over {way}.")
    # So they look in https://docs.slack.dev/authentication/verifying-requests-from-slack, which promises nothing.
    if settings.signing_secret and not re.fullmatch("[0-9a-f]{32}", settings.signing_secret):
        sentence = "SLACK_SIGNING_SECRET is not 32 hexadecimal digits, as Slack's are: every button would be refused."
        yield Finding(Grade.WARN, "settings", sentence)


def _kinds(settings: Settings) -> Iterator[str]:
    """Tokens that stand where another belongs."""
    wanted = {"SLACK_BOT_TOKEN": (settings.bot_token, "xoxb-"), "SLACK_APP_TOKEN": (settings.app_token, "xapp-")}
    for name, (token, prefix) in wanted.items():
        if token and not token.startswith(prefix):
            other = next((other for other, (_, theirs) in wanted.items() if token.startswith(theirs)), "")
            swapped = f", but as {other} should: are the two swapped?" if other else "."
            yield f"{name} is of another kind: it does not begin with {prefix}{swapped}"


def _database(settings: Settings) -> tuple[list[Finding], Held]:
    """What is wrong with the database, and how many leads everybody and each team has in work by it."""
    try:
        with closing(open_database(settings.database_url)) as database:
            return _look(database)
    except StoreError as error:
        return [Finding(Grade.FAIL, "database", str(error))], NOTHING


def _look(database: Database) -> tuple[list[Finding], Held]:
    shown = database.shown
    if not database.exists:
        return [_place(database)], NOTHING
    if database.is_sqlite and schema.found(database) == schema.NONE:
        return [Finding(Grade.OK, "database", f"{shown} opens; `handoff run` will create its tables.")], NOTHING
    schema.check(database)
    found = [Finding(Grade.OK, "database", f"{shown} opens, its schema {schema.needed()} is current.")]
    with database.read() as tx:
        ensure_writable(tx)
        parked, held = backlog.listed(tx, PARKED, MOST_PARKED + 1), Held(people.holders(tx), people.teams_at_work(tx))
    for line in parked[:MOST_PARKED]:
        what = f"A redrawing of {line.lead_id}'s cards" if line.lane == REDRAWING else f"A {line.kind} for {line.lane}"
        found.append(Finding(Grade.WARN, "outbox", f"{what} could not be delivered: {line.problem}."))
    if len(parked) > MOST_PARKED:
        found.append(Finding(Grade.WARN, "outbox", "There are more: see `handoff outbox list --state parked`."))
    return found, held


def _place(database: Database) -> Finding:
    """Whether the file of a new database can be made; to open it would be to make it, and perhaps as another user."""
    folder = Path(str(database.url.database)).absolute().parent
    if not os.access(folder, os.W_OK | os.X_OK):
        sentence = f"{database.shown} can't be created: this user may not write to {folder}."
        return Finding(Grade.FAIL, "database", sentence)
    return Finding(Grade.OK, "database", f"{database.shown} is not there yet; `handoff run` will create it.")


def _policy(settings: Settings, file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    reps = len({rep.email for _, rep in policy.reps()})
    counts = f"{len(policy.teams)} teams, {reps} reps, {len(policy.rules)} rules, {len(policy.promises)} SLAs"
    if policy.territories:
        counts += f", {len(policy.territories.rows):,} territories"
    if policy.accounts:
        counts += f", {len(policy.accounts):,} named accounts"
    yield Finding(Grade.OK, "policy", f"{settings.config} ({policy.hash}): {counts}.")
    for warning in policy_warnings(file, policy):
        yield Finding(Grade.WARN, "policy", str(warning))
    try:
        for name, verifier in verifiers(settings, policy).items():
            if min(map(len, verifier.keys)) < SHORTEST_KEY:
                sentence = f"The secret of the source {name!r} is shorter than {SHORTEST_KEY} bytes: it can be guessed."
                yield Finding(Grade.WARN, "secrets", sentence)
            else:
                yield Finding(Grade.OK, "secrets", f"The source {name!r} has its secret.")
    except SettingsMistakes as error:
        for mistake in error.mistakes:
            yield Finding(Grade.FAIL, "secrets", mistake)


def _stranded(held: Held, policy: Policy) -> Iterator[Finding]:
    """Leads with people whom no team has any more, and leads of teams that the policy no longer has."""
    members = {rep.email for _, rep in policy.reps()} | {team.manager for team in policy.teams.values()}
    for rep, number in sorted(held.reps.items()):
        if rep not in members:
            sentence = f"{rep} is in no team and has {_leads(number)} in work: say `/leads hand-over {rep}` in Slack."
            yield Finding(Grade.WARN, "leads", sentence)
    for team, number in sorted(held.teams.items()):
        if team not in policy.teams:
            sentence = f"The team {team!r} is not in the policy and has {_leads(number)} in work: "
            yield Finding(Grade.WARN, "leads", f"{sentence}who has one keeps it; what nobody has is routed anew.")


def _leads(number: int) -> str:
    return "1 lead" if number == 1 else f"{number:,} leads"
