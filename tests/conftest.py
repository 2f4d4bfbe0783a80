"""What every test can ask for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import schema
from storage.database import Database, open_database
from tests.hosting import Loop
from tests.postgres import PostgresServer
from tests.world import World

pytest_plugins = ["tests.databases"]


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    """One event loop in a thread of its own for the whole run."""
    running = Loop()
    yield running
    running.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the current schema."""
    file = tmp_path_factory.mktemp("template") / "handoff.db"
    migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """A PostgreSQL database with the current schema."""
    name = postgres_server.create_database("template1")
    migrated(postgres_server.url(name))
    return name


def migrated(url: str) -> None:
    """Give a database the current schema."""
    database = open_database(url)
    schema.migrate(database)
    database.close()


@pytest.fixture
def make_world(loop: Loop, fresh_database_url: Callable[[], str]) -> Iterator[Callable[..., World]]:
    """A function that builds a world with settings of the test's choice; all are closed at the end."""
    made: list[World] = []

    def make(**choices: Any) -> World:
        made.append(World(loop, fresh_database_url(), **choices))
        return made[-1]

    yield make
    for world in made:
        world.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Slack, the product and the people on a Monday morning; once on each database."""
    return make_world()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database; once of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def databases(fresh_postgres_url: Callable[[], str]) -> Iterator[tuple[Database, Database]]:
    """One PostgreSQL database as two processes see it."""
    url = fresh_postgres_url()
    opened = open_database(url), open_database(url)
    yield opened
    for database in opened:
        database.close()
