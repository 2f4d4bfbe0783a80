"""Contestants in processes of their own, and the load that is put on them."""

import itertools
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

from bot.serving import listen
from tests.sample import SECRET

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
SIGNING_SECRET = secrets.token_hex(16)
numbers = itertools.count(1)


def free_port() -> int:
    """A port that nobody listens on now."""
    found = listen("127.0.0.1", 0)
    port: int = found.getsockname()[1]
    found.close()
    return port


@dataclass(frozen=True)
class Load:
    """What came of one run of the load: how many succeeded, their latencies in milliseconds, in order, and how many
    did not."""

    count: int
    seconds: float
    took: list[float]
    others: int

    @property
    def rate(self) -> float:
        """Successes a second."""
        return self.count / self.seconds

    def quantile(self, share: float) -> float:
        """The latency, in milliseconds, that this share of the requests stayed within."""
        return self.took[min(len(self.took) - 1, int(len(self.took) * share))]


@dataclass
class Contestant:
    """A server in a process of its own, which sleeps while it is another's turn."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    def __enter__(self) -> "Contestant":
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}
        command = [sys.executable, "-m", *self.command, str(self.port)]
        self._log = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=self._log
        )
        self._wait()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.wake()
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._log.close()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1).close()
                return
            except URLError as error:
                if hasattr(error, "code"):  # it answers, if only that it has no such page
                    return
                time.sleep(0.05)
        self._log.seek(0)
        raise RuntimeError(f"{self.name} did not start:\n{self._log.read()}")

    def sleep(self) -> None:
        """Stop where it is."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def wake(self) -> None:
        """Go on."""
        os.kill(self._process.pid, signal.SIGCONT)

    @property
    def memory(self) -> float:
        """What it holds in memory, in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1000

    def load(
        self, connections: int, seconds: float, at_most: int, pace: float = 0, requests: Path | None = None
    ) -> Load:
        """Put load on it and wait: new leads, or the `requests` of a file."""
        return self.finish(self.begin(connections, seconds, at_most, pace, requests))

    def begin(
        self, connections: int, seconds: float, at_most: int, pace: float = 0, requests: Path | None = None
    ) -> "subprocess.Popen[str]":
        """Put load on it, without waiting."""
        first = requests or next(numbers) * 1_000_000
        given = [self.port, connections, seconds, first, at_most, *([pace] if pace else [])]
        command = [sys.executable, "-m", "benchmarks.stage.load", *map(str, given)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    @staticmethod
    def finish(load: "subprocess.Popen[str]") -> Load:
        """What came of it."""
        answered, _ = load.communicate(timeout=900)
        if load.returncode:
            raise RuntimeError("the load broke off")
        return Load(**json.loads(answered))


def bound(url: str, **environment: str) -> Contestant:
    """The same server, committing four bare rows."""
    return Contestant("bound", ["benchmarks.stage.bound", url], environment)


def usual(url: str) -> Contestant:
    """FastAPI and an ORM session for each request."""
    return Contestant("usual way", ["benchmarks.stage.usual", url])


def slack() -> Contestant:
    """A Slack that answers at once."""
    return Contestant("Slack", ["benchmarks.stage.slack"])


def handoff(url: str, slack_port: int, policy: Path, module: str = "bot", **environment: str) -> Contestant:
    """`handoff run`, its database migrated; `module` is another way to start it."""
    given = {
        "HANDOFF_CONFIG": str(policy),
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": "xoxb-of-no-worth",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "HANDOFF_WEBSITE_SECRET": SECRET,
    }
    migrate = [sys.executable, "-m", "bot", "migrate"]
    whole = {**os.environ, "PYTHONPATH": str(ROOT), **given}
    subprocess.run(migrate, cwd=ROOT, env=whole, check=True, stdout=subprocess.DEVNULL)
    return Contestant("handoff", [module, "run", "--port"], {**given, **environment})


def slow_disk(folder: Path) -> dict[str, str] | None:
    """The environment in which every fsync takes 2 ms longer; None without a C compiler."""
    library, source = folder / "slow_fsync.so", Path(__file__).parent / "slow_fsync.c"
    try:
        compiler = shutil.which("gcc") or shutil.which("cc") or ""
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return {"LD_PRELOAD": str(library)}


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for databases and policies."""
    return tempfile.TemporaryDirectory(prefix="handoff-bench-")
