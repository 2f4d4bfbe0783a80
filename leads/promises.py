"""Clocks of a lead: starting the ones its promise asks for, pausing, resuming and stopping them."""

from collections.abc import Collection
from datetime import timedelta

from leads.work import Work
from sla_engine.clock import ESCALATED, ROUTING_TARGET, Clock, Kind, instants
from sla_engine.lead import Lead
from sla_engine.matching import failed
from sla_engine.policy import Level, Promise
from storage import clocks

EVERYONE_HEARS = Level(at=100)
"""The breach is always a timer, even where no level is written at 100 %."""


def promise_for(work: Work, lead: Lead) -> Promise:
    """The first SLA whose conditions the lead meets; the last in the policy has none."""
    return next(promise for promise in work.policy.promises if failed(lead.data, promise.when) is None)


def start_routing(work: Work, lead: Lead) -> None:
    """The system's own promise begins with the receipt."""
    clock = Clock(
        Kind.ROUTING, ROUTING_TARGET, lead.received_at, lead.received_at, "elapsed", policy_hash=lead.policy_hash
    )
    clocks.start(work.tx, lead.id, clock)


def start_acceptance(work: Work, lead: Lead) -> None:
    """The rep's promise to accept or reject begins with the assignment."""
    _start(work, lead, Kind.ACCEPTANCE, promise_for(work, lead).accept_within)


def start_follow_up(work: Work, lead: Lead) -> None:
    """With the acceptance begin the promises of first contact and of a verdict."""
    promise = promise_for(work, lead)
    if lead.first_response_at is None:
        _start(work, lead, Kind.FIRST_TOUCH, promise.first_touch_within)
    _start(work, lead, Kind.QUALIFICATION, promise.qualify_within)


def _start(work: Work, lead: Lead, kind: Kind, target: timedelta) -> None:
    promise = promise_for(work, lead)
    clock = Clock(
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
    number = clocks.start(work.tx, lead.id, clock)
    levels = {level.at: level for level in (EVERYONE_HEARS, *work.policy.levels)}
    rows = [
        (share, due, describe(levels[share])) for share, due in instants(clock, work.calendar(clock), levels.values())
    ]
    clocks.set_levels(work.tx, lead.id, number, rows)


def describe(level: Level) -> dict[str, object]:
    """A level as a timer keeps it, so that an edit of the policy leaves promises already made alone."""
    return {"notify": sorted(level.notify), "reassign": level.reassign}


def stop(work: Work, lead: Lead, kinds: Collection[Kind], answered: Collection[Kind]) -> None:
    """Nothing more is owed of these kinds; those in `answered` were kept or missed, the others fall away."""
    for clock in clocks.unstopped(work.tx, lead.id):
        if clock.kind in kinds:
            after = clock.stop(work.calendar(clock), work.now, answered=clock.kind in answered)
            clocks.save(work.tx, after)
            clocks.drop_levels(work.tx, clock.id)
            if after.breached_at != clock.breached_at:
                record_breach(work, lead, after)


def record_breach(work: Work, lead: Lead, clock: Clock) -> None:
    """Write the breach into the history at the instant it fell due."""
    work.record(lead, "breached", at=clock.breached_at, clock=clock.kind.value, rep=clock.rep, promise=clock.promise)


def pause(work: Work, lead: Lead, kinds: Collection[Kind] = ESCALATED) -> bool:
    """Freeze what is left of these clocks; False when none ran."""
    paused = False
    for clock in clocks.unstopped(work.tx, lead.id):
        if clock.kind in kinds and clock.is_running:
            after = clock.pause(work.calendar(clock), work.now)
            clocks.save(work.tx, after)
            if after.breached_at != clock.breached_at:
                record_breach(work, lead, after)
            clocks.move_levels(work.tx, {timer.id: None for timer in clocks.pending(work.tx, clock.id)})
            paused = True
    return paused


def resume(work: Work, lead: Lead) -> bool:
    """Count on with what the pause left; False when no clock was paused."""
    resumed = False
    for clock in clocks.unstopped(work.tx, lead.id):
        if clock.is_paused:
            after = clock.resume(work.now)
            clocks.save(work.tx, after)
            calendar = work.calendar(after)
            timers = clocks.pending(work.tx, clock.id)
            clocks.move_levels(
                work.tx, {timer.id: after.due(calendar, timer.share or 0) or work.now for timer in timers}
            )
            resumed = True
    return resumed
