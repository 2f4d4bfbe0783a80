"""Fixtures that give each test a database of its own, on SQLite and on PostgreSQL.

A test that takes `database_url` runs once on each. HANDOFF_TEST_DATABASES=sqlite narrows a quick local run to one of
them; nothing is ever skipped because a server did not start. Override `sqlite_template` and `postgres_template` to hand
out databases that already have a schema.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, running_postgres

KINDS = ("sqlite", "postgresql")


def chosen_kinds(setting: str | None) -> list[str]:
    """The databases to run on, from HANDOFF_TEST_DATABASES: names separated by commas, both when it is empty."""
    chosen = [name.strip() for name in (setting or "").split(",") if name.strip()]
    unknown = sorted(set(chosen) - set(KINDS))
    if unknown:
        raise pytest.UsageError(f"HANDOFF_TEST_DATABASES knows sqlite and postgresql, not {', '.join(unknown)}")
    return [kind for kind in KINDS if kind in chosen] or list(KINDS)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run, started by the first test that needs it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template() -> str:
    """The name of the database that new ones are copies of."""
    return "template1"


@pytest.fixture(scope="session")
def sqlite_template() -> Path | None:
    """The file that new SQLite databases are copies of; None for empty ones."""
    return None


@pytest.fixture
def fresh_postgres_url(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """A function that creates a PostgreSQL database at each call and returns its URL; the test's end drops them."""
    # Asked for at the first call, so that a test can take this fixture without waiting for a server.
    made: list[str] = []

    def create() -> str:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        made.append(server.create_database(request.getfixturevalue("postgres_template")))
        return server.url(made[-1])

    yield create
    for name in made:
        request.getfixturevalue("postgres_server").drop_database(name)


@pytest.fixture
def fresh_sqlite_url(tmp_path: Path, sqlite_template: Path | None) -> Callable[[], str]:
    """A function that returns the URL of another SQLite file at each call."""
    made: list[Path] = []

    def create() -> str:
        folder = tmp_path / f"sqlite-{len(made)}"
        folder.mkdir()
        made.append(folder / "handoff.db")
        if sqlite_template is not None:
            shutil.copyfile(sqlite_template, made[-1])
        return f"sqlite:///{made[-1]}"

    return create


@pytest.fixture(params=chosen_kinds(os.environ.get("HANDOFF_TEST_DATABASES")))
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    kind: str = request.param
    return kind


@pytest.fixture
def fresh_database_url(
    database_kind: str, fresh_sqlite_url: Callable[[], str], fresh_postgres_url: Callable[[], str]
) -> Callable[[], str]:
    """A function that returns the URL of another database of the kind at hand at each call."""
    return fresh_sqlite_url if database_kind == "sqlite" else fresh_postgres_url


@pytest.fixture
def database_url(fresh_database_url: Callable[[], str]) -> str:
    """The URL of a database that nobody has used; the test runs once for each kind."""
    return fresh_database_url()
