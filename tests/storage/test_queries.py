"""What people ask in Slack is answered from indexes: not every lead there ever was is read for it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sla_engine.lead import Lead, LeadData, Status
from storage import history, leads, queries
from storage.database import Database, open_database
from storage.history import Happened
from storage.transaction import Transaction
from tests.past import fill as fill_past
from tests.storage.plans import plan

LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC)
"""Before all leads of the past came (`tests/past.py`)."""
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)
MANY = 20_000
FULL_SCAN = re.compile(r"(?:\bSCAN|Seq Scan on) (?:lead|assignment|history)\b")
"""How SQLite and PostgreSQL say that they read one of the large tables, or the whole of an index, from end to end."""


@pytest.fixture
def past(database_url: str) -> Iterator[Database]:
    """A database with many leads of the past, and one of today."""
    fill_past(database_url, MANY)
    database = open_database(database_url)
    with database.writing.begin() as connection:
        tx = Transaction(connection)
        lead = Lead("Ltoday", "website", LeadData("X1", "Pat@northwind.example"), NOON, Status.SAL)
        lead = replace(lead, team="us", rep="rep7@acme.example", assigned_at=NOON, first_response_at=NOON + A_DAY)
        leads.add(tx, lead)
        leads.begin_assignment(tx, lead, None)
        history.record(tx, lead, Happened.ASSIGNED, NOON, "Handoff")
    yield database
    database.close()


QUESTIONS: dict[str, tuple[Callable[[Transaction], object], tuple[str, ...]]] = {
    "/lead why, by id": (lambda tx: queries.find(tx, "lTODAY"), ()),
    "/lead why, by anything": (lambda tx: queries.find(tx, "a@b.example"), ("lead_of_sender", "lead_of_email")),
    "/sla": (lambda tx: queries.waits(tx, ["rep7@acme.example"], NOON), ("assignment_of_rep",)),
    "/sla, of a rep's whole past": (
        lambda tx: queries.waits(tx, ["rep7@acme.example"], LONG_AGO),
        ("assignment_of_rep",),
    ),
    "the digest": (
        lambda tx: queries.handed_over(tx, NOON - A_DAY, NOON + A_DAY),
        ("history_of_event", "assignment_of_lead"),
    ),
    "a buyer's lead": (lambda tx: leads.open_with_email(tx, "a@b.example"), ("lead_of_email",)),
}
"""What is asked, and the indexes that are to answer it."""


def test_no_question_reads_every_lead_or_assignment(past: Database) -> None:
    for question, (query, indexes) in QUESTIONS.items():
        found = plan(past, query)
        assert found, question
        assert not FULL_SCAN.search(found), f"{question}:\n{found}"
        for index in indexes:
            assert index in found, f"{question}:\n{found}"


def test_the_answers_are_those_of_the_tables(past: Database) -> None:
    with past.read() as tx:
        assert queries.waits(tx, ["rep7@acme.example", "rep8@acme.example"], NOON) == (A_DAY,)
        assert queries.waits(tx, ["rep8@acme.example"], NOON) == queries.waits(tx, [], NOON) == ()
        assert queries.handed_over(tx, NOON - A_DAY, NOON + A_DAY) == 1
        assert queries.handed_over(tx, NOON + A_DAY, NOON + 2 * A_DAY) == 0
        assert queries.handed_over(tx, LONG_AGO, NOON) == 0, "the past's history does not tell of it"


def test_a_lead_is_found_by_whatever_names_it(past: Database) -> None:
    for words in ("Ltoday", "ltoday", " LTODAY", "X1", "pat@northwind.example", "PAT@Northwind.example"):
        with past.read() as tx:
            found = queries.find(tx, words)
        assert found is not None, words
        assert (found.id, found.data.email) == ("Ltoday", "Pat@northwind.example")


def test_of_several_leads_the_newest_is_found_through_whichever_door_it_came(database: Database) -> None:
    with database.writing.begin() as connection:
        for number, door in enumerate(["crm", "website", "adverts"]):
            data = LeadData(f"X{number % 2}", f"{'Pp'[number % 2]}at@northwind.example")
            leads.add(Transaction(connection), Lead(f"L{number}", door, data, NOON + number * A_DAY))
        erased = LeadData("erased:L9", "erased")
        leads.add(Transaction(connection), Lead("L9", "website", erased, NOON))
    with database.read() as tx:
        assert list(leads.doors(tx)) == ["adverts", "crm", "website"]
        names = {"X0": "L2", "X1": "L1", "pat@northwind.example": "L2", "L0": "L0", "nobody": None, "erased": None}
        found = {words: queries.find(tx, words) for words in names}
    assert {words: lead.id if lead else None for words, lead in found.items()} == names
