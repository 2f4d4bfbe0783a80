"""A headless Chromium, if this machine has one."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW = (
    "no Chromium on this machine: install one (Debian: apt-get install chromium; macOS: brew install --cask chromium) "
    "to run the demo in a browser"
)
# Without these a browser on a closed network tries to reach its maker's servers at every start.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, for one file: while it lives, its event loop keeps others out of this thread."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(HOW)  # a machine without a browser still runs the rest; .ci/run installs one
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()
