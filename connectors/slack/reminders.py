"""Reminders: a promise is running out or broken, told to the rep, the channel and the manager."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connectors.slack.blocks import Block, context, message, section
from connectors.slack.buyers import introduction, naming, request
from connectors.slack.markup import Content, called, channel_name, ended, mention, phrase, when
from connectors.slack.promises import Owed, counted, length, measure, owed, reckoning, working_zone, zone_of
from sla_engine.clock import REASSIGNED, Clock, Kind
from sla_engine.lead import Plan, Status
from sla_engine.names import moment
from sla_engine.policy import Policy
from storage.queries import LeadView

Listener = Literal["rep", "channel", "manager"]
TASKS = {
    Kind.ROUTING: "find a rep for",
    Kind.ACCEPTANCE: "accept or reject",
    Kind.FIRST_TOUCH: "make first contact with",
    Kind.QUALIFICATION: "qualify or give back",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reminder is about, and who reads it in which zone."""

    view: LeadView
    promise: Owed
    policy: Policy
    now: datetime
    audience: Listener

    @property
    def clock(self) -> Clock:
        return self.promise.clock

    @property
    def task(self) -> str:
        return TASKS[self.clock.kind]

    @property
    def rep(self) -> str:
        return called(self.view.people, self.clock.rep or "")

    @property
    def is_over(self) -> bool:
        """Whether the promise has fallen away, so that nothing is left of it to ask for: the lead was given on."""
        return self.clock.stopped_at is not None or self.view.lead.rep != self.clock.rep

    @property
    def zone(self) -> str:
        if self.audience == "channel":
            return working_zone(self.policy, self.clock.rep, self.clock.team)
        team = self.policy.team_of(self.clock.team, self.clock.rep)
        reader = team.manager if team and self.audience == "manager" else self.clock.rep
        return zone_of(self.policy, self.view.people, reader, self.clock.team)


def reminder(view: LeadView, clock: Clock, policy: Policy, now: datetime, *, audience: Listener) -> Content:
    """A level of the clock was reached, its target being 100; the figures are those of `now`, whenever that is."""
    notice = Notice(view, measure(clock, view, policy, now), policy, now, audience)
    if notice.is_over:
        return _fallen_away(notice)
    return message(_spoken(notice), [section(_shown(notice)), *_footnote(notice)])


def _shown(notice: Notice) -> str:
    promise, who = notice.promise, f"*{introduction(notice.view.lead.data)}*"
    due = promise.at(notice.zone, notice.now)
    you = notice.audience == "rep"
    rep = mention(notice.view.people.get(notice.clock.rep or ""), notice.clock.rep or "")
    if promise.late:
        asked = f"please {notice.task} {who}" if you else f"{rep} still has to {notice.task} {who}"
        return f":warning: *{_lateness(promise)}:* {asked}{f' · was due {due}' if due else ''}"
    left = _capital(promise.remaining) if you else promise.remaining
    has = f"*{left} left* to" if you else f"{rep} has *{left} left* to"
    until = f" · until {due}" if due else f" · {_standing(promise)}"
    return f":hourglass_flowing_sand: {has} {notice.task} {who}{until}"


def _spoken(notice: Notice) -> str:
    promise, who = notice.promise, naming(notice.view.lead.data)
    due = moment(promise.due, notice.zone, notice.now) if promise.due else ""
    you = notice.audience == "rep"
    if promise.late:
        asked = f"please {notice.task}" if you else f"{notice.rep} still has to {notice.task}"
        return f"{_lateness(promise)}: " + ended(f"{asked} {who}") + (f" It was due {due}." if due else "")
    has = "You have" if you else f"{notice.rep} has"
    until = f"until {due}" if due else _standing(promise)
    return f"{has} {promise.remaining} left to {notice.task} {who}, {until}."


def _lateness(promise: Owed) -> str:
    return f"Overdue by {promise.overdue_by}" if promise.overdue_by else "Time is up"


def _standing(promise: Owed) -> str:
    return f"the clock stands still while {promise.away} is away" if promise.away else "the clock stands still"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _footnote(notice: Notice) -> list[Block]:
    team, lead = notice.policy.team_of(notice.clock.team, notice.clock.rep), notice.view.lead
    name, step = phrase(lead.id, 40), ""
    if notice.audience == "manager" and team:
        step = f"{_way_out(notice, channel_name(team.channel))}; `/lead why {name}` tells all about it"
    promised = f"Promised in {counted(notice.clock.target, notice.clock.count)}"
    known = "" if step else f"lead `{name}`"
    footnote = context(" · ".join(filter(None, (step, promised, request(lead.data), known))))
    reckoned = reckoning(notice.clock, notice.view, notice.policy) if notice.audience == "manager" else ""
    return [*([context(phrase(reckoned, 1_000))] if reckoned else []), footnote]


def _way_out(notice: Notice, channel: str) -> str:
    """What a manager can do: the card of a lead that is only offered has no Reassign yet."""
    card = f"on its card in {channel}"
    if notice.view.lead.status is not Status.MQL:
        return f"You can act for {notice.rep}, or reassign the lead, {card}"
    over = f"`/leads hand-over {phrase(notice.clock.rep or '', 120)}`"
    return f"You can accept or reject it for {notice.rep} {card}, or hand over all their leads with {over}"


def _fallen_away(notice: Notice) -> Content:
    lead = notice.view.lead
    whose = "Your" if notice.audience == "rep" else f"{notice.rep}'s"
    time, end = f"{whose} time to {notice.task}", f"{_spent(notice.clock)}. {_fate(notice)}"
    shown = f"{time} *{introduction(lead.data)}* {end}"
    return message(f"{time} {naming(lead.data)} {end}", [section(shown), context(f"Lead `{phrase(lead.id, 40)}`")])


def _spent(clock: Clock) -> str:
    """How much of its time a promise that fell away had used: `ran out after 5 min of working time`."""
    target = counted(clock.target, clock.count)
    if clock.breached_at is None and clock.stopped_at is not None:
        return f"ended after {length(clock.spent, clock.count)} of {target}"
    return f"ran out after {target}"


def _fate(notice: Notice) -> str:
    rep = notice.view.lead.rep
    if rep is None:
        is_free = notice.view.lead.plan is Plan.CLAIMABLE
        return "It is free to take." if is_free else "It waits for the next rep."
    if rep != notice.clock.rep:
        return f"It is with {called(notice.view.people, rep)} now."
    return f"It is with {'you' if notice.audience == 'rep' else notice.rep} again."


def resumed(view: LeadView, policy: Policy, now: datetime) -> Content:
    """To a rep whose lead's pause has ended by itself: whether their time counts again, and for how long."""
    lead, zone = view.lead, zone_of(policy, view.people, view.lead.rep, view.lead.team)
    promises, end = owed(view, policy, now), "The pause is over"
    rep = view.people.get(lead.rep or "")
    if not (any(one.away for one in promises) or (rep and rep.leave_at(now))):
        end += ", and the time counts again"
    spoken = "".join(f" {_capital(one.words(zone, now))}." for one in promises)
    shown = "\n".join([f"*{end}:* {introduction(lead.data)}", *(one.line(zone, now) for one in promises)])
    return message(
        f"{end}: {ended(naming(lead.data))}{spoken}", [section(shown), context(f"Lead `{phrase(lead.id, 40)}`")]
    )


def taken(view: LeadView, rep: str, policy: Policy, now: datetime) -> Content:
    """To a rep whose time with a lead was over, so that somebody else was asked; blames nobody, asks for nothing."""
    clock = _taken_by(view, rep)
    task, spent = (f" to {TASKS[clock.kind]}", _spent(clock)) if clock else (" with", "is over")
    lead, zone = view.lead, zone_of(policy, view.people, rep, view.lead.team)
    spoken = shown = _onward(view)
    if lead.plan is Plan.HELD and lead.hold_until:
        spoken += f": the rules are asked again {moment(lead.hold_until, zone, now)}"
        shown += f": the rules are asked again {when(lead.hold_until, zone, now)}"
    end = "Nothing is left for you to do."
    text = f"The time{task} {naming(lead.data)} {spent}, {spoken}. {end}"
    return message(text, [section(f"The time{task} *{introduction(lead.data)}* {spent}, {shown}. {end}")])


def _taken_by(view: LeadView, rep: str) -> Clock | None:
    """The clock of this rep's that took the lead from them: the last that fell away, of those that can."""
    theirs = (one for one in reversed(view.clocks) if one.rep == rep and one.kind in REASSIGNED)
    return next((one for one in theirs if one.stopped_at is not None and not one.answered), None)


def _onward(view: LeadView) -> str:
    """What became of a lead whose rep let the time run out."""
    lead = view.lead
    if lead.rep:
        return f"so it went to {called(view.people, lead.rep)}"
    if not lead.status.is_open:
        return "and it is closed now"
    return "so it is free to take" if lead.plan is Plan.CLAIMABLE else "so it waits for the next rep"
