"""The desk: everything that can happen to a lead, one transaction each.

Each verb takes the open transaction first and is run on the writer: `await office.run(desk.accept, lead_id, actor)`.
People are named by e-mail. What a person may not do raises `Refused` with the sentence to show them.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from leads import (
    assignment,
    clockwork,
    forecasts,
    handover,
    intake,
    limits,
    notices,
    pauses,
    presence,
    progress,
    promises,
    reachability,
    reports,
    retention,
)
from leads.forecasts import Forecast
from leads.handover import HandedOver
from leads.intake import Delivery, Event, Taken
from leads.low_water import LowWater
from leads.retention import Progress
from leads.work import Work
from leads.workloads import obstacles
from sla_engine.lead import Lead, LeadData
from sla_engine.lifecycle import Verb
from sla_engine.limits import Limits
from sla_engine.permission import beneficiary
from sla_engine.policy import Policy
from storage import clocks, outbox, receipts
from storage.errors import Contended
from storage.leaves import Leave, Span
from storage.outbox import Message
from storage.transaction import Transaction

T = TypeVar("T")
log = logging.getLogger(__name__)


class Desk:
    """The use cases; `policy` and `now` are asked once at the start of each."""

    def __init__(self, policy: Callable[[], Policy], now: Callable[[], datetime]) -> None:
        self._policy = policy
        self._now = now
        self._low_water = LowWater()

    def work(self, tx: Transaction) -> Work:
        """A unit of work beginning now."""
        return Work(tx, self._policy(), self._now())

    def ingest(self, tx: Transaction, delivery: Delivery, data: LeadData) -> Taken:
        """A qualified lead arrives."""
        return intake.ingest(self.work(tx), delivery, data)

    def apply(self, tx: Transaction, delivery: Delivery, event: Event) -> Taken:
        """News of a lead arrives."""
        return intake.apply(self.work(tx), delivery, event)

    def quarantine(self, tx: Transaction, delivery: Delivery, body: str, problem: str) -> None:
        """A signed delivery can't be used: its body is kept."""
        receipts.quarantine(tx, delivery.door, delivery.webhook_id, self._now(), body, problem)

    def accept(self, tx: Transaction, lead_id: str, actor: str) -> Lead:
        """The rep takes the lead on."""
        work = self.work(tx)
        return progress.accept(work, work.lead(lead_id), actor)

    def reject(self, tx: Transaction, lead_id: str, actor: str, reason: str, note: str) -> Lead:
        """The rep turns the lead down."""
        work = self.work(tx)
        return progress.reject(work, work.lead(lead_id), actor, reason, note)

    def touch(self, tx: Transaction, lead_id: str, actor: str, channel: str, note: str) -> Lead:
        """The rep was in contact with the buyer."""
        work = self.work(tx)
        return progress.touch(work, work.lead(lead_id), actor, channel, note)

    def qualify(self, tx: Transaction, lead_id: str, actor: str, answers: dict[str, str]) -> Lead:
        """The rep confirms the lead as sales qualified."""
        work = self.work(tx)
        return progress.qualify(work, work.lead(lead_id), actor, answers)

    def recycle(self, tx: Transaction, lead_id: str, actor: str, reason: str, note: str) -> Lead:
        """The rep gives an accepted lead back to marketing."""
        work = self.work(tx)
        return progress.finish(work, work.lead(lead_id), actor, Verb.RECYCLE, reason, note)

    def disqualify(self, tx: Transaction, lead_id: str, actor: str, reason: str, note: str) -> Lead:
        """The rep rules an accepted lead out."""
        work = self.work(tx)
        return progress.finish(work, work.lead(lead_id), actor, Verb.DISQUALIFY, reason, note)

    def reassign(self, tx: Transaction, lead_id: str, actor: str, rep: str) -> Lead:
        """The lead passes to another rep of its team."""
        work = self.work(tx)
        return progress.reassign(work, work.lead(lead_id), actor, rep)

    def reroute(self, tx: Transaction, lead_id: str, actor: str) -> Lead:
        """The lead goes back to the rules."""
        work = self.work(tx)
        return handover.reroute(work, work.lead(lead_id), actor)

    def pause(self, tx: Transaction, lead_id: str, actor: str, reason: str) -> Lead:
        """The clocks of a lead stand still."""
        work = self.work(tx)
        lead = work.lead(lead_id)
        return pauses.pause(work, lead, actor, reason, beneficiary(lead, actor, work.policy))

    def resume(self, tx: Transaction, lead_id: str, actor: str) -> Lead:
        """The clocks of a lead count on."""
        work = self.work(tx)
        lead = work.lead(lead_id)
        return pauses.resume(work, lead, actor, beneficiary(lead, actor, work.policy))

    def once(self, tx: Transaction, person: str, request: str, verb: Callable[[Transaction], T]) -> T | None:
        """Do what somebody asked for, unless this very request has come before: Slack may deliver one twice.

        With a `person` only their last request counts, without one every request.
        """
        door = receipts.SLACK + person
        if receipts.find(tx, door, request) is not None:
            return None
        done = verb(tx)
        if isinstance(done, Lead):
            outbox.hurry(tx, done.id)
        if person:
            receipts.forget(tx, door)
        receipts.done(tx, None, door, request, self._now())
        return done

    def check(self, tx: Transaction, lead_id: str, actor: str, verb: Verb) -> Lead:
        """The lead, if this person may do this to it now; raises `Refused` otherwise. Nothing changes."""
        work = self.work(tx)
        return progress.check(work, work.lead(lead_id, locked=False), actor, verb)

    def undeliverable(
        self, tx: Transaction, message: Message, problem: str, *, out_of_reach: bool, in_doubt: bool = False
    ) -> None:
        """A message is given up: somebody hears of it another way.

        `out_of_reach` says that no message would be delivered, since it is its reader who can't be reached; `in_doubt`
        that this one may have been.
        """
        notices.undeliverable(self.work(tx), message, problem, out_of_reach=out_of_reach, in_doubt=in_doubt)

    def away(self, tx: Transaction, actor: str, rep: str, until: datetime | None = None) -> int:
        """A rep goes away now; returns how many leads they leave behind."""
        work = self.work(tx)
        return presence.away(work, actor, rep, work.now, until)

    def plan_leave(self, tx: Transaction, actor: str, rep: str, span: Span) -> int:
        """A rep will be away; returns how many leads they have in work."""
        return presence.away(self.work(tx), actor, rep, *span)

    def cancel_leave(self, tx: Transaction, actor: str, leave_id: int) -> Leave:
        """A planned leave is called off."""
        return presence.cancel(self.work(tx), actor, leave_id)

    def back(self, tx: Transaction, actor: str, rep: str) -> int:
        """A rep comes back; returns how many leads wait for them."""
        return presence.back(self.work(tx), actor, rep)

    def reached(self, tx: Transaction, email: str) -> None:
        """A message came through to somebody."""
        presence.reached(self.work(tx), email)

    def deactivated(self, tx: Transaction, email: str, problem: str) -> None:
        """Somebody has no Slack account any more, as far as anybody knows; `problem` is what the history says of it."""
        reachability.deactivated(self.work(tx), email, problem)

    def described(self, tx: Transaction, email: str, facts: Mapping[str, Any]) -> None:
        """Slack tells of a change in somebody's profile; `facts` are values of a `Person`."""
        presence.described(self.work(tx), email, facts)

    def set_limits(self, tx: Transaction, actor: str, rep: str, wanted: Limits) -> None:
        """A rep takes so many leads from now on."""
        limits.set_limits(self.work(tx), actor, rep, wanted)

    def hand_over(self, tx: Transaction, actor: str, rep: str, to: str | None = None) -> HandedOver:
        """All that a rep has in work passes to others."""
        return handover.hand_over(self.work(tx), actor, rep, to)

    def obstacles(self, tx: Transaction, team: str) -> dict[str, str]:
        """Which reps of a team can't take a lead now, and why; nothing is written."""
        return obstacles(self.work(tx), team)

    def open(self, tx: Transaction) -> None:
        """The service starts, perhaps on another policy.

        Every digest gets its timer, every clock follows its calendar as it is now, what nobody has is tried again.
        """
        work = self.work(tx)
        reports.schedule(work)
        promises.follow(work)
        assignment.ask_again(work)

    def follow(self, tx: Transaction) -> None:
        """The calendars have changed: every running clock counts on by them."""
        promises.follow(self.work(tx))

    def tick(self, tx: Transaction) -> int:
        """Fire what is due, each in a savepoint of its own; returns how many were due."""
        work = self.work(tx)
        groups = clockwork.claim(work, self._low_water.mark)
        for due in groups:
            try:
                with tx.savepoint():
                    clockwork.fire(work, due)
            except Contended:
                raise  # no fault of the timer's: the writer runs the whole unit again
            except Exception:  # whatever is wrong with one timer must not keep the others from firing
                about = {"timer": due.timers[0].key, "lead_id": due.lead_id}
                log.exception("a timer failed and is tried again later", extra=about)
                clockwork.push_away(work, due)
        return len(groups)

    def next_due(self, tx: Transaction) -> datetime | None:
        """When the next timer is due, in UTC; nothing is written."""
        now = self._now()
        earliest = clocks.next_due(tx, self._low_water.begin(now))
        self._low_water.found(earliest, now)
        return earliest

    def let_go(self, tx: Transaction, progress: Progress) -> Progress:
        """Erase and drop a batch of what has had its use."""
        return retention.let_go(self.work(tx), progress)

    def hear(self, due_at: datetime) -> None:
        """A timer was written, here or by another process, that is due at `due_at`; may be called from any thread."""
        self._low_water.hear(due_at)

    def foresee(self, tx: Transaction, door: str, data: LeadData) -> Forecast:
        """What would become of a lead that came now; nothing is written, and nobody has to wait."""
        return forecasts.foresee(self.work(tx), door, data)
