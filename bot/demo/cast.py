"""The demo's company: who works there, and the channels they share."""

import json
from collections.abc import Iterable
from pathlib import Path

from bot import slack_findings
from sandbox.clock import Clock
from sandbox.workspace import Workspace

NEW_YORK, LONDON = "America/New_York", "Europe/London"
DOMAIN = "acme.example"
PEOPLE = (
    ("alice", "Alice Ames", "SDR", NEW_YORK),
    ("bob", "Bob Burke", "SDR", NEW_YORK),
    ("carol", "Carol Chen", "SDR", NEW_YORK),
    ("dana", "Dana Diaz", "Manager, US inbound", NEW_YORK),
    ("femi", "Femi Falade", "SDR", LONDON),
    ("gita", "Gita Gupta", "SDR", LONDON),
    ("erik", "Erik Eng", "Manager, EMEA inbound", LONDON),
    ("olga", "Olga Orlov", "RevOps, admin", NEW_YORK),
    ("mika", "Mika Moon", "Marketing ops", NEW_YORK),
)
CHANNELS = (
    ("leads-us", "Leads of the US inbound team"),
    ("leads-emea", "Leads of the EMEA inbound team"),
    ("marketing", "What sales says of our leads"),
)
SCOPES = (*slack_findings.NEEDED, slack_findings.PUBLIC)
COMMANDS = (
    ("/sla", "Your SLA numbers; “team” for your team's", "[team]", False),
    ("/leads", "Your open leads, most urgent first", "[away [3h | 2026-12-01] | back | hand-over <rep>]", True),
    ("/lead", "Why a rep got a lead, and all that happened to it", "why <id>", False),
    ("/handoff", "All of these under one word", "[sla | leads | lead why <id>]", True),
)
"""Each with what is shown beside it, and whether a mentioned colleague comes as an id, as `manifest.yml` has it."""


def company(clock: Clock) -> Workspace:
    """A Slack workspace with everybody in it and every channel."""
    commands = [
        {"command": name, "description": text, "usage_hint": hint, "should_escape": escaped}
        for name, text, hint, escaped in COMMANDS
    ]
    workspace = Workspace(clock=clock, team_name="Acme", commands=commands, scopes=SCOPES)
    ids = [
        workspace.add_user(name, real_name=real, email=f"{name}@{DOMAIN}", tz=zone, title=title).id
        for name, real, title, zone in PEOPLE
    ]
    for name, topic in CHANNELS:
        workspace.add_channel(name, members=ids, topic=topic)
    return workspace


def sample_leads(name: str) -> list[dict[str, object]]:
    """The leads of `last_week.json` or `today.json`, in the order in which they come."""
    found: Iterable[dict[str, object]] = json.loads((Path(__file__).parent / f"{name}.json").read_text("utf-8"))
    return list(found)
