"""Who is there: a rep goes away and comes back, by their own word."""

from datetime import datetime

from leads import progress
from leads.work import Work
from sla_engine.refusals import UnknownPerson
from storage import clocks, leads, people

AWAY = "the rep is away"
"""Why a clock that leave has paused stands still."""


def away(work: Work, rep: str, until: datetime | None = None) -> int:
    """Pass the rep over from now on, and pause the clocks of their leads; returns how many leads wait."""
    _refuse_strangers(work, rep)
    person = people.find(work.tx, rep)
    since = person.away_since if person and person.away_since else work.now
    people.change(work.tx, rep, away_since=since, away_until=until)
    if until is None:
        clocks.drop_timer(work.tx, back_key(rep))
    else:
        clocks.set_timer(work.tx, back_key(rep), "back", until)
    waiting = leads.worked_by(work.tx, rep)
    for lead in waiting:
        if lead.paused_at is None:
            progress.pause(work, lead, rep, AWAY)
    return len(waiting)


def back(work: Work, rep: str) -> int:
    """Count the rep in again, let the clocks that leave had paused run, and offer what was held; returns how many."""
    _refuse_strangers(work, rep)
    people.change(work.tx, rep, away_since=None, away_until=None)
    clocks.drop_timer(work.tx, back_key(rep))
    resumed = [lead for lead in leads.worked_by(work.tx, rep) if lead.pause_reason == AWAY]
    for lead in resumed:
        progress.resume(work, lead, rep)
    clocks.hasten(work.tx, "hold", work.now)
    return len(resumed)


def back_key(rep: str) -> str:
    """The timer that ends an absence whose end was given."""
    return f"back:{rep}"


def returned(work: Work, key: str) -> None:
    """The end of an absence has come."""
    rep = key.removeprefix("back:")
    if any(one.email == rep for _, one in work.policy.reps()):
        back(work, rep)


def _refuse_strangers(work: Work, rep: str) -> None:
    if all(one.email != rep for _, one in work.policy.reps()):
        raise UnknownPerson
