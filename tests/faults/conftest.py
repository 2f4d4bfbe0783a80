"""Stages for faults that need real processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.stage import Stage
from tests.hosting import Loop


@pytest.fixture
def stage(loop: Loop, tmp_path: Path, database_url: str) -> Iterator[Stage]:
    """A local Slack, and an environment that points at it, once on each database."""
    made = Stage(loop, tmp_path, database_url)
    yield made
    made.close()


@pytest.fixture
def postgres_stage(loop: Loop, tmp_path: Path, fresh_postgres_url: Callable[[], str]) -> Iterator[Stage]:
    """The same on PostgreSQL, which several processes may share."""
    made = Stage(loop, tmp_path, fresh_postgres_url())
    yield made
    made.close()
