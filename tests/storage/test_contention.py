"""Processes that are in each other's way on PostgreSQL: the loser tries again, and nobody outside hears of it."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from storage import people
from storage.database import Database
from storage.errors import Contended, Spoiled
from storage.transaction import Transaction
from storage.writer import TRIES, Writer

LOSE = "DO $$ BEGIN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END $$"


def rename(tx: Transaction, email: str, name: str) -> None:
    """A row to lock."""
    values = {"email": email, "name": name}
    tx.connection.execute(
        text("INSERT INTO person (email, name) VALUES (:email, :name) ON CONFLICT (email) DO UPDATE SET name = :name"),
        values,
    )


def test_two_writers_that_deadlock_both_get_their_work_done(databases: tuple[Database, Database]) -> None:
    writers = [Writer(database) for database in databases]
    for email in ("alice", "bob"):
        writers[0].call(partial(rename, email=email, name="nobody"))
    meeting, runs = threading.Barrier(2), []

    def unit(name: str, first: str, second: str) -> Callable[[Transaction], None]:
        def crossed(tx: Transaction) -> None:
            runs.append(name)
            tx.connection.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
            rename(tx, first, name)
            if runs.count(name) == 1:
                meeting.wait(10)
            rename(tx, second, name)

        return crossed

    done = [writers[0].submit(unit("one", "alice", "bob")), writers[1].submit(unit("two", "bob", "alice"))]
    for future in done:
        future.result(20)
    for writer in writers:
        writer.close()
    assert len(runs) == 3, "one of them lost once, and only the loser ran again"
    with databases[0].read() as tx:
        names = {person.name for person in people.everyone(tx).values()}
    assert names in ({"one"}, {"two"}), "both rows were written by whoever came last"


def test_a_unit_that_loses_in_a_group_does_not_spoil_it(databases: tuple[Database, Database]) -> None:
    writer, gate = Writer(databases[0]), threading.Event()
    lost: list[Transaction] = []

    def losing(tx: Transaction) -> str:
        rename(tx, "alice", "Alice")
        if len(lost) < 3:
            lost.append(tx)
            with tx.savepoint():
                tx.connection.execute(text(LOSE))
        return "Alice"

    waiting = writer.submit(lambda _: gate.wait(10))
    alice, bob = writer.submit(losing), writer.submit(partial(rename, email="bob", name="Bob"))
    gate.set()
    assert waiting.result(10)
    assert alice.result(10) == "Alice"
    bob.result(10)
    writer.close()
    assert len(lost) == 3
    with databases[0].read() as tx:
        assert {person.name for person in people.everyone(tx).values()} == {"Alice", "Bob"}


def test_a_unit_that_makes_light_of_an_error_is_not_taken_for_done(databases: tuple[Database, Database]) -> None:
    writer, gate = Writer(databases[0]), threading.Event()

    def careless(tx: Transaction) -> str:
        rename(tx, "alice", "Alice")
        with suppress(DataError):
            tx.read("SELECT 1 / 0")
        return "Alice"

    waiting = writer.submit(lambda _: gate.wait(10))
    bob, alice = writer.submit(partial(rename, email="bob", name="Bob")), writer.submit(careless)
    gate.set()
    waiting.result(10)
    bob.result(10)
    with pytest.raises(Spoiled):
        alice.result(10)
    writer.close()
    with databases[0].read() as tx:
        assert {person.name for person in people.everyone(tx).values()} == {"Bob"}


def test_a_unit_that_always_loses_is_given_up(databases: tuple[Database, Database]) -> None:
    writer, runs = Writer(databases[0]), []

    def losing(tx: Transaction) -> None:
        runs.append(tx)
        tx.connection.execute(text(LOSE))

    with pytest.raises(Contended, match="could not serialize access"):
        writer.call(losing)
    writer.close()
    assert len(runs) == TRIES
