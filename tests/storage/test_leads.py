"""A sender's id stands for one lead at a time, whoever writes."""

from datetime import UTC, datetime

import pytest

from sla_engine.lead import Lead, LeadData, Status
from storage import leads
from storage.database import Database
from storage.errors import Conflict
from storage.transaction import Transaction

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DATA = LeadData("x1", "pat@northwind.example")


@pytest.mark.parametrize("status", [Status.NEW, Status.MQL])
def test_a_lead_that_another_process_has_just_written_is_not_written_again(database: Database, status: Status) -> None:
    with database.writing.begin() as connection:
        leads.add(Transaction(connection), Lead("L1", "website", DATA, NOON, status))
    with pytest.raises(Conflict), database.writing.begin() as connection:
        leads.add(Transaction(connection), Lead("L2", "website", DATA, NOON, status))
    with database.writing.begin() as connection:
        leads.add(Transaction(connection), Lead("L3", "elsewhere", DATA, NOON, status))
