"""Whatever happens, in whatever order: a lead has an owner or a plan, and turns are given by the book."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storage.database import Database, open_database
from storage.tables import HISTORY
from tests.leads.editions import EDITIONS
from tests.leads.floor import HOURS, VERBS, Floor, Step
from tests.leads.laws import Inspector, assignments
from tests.postgres import PostgresServer

OFTEN = ("new", "new", "new", "accept", "reject", "reject", "next", "next", "jump")
numbers = st.integers(0, 40)
steps = st.builds(Step, st.sampled_from([*VERBS, *OFTEN]), numbers, numbers)
histories = st.lists(steps, min_size=5, max_size=40)
REPLIED, LARGE_US, OVERNIGHT = 1, 12, HOURS.index(16)
NEWCOMER = next(number for number, one in enumerate(EDITIONS) if one.hash == "newcomer")
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
        return assigned(database)


@settings(max_examples=14, deadline=None)
@given(histories)
def test_a_lead_always_has_an_owner_or_a_plan_and_books_are_what_the_ledger_says(
    sqlite_files: Fresh, history: list[Step]
) -> None:
    play(sqlite_files(), history)


@settings(max_examples=3, deadline=None)
@given(histories)
def test_the_same_is_so_on_postgresql(postgres_databases: Fresh, history: list[Step]) -> None:
    play(postgres_databases(), history)


@settings(max_examples=4, deadline=None)
@given(histories)
def test_the_same_history_gives_the_same_assignments(sqlite_files: Fresh, history: list[Step]) -> None:
    first, second = (play(sqlite_files(), history, inspected=False) for _ in range(2))
    assert first == second


def test_a_lead_taken_away_at_the_instant_at_which_other_timers_are_due_is_tried_again(sqlite_files: Fresh) -> None:
    """The number of a timer that was dropped must not go to a new one: it would be marked as fired with the old."""
    play(sqlite_files(), [Step("new", 0, LARGE_US), Step("accept", 0, 1), Step("jump", OVERNIGHT)])


def test_the_policys_edit_is_asked_at_once_about_a_lead_that_nobody_has(sqlite_files: Fresh) -> None:
    with opened(sqlite_files()) as database:
        floor = Floor(database)
        for step in (*(Step("away", who, 1) for who in range(5)), Step("new", 0, 8)):
            floor.do(step)
        assert '"held"' in assigned(database)
        floor.do(Step("edit", NEWCOMER))
        floor.do(Step("tick"))
        assert '"hugo@acme.example"' in assigned(database)


def test_a_buyers_reply_is_kept_while_nobody_has_the_lead(sqlite_files: Fresh) -> None:
    with opened(sqlite_files()) as database:
        floor = Floor(database)
        for step in (*(Step("away", who, 1) for who in range(6)), Step("new", 0, 8), Step("news", 0, REPLIED)):
            floor.do(step)
        with database.read() as tx:
            events = tx.connection.execute(select(HISTORY.c.event).order_by(HISTORY.c.id)).scalars().all()
        assert events[-1] == "replied"


def assigned(database: Database) -> str:
    """Who has which lead, and what waits."""
    with database.read() as tx:
        return assignments(tx)
