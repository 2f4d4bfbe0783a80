"""The whole product against a local Slack, with time in the test's hands.

Webhooks arrive over real HTTP, clicks reach the bot as signed requests, rows are in a real database. Only the clock is
ours: `forward` moves it from one due instant to the next, so that a journey reads as it would be told.
"""

import asyncio
import json
import threading
import time
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn

from bot.policy import load_policy
from bot.service import Service
from bot.serving import listen
from bot.settings import read_settings
from connectors.standard_webhooks import Verifier
from sandbox.app import create_app
from sandbox.model import Message
from sandbox.workspace import Workspace
from storage import clocks, outbox, queries
from storage.database import open_database
from storage.queries import Entry, LeadView

T = TypeVar("T")
ACCEPTANCE = Path(__file__).parent / "acceptance.yaml"
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday 23 November 2026, 10:00 in New York and 15:00 in London: everybody is at work."""
SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSB3ZWJzaXRlIGZvciB0ZXN0cyE="
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
SCOPES = ("chat:write", "chat:write.public", "commands", "users:read", "users:read.email", "channels:read", "groups:read")


class HandClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, start: datetime) -> None:
        self.instant = start
        self.speed = 1.0

    def now(self) -> datetime:
        """Where the hand points."""
        return self.instant

    def seconds_until(self, instant: datetime) -> float:
        """As far as the hand would have to move."""
        return (instant - self.instant).total_seconds()

    def set_speed(self, speed: float) -> None:
        """It stands still at any speed."""
        self.speed = speed

    def advance(self, d: timedelta) -> None:
        """Move the hand."""
        self.instant += d


class Loop:
    """An event loop in a thread of its own, for tests that are plain functions."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loop", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something there and wait for it."""
        return self.submit(work).result(60)

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run something there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Stop it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Site:
    """An application served over HTTP on a free port of the loop."""

    def __init__(self, loop: Loop, app: Any) -> None:
        self._loop = loop
        self._socket = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on", access_log=False))
        self._served = loop.submit(self._server._serve([self._socket]))
        while not self._server.started:
            if self._served.done():
                self._served.result()
            time.sleep(0.002)

    def close(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._served.result(20)
        self._socket.close()


class World:
    """Slack, the product and the people, at an instant of the test's choice."""

    def __init__(
        self, loop: Loop, database_url: str, *, policy: Path = ACCEPTANCE, start: datetime = MONDAY, socket_mode: bool = False
    ) -> None:
        self.loop, self.clock = loop, HandClock(start)
        commands = [{"command": name, "description": "", "usage_hint": ""} for name in ("/sla", "/leads", "/lead", "/handoff")]
        self.workspace = Workspace(clock=self.clock, commands=commands, scopes=SCOPES)
        self.ids = {
            name: self.workspace.add_user(name, email=f"{name}@acme.example", tz=zone).id for name, zone in PEOPLE.items()
        }
        self.channels = {
            name: self.workspace.add_channel(name, members=list(self.ids.values())).id for name in CHANNELS
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
        self.http = httpx.Client()
        self._sent = 0
        self.start_bot()

    def start_bot(self) -> None:
        """Start the product, as after an outage."""
        settings = read_settings(self.environment, Path("/nonexistent"))
        policy = load_policy(settings.config, self.clock.now().date())
        self.service = Service(settings, policy, open_database(settings.database_url), self.clock)
        self.bot = Site(self.loop, self.service.app(beating=False))
        self.workspace.connect(f"{self.bot.url}/slack/events")

    def stop_bot(self) -> None:
        """Stop the product; Slack and the database stay."""
        self.bot.close()

    def close(self) -> None:
        """The end."""
        self.stop_bot()
        self.loop.run(self.workspace.stop())
        self.slack.close()
        self.http.close()

    # Time

    def forward(self, **duration: float) -> None:
        """Let time pass, stopping at every instant at which something is due."""
        target = self.clock.now() + timedelta(**duration)
        self._pass()
        while (due := self._next_due()) is not None and due <= target:
            self.clock.instant = max(due, self.clock.now())
            self._pass()
        self.clock.instant = max(target, self.clock.now())

    def forward_to(self, instant: datetime) -> None:
        """Let time pass until an instant."""
        self.forward(seconds=(instant - self.clock.now()).total_seconds())

    def settle(self) -> None:
        """Let everything that is due now happen, as fast as Slack allows."""
        self.forward(seconds=0)
        for _ in range(100):
            waiting = self.loop.run(self.service.office.read(outbox.next_due))
            if waiting is None or waiting > self.clock.now() + timedelta(seconds=2):
                return
            self.forward(seconds=1)

    def _pass(self) -> None:
        self.loop.run(self.service.fire_due())
        self.loop.run(self.service.deliver_due())

    def _next_due(self) -> datetime | None:
        timers = self.loop.run(self.service.office.read(clocks.next_due))
        messages = self.loop.run(self.service.office.read(outbox.next_due))
        if messages is not None and messages <= self.clock.now():
            messages = self.service.delivery.next_free()
        return min((due for due in (timers, messages) if due is not None), default=None)

    # Marketing

    def lead(self, *, settle: bool = True, **changes: Any) -> httpx.Response:
        """A lead arrives: the contract's example, changed."""
        response = self.post({"type": "lead.qualified", "data": {**PAT, **changes}})
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
        """What only this person was told."""
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
        state: dict[str, Any] = {}
        labels: dict[str, str] = {}
        for block in (block for block in view["blocks"] if block["type"] == "input"):
            label, element = block["label"]["text"], block["element"]
            labels[block["block_id"]] = label
            wanted = answers.get(label.casefold().replace(" ", "_").replace("-", "_"))
            state[block["block_id"]] = {element["action_id"]: filled(element, wanted)}
        errors = self.loop.run(self.workspace.submit(self.ids[name], view["id"], state))
        return {labels.get(block, block): sentence for block, sentence in errors.items()}

    def say(self, name: str, command: str) -> str:
        """Somebody types a command; returns the private reply as all its words."""
        channel = self.channels["leads-us"]
        return words(self.loop.run(self.workspace.command(self.ids[name], channel, command)))

    # What is true

    def view(self, lead_id: str) -> LeadView:
        """A lead with its clocks, from the database."""
        found = self.loop.run(self.service.office.read(queries.lead_view, lead_id))
        assert found is not None
        return found

    def history(self, lead_id: str) -> list[Entry]:
        """A lead's history, from the database."""
        return self.loop.run(self.service.office.read(queries.history, lead_id))


PAT: dict[str, Any] = {
    "external_id": "00Q5e00000AbCdE",
    "email": "pat@northwind.example",
    "first_name": "Pat",
    "last_name": "Lee",
    "company": "Northwind",
    "title": "VP Operations",
    "phone": "+14155550123",
    "website": "northwind.example",
    "country": "US",
    "state": "CA",
    "industry": "logistics",
    "employees": 420,
    "lead_type": "demo_request",
    "source": "google_ads",
    "campaign": "q4-freight",
    "score": 92,
    "interests": ["pricing", "api"],
    "message": "Need 40 seats by January",
    "owner_email": None,
}
"""The contract's example of a lead."""


def buttons(message: Message) -> list[str]:
    """The words on a message's buttons."""
    found = [element for block in message.blocks if block["type"] == "actions" for element in block["elements"]]
    return [element["text"]["text"] for element in found if element["type"] == "button"]


def words(node: Any) -> str:
    """Every text in a message, its blocks or a view, in reading order."""
    if isinstance(node, str):
        return ""
    if isinstance(node, Message):
        return f"{node.text}\n{words(node.blocks)}"
    if isinstance(node, Mapping):
        own = [value for key, value in node.items() if key == "text" and isinstance(value, str)]
        return "\n".join(filter(None, [*own, *(words(value) for value in node.values())]))
    return "\n".join(filter(None, map(words, node))) if isinstance(node, list) else ""


def filled(element: Mapping[str, Any], wanted: str | None) -> dict[str, Any]:
    """The state of one field after somebody chose or typed."""
    if element["type"] == "plain_text_input":
        return {"type": element["type"], "value": wanted}
    option = next((one for one in element["options"] if wanted in (one["text"]["text"], one["value"])), None)
    assert wanted is None or option is not None, f"{wanted} is not offered"
    return {"type": element["type"], "selected_option": option}
