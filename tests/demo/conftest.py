"""The demo as it is installed, and a browser to watch it with."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.demo.browser import browser

__all__ = ["browser"]
HANDOFF = Path(sys.executable).with_name("handoff")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """A function that puts `handoff demo` on and returns its address; Ctrl-C ends it, in good order."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> str:
        process = subprocess.Popen(
            [HANDOFF, "demo", "--port", "0", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={},
        )
        running.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if "Open" in line:
                return line.split()[1]
        raise AssertionError(process.stderr.read() if process.stderr else "the demo did not start")

    yield start
    for process in running:
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=20)
        assert process.returncode == 0, complained
        assert "The demo is over" in said
        assert complained == ""
