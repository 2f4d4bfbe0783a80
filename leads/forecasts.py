"""What would become of a lead if it came now: the way of `intake`, with nothing written and nothing locked."""

from dataclasses import dataclass, replace
from datetime import datetime

from leads import assignment, promises
from leads.intake import cycle, renewed, still_open
from leads.work import Work
from sla_engine.decision import Routing
from sla_engine.lead import Lead, LeadData
from sla_engine.policy import Promise
from sla_engine.qualification import shortfalls
from sla_engine.routing import route
from storage import aliases, leads


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would become of a lead; `lead` is the one it would be, new or known.

    Of an open lead that it would update, `changed` has the fields that are new; of one that would not be handed over,
    `reasons` say why; of any other, `routing` and `promise` are what it would get, and `accept_by` (UTC) until when its
    rep would have to answer. `earlier` is its cycle before.
    """

    lead: Lead
    earlier: Lead | None = None
    changed: tuple[str, ...] | None = None
    reasons: tuple[str, ...] = ()
    routing: Routing | None = None
    promise: Promise | None = None
    accept_by: datetime | None = None


def foresee(work: Work, door: str, data: LeadData) -> Forecast:
    """What would become of a lead that came through this door now."""
    latest = aliases.newest(work.tx, door, data.external_id, locked=False)
    known = still_open(work, latest, data.email, locked=False)
    if known is not None:
        return Forecast(known, changed=tuple(renewed(known, data)[1]))
    lead = cycle(work, door, data, latest)
    earlier = leads.load(work.tx, lead.previous) if lead.previous else None
    if reasons := tuple(shortfalls(lead.data, work.policy.qualification)):
        return Forecast(lead, earlier, reasons=reasons)
    found = route(lead, work.policy, assignment.snapshot(work, lead), work.now)
    given = replace(lead, team=found.team, rep=found.rep)
    by = promises.accept_by(work, given) if found.rep else None
    return Forecast(given, earlier, routing=found, promise=promises.promise_for(work, given), accept_by=by)
