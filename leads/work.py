"""One unit of work: an open transaction, the policy in force and the time, all read once at its start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sla_engine.calendar import Calendar
from sla_engine.clock import Clock
from sla_engine.decision import chain
from sla_engine.lead import Lead
from sla_engine.policy import Policy
from sla_engine.refusals import UnknownLead
from storage import calendars, clocks, history, leads, leaves, ledger, outbox
from storage.clocks import Purpose
from storage.history import Happened
from storage.leaves import Span
from storage.outbox import Rank
from storage.transaction import Transaction

ELAPSED = Calendar.elapsed()
SYSTEM = "Handoff"
"""The actor in the history where no person acted."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a use case works with; `newborn` are leads that were added and not yet written."""

    tx: Transaction
    policy: Policy
    now: datetime
    newborn: dict[str, Lead] = field(default_factory=dict)

    def lead(self, lead_id: str, *, locked: bool = True) -> Lead:
        """The lead, locked until the transaction ends unless it is only looked at; raises `UnknownLead`."""
        lead = leads.load(self.tx, lead_id, locked=locked)
        if lead is None:
            raise UnknownLead(lead=lead_id)
        return lead

    def add(self, lead: Lead) -> None:
        """A new lead, written once by `settle`, however often it changes until then."""
        self.newborn[lead.id] = lead

    def settle(self) -> None:
        """Write what was added; raises `Conflict` when another transaction has just opened the same lead."""
        while self.newborn:
            leads.add(self.tx, self.newborn.popitem()[1])

    def change(self, lead: Lead, **values: Any) -> Lead:
        """Write new values of a lead and have its cards drawn again."""
        after = replace(lead, **values)
        if lead.id in self.newborn:
            self.newborn[lead.id] = after
            return after
        leads.change(self.tx, lead, after)
        outbox.refresh(self.tx, self.now, lead.id, Rank.REDRAW if after.status.is_worked else Rank.REDRAW_OF_THE_PAST)
        if lead.rep and lead.status.is_worked and not (after.status.is_worked and after.rep == lead.rep):
            self._has_room(lead.rep, lead.id)
        return after

    def _has_room(self, rep: str, left: str) -> None:
        """One lead has left a rep: of what each team that asks them holds, the next in line is tried again."""
        asking = [name for name in self.policy.teams if any(team.rep(rep) for team in chain(self.policy, name))]
        ledger.lock(self.tx)  # A decision made without knowing of it has left its lead here by then.
        for name in asking:
            if leads.hasten_next(self.tx, name, self.now, freed=rep, left=left):
                clocks.bring_forward(self.tx, Purpose.RELEASE, name, self.now)

    def record(
        self,
        lead: Lead,
        event: Happened,
        actor: str = SYSTEM,
        *,
        on_behalf_of: str | None = None,
        before: Lead | None = None,
        at: datetime | None = None,
        **detail: Any,
    ) -> None:
        """Add to the lead's history; `before` is the lead as it was, `at` an earlier instant than now."""
        status = before.status if before else None
        history.record(
            self.tx, lead, event, at or self.now, actor, on_behalf_of=on_behalf_of, before=status, detail=detail
        )

    def tell(self, lead: Lead, kind: str, lane: str, key: str, detail: Mapping[str, Any] | None = None) -> None:
        """Queue news of a lead for one conversation."""
        rank = Rank.OFFER if kind == "card" else Rank.NEWS
        place: dict[str, Any] = {"kind": kind, "lane": lane, "rank": rank, "lead_id": lead.id}
        outbox.post(self.tx, self.now, key=key, detail=detail, first=lead.id in self.newborn, **place)

    def kept(self, clock: Clock) -> Calendar:
        """The calendar a clock has counted on since it last began to, whatever the policy says by now.

        Another process may have started it, on another edition: what it has used and when it fell due is by this one.
        """
        kept = calendars.load(self.tx, clock.calendar) if clock.calendar else None
        return kept or self.in_force(clock)

    def in_force(self, clock: Clock) -> Calendar:
        """The calendar for a clock that begins to count; of a rep and a team that the policy forgot, the one it had."""
        if clock.calendar and self.policy.team_of(clock.team, clock.rep) is None:
            return calendars.load(self.tx, clock.calendar) or ELAPSED
        leave = leaves.spans(self.tx, [clock.rep]).get(clock.rep, ()) if clock.rep else ()
        return calendar_of(self.policy, clock, leave)


def calendar_of(policy: Policy, clock: Clock, leave: Sequence[Span] = ()) -> Calendar:
    """The rep's calendar less their leave, else the team's; wall time for what the policy counts so or forgot.

    Of a rep who is in other teams only, who claimed the lead from there or has moved, it is that of the first of them.
    """
    counted = ELAPSED if clock.count == "elapsed" else _working_time(policy, clock)
    return counted.away(leave) if leave else counted


def _working_time(policy: Policy, clock: Clock) -> Calendar:
    team = policy.team_of(clock.team, clock.rep)
    rep = team.rep(clock.rep or "") if team else None
    if found := rep or policy.rep(clock.rep):
        return found.calendar
    return team.calendar if team else ELAPSED
