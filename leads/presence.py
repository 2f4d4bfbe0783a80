"""Who is there: leave, entered by reps for themselves and by those who look after them."""

from datetime import datetime

from leads import assignment, promises
from leads.work import Work
from sla_engine.names import name_of
from sla_engine.refusals import NotForYou, UnknownPerson
from storage import leads, leaves


def away(work: Work, actor: str, rep: str, start: datetime, end: datetime | None = None) -> int:
    """The rep is on leave from `start` to `end`, or until somebody says.

    New leads go to others, and their clocks stand still. Returns how many leads they have in work; raises `Refused` for
    people who are no reps, and for strangers.
    """
    _may_change(work, actor, rep)
    if start <= work.now:
        leaves.cut(work.tx, rep, work.now)
    leaves.add(work.tx, rep, (start, end), actor, work.now)
    promises.follow(work, rep)
    return len(leads.worked_by(work.tx, rep))


def back(work: Work, actor: str, rep: str) -> int:
    """The rep is there again: their clocks run, and what is held is offered anew. Returns how many leads they have."""
    _may_change(work, actor, rep)
    leaves.cut(work.tx, rep, work.now)
    promises.follow(work, rep)
    assignment.ask_again(work)
    return len(leads.worked_by(work.tx, rep))


def _may_change(work: Work, actor: str, rep: str) -> None:
    teams = [team for team, one in work.policy.reps() if one.email == rep]
    if not teams:
        raise UnknownPerson
    if actor != rep and actor not in work.policy.admins and all(team.manager != actor for team in teams):
        raise NotForYou(who=f"{name_of(rep)}, their manager or an admin")
