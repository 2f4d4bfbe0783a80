"""What the faults share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.stage import Stage
from tests.faults.siege import HISTORY, staged
from tests.hosting import Loop
from tests.world import SCOPES, World


@pytest.fixture
def reading_world(make_world: Callable[..., World]) -> World:
    """A world whose bot may read conversations back."""
    return make_world(scopes=(*SCOPES, *HISTORY))


@pytest.fixture
def stage(loop: Loop, tmp_path: Path, database_url: str) -> Iterator[Stage]:
    """A local Slack for real processes, once on each database."""
    with staged(loop, tmp_path, database_url) as made:
        yield made


@pytest.fixture
def postgres_stage(loop: Loop, tmp_path: Path, fresh_postgres_url: Callable[[], str]) -> Iterator[Stage]:
    """The same on PostgreSQL, which several processes may share."""
    with staged(loop, tmp_path, fresh_postgres_url()) as made:
        yield made
