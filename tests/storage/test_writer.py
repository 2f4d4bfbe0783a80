"""Units of work that are committed together: each has its own success or failure, and a failed one leaves nothing."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest

from sla_engine.lead import Lead, LeadData
from storage import leads
from storage.database import Database, open_database
from storage.transaction import Transaction
from storage.writer import Writer

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def lead(lead_id: str) -> Lead:
    return Lead(lead_id, "website", LeadData(lead_id, f"{lead_id}@northwind.example"), NOON)


def adds(lead_id: str, times: list[str]) -> Callable[[Transaction], str]:
    def unit(tx: Transaction) -> str:
        times.append(lead_id)
        leads.add(tx, lead(lead_id))
        tx.note("added", lead=lead_id)
        return lead_id

    return unit


def refuses(tx: Transaction) -> str:
    """Looks, tells, and fails before anything is written."""
    tx.note("refused")
    raise LookupError(leads.load(tx, "nobody"))


def spoils(tx: Transaction) -> str:
    """Fails when it has written."""
    leads.add(tx, lead("spoiled"))
    tx.note("spoiled")
    raise ArithmeticError


def together(writer: Writer, units: Sequence[Callable[[Transaction], str]]) -> list["Future[str]"]:
    """Has all of these in one group."""
    gate = threading.Event()
    busy = writer.submit(lambda _: gate.wait(10))
    futures = [writer.submit(unit) for unit in units]
    gate.set()
    busy.result(10)
    return futures


def stored(database: Database) -> set[str]:
    with database.read() as tx:
        return set(leads.of(tx, ["one", "two", "spoiled"]))


@pytest.mark.parametrize(("failing", "error", "runs"), [(refuses, LookupError, 1), (spoils, ArithmeticError, 2)])
def test_a_unit_that_fails_leaves_nothing_and_harms_no_other(
    database: Database, failing: Callable[[Transaction], str], error: type[Exception], runs: int
) -> None:
    facts: list[str] = []
    writer, times = Writer(database, on_facts=lambda told: facts.extend(fact.event for fact in told)), list[str]()
    first, failed, second = together(writer, [adds("one", times), failing, adds("two", times)])
    assert (first.result(10), second.result(10)) == ("one", "two")
    with pytest.raises(error):
        failed.result(10)
    writer.close()
    assert stored(database) == {"one", "two"}
    assert facts == ["added", "added"]
    # Only what would take rows of others with it costs the group a second run.
    assert times.count("one") == runs


def test_a_unit_that_the_database_refuses_fails_alone(database: Database) -> None:
    writer, times = Writer(database), list[str]()
    first, again, second = together(writer, [adds("one", times), adds("one", times), adds("two", times)])
    assert (first.result(10), second.result(10)) == ("one", "two")
    assert again.exception(10) is not None
    writer.close()
    assert stored(database) == {"one", "two"}


def test_what_sqlite_rolls_back_by_itself_is_not_taken_for_done(fresh_sqlite_url: Callable[[], str]) -> None:
    database = open_database(fresh_sqlite_url())
    writer, times = Writer(database), list[str]()

    def exhausted(tx: Transaction) -> str:
        # SQLite itself does this when its disk or memory has no more room.
        tx.read("ROLLBACK")
        raise MemoryError

    first, failed, second = together(writer, [adds("one", times), exhausted, adds("two", times)])
    assert (first.result(10), second.result(10)) == ("one", "two")
    assert failed.exception(10) is not None
    writer.close()
    assert stored(database) == {"one", "two"}
    assert times == ["one", "one", "two"], "what came after it was not begun outside a transaction"
    database.close()


def test_what_is_committed_is_not_done_again_because_a_listener_failed(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    writer, times = Writer(database, on_news=fail, on_facts=fail), list[str]()

    def announces(tx: Transaction) -> str:
        tx.announce("message", NOON)
        return adds("two", times)(tx)

    first, second = together(writer, [adds("one", times), announces])
    assert (first.result(10), second.result(10)) == ("one", "two")
    writer.close()
    assert times == ["one", "two"]
    assert [record.exc_info is not None for record in caplog.records] == [True, True]
