"""Statements that are handed to the driver as they are give, take and fail as SQLAlchemy's own do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from sla_engine.lead import Lead, LeadData, Plan, Status
from storage import history, leads
from storage.database import Database
from storage.history import Happened
from storage.statements import adding
from storage.tables import LEAD
from storage.transaction import Transaction

NOON = datetime(2026, 11, 23, 12, 0, 0, 5, tzinfo=UTC)
DATA = LeadData("x1", "pat@northwind.example", company="Zażółć", score=92.5, employees=420, interests=("a", "b"))
PAT = Lead("L1", "website", DATA, NOON, Status.MQL, Plan.HELD, refused_by=frozenset({"bob@acme.example"}))


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    """A transaction on it."""
    with database.writing.begin() as connection:
        yield Transaction(connection)


def test_a_row_reads_the_same_whichever_way_it_was_written(tx: Transaction) -> None:
    leads.add(tx, PAT)
    plain = tx.connection.execute(select(LEAD)).one()
    assert leads.from_row(plain) == leads.load(tx, "L1") == PAT
    tx.connection.execute(LEAD.delete())
    tx.connection.execute(LEAD.insert(), leads.to_values(PAT))
    assert leads.load(tx, "L1") == PAT


def test_an_instant_of_another_zone_is_found_again_in_utc(tx: Transaction) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    adding(LEAD, leads.to_values(PAT)).run(tx, **leads.to_values(PAT) | {"received_at": there})
    found = leads.load(tx, "L1")
    assert found is not None
    assert found.received_at.isoformat() == "2026-11-23T12:00:00.000005+00:00"


def test_an_instant_without_a_zone_is_refused(tx: Transaction) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        adding(LEAD, leads.to_values(PAT)).run(tx, **leads.to_values(PAT) | {"received_at": NOON.replace(tzinfo=None)})


def test_an_error_is_told_without_the_leads_data(tx: Transaction) -> None:
    add = adding(LEAD, leads.to_values(PAT))
    with tx.savepoint():
        add.run(tx, **leads.to_values(PAT))
    with pytest.raises(IntegrityError) as raised, tx.savepoint():
        add.run(tx, **leads.to_values(PAT))
    assert "northwind" not in str(raised.value).partition("DETAIL")[0]
    assert raised.value.params is None


def spoil(tx: Transaction) -> None:
    """A part with a part in it that changes a lead, tells of it, and fails."""
    with tx.savepoint():
        leads.change(tx, PAT, Lead("L1", "website", DATA, NOON, Status.SAL))
        with tx.savepoint():
            history.record(tx, PAT, Happened.UPDATED, NOON, "somebody")
        raise ZeroDivisionError


def test_a_part_that_fails_takes_only_its_own_rows_with_it(tx: Transaction) -> None:
    leads.add(tx, PAT)
    with pytest.raises(ZeroDivisionError):
        spoil(tx)
    with tx.savepoint():
        history.record(tx, PAT, Happened.REPLIED, NOON, "somebody")
    found = leads.load(tx, "L1")
    assert found is not None
    assert found.status is Status.MQL
    assert [row.event for row in tx.connection.exec_driver_sql("SELECT event FROM history")] == ["replied"]


def test_a_value_that_is_not_given_is_no_null(tx: Transaction) -> None:
    values = leads.to_values(PAT)
    del values["company"]
    with pytest.raises((DBAPIError, ProgrammingError)), tx.savepoint():
        adding(LEAD, leads.to_values(PAT)).run(tx, **values)
