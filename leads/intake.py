"""Leads and news of leads as they come in: each delivery has one effect, however often it is sent."""

import secrets
from dataclasses import dataclass, replace
from enum import StrEnum

from leads import assignment, progress
from leads.work import Work
from sla_engine.lead import FIELDS, Lead, LeadData, Status
from sla_engine.qualification import shortfalls
from storage import aliases, leads, receipts

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 10
"""Crockford's letters: 50 random bits, so a million leads collide with a chance of one in two thousand."""


class Answer(StrEnum):
    """What the sender is told."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    NOT_QUALIFIED = "not_qualified"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a webhook came in and the id its sender gave it."""

    door: str
    webhook_id: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery."""

    answer: Answer
    lead_id: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """News of a lead that was handed over before: `kind` is the webhook's type."""

    kind: str
    external_id: str
    data: LeadData | None = None
    status: Status | None = None
    actor: str | None = None
    note: str | None = None


class UnknownExternalId(Exception):
    """No lead with this external_id has come through this source yet."""


def ingest(work: Work, delivery: Delivery, data: LeadData) -> Taken:
    """Take in a qualified lead: record it, and hand it over if it meets the policy's bar."""
    earlier = receipts.find(work.tx, delivery.door, delivery.webhook_id)
    if earlier and earlier.lead_id:
        return Taken(Answer.DUPLICATE, earlier.lead_id)
    latest = aliases.newest(work.tx, delivery.door, data.external_id)
    known = still_open(work, latest, data)
    taken = _come_again(work, known, data, delivery) if known else _take_in(work, delivery, data, latest)
    receipts.done(work.tx, earlier, delivery.door, delivery.webhook_id, work.now, taken.lead_id)
    return taken


def still_open(work: Work, latest: Lead | None, data: LeadData, *, locked: bool = True) -> Lead | None:
    """The open lead that this is again, if there is one."""
    if latest is not None and latest.status.is_open:
        return latest
    return leads.open_with_email(work.tx, data.email, locked=locked) if work.policy.duplicates_by_email else None


def _come_again(work: Work, lead: Lead, data: LeadData, delivery: Delivery) -> Taken:
    """An open lead is sent again: what is new of it is taken over, its promise stays as it was made."""
    if (delivery.door, data.external_id) != (lead.door, lead.data.external_id):
        aliases.put(work.tx, delivery.door, data.external_id, lead.id)
    later, changed = renewed(lead, data)
    work.record(work.change(lead, data=later), "came again", webhook_id=delivery.webhook_id, changed=changed)
    return Taken(Answer.DUPLICATE, lead.id)


def renewed(lead: Lead, data: LeadData) -> tuple[LeadData, list[str]]:
    """What is known of a lead once more is told of it, and which fields are new; it keeps the id it came under.

    An address that comes with other capitals is no news: it stays as it was sent first.
    """
    later = replace(lead.data.updated(data), external_id=lead.data.external_id)
    if later.email.casefold() == lead.data.email.casefold():
        later = replace(later, email=lead.data.email)
    return later, [name for name in FIELDS if later.value(name) != lead.data.value(name)]


def _take_in(work: Work, delivery: Delivery, data: LeadData, latest: Lead | None) -> Taken:
    reasons = tuple(shortfalls(data, work.policy.qualification))
    lead = cycle(work, delivery.door, data, latest)
    if latest is not None and latest.id == lead.id:
        lead = work.change(latest, data=lead.data, received_at=lead.received_at)
    else:
        work.add(lead)
    work.record(lead, "received", webhook_id=delivery.webhook_id, reasons=list(reasons))
    if not reasons:
        assignment.hand_over(work, lead)
    work.settle()
    return Taken(Answer.NOT_QUALIFIED if reasons else Answer.ACCEPTED, lead.id, reasons)


def cycle(work: Work, door: str, data: LeadData, latest: Lead | None) -> Lead:
    """The lead as it comes in: the one that was below the bar until now, else a new cycle, linked to the one before."""
    if latest is not None and latest.status is Status.NEW:
        return replace(latest, data=replace(data, external_id=latest.data.external_id), received_at=work.now)
    previous = latest.id if latest else None
    return Lead(new_id(), door, data, work.now, policy_hash=work.policy.hash, previous=previous)


def apply(work: Work, delivery: Delivery, event: Event) -> Taken:
    """News of a known lead; raises `UnknownExternalId`, and `Refused` for a status the lead can't have."""
    earlier = receipts.find(work.tx, delivery.door, delivery.webhook_id)
    if earlier and earlier.lead_id:
        return Taken(Answer.DUPLICATE, earlier.lead_id)
    lead = aliases.newest(work.tx, delivery.door, event.external_id)
    if lead is None:
        raise UnknownExternalId
    actor = event.actor or delivery.door
    if event.kind == "lead.contacted":
        progress.contacted(work, lead, actor, event.note)
    elif event.kind == "lead.replied":
        _replied(work, lead, actor)
    elif event.kind == "lead.updated" and event.data:
        _updated(work, lead, event.data, actor)
    elif event.kind == "lead.status_changed" and event.status:
        progress.set_status(work, lead, event.status, actor, event.note)
    receipts.done(work.tx, earlier, delivery.door, delivery.webhook_id, work.now, lead.id)
    return Taken(Answer.ACCEPTED, lead.id)


def _updated(work: Work, lead: Lead, data: LeadData, actor: str) -> None:
    later, _ = renewed(lead, data)
    after = work.change(lead, data=later)
    work.record(after, "updated", actor)
    if after.status is Status.NEW and not shortfalls(after.data, work.policy.qualification):
        # Its wait begins now, as if it had come now.
        assignment.hand_over(work, work.change(after, received_at=work.now))


def _replied(work: Work, lead: Lead, actor: str) -> None:
    work.record(lead, "replied", actor)
    is_running = lead.status.is_worked and lead.rep is not None and lead.paused_at is None
    if "lead_replied" in work.policy.pause_on and is_running:
        progress.pause(work, lead, actor, "the lead replied")


def new_id() -> str:
    """A lead id that can be read aloud and typed after `/lead why`."""
    bits = secrets.randbits(5 * ID_LENGTH)
    return "L" + "".join(ALPHABET[bits >> 5 * place & 31] for place in range(ID_LENGTH))
