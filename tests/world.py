"""The whole product against a local Slack, with time in the test's hands.

Webhooks arrive over real HTTP, clicks reach the bot as signed requests, rows are in a real database. Only the clock is
ours: `forward` moves it from one due instant to the next, so that a journey reads as it would be told.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from bot.handoff import Handoff
from bot.policy import load_policy
from bot.settings import read_settings
from bot.stepping import AT_ONCE, Steps
from connectors.standard_webhooks import Verifier
from sandbox.app import create_app
from sandbox.model import Message
from sandbox.workspace import Workspace
from sla_engine.policy import Policy
from storage import history, queries
from storage.database import open_database
from storage.history import Entry
from storage.queries import LeadView
from tests.hosting import HandClock, Loop, Site, client
from tests.sample import ACCEPTANCE, PAT, SECRET
from tests.screens import answered, buttons, fields, words

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday 23 November 2026, 10:00 in New York and 15:00 in London: everybody is at work."""
PEOPLE = {
    "alice": "America/New_York",
    "bob": "America/New_York",
    "carol": "Europe/London",
    "dana": "America/New_York",
    "olga": "America/New_York",
    "erik": "Europe/London",
    "femi": "Europe/London",
    "gita": "Europe/London",
    "zoe": "America/New_York",
}
CHANNELS = ("leads-us", "leads-emea", "marketing")
MANIFEST: dict[str, Any] = YAML(typ="safe", pure=True).load(Path(__file__).parent.parent / "manifest.yml")
COMMANDS: list[dict[str, Any]] = MANIFEST["features"]["slash_commands"]
"""As the app is installed: the manifest says which commands hear of people by their ids."""
PATIENCE = 20.0
"""Real seconds in which the bot must answer a click: a busy machine is no failure of the bot's."""
PATIENCE_FOR_ALL = 3_600.0
"""Real seconds in which all must have happened that a stretch of time holds: of a large company's, many minutes."""
SCOPES = (
    "chat:write",
    "chat:write.public",
    "commands",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
)


class World:
    """Slack, the product and the people, at an instant of the test's choice."""

    def __init__(
        self,
        loop: Loop,
        database_url: str,
        *,
        policy: Path = ACCEPTANCE,
        start: datetime = MONDAY,
        socket_mode: bool = False,
        scopes: Sequence[str] = SCOPES,
        people: Mapping[str, str] = PEOPLE,
        channels: Sequence[str] = CHANNELS,
        breath: timedelta = AT_ONCE,
    ) -> None:
        self.loop, self.clock, self._breath = loop, HandClock(start), breath
        self.workspace = Workspace(clock=self.clock, commands=COMMANDS, scopes=scopes, patience=PATIENCE)
        add = self.workspace.add_user
        self.ids = {name: add(name, email=f"{name}@acme.example", tz=zone).id for name, zone in people.items()}
        self.channels = {
            name: self.workspace.add_channel(name, members=list(self.ids.values())).id for name in channels
        }
        self.slack = Site(loop, create_app(self.workspace))
        self.environment = {
            "HANDOFF_CONFIG": str(policy),
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "HANDOFF_WEBSITE_SECRET": SECRET,
        }
        if socket_mode:
            self.environment["SLACK_APP_TOKEN"] = self.workspace.app_token
        self.verifier = Verifier.of(SECRET)
        self.http = client()
        self._sent = 0
        self.start_bot()

    def start_bot(self) -> None:
        """Start the product, as after an outage."""
        settings = read_settings(self.environment, Path("/nonexistent"))
        year = self.clock.now().date().replace(month=1, day=1)
        policy = policy_in(settings.config, settings.config.read_bytes(), year)
        self.service = Handoff(settings, policy, open_database(settings.database_url), self.clock)
        self._steps = Steps(self.service, self.clock, self._breath)
        self.bot = Site(self.loop, self.service.app(beating=False))
        if not settings.socket_mode:
            self.workspace.connect(f"{self.bot.url}/slack/events")

    def stop_bot(self) -> None:
        """Stop the product; Slack and the database stay."""
        self.bot.close()

    def close(self) -> None:
        """The end."""
        self.stop_bot()
        self.http.close()
        self.loop.run(self.workspace.stop())
        self.slack.close()

    # Time

    def forward(self, **duration: float) -> None:
        """Let time pass, stopping at every instant at which something is due."""
        self.forward_to(self.clock.now() + timedelta(**duration))

    def forward_to(self, instant: datetime) -> None:
        """Let time pass until an instant."""
        self.loop.run(self._steps.forward_to(instant), within=PATIENCE_FOR_ALL)

    def settle(self) -> None:
        """Let everything that is due now happen, as fast as Slack allows."""
        self.loop.run(self._steps.settle(), within=PATIENCE_FOR_ALL)

    # Marketing

    def lead(self, *, settle: bool = True, **changes: Any) -> httpx.Response:
        """A lead arrives: the contract's example, changed; under another id it is of another company."""
        other = {}
        if name := "".join(filter(str.isalnum, str(changes.get("external_id", "")))).lower():
            other = {"email": f"pat@{name}.example", "website": f"{name}.example"}
        response = self.post({"type": "lead.qualified", "data": {**PAT, **other, **changes}})
        if settle:
            self.settle()
        return response

    def event(self, kind: str, **data: Any) -> httpx.Response:
        """Other news of a lead arrives."""
        response = self.post({"type": kind, "data": {"external_id": PAT["external_id"], **data}})
        self.settle()
        return response

    def post(self, body: Mapping[str, Any] | bytes, webhook_id: str | None = None, **headers: str) -> httpx.Response:
        """A signed delivery to the website's door."""
        self._sent += 1
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = self.verifier.sign(webhook_id or f"msg_{self._sent}", int(time.time()), content)
        sent = {"content-type": "application/json", **signed, **headers}
        return self.http.post(f"{self.bot.url}/webhooks/website", content=content, headers=sent)

    # People

    def dm(self, name: str) -> list[Message]:
        """What the bot wrote to somebody, oldest first."""
        return self.workspace.messages(self.workspace.im(self.ids[name]).id)

    def channel(self, name: str) -> list[Message]:
        """What stands in a channel, oldest first."""
        return self.workspace.messages(self.channels[name])

    def whispers(self, name: str) -> list[str]:
        """What only this person was told, once it has come."""
        self.loop.run(self.service.doors.finish())
        return [message.text for message in self.workspace.ephemerals(self.ids[name])]

    def click(self, name: str, label: str, *, message: Message | None = None) -> None:
        """Somebody presses a button on a message, by default the last one in their DM that has it."""
        found = message or next(one for one in reversed(self.dm(name)) if label in buttons(one))
        self.loop.run(self.workspace.click(self.ids[name], found.channel, found.ts, label=label))

    def modal(self, name: str) -> dict[str, Any]:
        """The form that is open before somebody."""
        view = self.workspace.modal(self.ids[name])
        assert view is not None, f"no form is open before {name}"
        return view

    def submit(self, name: str, **answers: str) -> dict[str, str]:
        """Fill in the open form by the labels of its fields and send it; returns the errors by label."""
        view = self.modal(name)
        labels = {block["block_id"]: label for label, block in fields(view).items()}
        errors = self.loop.run(self.workspace.submit(self.ids[name], view["id"], answered(view, answers)))
        return {labels.get(block, block): sentence for block, sentence in errors.items()}

    def say(self, name: str, command: str) -> str:
        """Somebody types a command; returns the private reply as all its words."""
        channel = self.channels["leads-us"]
        return words(self.loop.run(self.workspace.command(self.ids[name], channel, command)))

    def home(self, name: str) -> dict[str, Any]:
        """Somebody opens the app's Home tab; returns what it shows once it is drawn."""
        self.loop.run(self.service.doors.finish())
        before = len(self.workspace.calls)
        self.loop.run(self.workspace.open_home(self.ids[name]))
        self.wait(lambda: any(call.method == "views.publish" for call in self.workspace.calls[before:]))
        return self.workspace.home(self.ids[name]) or {}

    def press(self, name: str, label: str, *, value: str | None = None) -> None:
        """Somebody opens the Home tab and presses a button there; what follows from it is drawn when this returns."""
        view = self.home(name)["id"]
        self.loop.run(self.workspace.click_in_view(self.ids[name], view, label=label, value=value))
        self.loop.run(self.service.doors.finish())

    def shown(self, name: str) -> str:
        """Every word on somebody's Home tab as it stands, without their opening it again."""
        self.loop.run(self.service.doors.finish())
        return words(self.workspace.home(self.ids[name]) or {})

    def wait(self, happened: Callable[[], object]) -> None:
        """Give what the product does after its answer a moment of real time."""
        patience = time.monotonic() + 5
        while not happened():
            assert time.monotonic() < patience, "it did not happen"
            time.sleep(0.002)

    # What is true

    def view(self, lead_id: str) -> LeadView:
        """A lead with its clocks, from the database."""
        found = self.loop.run(self.service.office.read(queries.lead_view, lead_id))
        assert found is not None
        return found

    def history(self, lead_id: str) -> list[Entry]:
        """A lead's history, from the database."""
        return self.loop.run(self.service.office.read(history.of, lead_id))


@cache
def policy_in(file: Path, _content: bytes, day: date) -> Policy:
    """A policy file, read once for all worlds: it takes longer than the rest of a world together."""
    return load_policy(file, day)
