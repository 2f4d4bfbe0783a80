"""Leads and news of leads as they come in: each delivery has one effect, however often it is sent."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from leads import assignment, pauses, progress
from leads.domains import company_domain
from leads.work import Work
from sla_engine.lead import FIELDS, Lead, LeadData, Status
from sla_engine.qualification import shortfalls
from storage import aliases, clocks, lanes, leads, ledger, receipts
from storage.clocks import Purpose
from storage.history import Happened

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
    known = still_open(work, latest, data.email)
    if known is not None:
        taken = Taken(Answer.DUPLICATE, _come_again(work, delivery, known, data).id)
    else:
        taken = _take_in(work, delivery, data, latest)
    receipts.done(work.tx, earlier, delivery.door, delivery.webhook_id, work.now, taken.lead_id)
    return taken


def still_open(work: Work, latest: Lead | None, email: str, *, locked: bool = True) -> Lead | None:
    """The open lead that one with this address is again, if there is one; `latest` is what is known by its id."""
    if latest is not None and latest.status.is_open:
        return latest
    if not work.policy.duplicates_by_email:
        return None
    if locked:
        aliases.lock_address(work.tx, email)
    return leads.open_with_email(work.tx, email, locked=locked)


def _come_again(work: Work, delivery: Delivery, lead: Lead, data: LeadData) -> Lead:
    """An open lead is sent again: what is new of it is taken over, its promise stays as it was made."""
    if (delivery.door, data.external_id) != (lead.door, lead.data.external_id):
        aliases.put(work.tx, delivery.door, data.external_id, lead.id)
    later, changed = renewed(lead, data)
    after = _take_over(work, lead, later, changed)
    work.record(after, Happened.CAME_AGAIN, webhook_id=delivery.webhook_id, changed=changed)
    if not after.status.is_worked:
        _tell_holder(work, after)
    return after


def _take_over(work: Work, lead: Lead, later: LeadData, changed: Collection[str]) -> Lead:
    """The lead with what is known of it now; while nobody has it, the rules are asked again about what is new."""
    if not changed or lead.hold_until is None:
        return work.change(lead, data=later)
    ledger.lock(work.tx)  # Whoever releases the team's leads has set its timer by then, and not for this one.
    clocks.bring_forward(work.tx, Purpose.RELEASE, lead.team or "", work.now)
    return work.change(lead, data=later, hold_until=min(lead.hold_until, work.now))


def _tell_holder(work: Work, lead: Lead) -> None:
    """Whoever has a lead that no clock drives any more hears that its buyer asks again, once a day at most.

    It may be an admin who took it when it was free; its team's manager hears of it where the policy has forgotten them.
    """
    is_known = lead.rep is not None and lead.rep in work.policy.people()
    readers = (lead.rep,) if lead.rep and is_known else work.policy.responsible(lead.team, lead.rep)
    for number, reader in enumerate(readers):
        key = f"return:{lead.id}:{work.now.date()}" + (f":{number}" if number else "")
        work.tell(lead, "return", lanes.to_person(reader), key)


def renewed(lead: Lead, data: LeadData) -> tuple[LeadData, list[str]]:
    """What is known of a lead once more is told of it, and which fields are new; it keeps the id it came under.

    An address that comes with other capitals is no news: it stays as it was sent first. The company's domain is worked
    out from all that is known.
    """
    later = replace(lead.data.updated(data), external_id=lead.data.external_id)
    if later.email.casefold() == lead.data.email.casefold():
        later = replace(later, email=lead.data.email)
    later = replace(later, domain=company_domain(later.email, later.website))
    return later, [name for name in FIELDS if later.value(name) != lead.data.value(name)]


def _take_in(work: Work, delivery: Delivery, data: LeadData, latest: Lead | None) -> Taken:
    lead = cycle(work, delivery.door, data, latest)
    reasons = tuple(shortfalls(lead.data, work.policy.qualification))
    if latest is not None and latest.id == lead.id:
        lead = work.change(latest, data=lead.data, received_at=lead.received_at)
    else:
        work.add(lead)
    work.record(lead, Happened.RECEIVED, webhook_id=delivery.webhook_id, reasons=list(reasons))
    if not reasons:
        assignment.hand_over(work, lead)
    work.settle()
    return Taken(Answer.NOT_QUALIFIED if reasons else Answer.ACCEPTED, lead.id, reasons)


def cycle(work: Work, door: str, data: LeadData, latest: Lead | None) -> Lead:
    """The lead as it comes in: the one that was below the bar until now, else a new cycle, linked to the one before.

    Either keeps the id it came under first, so that it is found by each other id that is known to mean it.
    """
    if latest is None:
        return Lead(new_id(), door, data, work.now, policy_hash=work.policy.hash)
    if latest.status is Status.NEW:
        return replace(latest, data=renewed(latest, data)[0], received_at=_after(work, latest))
    data = replace(data, external_id=latest.data.external_id)
    received_at = _after(work, latest)
    return Lead(new_id(), latest.door, data, received_at, policy_hash=work.policy.hash, previous=latest.id)


def _after(work: Work, earlier: Lead) -> datetime:
    """Now, but after an earlier receipt even if the clock was set back since: the newest is what an id means."""
    return max(work.now, earlier.received_at + timedelta(microseconds=1))


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
        lead = _updated(work, delivery, lead, event.data, actor)
    elif event.kind == "lead.status_changed" and event.status:
        lead = _moved(work, delivery, lead, event, event.status, actor)
    receipts.done(work.tx, earlier, delivery.door, delivery.webhook_id, work.now, lead.id)
    return Taken(Answer.ACCEPTED, lead.id)


def _updated(work: Work, delivery: Delivery, lead: Lead, data: LeadData, actor: str) -> Lead:
    after = _take_over(work, lead, *renewed(lead, data))
    work.record(after, Happened.UPDATED, actor)
    if after.status is Status.NEW and not shortfalls(after.data, work.policy.qualification):
        return _lift(work, delivery, after, data)
    return after


def _moved(work: Work, delivery: Delivery, lead: Lead, event: Event, status: Status, actor: str) -> Lead:
    if lead.status is Status.NEW and status is Status.MQL:
        work.record(lead, Happened.STATUS_CHANGED, actor, note=event.note or "")
        return _lift(work, delivery, lead, LeadData(event.external_id, email=""))
    return progress.set_status(work, lead, status, actor, event.note)


def _lift(work: Work, delivery: Delivery, lead: Lead, data: LeadData) -> Lead:
    """A lead that was below the bar is handed over, unless its buyer is in somebody's hands by now: then that is it.

    `data` is what has just been said of it.
    """
    known = still_open(work, lead, lead.data.email)
    if known is not None:
        return _come_again(work, delivery, known, data)
    # Its wait begins now, as if it had come now.
    return assignment.hand_over(work, work.change(lead, received_at=_after(work, lead)))


def _replied(work: Work, lead: Lead, actor: str) -> None:
    work.record(lead, Happened.REPLIED, actor)
    is_running = lead.status.is_worked and lead.rep is not None and lead.paused_at is None
    if "lead_replied" in work.policy.pause_on and is_running:
        pauses.pause(work, lead, actor, "the lead replied")


def new_id() -> str:
    """A lead id that can be read aloud and typed after `/lead why`."""
    bits = secrets.randbits(5 * ID_LENGTH)
    return "L" + "".join(ALPHABET[bits >> 5 * place & 31] for place in range(ID_LENGTH))
