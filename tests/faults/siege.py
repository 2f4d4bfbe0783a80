"""The product under load and under fire: processes that can be killed, senders that insist, reps who click."""

import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.handoff import Handoff
from bot.serving import listen, read_policy
from bot.settings import read_settings
from sandbox.errors import SandboxError
from sandbox.limits import Allowance
from storage import outbox
from storage.database import open_database
from tests.bot.stage import HANDOFF, SCOPES, Stage, eventually
from tests.faults.auditor import findings, report
from tests.faults.evidence import Answer, Evidence, Span, gather
from tests.hosting import HandClock, Loop, client
from tests.sample import always_open, lead_of, signed
from tests.screens import buttons

PATIENCE = timedelta(seconds=4)
"""How late a timer may be on a busy machine that runs several of everything."""
A_SECOND = timedelta(seconds=1)
CHANCE = random.SystemRandom()
REFUSED, DROPPED = 0, 1
"""What counts as the status of a delivery that found nobody there, and of one that was left without an answer."""
MOST_LEADS = 60
"""So that a slow machine has no more to do than a fast one."""
HISTORY = ("channels:history", "groups:history", "im:history", "im:write")
"""What the bot needs to look for a post whose answer was lost."""


def hurried(folder: Path, accept_within: str) -> str:
    """The acceptance policy, always open, with promises of seconds."""
    return str(always_open(folder, ("accept_within: 5m", f"accept_within: {accept_within}")))


@contextmanager
def staged(loop: Loop, folder: Path, database_url: str) -> Iterator[Stage]:
    """A local Slack whose conversations may be read back, and a company that never closes."""
    made = Stage(loop, folder, database_url, scopes=(*SCOPES, *HISTORY))
    made.environment["HANDOFF_CONFIG"] = hurried(folder, "5m")
    yield made
    made.close()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with listen("127.0.0.1", 0) as found:
        port: int = found.getsockname()[1]
    return port


class Service:
    """One `handoff run` on a port of its own, as often as it is started. What it logs goes to a file."""

    def __init__(self, stage: Stage, name: str = "one") -> None:
        self.stage, self.port = stage, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = stage.folder / f"{name}.log"
        self.outages: list[Span] = []
        self._down_since = datetime.now(UTC)
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [HANDOFF, "run", "--port", str(self.port)],
                env=self.stage.environment, cwd=self.stage.folder, stdout=log, stderr=log, text=True,
            )  # fmt: skip
        eventually(self.answers, f"{self.log.name} to say that the service answers", within=60)
        self.outages.append(Span(self._down_since, datetime.now(UTC)))
        self.stage.workspace.connect(f"{self.url}/slack/events")

    def answers(self, path: str = "/healthz") -> bool:
        """Whether it says that it is well."""
        try:
            with client() as http:
                return http.get(f"{self.url}{path}").status_code == 200
        except httpx.TransportError:
            return False

    def end(self, how: signal.Signals) -> int:
        """Send it a signal and wait for its end; returns its exit status."""
        assert self.process is not None
        self._down_since = datetime.now(UTC)
        self.process.send_signal(how)
        return self.process.wait(20)

    def kill(self) -> None:
        """`kill -9`: nothing is finished, nothing is given back."""
        self.end(signal.SIGKILL)


@contextmanager
def services(*made: Service) -> Iterator[tuple[Service, ...]]:
    """Start them, and end whatever still runs afterwards."""
    try:
        for one in made:
            one.start()
        yield made
    finally:
        for one in made:
            if one.process is not None and one.process.poll() is None:
                one.end(signal.SIGKILL)


class Senders:
    """Senders of webhooks as they should be: each repeats a delivery, under its own id, until it is kept."""

    def __init__(self, urls: Sequence[str], lead: Callable[[int], dict[str, Any]] | None = None) -> None:
        self.answers: list[Answer] = []
        self.statuses: Counter[int] = Counter()
        self._urls, self._lead = urls, lead or a_lead
        self._numbers = iter(range(MOST_LEADS))
        self._stop, self._threads = threading.Event(), list[threading.Thread]()

    @contextmanager
    def sending(self, threads: int, pause: float) -> Iterator[None]:
        """So many at once, each with a pause (seconds) between two leads; at the end all are kept."""
        for _ in range(threads):
            self._threads.append(threading.Thread(target=self._go_on, args=[pause], daemon=True))
            self._threads[-1].start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(40)

    def _go_on(self, pause: float) -> None:
        with client() as http:
            while not self._stop.is_set():
                if (number := next(self._numbers, None)) is None:
                    return
                self.insist(http, f"msg_{number}", {"type": "lead.qualified", "data": self._lead(number)})
                time.sleep(pause)

    def insist(self, http: httpx.Client, webhook_id: str, body: dict[str, Any]) -> None:
        """Deliver until it is kept."""
        for attempt in range(400):
            if (answer := self.deliver(http, webhook_id, body, attempt)) and answer.status < 500:
                return
            time.sleep(0.1)
        raise AssertionError(f"{webhook_id} was never kept")

    def deliver(self, http: httpx.Client, webhook_id: str, body: dict[str, Any], attempt: int = 0) -> Answer | None:
        """One delivery; None when nobody answered."""
        content, headers = signed(webhook_id, body)
        url = self._urls[(hash(webhook_id) + attempt) % len(self._urls)]
        try:
            response = http.post(f"{url}/webhooks/website", content=content, headers=headers)
        except httpx.TransportError as error:
            self.statuses[REFUSED if isinstance(error, httpx.ConnectError) else DROPPED] += 1
            return None
        answer = Answer(webhook_id, response.status_code, response.json().get("lead_id"))
        self.statuses[answer.status] += 1
        self.answers.append(answer)
        return answer


def a_lead(number: int) -> dict[str, Any]:
    """A lead of a company of its own."""
    name = f"siege{number}"
    return lead_of(name, company=name)


@contextmanager
def clicking(stage: Stage, names: Sequence[str] = ("alice", "bob", "carol")) -> Iterator[None]:
    """Reps accept now and then, whether or not somebody is there to hear it."""
    stop = threading.Event()

    def go_on() -> None:
        while not stop.wait(0.3):
            name = CHANCE.choice(names)
            cards = [one for one in stage.workspace.messages(stage.dm_id(name)) if "Accept" in buttons(one)]
            if cards:
                card = CHANCE.choice(cards)
                try:
                    stage.loop.run(stage.workspace.click(stage.ids[name], card.channel, card.ts, label="Accept"))
                except SandboxError:
                    continue

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


def finish(stage: Stage) -> datetime:
    """One more process does what is left, by a clock that skips the waiting; returns its time at the end."""
    stage.workspace.state.limits.allowance = Allowance(enforced=False)
    settings = read_settings(stage.environment, Path("/nonexistent"))
    clock = HandClock(datetime.now(UTC))
    service = Handoff(settings, read_policy(settings), open_database(settings.database_url), clock)
    stage.loop.run(service.start(beating=False))
    try:
        for _ in range(5_000):
            stage.loop.run(service.fire_due())
            free = stage.loop.run(service.deliver_due())
            message = stage.loop.run(service.office.read(outbox.next_due))
            if message is None:
                return clock.now()
            if message <= clock.now():
                message = free or clock.now() + A_SECOND
            timer = stage.loop.run(service.office.read(service.desk.next_due))
            clock.instant = max(clock.now(), min(filter(None, (timer, message))))
    finally:
        stage.loop.run(service.stop())
    raise AssertionError("the outbox is never empty")


def verdict(stage: Stage, answers: Sequence[Answer], outages: Sequence[Span] = ()) -> Evidence:
    """Let everything come to its end, and fail with whatever is not as it was promised."""
    stopped = datetime.now(UTC)
    now = finish(stage)
    database = open_database(stage.environment["DATABASE_URL"])
    try:
        spans = [*outages, Span(stopped, datetime.now(UTC))]
        evidence = gather(database, stage.workspace, answers, now, patience=PATIENCE, outages=spans)
    finally:
        database.close()
    assert not (found := findings(evidence)), report(found)
    return evidence
