"""One desk on a real database with a policy and an instant of the test's choice, for stories of a lead or two."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import select

from leads.desk import Desk
from leads.intake import Delivery, Event
from sla_engine.clock import Clock, Kind
from sla_engine.lead import Lead
from sla_engine.policy import Outcome, Policy, Reason
from storage import history, outbox, queries
from storage.database import Database
from storage.history import Entry
from storage.outbox import Message
from storage.queries import LeadView
from storage.tables import MESSAGE, TIMER
from storage.transaction import Transaction
from tests.leads.floor import run
from tests.sla_engine.samples import MONDAY, data

P = ParamSpec("P")
T = TypeVar("T")
TO_THE_NEXT = (Reason("busy", "No time", Outcome.REROUTE),)


class Shop:
    """The desk, and what it did."""

    def __init__(self, database: Database, policy: Policy, now: datetime = MONDAY) -> None:
        self.database, self.policy, self.now = database, policy, now
        self.desk = Desk(lambda: self.policy, lambda: self.now)
        self._deliveries = 0

    def do(self, verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One transaction."""
        return run(self.database, lambda tx: verb(tx, *args, **kwargs))

    def _delivery(self) -> Delivery:
        self._deliveries += 1
        return Delivery("website", f"msg_{self._deliveries}")

    def lead(self, **said: Any) -> str:
        """A lead comes; returns its id."""
        return self.do(self.desk.ingest, self._delivery(), data(**said)).lead_id

    def reject(self, lead_id: str) -> Lead:
        """Whoever has the lead has no time for it; needs `TO_THE_NEXT` among the policy's reasons."""
        return self.do(self.desk.reject, lead_id, self.get(lead_id).rep or "", TO_THE_NEXT[0].id, "")

    def event(self, kind: str, **said: Any) -> None:
        """News of the sample lead come."""
        self.do(self.desk.apply, self._delivery(), Event(kind, "00Q5", **said))

    def edit(self, policy: Policy) -> None:
        """The policy is edited, and the service starts on it."""
        self.policy = policy
        self.do(self.desk.open)

    def until(self, instant: datetime) -> None:
        """Time passes, and whatever falls due happens in its moment."""
        while (due := self.do(self.desk.next_due)) is not None and due <= instant:
            self.now = max(self.now, due)
            self.tick()
        self.now = instant

    def wake_up_at(self, instant: datetime) -> None:
        """The service was down until now; then whatever fell due happens at once."""
        self.now = instant
        self.tick()

    def tick(self) -> None:
        """Whatever is due happens."""
        while self.do(self.desk.tick):
            pass

    def get(self, lead_id: str) -> Lead:
        """A lead as it is now."""
        return self.view(lead_id).lead

    def view(self, lead_id: str) -> LeadView:
        """A lead with its clocks."""
        with self.database.read() as tx:
            found = queries.lead_view(tx, lead_id)
        assert found is not None
        return found

    def clock(self, lead_id: str, kind: Kind = Kind.ACCEPTANCE) -> Clock:
        """The newest clock of a kind."""
        found = self.view(lead_id).clock(kind)
        assert found is not None
        return found

    def due(self, clock: Clock) -> dict[int, datetime | None]:
        """When the pending timers of a clock are due, by share."""
        query = select(TIMER.c.share, TIMER.c.due_at).where(TIMER.c.clock_id == clock.id, TIMER.c.fired_at.is_(None))
        with self.database.read() as tx:
            return {row.share: row.due_at for row in tx.connection.execute(query)}

    def history(self, lead_id: str, event: str) -> list[Entry]:
        """What of one kind happened to a lead."""
        with self.database.read() as tx:
            return [entry for entry in history.of(tx, lead_id) if entry.event == event]

    def messages(self, kind: str) -> list[Message]:
        """What was queued of one kind, oldest first."""
        query = select(MESSAGE).where(MESSAGE.c.kind == kind).order_by(MESSAGE.c.id)
        with self.database.read() as tx:
            return [outbox.to_message(row._mapping) for row in tx.connection.execute(query)]

    def reminded(self) -> list[tuple[str, int]]:
        """Who was reminded of which share."""
        return [(one.lane, one.detail["share"]) for one in self.messages("reminder")]
