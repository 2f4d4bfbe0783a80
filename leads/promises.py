"""Clocks of a lead: starting the ones its promise asks for, pausing, resuming, moving and stopping them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from leads.work import Work, calendar_of
from sla_engine.calendar import Calendar
from sla_engine.clock import ESCALATED, ROUTING_TARGET, Clock, Kind
from sla_engine.lead import Lead
from sla_engine.matching import failed
from sla_engine.policy import Level, Promise
from sla_engine.reckoning import conclude, explain
from storage import calendars, clocks, leads, leaves, ledger
from storage.history import Happened

JUST_THE_BREACH = Level(at=100)
"""The breach is always a timer, even where no level is written at 100 %: it is recorded then, and nobody is told."""


def promise_for(work: Work, lead: Lead) -> Promise:
    """The first SLA whose conditions the lead meets; the last in the policy has none."""
    return next(promise for promise in work.policy.promises if failed(lead.data, promise.when) is None)


def routing(work: Work, lead: Lead) -> Clock:
    """The system's own promise, which begins with the receipt; it is written once it is known how it goes on."""
    begins = lead.received_at
    return Clock(Kind.ROUTING, ROUTING_TARGET, begins, begins, "elapsed", policy_hash=work.policy.hash)


def end_routing(work: Work, lead: Lead, fresh: Clock | None) -> None:
    """Somebody has the lead: the system's own promise is kept, or missed; `fresh` is one not yet written."""
    if fresh is None:
        stop(work, lead, {Kind.ROUTING}, answered={Kind.ROUTING})
    else:
        clocks.start(work.tx, lead.id, fresh.stop(work.in_force(fresh), work.now, answered=True))


def hold_routing(work: Work, lead: Lead, fresh: Clock | None) -> None:
    """Nobody can take the lead now: the system's own promise stands still; `fresh` is one not yet written."""
    if fresh is None:
        pause(work, lead, {Kind.ROUTING})
    else:
        clocks.start(work.tx, lead.id, fresh.pause(work.in_force(fresh), work.now))


def start_acceptance(work: Work, lead: Lead, promise: Promise) -> None:
    """The rep's promise to accept or reject begins with the assignment."""
    _start(work, lead, _clock(work, lead, Kind.ACCEPTANCE, promise, promise.accept_within))


def accept_by(work: Work, lead: Lead) -> datetime | None:
    """By when the rep would have to accept or reject, were the lead assigned now; None when no instant is known."""
    promise = promise_for(work, lead)
    clock = _clock(work, lead, Kind.ACCEPTANCE, promise, promise.accept_within)
    return clock.due(work.in_force(clock))


def start_follow_up(work: Work, lead: Lead) -> Lead:
    """With the acceptance begin the promises of first contact and of a verdict.

    They are of the SLA by which the lead was assigned, whatever came to be known since, while the policy has it.
    """
    made = next((promise for promise in work.policy.promises if promise.name == lead.promise), None)
    promise = made or promise_for(work, lead)
    if made is None:
        lead = work.change(lead, promise=promise.name)
    if lead.first_response_at is None:
        _start(work, lead, _clock(work, lead, Kind.FIRST_TOUCH, promise, promise.first_touch_within))
    _start(work, lead, _clock(work, lead, Kind.QUALIFICATION, promise, promise.qualify_within))
    return lead


def _start(work: Work, lead: Lead, clock: Clock) -> None:
    calendar = work.in_force(clock)
    number = clocks.start(work.tx, lead.id, replace(clock, calendar=calendars.keep(work.tx, calendar)))
    levels = {level.at: level for level in (JUST_THE_BREACH, *work.policy.levels)}
    rows = [(share, clock.due(calendar, share), describe(levels[share])) for share in sorted(levels)]
    clocks.set_levels(work.tx, lead.id, number, rows)


def _clock(work: Work, lead: Lead, kind: Kind, promise: Promise, target: timedelta) -> Clock:
    return Clock(
        kind,
        target,
        started_at=work.now,
        running_since=work.now,
        count=promise.count,
        rep=lead.rep,
        team=lead.team,
        promise=promise.name,
        policy_hash=work.policy.hash,
    )


def describe(level: Level) -> dict[str, object]:
    """A level as a timer keeps it, so that an edit of the policy leaves promises already made alone."""
    return {"notify": sorted(level.notify), "reassign": level.reassign}


def stop(work: Work, lead: Lead, kinds: Collection[Kind], answered: Collection[Kind]) -> None:
    """Nothing more is owed of these kinds; those in `answered` were kept or missed, the others fall away."""
    for clock in clocks.unstopped(work.tx, lead.id):
        if clock.kind in kinds:
            calendar = work.kept(clock)
            after = clock.stop(calendar, work.now, answered=clock.kind in answered)
            told = clock.reckoning or conclude(clock, calendar, work.now)
            _save(work, lead, clock, replace(after, reckoning=told), calendar)
            clocks.drop_levels(work.tx, clock.id)


def breach(work: Work, lead: Lead, clock: Clock) -> Clock:
    """Stamp a breach at the instant at which the clock fell due, though it is noticed only now."""
    calendar = work.kept(clock)
    return _save(work, lead, clock, clock.breach(calendar, work.now + timedelta(microseconds=1)), calendar)


def pause(work: Work, lead: Lead, kinds: Collection[Kind] = ESCALATED) -> bool:
    """Freeze what is left of these clocks; False when none ran."""
    running = [clock for clock in clocks.unstopped(work.tx, lead.id) if clock.kind in kinds and clock.is_running]
    for clock in running:
        calendar = work.kept(clock)
        _save(work, lead, clock, clock.pause(calendar, work.now), calendar)
        clocks.move_levels(work.tx, {timer.id: None for timer in clocks.pending(work.tx, clock.id)})
    return bool(running)


def resume(work: Work, lead: Lead, at: datetime) -> bool:
    """Count on from `at` with what the pause left; False when no clock was paused."""
    paused = [clock for clock in clocks.unstopped(work.tx, lead.id) if clock.is_paused]
    for clock in paused:
        calendar = work.in_force(clock)
        after = replace(clock.resume(at), calendar=calendars.keep(work.tx, calendar))
        _save(work, lead, clock, after, calendar)
        _move(work, after, calendar)
    return bool(paused)


def follow(work: Work, rep: str | None = None) -> int:
    """Have running clocks count on their calendars as they are now; what is past stays counted by the old ones.

    Called when a leave is entered or ends, and when a service starts on a policy that may have been edited. Returns
    how many clocks moved.
    """
    if rep is not None:
        _wait_for_what_begins(work, rep)
    moved = 0
    leave = leaves.everybodys(work.tx) if rep is None else leaves.spans(work.tx, [rep])
    for lead_id, clock in clocks.running(work.tx, rep):
        known = work.policy.team_of(clock.team, clock.rep) is not None
        if known and clock.is_running and clock.kind in ESCALATED:
            calendar = calendar_of(work.policy, clock, leave.get(clock.rep or "", ()))
            key = calendars.keep(work.tx, calendar)
            moved += key != clock.calendar and _follow(work, lead_id, replace(clock, calendar=key), calendar)
    return moved


def _wait_for_what_begins(work: Work, rep: str) -> None:
    """Another process may be starting a clock of the rep's that does not know of the leave: by now it is to be seen.

    Whoever accepts a lead has locked it; whoever gives one away decides about turns. In this order they lock, too.
    """
    leads.worked_by(work.tx, rep)
    ledger.lock(work.tx)


def _follow(work: Work, lead_id: str, to: Clock, calendar: Calendar) -> bool:
    lead = leads.load(work.tx, lead_id, locked=True)
    # While the lead was waited for, another process may have stopped the clock, paused it or moved it already.
    clock = next((one for one in clocks.unstopped(work.tx, lead_id) if one.id == to.id), None)
    if lead is None or clock is None or not clock.is_running or clock.calendar == to.calendar:
        return False
    old = calendars.load(work.tx, clock.calendar or "") or calendar
    after = replace(clock, calendar=to.calendar).follow(old, calendar, work.now)
    after = _save(work, lead, clock, after, old)
    _move(work, after, calendar)
    before, now = clock.due(old), after.due(calendar)
    if after.breached_at is None and before != now:  # What is overdue stays due when it was.
        detail: dict[str, Any] = {
            "clock": clock.kind.value,
            "rep": clock.rep,
            "due_before": stamp(before),
            "due_now": stamp(now),
        }
        work.record(lead, Happened.CALENDAR_CHANGED, **detail)
        work.change(lead)
    return True


def stamp(instant: datetime | None) -> str | None:
    """An instant as the history keeps it: ISO 8601 in UTC."""
    return instant.isoformat() if instant else None


def _save(work: Work, lead: Lead, before: Clock, after: Clock, calendar: Calendar) -> Clock:
    """Write a clock that counted on `calendar` until now; a breach that is new, with how its time was counted."""
    if after.breached_at != before.breached_at:
        after = replace(after, reckoning=explain(before, calendar))
        told: dict[str, Any] = {
            "clock": after.kind.value,
            "rep": after.rep,
            "promise": after.promise,
            "reckoning": after.reckoning,
        }
        work.record(lead, Happened.BREACHED, at=after.breached_at, **told)
        work.tx.note("breach", clock=after.kind.value, team=after.team or "")
    clocks.save(work.tx, after)
    return after


def _move(work: Work, clock: Clock, calendar: Calendar) -> None:
    """Give a clock's pending timers their new instants; one that is due already still fires for what it was."""
    ahead = [timer for timer in clocks.pending(work.tx, clock.id) if timer.due_at is None or timer.due_at > work.now]
    clocks.move_levels(work.tx, {timer.id: _instant(work, clock, calendar, timer.share or 0) for timer in ahead})


def _instant(work: Work, clock: Clock, calendar: Calendar, share: int) -> datetime | None:
    passed = clock.spent >= clock.target * share / 100
    return work.now if passed else clock.due(calendar, share)
