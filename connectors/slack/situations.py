"""Where a lead stands, said once for everybody: the lines on its card, a sentence for notifications, the buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connectors.slack import notes
from connectors.slack.buyers import introduction, naming
from connectors.slack.markup import called, ended, phrase, quote, when
from connectors.slack.promises import Owed, owed, zone_for, zone_of
from connectors.slack.words import Action
from sla_engine.lead import Plan, Status
from sla_engine.names import moment
from sla_engine.policy import Policy
from storage.queries import LeadView

Reader = Literal["rep", "channel"]
OFFERED = (Action.ACCEPT, Action.REJECT)
WORKED = (Action.TOUCH, Action.QUALIFY, Action.RECYCLE, Action.DISQUALIFY, Action.REASSIGN, Action.PAUSE)
QUALIFIED = (Action.TOUCH, Action.RECYCLE, Action.DISQUALIFY)
OUTCOMES = {
    Status.RECYCLED: ("Recycled: it goes back to marketing", "It goes back to marketing"),
    Status.DISQUALIFIED: ("Disqualified: nothing more is to be done", "Nothing more is to be done"),
}
"""What a closed lead's status means, after a rejection and where the status has just been named."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is shown of a lead's state: lines of markup, one sentence, the buttons and which of them stands out."""

    lines: tuple[str, ...]
    sentence: str
    actions: tuple[Action, ...] = ()
    primary: Action | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looks at a lead: in the channel, or a rep who has or had it; `is_old` where a newer card is below."""

    view: LeadView
    policy: Policy
    now: datetime
    audience: Reader
    rep: str | None = None
    is_old: bool = False

    @property
    def zone(self) -> str:
        """The zone in which this reader is told times where their client can't do it."""
        if self.audience == "rep" and self.rep:
            return zone_of(self.policy, self.view.people, self.rep, self.view.lead.team)
        return zone_for(self.view, self.policy)

    @property
    def holder(self) -> str:
        """The name of the rep who has the lead, as markup; empty when nobody has it."""
        return called(self.view.people, self.view.lead.rep) if self.view.lead.rep else ""

    @property
    def moved_on(self) -> bool:
        """Whether the reader is a rep who no longer has the lead."""
        return self.audience == "rep" and self.rep is not None and self.rep != self.view.lead.rep

    def moment(self, instant: datetime) -> str:
        return moment(instant, self.zone, self.now)

    def when(self, instant: datetime) -> str:
        return when(instant, self.zone, self.now)

    def owed(self) -> list[Owed]:
        return owed(self.view, self.policy, self.now)


def situation(look: Look) -> Situation:
    """Where the lead stands for this reader now."""
    lead = look.view.lead
    if look.moved_on:
        return _moved_on(look)
    if look.is_old:
        return _followed(look)
    if lead.status is Status.MQL:
        return PLANS[lead.plan](look)
    return STATUSES[lead.status](look)


def _moved_on(look: Look) -> Situation:
    who, status = naming(look.view.lead.data), look.view.lead.status
    reader = called(look.view.people, look.rep or "")
    if not status.is_open:
        last = f", last with {look.holder}" if look.holder else ""
        line = f"*{status.value}{last}.* Nothing is left for you to do."
        sentence = f"{status.value}{last}: {ended(who)} Nothing is left for {reader} to do."
    elif look.holder:
        line = f"*With {look.holder} now.* Nothing is left for you to do."
        sentence = f"{who} is with {look.holder} now. Nothing is left for {reader} to do."
    else:
        waits = "is free to take" if look.view.lead.plan is Plan.CLAIMABLE else "waits for the next rep"
        line = f"*Passed on.* It {waits}; nothing is left for you to do."
        sentence = f"{who} has been passed on and {waits}. Nothing is left for {reader} to do."
    return Situation((line,), sentence, is_over=True)


def _followed(look: Look) -> Situation:
    sentence = f"{naming(look.view.lead.data)} has a newer card further down."
    return Situation(("*There is a newer card of this lead further down.*",), sentence, is_over=True)


def _offered(look: Look) -> Situation:
    lead, promises = look.view.lead, look.owed()
    who, first = naming(lead.data), next(iter(promises), None)
    actions: tuple[Action, ...] = OFFERED
    if lead.paused_at is not None:
        actions = (*OFFERED, Action.RESUME)
        sentence = f"{who}, offered to {look.holder}, is paused: {ended(_pause_words(look))} {_spoken(look, promises)}"
    elif first and first.late and first.due:
        overdue = look.moment(first.due)
        sentence = f"{who} waits for an answer from {look.holder}, overdue since {overdue}. Accept or reject it."
    elif first and first.away:
        sentence = f"{who}, offered to {look.holder}, stands still while {first.away} is away. Accept or reject."
    else:
        deadline = f" by {look.moment(first.due)}" if first and first.due else ""
        sentence = f"New lead for {_addressee(look)}: {who}. Accept or reject{deadline}."
    offered = (f"Offered to *{look.holder}*",) if look.audience == "channel" else ()
    standing = _standing(look, promises) or ("Waits for an answer",)
    return Situation((*offered, *standing), sentence.strip(), actions, Action.ACCEPT)


def _addressee(look: Look) -> str:
    team = look.policy.team_of(look.view.lead.team, look.view.lead.rep)
    as_manager = team is not None and look.view.lead.rep == team.manager and team.rep(team.manager) is None
    return f"{look.holder}, who manages {phrase(team.name, 60)}" if as_manager and team else look.holder


def _held(look: Look) -> Situation:
    lead = look.view.lead
    who = naming(lead.data)
    if lead.hold_until is None:
        return Situation(("*Held* until a rep is available",), f"{who} is held until a rep is available.")
    line = f":zzz: *Held until {look.when(lead.hold_until)}*, when the rules are asked again"
    sentence = f"{who} is held until {look.moment(lead.hold_until)}, when the rules are asked again."
    return Situation((line, _waits(look)), sentence)


def _waits(look: Look) -> str:
    if (since := look.view.lead.first_response_at) is not None:
        return f"The buyer was answered {look.when(since)}"
    return f"The buyer has been waiting since {look.when(look.view.lead.received_at)}"


def _claimable(look: Look) -> Situation:
    lead = look.view.lead
    line = ":raised_hand: *Free to take:* the first to accept has it"
    line += f". The rules are asked again {look.when(lead.hold_until)}" if lead.hold_until else ""
    sentence = f"{naming(lead.data)} is free to take: the first to accept has it."
    return Situation((line, _waits(look)), sentence, (Action.ACCEPT,), Action.ACCEPT)


def _accepted(look: Look) -> Situation:
    lead, promises = look.view.lead, look.owed()
    paused, touched = lead.paused_at is not None, lead.first_response_at is not None
    said = [f"{naming(lead.data)} is accepted and with {look.holder}."]
    said += [ended(f"Paused: {_pause_words(look)}")] if paused else []
    head = f":white_check_mark: *Accepted*{_with(look)}"
    head += f" · {look.when(lead.sal_at)}" if lead.sal_at else ""
    lines = (head, *notes.touches(look.view, look.when), *_standing(look, promises))
    actions = (*WORKED[:-1], Action.RESUME) if paused else WORKED
    primary = Action.QUALIFY if touched else Action.TOUCH
    return Situation(lines, " ".join([*said, _spoken(look, promises)]).strip(), actions, primary)


def _standing(look: Look, promises: list[Owed]) -> tuple[str, ...]:
    lead = look.view.lead
    lines = tuple(one.line(look.zone, look.now) for one in promises)
    if lead.paused_at is None:
        return lines
    reason = f": {phrase(lead.pause_reason, 200)}" if lead.pause_reason else ""
    since = f"*Paused since {look.when(lead.paused_at)}*{notes.paused_by(look.view)}"
    until = notes.paused_until(look.view)
    end = f" · until {look.when(until)} at most" if until else ""
    return (f":double_vertical_bar: {since}{reason}{end}", *lines)


def _pause_words(look: Look) -> str:
    lead, until = look.view.lead, notes.paused_until(look.view)
    since = f"since {look.moment(lead.paused_at)}" if lead.paused_at else ""
    end = f"until {look.moment(until)} at most" if until else ""
    reason = phrase(lead.pause_reason, 200) if lead.pause_reason else ""
    return ", ".join(filter(None, (reason, since, end)))


def _spoken(look: Look, promises: list[Owed]) -> str:
    words = (one.words(look.zone, look.now) for one in promises)
    return " ".join(f"{one[:1].upper()}{one[1:]}." for one in words)


def _qualified(look: Look) -> Situation:
    lead = look.view.lead
    since = f" {look.when(lead.sql_at)}" if lead.sql_at else ""
    line = f":dart: *Sales qualified*{since}" + _with(look)
    sentence = f"{naming(lead.data)} is sales qualified{_with_words(look)}."
    return Situation((line, *notes.verdict(look.view)), sentence, QUALIFIED)


def _opportunity(look: Look) -> Situation:
    sentence = f"{naming(look.view.lead.data)} is an opportunity{_with_words(look)}."
    return Situation((":chart_with_upwards_trend: *Opportunity*" + _with(look),), sentence, QUALIFIED)


def _customer(look: Look) -> Situation:
    sentence = f"{naming(look.view.lead.data)} is a customer{_with_words(look)}."
    return Situation((":handshake: *Customer*" + _with(look),), sentence, is_over=True)


def _closed(look: Look) -> Situation:
    lead = look.view.lead
    reason = look.policy.reason(lead.reason) if lead.reason else None
    label = phrase(reason.label if reason else lead.reason or "", 80)
    rejected = lead.sal_at is None and bool(lead.reason)
    what, outcome = ("Rejected" if rejected else lead.status.value), OUTCOMES[lead.status][not rejected]
    since = f" · {look.when(lead.closed_at)}" if lead.closed_at else ""
    head = f"*{what}{': ' + label if label else ''}*{since}{_with(look, 'was with')}"
    lines = (head, f"{outcome}.", quote(lead.note or "", 400))
    said = [f"{what}{f' ({label})' if label else ''}: {naming(lead.data)}.", f"{outcome}."]
    said += [f"It was with {look.holder}."] if look.holder else []
    said += [ended(f"Note: {phrase(lead.note, 300)}")] if lead.note else []
    return Situation(tuple(line for line in lines if line), " ".join(said), is_over=True)


def _unrouted(look: Look) -> Situation:
    sentence = f"{introduction(look.view.lead.data)} has not been handed over to sales."
    return Situation(("*Not handed over to sales*",), sentence, is_over=True)


def _with(look: Look, verb: str = "with") -> str:
    return f" · {verb} *{look.holder}*" if look.holder and look.audience == "channel" else ""


def _with_words(look: Look) -> str:
    return f", with {look.holder}" if look.holder else ""


PLANS: dict[Plan, Callable[[Look], Situation]] = {
    Plan.ASSIGNED: _offered,
    Plan.HELD: _held,
    Plan.CLAIMABLE: _claimable,
    Plan.NONE: _unrouted,
}
STATUSES: dict[Status, Callable[[Look], Situation]] = {
    Status.NEW: _unrouted,
    Status.SAL: _accepted,
    Status.SQL: _qualified,
    Status.OPPORTUNITY: _opportunity,
    Status.CUSTOMER: _customer,
    Status.RECYCLED: _closed,
    Status.DISQUALIFIED: _closed,
}
