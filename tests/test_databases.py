"""The tests' own ground: every test gets a real, unused database of its own, and the server leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.databases import chosen_kinds
from tests.postgres import PostgresServer

STARTS_A_SERVER_AND_HANGS = """
import time
from tests.postgres import running_postgres
with running_postgres() as server:
    print(server.url("postgres"), flush=True)
    time.sleep(600)
"""


def test_a_fresh_postgres_is_a_real_server(fresh_postgres_url: Callable[[], str]) -> None:
    with psycopg.connect(fresh_postgres_url()) as connection:
        version = connection.execute("SHOW server_version_num").fetchone()
    assert version is not None
    assert int(version[0]) >= 180000


def test_two_fresh_databases_do_not_see_each_other(fresh_postgres_url: Callable[[], str]) -> None:
    one, other = fresh_postgres_url(), fresh_postgres_url()
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE only_here (id integer)")
    with psycopg.connect(other) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT * FROM only_here")


def test_a_template_gives_the_new_database_its_tables(postgres_server: PostgresServer) -> None:
    template = postgres_server.create_database()
    with psycopg.connect(postgres_server.url(template)) as connection:
        connection.execute("CREATE TABLE inherited (id integer)")
    copy = postgres_server.create_database(template)
    with psycopg.connect(postgres_server.url(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM inherited").fetchone() == (0,)
    for name in (copy, template):
        postgres_server.drop_database(name)


def test_a_database_is_dropped_even_while_somebody_is_connected(postgres_server: PostgresServer) -> None:
    name = postgres_server.create_database()
    with psycopg.connect(postgres_server.url(name)) as connection:
        postgres_server.drop_database(name)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_every_kind_of_database_has_a_url_of_its_own(database_kind: str, database_url: str) -> None:
    assert database_url.startswith(f"{database_kind}:///" if database_kind == "sqlite" else "postgresql://postgres@/")
    if database_kind == "sqlite":
        file = Path(database_url.removeprefix("sqlite:///"))
        assert file.is_absolute()
        assert file.parent.is_dir()
        assert list(file.parent.iterdir()) in ([], [file])  # a copy of the template, or nothing yet


def test_a_setting_narrows_the_databases_and_a_typing_mistake_is_refused() -> None:
    assert chosen_kinds(None) == chosen_kinds("") == ["sqlite", "postgresql"]
    assert chosen_kinds("sqlite") == ["sqlite"]
    assert chosen_kinds("postgresql, sqlite") == ["sqlite", "postgresql"]
    with pytest.raises(pytest.UsageError, match=r"not postgres$"):
        chosen_kinds("postgres")


def test_a_server_whose_tests_were_killed_stops_and_clears_its_folder_away() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_A_SERVER_AND_HANGS], stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout is not None
        url = tests.stdout.readline().strip()
        folder = Path(url.partition("?host=")[2])
        assert folder.is_dir()
        os.kill(tests.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
