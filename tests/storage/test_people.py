"""A person is one row, whoever meets them, and a Slack account is one person's."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import text

from storage import leaves, people
from storage.database import Database
from storage.errors import Conflict
from storage.transaction import Transaction
from storage.writer import Writer

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALICE, ALICIA = "alice@acme.example", "alicia@acme.example"
A_WHILE = 10.0
"""Seconds in which a statement comes to wait, or is done."""


def test_what_is_not_said_of_a_person_stays_and_an_account_moves_with_its_address(writer: Writer) -> None:
    writer.call(lambda tx: people.change(tx, ALICE, slack_id="U1", name="Alice Ames", timezone="Europe/Paris"))
    writer.call(lambda tx: people.change(tx, ALICE, status=":palm_tree:", status_until=NOON))
    known = people.Person(ALICE, "U1", "Alice Ames", "Europe/Paris", ":palm_tree:", NOON)
    assert writer.call(lambda tx: people.find(tx, ALICE)) == known
    writer.call(lambda tx: people.change(tx, ALICIA, slack_id="U1"))
    assert {person.email: person.slack_id for person in writer.call(people.everyone).values()} == {
        ALICE: None,
        ALICIA: "U1",
    }


@contextmanager
def meeting(databases: tuple[Database, Database], first: str, second: str) -> Iterator[list[Exception]]:
    """Two processes write of Slack account U1, each under an address: the first commits, the other waits for it.

    In the block both are done; it is given what was raised in the other.
    """
    raised: list[Exception] = []

    def meet() -> None:
        try:
            with databases[1].writing.begin() as connection:
                people.change(Transaction(connection), second, slack_id="U1", timezone="Europe/Paris")
        except Conflict as conflict:
            raised.append(conflict)

    other = threading.Thread(target=meet)
    with databases[0].writing.begin() as connection:
        people.change(Transaction(connection), first, slack_id="U1", name="Alice Ames")
        other.start()
        until(lambda: somebody_waits(databases[0]))
    other.join(A_WHILE)
    assert not other.is_alive()
    yield raised


def somebody_waits(database: Database) -> bool:
    """Whether a transaction waits for another."""
    with database.reading.connect() as connection:
        return bool(connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())


def until(is_so: Callable[[], bool]) -> None:
    """Look again and again until it is so."""
    give_up = time.monotonic() + A_WHILE
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_two_processes_that_meet_a_person_at_once_both_write_what_they_know(
    databases: tuple[Database, Database],
) -> None:
    with meeting(databases, ALICE, ALICE) as raised, databases[0].read() as tx:
        assert raised == []
        assert people.everyone(tx) == {ALICE: people.Person(ALICE, "U1", "Alice Ames", "Europe/Paris")}


def test_of_two_who_meet_an_account_under_two_addresses_the_loser_tries_again(
    databases: tuple[Database, Database],
) -> None:
    with meeting(databases, ALICE, ALICIA) as raised:
        assert [type(error) for error in raised] == [Conflict]
        with databases[1].writing.begin() as connection:
            tx = Transaction(connection)
            people.change(tx, ALICIA, slack_id="U1")
            assert {one.email: one.slack_id for one in people.everyone(tx).values()} == {ALICE: None, ALICIA: "U1"}


def test_a_person_who_is_asked_for_alone_is_the_same_as_among_everyone(writer: Writer) -> None:
    writer.call(lambda tx: people.change(tx, ALICE, slack_id="U1", name="Alice Ames", status=":palm_tree:"))
    writer.call(lambda tx: leaves.add(tx, ALICE, (NOON, None)))
    writer.call(lambda tx: leaves.add(tx, ALICIA, (NOON, None)))

    def look(tx: Transaction) -> None:
        asked = people.OnDemand(tx)
        assert {email: asked[email] for email in (ALICE, ALICIA)} == people.everyone(tx) == dict(asked)
        assert asked.get("nobody@acme.example") is None

    writer.call(look)
