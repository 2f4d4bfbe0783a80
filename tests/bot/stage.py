"""A local Slack for the command by the system's clock: in this process, or as it is installed in one of its own."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner

from bot.__main__ import main
from bot.slack_findings import NEEDED, PUBLIC
from sandbox.app import create_app
from sandbox.clock import SystemClock
from sandbox.model import Message
from sandbox.workspace import Workspace
from tests.hosting import Loop, Site
from tests.sample import ACCEPTANCE, SECRET
from tests.screens import buttons
from tests.world import CHANNELS, COMMANDS, PEOPLE

HANDOFF = Path(sys.executable).with_name("handoff")
PATIENCE = 20.0
SCOPES = (*NEEDED, PUBLIC)


class Stage:
    """A Slack workspace on the system's clock, and the environment that points `handoff` at it."""

    def __init__(self, loop: Loop, folder: Path, database_url: str, scopes: Sequence[str] = SCOPES) -> None:
        self.loop, self.folder = loop, folder
        self.workspace = Workspace(clock=SystemClock(), commands=COMMANDS, scopes=scopes)
        slack = self.workspace
        self.ids = {
            name: slack.add_user(name, email=f"{name}@acme.example", tz=zone).id for name, zone in PEOPLE.items()
        }
        everybody = list(self.ids.values())
        self.channels = {name: slack.add_channel(name, members=everybody).id for name in CHANNELS}
        self.slack = Site(loop, create_app(self.workspace))
        self.environment = {
            # A checkout that borrows another's .venv is found by its PYTHONPATH.
            **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
            "HANDOFF_CONFIG": str(ACCEPTANCE),
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "HANDOFF_WEBSITE_SECRET": SECRET,
        }

    def close(self) -> None:
        """The end."""
        self.loop.run(self.workspace.stop())
        self.slack.close()

    def dm_id(self, name: str) -> str:
        """The conversation of somebody with the bot."""
        return self.workspace.im(self.ids[name]).id

    def handoff(self, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end in this process, which has it loaded; a change to an empty text leaves the variable
        out, and what the command did not expect is raised here."""
        environment = {**dict.fromkeys(os.environ), **self.environment, **changes}
        cleared = {name: value or None for name, value in environment.items()}
        with chdir(self.folder), logs_restored():
            done = CliRunner().invoke(main, words, env=cleared, catch_exceptions=False, prog_name="handoff")
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    def installed(self, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """The same by the script that is installed, in a process of its own: two seconds go by before it begins."""
        environment = {name: value for name, value in {**self.environment, **changes}.items() if value}
        return subprocess.run(
            [HANDOFF, *words], env=environment, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )

    @contextmanager
    def running(self, *words: str, **changes: str) -> Iterator["Running"]:
        """`handoff run` on a free port, until the block ends."""
        environment = {**self.environment, **changes}
        process = subprocess.Popen(
            [HANDOFF, "run", "--port", "0", *words],
            env=environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield Running(self, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()


@contextmanager
def logs_restored() -> Iterator[None]:
    """What a command sets up of the log ends with the block, and it finds no handler of the tests' to close."""
    root, raising = logging.getLogger(), logging.raiseExceptions
    level, handlers = root.level, root.handlers[:]
    root.handlers[:] = []
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.raiseExceptions = raising


class Running:
    """A `handoff run` that has said where it listens."""

    def __init__(self, stage: Stage, process: "subprocess.Popen[str]") -> None:
        self.stage, self.process = stage, process
        assert process.stdout is not None
        self.greeting = process.stdout.readline()
        self.url = next(word for word in self.greeting.split() if word.startswith("http://")).rstrip(":")
        eventually(lambda: self._answers(), "the service to answer")
        stage.workspace.connect(f"{self.url}/slack/events")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def dm(self, name: str) -> list[Message]:
        """What the bot wrote to somebody."""
        return self.stage.workspace.messages(self.stage.dm_id(name))

    def channel(self, name: str) -> list[Message]:
        """What stands in a channel."""
        return self.stage.workspace.messages(self.stage.channels[name])

    def click(self, name: str, label: str) -> None:
        """Somebody presses a button on the last message that has it."""
        found = next(one for one in reversed(self.dm(name)) if label in buttons(one))
        self.stage.loop.run(self.stage.workspace.click(self.stage.ids[name], found.channel, found.ts, label=label))


def eventually(true: Any, what: str, within: float = PATIENCE) -> None:
    """Wait until something is so; fails with what was waited for."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"waited {within:g} s for {what}"
        time.sleep(0.02)
