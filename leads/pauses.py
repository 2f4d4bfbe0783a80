"""A lead stands still for a while: its rep's clocks are frozen, by hand or since the buyer answered, and count on."""

from datetime import datetime

from leads import promises
from leads.progress import rep_of
from leads.work import SYSTEM, Work
from sla_engine.lead import Lead
from sla_engine.lifecycle import Verb, move
from sla_engine.refusals import AlreadyPaused, NotPaused
from storage import clocks, lanes
from storage.clocks import Purpose
from storage.history import Happened


def pause(work: Work, lead: Lead, actor: str, reason: str, owner: str | None = None) -> Lead:
    """Freeze the rep's clocks."""
    move(lead, Verb.PAUSE)
    rep_of(lead)
    if lead.paused_at is not None or not promises.pause(work, lead):
        raise AlreadyPaused
    after = work.change(lead, paused_at=work.now, pause_reason=reason)
    until = work.now + work.policy.pause_at_most
    clocks.set_timer(work.tx, Purpose.RESUME, lead.id, until, lead.id)
    work.record(after, Happened.PAUSED, actor, on_behalf_of=owner, reason=reason, until=promises.stamp(until))
    return after


def resume(work: Work, lead: Lead, actor: str, owner: str | None = None) -> Lead:
    """Let the rep's clocks count on."""
    move(lead, Verb.RESUME)
    if lead.paused_at is None:
        raise NotPaused
    after = _resumed(work, lead, work.now, actor, owner)
    clocks.drop_timer(work.tx, Purpose.RESUME, lead.id)
    return after


def end(work: Work, lead: Lead, at: datetime) -> Lead:
    """A pause has lasted as long as it may: the clocks count on from `at`, however late this is noticed."""
    after = _resumed(work, lead, at, SYSTEM)
    lane, key = lanes.to_person(rep_of(lead)), f"resumed:{lead.id}:{at.isoformat()}"
    work.tell(after, "resumed", lane, key, {"rep": lead.rep})
    return after


def _resumed(work: Work, lead: Lead, at: datetime, actor: str, owner: str | None = None) -> Lead:
    promises.resume(work, lead, at)
    after = work.change(lead, paused_at=None, pause_reason=None)
    work.record(after, Happened.RESUMED, actor, on_behalf_of=owner, at=at)
    return after
