"""How much each rep has in hand, and whether they are there: read for many reps at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from leads.work import Work
from sla_engine.availability import Candidate, obstacle
from sla_engine.lead import Lead
from sla_engine.limits import NOTHING_SET, Caps, limited
from sla_engine.policy import Rep
from sla_engine.recurrence import midnight
from storage import caps, people
from storage.people import Person

Zoned = tuple[str, str]
"""Whose day it is: a rep's e-mail and the zone of their calendar. A rep of two teams may have one zone in each."""


@dataclass(frozen=True, slots=True)
class Workloads:
    """Open leads, leads given today and this week, and leave, of some reps at one instant."""

    now: datetime
    open_leads: Mapping[str, int]
    today: Mapping[Zoned, int]
    this_week: Mapping[Zoned, int]
    known: Mapping[str, Person]
    away_statuses: frozenset[str]
    caps: Mapping[str, Caps]

    @classmethod
    def of(cls, work: Work, named: list[Rep], *, weighed: bool = True, about: Lead | None = None) -> "Workloads":
        """What these reps have in hand now, who are named with the policy's limits.

        The lead they are asked `about` is in nobody's: it is still written as its last rep's when it has left them.
        Unless workloads are to be `weighed` against each other, only what a limit is held against is counted: a team of
        many open leads would pay for it at every new one.
        """
        emails = list(dict.fromkeys(rep.email for rep in named))
        set_for = caps.of(work.tx, emails)
        reps = [limited(rep, set_for.get(rep.email, NOTHING_SET)) for rep in named]
        daily = {_zoned(rep): day_of(work.now, rep) for rep in reps if rep.max_per_day is not None}
        weekly = {_zoned(rep): week_of(work.now, rep) for rep in reps if rep.max_per_week is not None}
        return cls(
            work.now,
            _open(work, [rep.email for rep in reps if weighed or rep.max_open is not None], about),
            _given(work, daily),
            _given(work, weekly),
            people.absent(work.tx, emails),
            work.policy.away_statuses,
            set_for,
        )

    def candidate(self, rep: Rep) -> Candidate:
        """One rep as a routing decision sees them."""
        set_for, zoned = self.caps.get(rep.email), _zoned(rep)
        loads = (self.open_leads.get(rep.email, 0), self.today.get(zoned, 0), self.this_week.get(zoned, 0))
        counted = limited(rep, set_for) if set_for else rep
        person = self.known.get(rep.email)
        if person is None:
            return Candidate(counted, *loads)
        leave, status = person.leave_at(self.now), person.status_at(self.now)
        if leave is None and person.emoji_at(self.now) in self.away_statuses:
            leave = (self.now, person.status_until)
        end = leave[1] if leave else None
        lasting = tuple(span for span in person.leaves if span[1] is None or span[1] > self.now)
        return Candidate(counted, *loads, leave is not None, end, status, person.unreachable_until, lasting)


def obstacles(work: Work, team: str) -> dict[str, str]:
    """Which reps of a team can't take a lead now, and in words why; empty for a team the policy doesn't know."""
    known = work.policy.teams.get(team)
    reps = known.reps if known else ()
    workloads = Workloads.of(work, list(reps))
    met = {rep.email: obstacle(workloads.candidate(rep), work.now) for rep in reps}
    return {email: found.words for email, found in met.items() if found is not None}


def _zoned(rep: Rep) -> Zoned:
    return rep.email, rep.calendar.timezone


def _open(work: Work, emails: list[str], about: Lead | None) -> dict[str, int]:
    found = people.open_leads(work.tx, emails)
    if about is not None and about.status.is_worked and about.rep in found:
        found[about.rep] -= 1
    return found


def _given(work: Work, since: Mapping[Zoned, datetime]) -> dict[Zoned, int]:
    """How many leads each was given, in all of their teams, since their own instant; one question for each instant."""
    found: dict[Zoned, int] = {}
    for start in set(since.values()):
        theirs = [zoned for zoned, instant in since.items() if instant == start]
        given = people.given_since(work.tx, list(dict.fromkeys(email for email, _ in theirs)), start)
        found |= {zoned: given.get(zoned[0], 0) for zoned in theirs}
    return found


def day_of(now: datetime, rep: Rep) -> datetime:
    """The start of the rep's local day, in UTC."""
    return midnight(_today(now, rep), rep.calendar.timezone)


def week_of(now: datetime, rep: Rep) -> datetime:
    """The start of the rep's local week, which is its Monday, in UTC."""
    day = _today(now, rep)
    return midnight(day - timedelta(days=day.weekday()), rep.calendar.timezone)


def _today(now: datetime, rep: Rep) -> date:
    return now.astimezone(ZoneInfo(rep.calendar.timezone)).date()
