"""Reminders: a promise is running out or broken, told to the rep, the channel and the manager."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connectors.slack.blocks import Block, context, message, section
from connectors.slack.buyers import introduction, naming, request
from connectors.slack.markup import Content, called, mention, phrase, when
from connectors.slack.promises import Owed, counted, length, measure, reckoning, working_zone, zone_of
from sla_engine.clock import Clock, Kind
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
    def has_moved(self) -> bool:
        """Whether the lead has left the rep whose promise this is."""
        return self.view.lead.rep != self.clock.rep

    @property
    def zone(self) -> str:
        if self.audience == "channel":
            return working_zone(self.policy, self.clock.rep, self.clock.team)
        team = self.policy.teams.get(self.clock.team or "")
        reader = team.manager if team and self.audience == "manager" else self.clock.rep
        return zone_of(self.policy, self.view.people, reader, self.clock.team)


def reminder(view: LeadView, clock: Clock, share: int, policy: Policy, now: datetime, *, audience: Listener) -> Content:
    """`share` per cent of the clock's target are used; the figures are those of `now`, whenever that is."""
    notice = Notice(view, measure(clock, policy, now, view.people), policy, now, audience)
    if notice.has_moved:
        return _moved(notice)
    return message(_spoken(notice), [section(_shown(notice)), *_footnote(notice, share)])


def _shown(notice: Notice) -> str:
    promise, who = notice.promise, f"*{introduction(notice.view.lead.data)}*"
    left = length(abs(promise.left), notice.clock.count)
    due = when(promise.due, notice.zone, notice.now) if promise.due else ""
    you = notice.audience == "rep"
    rep = mention(notice.view.people.get(notice.clock.rep or ""), notice.clock.rep or "")
    if promise.late:
        asked = f"{notice.task} {who}" if you else f"{rep} still has to {notice.task} {who}"
        return f":warning: *Overdue by {left}:* {asked}{f' · was due {due}' if due else ''}"
    has = f"*{left} left* to" if you else f"{rep} has *{left} left* to"
    until = f" · until {due}" if due else " · the clock is paused"
    return f":hourglass_flowing_sand: {has} {notice.task} {who}{until}"


def _spoken(notice: Notice) -> str:
    promise, who = notice.promise, naming(notice.view.lead.data)
    due = moment(promise.due, notice.zone, notice.now) if promise.due else ""
    left = length(abs(promise.left), notice.clock.count)
    you = notice.audience == "rep"
    if promise.late:
        asked = f"Please {notice.task}" if you else f"{notice.rep} still has to {notice.task}"
        return f"{asked} {who}. Overdue by {left}{f', since {due}' if due else ''}."
    has = "You have" if you else f"{notice.rep} has"
    return f"{has} {left} left to {notice.task} {who}{f', until {due}' if due else ', the clock is paused'}."


def _footnote(notice: Notice, share: int) -> list[Block]:
    team = notice.policy.teams.get(notice.clock.team or "")
    step = ""
    if notice.audience == "manager" and team:
        step = f"You can act for {notice.rep}, or reassign the lead, on its card in {phrase(team.channel, 80)}"
    used = f"{max(share, _percent(notice))} % of {counted(notice.clock.target, notice.clock.count)} is used"
    lead = notice.view.lead
    footnote = context(" · ".join(filter(None, (step, used, request(lead.data), f"lead `{phrase(lead.id, 40)}`"))))
    reckoned = reckoning(notice.clock, notice.policy, notice.view.people) if notice.audience == "manager" else ""
    return [*([context(phrase(reckoned, 1_000))] if reckoned else []), footnote]


def _percent(notice: Notice) -> int:
    target = notice.clock.target
    return int(100 * (target - notice.promise.left) / target) if target else 100


def _moved(notice: Notice) -> Content:
    clock, lead = notice.clock, notice.view.lead
    whose = "Your" if notice.audience == "rep" else f"{notice.rep}'s"
    fate = f"It is with {called(notice.view.people, lead.rep)} now." if lead.rep else "It waits for the next rep."
    promised = f"ran out after {counted(clock.target, clock.count)}."
    shown = f"{whose} time to {notice.task} *{introduction(lead.data)}* {promised} {fate}"
    text = f"{notice.rep}'s time to {notice.task} {naming(lead.data)} {promised} {fate}"
    return message(text, [section(shown), context(f"Lead `{phrase(lead.id, 40)}`")])


def taken(view: LeadView, rep: str, policy: Policy, now: datetime) -> Content:
    """To a rep whose time with a lead ran out, so that somebody else was asked; blames nobody, asks for nothing."""
    clock = next((one for one in reversed(view.clocks) if one.rep == rep and one.breached_at is not None), None)
    task = TASKS[clock.kind if clock else Kind.ACCEPTANCE]
    promised = f" after {counted(clock.target, clock.count)}" if clock else ""
    lead, zone = view.lead, zone_of(policy, view.people, rep, view.lead.team)
    shown = spoken = "so it waits for the next rep"
    if lead.rep and lead.rep != rep:
        shown = spoken = f"so it went to {called(view.people, lead.rep)}"
    elif lead.hold_until:
        shown += f", who is back {when(lead.hold_until, zone, now)}"
        spoken += f", who is back {moment(lead.hold_until, zone, now)}"
    end = "Nothing is left for you to do."
    text = f"The time to {task} {naming(lead.data)} ran out{promised}, {spoken}. {end}"
    return message(text, [section(f"The time to {task} *{introduction(lead.data)}* ran out{promised}, {shown}. {end}")])
