"""Whatever happens, in whatever order: a lead has an owner or a plan, and turns are given by the book."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.database import Database, open_database
from tests.databases import KINDS, chosen_kinds
from tests.leads.floor import VERBS, Floor, Step
from tests.leads.laws import Inspector, assignments
from tests.postgres import PostgresServer

OFTEN = ("new", "new", "new", "accept", "reject", "reject", "next", "next", "jump")
numbers = st.integers(0, 40)
steps = st.builds(Step, st.sampled_from([*VERBS, *OFTEN]), numbers, numbers)
histories = st.lists(steps, min_size=5, max_size=40)
Fresh = Callable[[], str]


@pytest.fixture(scope="session")
def sqlite_files(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """A function that returns the URL of an empty SQLite database at each call."""
    folder, made = tmp_path_factory.mktemp("floors"), count(1)

    def create() -> str:
        return f"sqlite:///{shutil.copyfile(sqlite_template, folder / f'{next(made)}.db')}"

    return create


@pytest.fixture(scope="session")
def postgres_databases(request: pytest.FixtureRequest) -> Fresh:
    """The same of PostgreSQL."""

    def create() -> str:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        return server.url(server.create_database(request.getfixturevalue("postgres_template")))

    return create


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database, and its end."""
    database = open_database(url)
    yield database
    database.close()


def play(url: str, history: list[Step], *, inspected: bool = True) -> str:
    """A history from its first step, looked at after each; returns who had which lead."""
    with opened(url) as database:
        floor = Floor(database)
        inspector = Inspector(floor)
        for step in history:
            floor.do(step)
            if inspected:
                inspector.look()
        with database.read() as tx:
            return assignments(tx)


@settings(max_examples=60, deadline=None)
@given(histories)
def test_a_lead_always_has_an_owner_or_a_plan_and_books_are_what_the_ledger_says(
    sqlite_files: Fresh, history: list[Step]
) -> None:
    play(sqlite_files(), history)


@settings(max_examples=25, deadline=None)
@given(histories)
def test_the_same_history_gives_the_same_assignments(sqlite_files: Fresh, history: list[Step]) -> None:
    first, second = (play(sqlite_files(), history, inspected=False) for _ in range(2))
    assert first == second
