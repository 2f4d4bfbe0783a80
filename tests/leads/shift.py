"""A desk under a policy of ours at a time of ours, for stories too small for a world."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar

from leads.desk import Desk
from leads.intake import Delivery
from sla_engine.lead import Lead
from sla_engine.policy import Outcome, Policy, Reason
from storage import leads
from storage.database import Database
from storage.transaction import Transaction
from tests.leads.floor import DOOR, run
from tests.sla_engine.samples import MONDAY, data

P = ParamSpec("P")
T = TypeVar("T")
TO_THE_NEXT = (Reason("busy", "No time", Outcome.REROUTE),)


class Shift:
    """Everything at the desk happens at `now`, by `policy`; both can be set."""

    def __init__(self, database: Database, policy: Policy, now: datetime = MONDAY) -> None:
        self.database, self.policy, self.now = database, policy, now
        self.desk = Desk(lambda: self.policy, lambda: self.now)
        self._numbers = count(1)

    def do(self, verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One verb of the desk, in a transaction."""
        return run(self.database, lambda tx: verb(tx, *args, **kwargs))

    def lead(self, **said: Any) -> str:
        """A lead comes in; returns its id."""
        return self.do(self.desk.ingest, Delivery(DOOR, f"msg_{next(self._numbers)}"), data(**said)).lead_id

    def at(self, lead_id: str) -> Lead:
        """A lead as it stands."""
        with self.database.read() as tx:
            found = leads.load(tx, lead_id)
        assert found is not None
        return found

    def reject(self, lead_id: str) -> Lead:
        """Whoever has the lead has no time for it."""
        return self.do(self.desk.reject, lead_id, self.at(lead_id).rep or "", TO_THE_NEXT[0].id, "")

    def until(self, then: datetime) -> None:
        """Time passes, and everything that falls due happens at its instant."""
        while (due := self.do(self.desk.next_due)) is not None and due <= then:
            self.now = max(self.now, due)
            self.do(self.desk.tick)
        self.now = then
