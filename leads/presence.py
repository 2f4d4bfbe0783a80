"""Who is there: leave, entered by reps for themselves and by those who look after them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from leads import assignment, promises
from leads.work import Work
from sla_engine.names import name_of
from sla_engine.permission import looks_after
from sla_engine.policy import Rep, Team
from sla_engine.refusals import NotForYou, Refused, UnknownPerson
from storage import leads, leaves, people, presence
from storage.leaves import Leave
from storage.people import Person
from storage.presence import Change

FORWARD = timedelta(days=3 * 366)
"""How far ahead a leave may reach: about as far as calendars know their holidays."""


class EndsFirst(Refused):
    """The last day away can't be before the first."""


class DayTooFar(Refused):
    """This day is more than three years ahead."""


class NoSuchLeave(Refused):
    """This leave is over or was cancelled already."""


class NoRepAnyMore(Refused):
    """{name} is in no team's rotation any more: there is nothing to change."""


def away(work: Work, actor: str, rep: str, start: datetime, end: datetime | None = None) -> int:
    """The rep is on leave from `start` to `end`, or until somebody says.

    New leads go to others, their clocks stand still, and what waits for them is asked about anew. One that has begun
    takes the place of the leave they are on; those that lie ahead may overlap. Returns how many leads they have in
    work; raises `Refused` for people who are no reps, for strangers, for an end that is not after the start, and for
    instants further ahead than `FORWARD`.
    """
    may_change(work, actor, rep)
    start = max(start, work.now)
    if end is not None and end <= start:
        raise EndsFirst
    if max(start, end or start) > work.now + FORWARD:
        raise DayTooFar
    if start == work.now:
        leaves.cut(work.tx, rep, work.now)
    leaves.add(work.tx, rep, (start, end))
    record(work, actor, rep, "leave", **_span(start, end))
    _follow(work, rep)
    return len(leads.worked_by(work.tx, rep))


def back(work: Work, actor: str, rep: str) -> int:
    """The rep is there again: their clocks run, and what is held is offered anew. Returns how many leads they have."""
    may_change(work, actor, rep)
    if leaves.cut(work.tx, rep, work.now):
        record(work, actor, rep, "back")
    people.reached(work.tx, rep)
    _follow(work, rep)
    return len(leads.worked_by(work.tx, rep))


def reached(work: Work, email: str) -> None:
    """A message came through to somebody: if they were out of reach, what is held may be theirs."""
    if people.reached(work.tx, email):
        assignment.ask_again(work)


def described(work: Work, email: str, facts: Mapping[str, Any]) -> None:
    """Slack tells of somebody: if a status keeps leads away from now on, or no longer, what is held is asked about."""
    before = people.find(work.tx, email)
    people.change(work.tx, email, **facts)
    if _kept_away(work, before) != _kept_away(work, people.find(work.tx, email)):
        assignment.ask_again(work)


def _kept_away(work: Work, person: Person | None) -> tuple[bool, datetime | None]:
    """Whether somebody's status in Slack keeps leads away from them now, and until when."""
    if person is None or person.emoji_at(work.now) not in work.policy.away_statuses:
        return False, None
    return True, person.status_until


def cancel(work: Work, actor: str, leave_id: int) -> Leave:
    """A planned leave is called off, or ends now if it has begun.

    Raises `Refused` for strangers, and when the leave is over.
    """
    leave = leaves.find(work.tx, leave_id)
    if leave is None or (leave.ends_at is not None and leave.ends_at <= work.now):
        raise NoSuchLeave
    may_change(work, actor, leave.rep)
    if leave.starts_at <= work.now:
        leaves.end(work.tx, leave, work.now)
    else:
        leaves.drop(work.tx, leave.id)
    record(work, actor, leave.rep, "leave cancelled", **_span(leave.starts_at, leave.ends_at))
    _follow(work, leave.rep)
    return leave


def _follow(work: Work, rep: str) -> None:
    promises.follow(work, rep)
    assignment.ask_again(work)


def record(work: Work, actor: str, rep: str, event: str, **detail: Any) -> None:
    """Keep who changed what about a rep's presence."""
    presence.record(work.tx, Change(rep, work.now, event, actor, detail))


def _span(start: datetime, end: datetime | None) -> Mapping[str, str | None]:
    return {"starts": promises.stamp(start), "ends": promises.stamp(end)}


def may_change(work: Work, actor: str, rep: str) -> list[tuple[Team, Rep]]:
    """The rep in each of their teams, if `actor` is they or looks after them; raises `Refused` otherwise."""
    found = [(team, one) for team, one in work.policy.reps() if one.email == rep]
    if not found:
        raise UnknownPerson if actor == rep else NoRepAnyMore(name=name_of(rep))
    if actor != rep and not looks_after(work.policy, actor, [team for team, _ in found]):
        raise NotForYou(who=f"{name_of(rep)}, their manager or an admin")
    return found
