"""Where leads and news of them come in: the desk on a real database, with time in the test's hands."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from leads.desk import Desk
from leads.intake import Delivery, Event, Taken
from sla_engine.lead import Lead, Status
from sla_engine.policy import Policy
from storage import history, leads
from storage.database import Database
from storage.history import Entry
from tests.leads.floor import run
from tests.sla_engine.samples import MONDAY, data

T = TypeVar("T")


class Counter:
    """One thing after another, an hour apart."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self.database, self.policy, self.now = database, policy, MONDAY
        self.desk = Desk(lambda: self.policy, lambda: self.now)
        self._numbers = count()

    def run(self, verb: Callable[..., T], *given: Any) -> T:
        """An hour later, in one transaction."""
        self.now += timedelta(hours=1)
        return run(self.database, lambda tx: verb(tx, *given))

    def lead(self, external_id: str = "A", **changes: Any) -> Taken:
        """Pat comes under this id."""
        sent = data(external_id=external_id, **{"email": "pat@x.example", "score": 90.0, **changes})
        return self.run(self.desk.ingest, self._delivery(), sent)

    def news(
        self,
        kind: str,
        external_id: str = "A",
        status: Status | None = None,
        *,
        actor: str | None = None,
        note: str | None = None,
        **changes: Any,
    ) -> str:
        """News under this id; returns the lead they are of."""
        said = data(external_id=external_id, **{"email": "", **changes}) if kind == "lead.updated" else None
        event = Event(kind, external_id, said, status, actor, note)
        return self.run(self.desk.apply, self._delivery(), event).lead_id

    def accept(self, lead_id: str) -> None:
        """The rep who was asked takes the lead."""
        self.run(self.desk.accept, lead_id, self.get(lead_id).rep)

    def recycle(self, lead_id: str) -> None:
        """The rep who was asked takes the lead, and gives it back to marketing."""
        self.accept(lead_id)
        self.run(self.desk.recycle, lead_id, self.get(lead_id).rep, "recycle", "")

    def get(self, lead_id: str) -> Lead:
        """The lead as it is."""
        with self.database.read() as tx:
            found = leads.load(tx, lead_id)
        assert found is not None
        return found

    def history(self, lead_id: str) -> list[Entry]:
        """What happened to it."""
        with self.database.read() as tx:
            return history.of(tx, lead_id)

    def _delivery(self) -> Delivery:
        return Delivery("website", f"msg_{next(self._numbers)}")
