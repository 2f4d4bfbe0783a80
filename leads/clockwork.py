"""What happens when a timer is due: a level is reached, a held lead may find a rep, a report is due."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leads import assignment, pauses, progress, promises, reports
from leads.work import Work
from sla_engine.clock import REASSIGNED, Clock
from sla_engine.lead import Lead
from sla_engine.policy import Audience
from storage import clocks, lanes, leads, ledger, outbox
from storage.clocks import Purpose, Timer
from storage.history import Happened

log = logging.getLogger(__name__)
AT_ONCE = 100
RELEASED_AT_MOST = 25
"""How many leads that still find nobody are tried again in one transaction."""
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(hours=1)
ENOUGH = 10
"""After so many failures the delay is the longest; doubled without end it would outgrow a timedelta."""


@dataclass(frozen=True, slots=True)
class Due:
    """Timers of one lead's clock, or one other timer, to be handled together."""

    timers: tuple[Timer, ...]

    @property
    def lead_id(self) -> str | None:
        """The lead all of them are about."""
        return self.timers[0].lead_id


def claim(work: Work, since: datetime | None = None) -> list[Due]:
    """The timers that are due now, those of one clock together, oldest first; before `since` none is pending."""
    groups: dict[object, list[Timer]] = {}
    for timer in clocks.due(work.tx, work.now, AT_ONCE, since):
        groups.setdefault(timer.clock_id or timer.key, []).append(timer)
    return [Due(tuple(timers)) for timers in groups.values()]


def fire(work: Work, due: Due) -> None:
    """Do what the timers are for, if it is still to be done, and mark them as fired."""
    _mark_as_fired(work, due.timers)
    kind = due.timers[0].kind
    if kind == Purpose.DIGEST:
        reports.queue_digest(work, due.timers[0])
        return
    if kind == Purpose.RELEASE:
        release(work, due.timers[0].subject)
        return
    lead = leads.load(work.tx, due.lead_id or "", locked=True)
    if lead is None:
        return
    if kind == Purpose.LEVEL:
        reach(work, lead, due.timers)
    elif kind == Purpose.RESUME and lead.paused_at is not None and lead.status.is_worked:
        pauses.end(work, lead, due.timers[0].due_at or work.now)


def _mark_as_fired(work: Work, timers: Sequence[Timer]) -> None:
    clocks.fired(work.tx, [timer.id for timer in timers], work.now)
    for timer in timers:
        late = work.now - (timer.due_at or work.now)
        work.tx.note("timer fired", seconds=late.total_seconds(), kind=timer.kind)


def push_away(work: Work, due: Due) -> None:
    """Handling failed: try these later, and later each time, so that the others are not blocked."""
    for timer in due.timers:
        delay = min(FIRST_DELAY * 2 ** min(timer.attempts, ENOUGH), LONGEST_DELAY)
        clocks.postpone(work.tx, timer.id, work.now + delay)


def reach(work: Work, lead: Lead, timers: Sequence[Timer]) -> None:
    """A clock has reached one or more levels; only the highest that anybody hears of is told, with true figures.

    1. Find the clock as it is now; one that was answered or paused a moment earlier is left alone.
    2. Take the rest of its levels that are due: after an outage a batch may have cut them apart.
    3. Stamp the breach with the instant at which it fell due, however late this runs.
    4. Tell whoever the highest level names.
    5. Take the lead away, if any of the levels says so.
    """
    running = (one for one in clocks.unstopped(work.tx, lead.id) if one.id == timers[0].clock_id and one.is_running)
    clock = next(running, None)
    if clock is None:
        return
    rest = clocks.due_of(work.tx, clock.id, work.now)
    _mark_as_fired(work, rest)
    timers = [*timers, *rest]
    told = max(timers, key=_says)
    if clock.breached_at is None and any((timer.share or 0) >= 100 for timer in timers):
        clock = promises.breach(work, lead, clock)
        work.change(lead)
    reassigns = clock.kind in REASSIGNED and any(timer.detail.get("reassign") for timer in timers)
    takes = reassigns and _may_move(work, lead)
    # A higher one is told already where this one failed at first, or another process had claimed it by itself.
    if outbox.highest_told(work.tx, lead.id, clock.id) < (told.share or 0):
        _tell(work, lead, clock, told, takes)
        named: dict[str, Any] = {"clock": clock.kind.value, "share": told.share, "rep": clock.rep}
        work.record(lead, Happened.LEVEL_REACHED, at=told.due_at, **named)
    if takes:
        progress.lapse(work, lead)


def _says(timer: Timer) -> tuple[int, int]:
    """Sorts the levels by what there is to tell of them: the product's own says nothing, it only stamps the breach."""
    says = 2 if timer.detail.get("notify") else 1 if timer.detail.get("reassign") else 0
    return says, timer.share or 0


def _may_move(work: Work, lead: Lead) -> bool:
    """Not from the manager where it would come back to them at once: past the allowed reassignments it is theirs."""
    team = work.policy.team_of(lead.team, lead.rep)
    is_managers = team is not None and lead.rep == team.manager
    is_used_up = lead.reassignments >= work.policy.max_reassignments
    return not (is_managers and is_used_up) and not assignment.is_last_resort(work, lead)


def _tell(work: Work, lead: Lead, clock: Clock, timer: Timer, takes: bool) -> None:
    """Tell whom the level names, and whether it takes the lead away.

    The admins hear of a lead whose rep and team have both left the policy.
    """
    if lead.rep is None:
        return
    team = work.policy.team_of(lead.team, lead.rep)
    managers = work.policy.responsible(lead.team, lead.rep)
    told = {
        Audience.REP: [lanes.to_person(lead.rep)],
        Audience.CHANNEL: [lanes.to_channel(team.channel)] if team else [],
        Audience.MANAGER: [lanes.to_person(one) for one in managers],
    }
    asked = timer.detail.get("notify", [])
    detail = {"clock": clock.id, "share": timer.share, "rep": lead.rep, "takes": takes}
    for audience in asked:
        for number, lane in enumerate(told[Audience(audience)]):
            # Who manages the team and has the lead is told once, and spoken to as the one who has it.
            reader = Audience.REP if lane == told[Audience.REP][0] else audience
            if reader == audience or reader not in asked:
                key = f"{timer.key}:{audience}" + (f":{number}" if number else "")
                work.tell(lead, "reminder", lane, key, detail | {"audience": str(reader)})


def release(work: Work, team: str) -> None:
    """A team's leads that nobody has are tried again: the hottest is given out, the others follow one by one.

    1. Ask the rules anew, by the policy now in force, for those that are due, hottest first, until one finds a rep.
    2. Come again for the next after the policy's interval, or when the first of the rest is due.
    """
    ledger.lock(work.tx)  # Else another process could leave a lead here, trusting in the timer that has just fired.
    for lead in leads.waiting(work.tx, team, work.now, RELEASED_AT_MOST):
        if try_again(work, lead).rep is not None:
            break
    following = leads.next_waiting(work.tx, team)
    if following is not None:
        due = max(following, work.now + work.policy.release_every)
        clocks.set_timer(work.tx, Purpose.RELEASE, team, due)


def try_again(work: Work, lead: Lead) -> Lead:
    """A lead that nobody has: ask the rules again; if it must wait on, only its plan moves.

    How often it was passed on doesn't count: if that was too often, a manager has sent it back to the rules.
    """
    decision = assignment.by_the_rules(work, lead)
    if decision.plan is not lead.plan or decision.team != lead.team:
        return assignment.carry_out(work, lead, decision)
    decided = {"why": decision.line, "rule": decision.rule, "policy_hash": work.policy.hash}
    after = work.change(lead, hold_until=decision.hold_until, **decided)
    if decision.line != lead.why:
        work.record(after, Happened(decision.plan.value), before=lead, **assignment.explanation(decision))
    return after
