"""A stage for each test of the command."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.stage import Stage
from tests.hosting import Loop


@pytest.fixture
def stage(loop: Loop, tmp_path: Path, fresh_sqlite_url: Callable[[], str]) -> Iterator[Stage]:
    """A local Slack, and an environment that points at it, with a SQLite file."""
    made = Stage(loop, tmp_path, fresh_sqlite_url())
    yield made
    made.close()


@pytest.fixture
def any_stage(loop: Loop, tmp_path: Path, database_url: str) -> Iterator[Stage]:
    """The same, once on each database."""
    made = Stage(loop, tmp_path, database_url)
    yield made
    made.close()
