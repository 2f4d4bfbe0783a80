"""A promise that broke before anybody looked: whoever finds it out, it is recorded with how its time was counted."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select

from leads.desk import Desk
from leads.intake import Delivery
from sla_engine.clock import Kind
from storage import clocks
from storage.database import Database, Transaction, open_database
from storage.tables import HISTORY
from tests.sla_engine.samples import LONDON, MONDAY, data, email, policy, rep, team

T = TypeVar("T")
ALICE = email("alice")
POLICY, EDITED = policy(team("us", rep("alice"))), policy(team("us", rep("alice", LONDON)))
DUE, COUNTED = MONDAY + timedelta(hours=4), "4 h of working time from Mon 10:00 New York: 4 h Monday"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database; once of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("verb", ["accept", "pause", "follow"])
def test_a_breach_that_is_found_before_its_timer_fires_tells_how_its_time_was_counted(
    database: Database, verb: str
) -> None:
    now, asked = MONDAY, POLICY
    desk = Desk(lambda: asked, lambda: now)

    def run(does: Callable[[Transaction], T]) -> T:
        with database.writing.begin() as connection:
            return does(Transaction(connection))

    lead_id = run(lambda tx: desk.ingest(tx, Delivery("website", "msg_1"), data())).lead_id
    now, asked = DUE + timedelta(hours=1), EDITED if verb == "follow" else POLICY
    doings: dict[str, Callable[[Transaction], object]] = {
        "accept": lambda _: None,
        "pause": lambda tx: desk.pause(tx, lead_id, ALICE, "waiting"),
        "follow": desk.follow,
    }
    run(doings[verb])
    now += timedelta(minutes=1)
    run(lambda tx: desk.accept(tx, lead_id, ALICE))
    with database.read() as tx:
        told = tx.connection.execute(select(HISTORY.c.at, HISTORY.c.detail).where(HISTORY.c.event == "breached")).one()
        found = next(one for one in clocks.of_leads(tx, [lead_id])[lead_id] if one.kind is Kind.ACCEPTANCE)
    assert (told.at, found.breached_at) == (DUE, DUE)
    assert (told.detail["account"], found.account) == (COUNTED, COUNTED)
