"""`handoff check`: what would break in production, a line per finding."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from bot.clock import SystemClock
from bot.policy import PolicyFile, PolicyMistakes, policy_warnings
from bot.settings import Settings, SettingsMistakes, slack_mistakes, verifiers
from connectors.slack.channels import listed
from connectors.slack.client import SlackClient, SlackProblem
from sla_engine.policy import Policy
from storage import backlog, people, schema
from storage.database import Database, ensure_writable, open_database
from storage.errors import StoreError
from storage.lanes import REDRAWING
from storage.outbox import PARKED

NEEDED = ("chat:write", "commands", "users:read", "users:read.email", "channels:read", "groups:read")
PUBLIC = "chat:write.public"
MOST_PARKED = 50


class Grade(StrEnum):
    """How bad a finding is; only `FAIL` makes the command exit with 1."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad, about what, and a sentence."""

    grade: Grade
    about: str
    sentence: str


async def check(settings: Settings, *, offline: bool) -> int:
    """Print every finding; returns the exit status: 1 if anything would break in production."""
    findings: list[Finding] = []
    policy: Policy | None = None
    told, holders = _database(settings)
    for finding in (*_local(settings), *told):
        _say(findings, finding)
    try:
        file = PolicyFile.read(settings.config)
        policy = file.policy(SystemClock().now().date())
        for finding in (*_policy(settings, file, policy), *_stranded(holders, policy)):
            _say(findings, finding)
    except PolicyMistakes as error:
        for line in str(error).splitlines()[bool(error.mistakes) :]:
            _say(findings, Finding(Grade.FAIL, "policy", line))
    if not offline and settings.bot_token:
        async for finding in _slack(settings, policy):
            _say(findings, finding)
    broken = sum(finding.grade is Grade.FAIL for finding in findings)
    click.echo("Ready for production." if not broken else f"{broken} of {len(findings)} checks failed.")
    return 1 if broken else 0


def _say(findings: list[Finding], finding: Finding) -> None:
    findings.append(finding)
    click.echo(f"{finding.grade:<5} {finding.about:<9} {finding.sentence}")


def _local(settings: Settings) -> Iterator[Finding]:
    missing = slack_mistakes(settings)
    for name, token, prefix in (
        ("SLACK_BOT_TOKEN", settings.bot_token, "xoxb-"),
        ("SLACK_APP_TOKEN", settings.app_token, "xapp-"),
    ):
        if token and not token.startswith(prefix):
            yield Finding(Grade.FAIL, "settings", f"{name} is of another kind: it does not begin with {prefix}.")
    for mistake in missing:
        yield Finding(Grade.FAIL, "settings", mistake)
    if not missing:
        way = "Socket Mode" if settings.socket_mode else "HTTP"
        yield Finding(Grade.OK, "settings", f"Slack is reached over {way}.")


def _database(settings: Settings) -> tuple[list[Finding], dict[str, int]]:
    """What is wrong with the database, and how many leads everybody has in work by it."""
    try:
        with closing(open_database(settings.database_url)) as database:
            return _look(database)
    except StoreError as error:
        return [Finding(Grade.FAIL, "database", str(error))], {}


def _look(database: Database) -> tuple[list[Finding], dict[str, int]]:
    shown = database.shown
    if not database.exists:
        return [_place(database)], {}
    if database.is_sqlite and schema.found(database) == schema.NONE:
        return [Finding(Grade.OK, "database", f"{shown} opens; `handoff run` will create its tables.")], {}
    schema.check(database)
    found = [Finding(Grade.OK, "database", f"{shown} opens, its schema {schema.needed()} is current.")]
    with database.read() as tx:
        ensure_writable(tx)
        parked, holders = backlog.listed(tx, PARKED, MOST_PARKED + 1), people.holders(tx)
    for line in parked[:MOST_PARKED]:
        what = f"A redrawing of {line.lead_id}'s cards" if line.lane == REDRAWING else f"A {line.kind} for {line.lane}"
        found.append(Finding(Grade.WARN, "outbox", f"{what} could not be delivered: {line.problem}."))
    if len(parked) > MOST_PARKED:
        found.append(Finding(Grade.WARN, "outbox", "There are more: see `handoff outbox list --state parked`."))
    return found, holders


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
        for name in verifiers(settings, policy):
            yield Finding(Grade.OK, "secrets", f"The source {name!r} has its secret.")
    except SettingsMistakes as error:
        for mistake in error.mistakes:
            yield Finding(Grade.FAIL, "secrets", mistake)


def _stranded(holders: dict[str, int], policy: Policy) -> Iterator[Finding]:
    """Leads with people whom no team has any more."""
    members = {rep.email for _, rep in policy.reps()} | {team.manager for team in policy.teams.values()}
    for rep, number in sorted(holders.items()):
        if rep not in members:
            leads = "1 lead" if number == 1 else f"{number:,} leads"
            sentence = f"{rep} is in no team and has {leads} in work: say `/leads hand-over {rep}` in Slack."
            yield Finding(Grade.WARN, "leads", sentence)


async def _slack(settings: Settings, policy: Policy | None) -> AsyncIterator[Finding]:
    slack = SlackClient(settings.bot_token, settings.slack_api_url)
    await slack.open()
    try:
        who = await slack.call("auth.test")
        yield Finding(Grade.OK, "slack", f"The token is {who.get('user', 'a bot')}'s in {who.get('team', 'Slack')}.")
        async for finding in _inside(slack, policy):
            yield finding
    except SlackProblem as problem:
        yield Finding(Grade.FAIL, "slack", f"Slack answers the token with: {problem}.")
    finally:
        await slack.close()


async def _inside(slack: SlackClient, policy: Policy | None) -> AsyncIterator[Finding]:
    granted = set((slack.scopes or "").replace(" ", "").split(",")) - {""}
    if granted:
        for scope in (*NEEDED, PUBLIC):
            if scope not in granted:
                grade = Grade.WARN if scope == PUBLIC else Grade.FAIL
                yield Finding(grade, "scopes", f"The app lacks the scope {scope}: add it and install the app again.")
        if granted.issuperset(NEEDED):
            yield Finding(Grade.OK, "scopes", f"{len(granted)} scopes are granted.")
    if policy is not None:
        async for finding in _channels(slack, policy, granted):
            yield finding
        async for finding in _people(slack, policy):
            yield finding


async def _channels(slack: SlackClient, policy: Policy, granted: set[str]) -> AsyncIterator[Finding]:
    found = await _conversations(slack)
    wanted = [team.channel for team in policy.teams.values()] + [digest.channel for digest in policy.digests]
    for channel in dict.fromkeys(wanted):
        known = found.get(channel.removeprefix("#"))
        if known is None:
            sentence = f"{channel} is not there, or is private and the bot is not in it: /invite @handoff there."
            yield Finding(Grade.FAIL, "channel", sentence)
        elif known.get("is_archived"):
            yield Finding(Grade.FAIL, "channel", f"{channel} is archived.")
        elif not known.get("is_member") and (known.get("is_private") or (granted and PUBLIC not in granted)):
            yield Finding(Grade.FAIL, "channel", f"The bot is not in {channel}: /invite @handoff there.")
        else:
            yield Finding(Grade.OK, "channel", f"{channel} is found.")


async def _conversations(slack: SlackClient) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    async for channel in listed(slack):
        found[channel["name"]] = found[channel["id"]] = channel
    return found


async def _people(slack: SlackClient, policy: Policy) -> AsyncIterator[Finding]:
    overrides = {rep.email: rep.slack_id for _, rep in policy.reps() if rep.slack_id}
    for email in policy.people():
        try:
            if email in overrides:
                answer = await slack.call("users.info", user=overrides[email])
            else:
                answer = await slack.call("users.lookupByEmail", email=email)
        except SlackProblem as problem:
            yield Finding(Grade.FAIL, "person", f"{email} is not found in Slack: {problem}.")
            continue
        if answer["user"].get("deleted"):
            yield Finding(Grade.FAIL, "person", f"{email} is deactivated in Slack.")
        else:
            yield Finding(Grade.OK, "person", f"{email} is found.")
