"""What `handoff check` learns from Slack: tokens, scopes, channels and people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import click

from bot.findings import Finding, Grade
from bot.settings import Settings
from connectors.slack.channels import listed
from connectors.slack.client import LockedOut, RateLimited, SlackClient, SlackProblem, Unreachable
from handlers import socket_mode
from sla_engine.policy import Policy

NEEDED = ("chat:write", "commands", "users:read", "users:read.email", "channels:read", "groups:read")
PUBLIC = "chat:write.public"


async def look(settings: Settings, policy: Policy | None) -> AsyncIterator[Finding]:
    """Ask Slack about everything that the settings and the policy name."""
    if settings.bot_token:
        async for finding in _bot(settings, policy):
            yield finding
    if settings.socket_mode:
        yield await _app(settings)


class PatientClient(SlackClient):
    """A client that waits when Slack says so: a company of a hundred is more than may be asked about in a minute."""

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method; raises one of the kinds of `SlackProblem` but `RateLimited`."""
        while True:
            try:
                return await super().call(method, **arguments)
            except RateLimited as limited:
                click.echo(f"Slack lets us ask again in {limited.seconds:g} s.", err=True)
                await asyncio.sleep(limited.seconds)


@asynccontextmanager
async def _client(settings: Settings, token: str) -> AsyncIterator["PatientClient"]:
    slack = PatientClient(token, settings.slack_api_url)
    await slack.open()
    try:
        yield slack
    finally:
        await slack.close()


async def _bot(settings: Settings, policy: Policy | None) -> AsyncIterator[Finding]:
    async with _client(settings, settings.bot_token) as slack:
        try:
            who = await slack.call("auth.test")
            yield Finding(
                Grade.OK, "slack", f"The token is {who.get('user', 'a bot')}'s in {who.get('team', 'Slack')}."
            )
            async for finding in _inside(slack, policy):
                yield finding
        except SlackProblem as problem:
            yield Finding(Grade.FAIL, "slack", _told(settings, problem))


def _told(settings: Settings, problem: SlackProblem) -> str:
    if isinstance(problem, LockedOut):
        return f"Slack refuses SLACK_BOT_TOKEN ({problem}): copy it again from OAuth & Permissions."
    if isinstance(problem, Unreachable):
        return f"Nothing can be asked of {settings.slack_api_url}: {problem}."
    return f"Slack answers the token with: {problem}."


async def _app(settings: Settings) -> Finding:
    """Whether Slack opens Socket Mode for the app token; it only names an address, and nobody connects to it."""
    async with _client(settings, settings.app_token) as gate:
        try:
            await gate.call(socket_mode.OPEN)
        except SlackProblem as problem:
            return Finding(Grade.FAIL, "slack", socket_mode.not_connected(problem))
    return Finding(Grade.OK, "slack", "Slack opens Socket Mode for the app token.")


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
    try:
        found = await _conversations(slack)
    except LockedOut:
        raise
    except SlackProblem as problem:
        yield Finding(Grade.WARN, "channel", f"Channels can't be looked at: {problem.method} gives {problem}.")
        return
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
