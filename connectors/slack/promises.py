"""What is still owed to a lead: its running and paused clocks as deadlines and as words."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.slack.markup import called, is_zone, when
from leads.work import calendar_of
from sla_engine.calendar import Calendar
from sla_engine.clock import Clock, Kind
from sla_engine.errors import EngineError
from sla_engine.names import moment
from sla_engine.phrases import lasting
from sla_engine.policy import Count, Policy
from sla_engine.reckoning import explain
from storage.people import Person
from storage.queries import LeadView

VERBS = {
    Kind.ROUTING: "Assign",
    Kind.ACCEPTANCE: "Accept",
    Kind.FIRST_TOUCH: "First touch",
    Kind.QUALIFICATION: "Qualify",
}
NOUNS = {
    Kind.ROUTING: "assignment",
    Kind.ACCEPTANCE: "answer",
    Kind.FIRST_TOUCH: "first touch",
    Kind.QUALIFICATION: "qualification",
}
TASKS = {
    Kind.ROUTING: "to assign it",
    Kind.ACCEPTANCE: "to accept",
    Kind.FIRST_TOUCH: "for the first touch",
    Kind.QUALIFICATION: "to qualify",
}
"""What the time of a promise is for: `22 min left to accept`, `the time to accept ran out`."""
NEVER = datetime.max.replace(tzinfo=UTC)
ZERO, MINUTE = timedelta(0), timedelta(minutes=1)
BRIEF = timedelta(minutes=2)
"""Promises shorter than this are told to the second."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One open promise: when it is (or was) due in UTC, None while its clock is paused in time; and what is left.

    `away` names, as markup, the rep on a leave without a known end, for whom a clock that is not paused stands still.
    """

    clock: Clock
    due: datetime | None
    left: timedelta
    late: bool
    away: str = ""

    @property
    def verb(self) -> str:
        """What is to be done."""
        return VERBS[self.clock.kind]

    @property
    def noun(self) -> str:
        """What is owed."""
        return NOUNS[self.clock.kind]

    @property
    def urgency(self) -> tuple[bool, datetime]:
        """Sorts the promise that needs somebody first; those whose clock stands still come last."""
        return self.clock.is_paused, self.due or NEVER

    @property
    def is_brief(self) -> bool:
        """Whether seconds matter to it."""
        return self.clock.target < BRIEF

    @property
    def remaining(self) -> str:
        """What is left in words, as exactly as matters: `about 1 min`, `22 min`, `40 s` of a brief promise."""
        return remaining(self.left, self.clock)

    @property
    def overdue_by(self) -> str:
        """For how long it has been overdue, as exactly as matters; empty as long as that is nothing."""
        unit = timedelta(seconds=1) if self.is_brief else MINUTE
        over = -self.left // unit * unit
        return length(over, self.clock.count) if over > ZERO else ""

    def at(self, zone: str, now: datetime) -> str:
        """When it is or was due, as markup; empty when that is not known."""
        return when(self.due, zone, now, seconds=self.is_brief) if self.due else ""

    def line(self, zone: str, now: datetime) -> str:
        """The promise as one line of markup."""
        promised = counted(self.clock.target, self.clock.count)
        due = self.at(zone, now)
        if self.late and due:
            return f":warning: *{self.noun.capitalize()} overdue since {due}* · promised in {promised}"
        if self.away:
            left = f"{self.remaining} of {length(self.clock.target, self.clock.count)} left {TASKS[self.clock.kind]}"
            return f":double_vertical_bar: *Stands still while {self.away} is away* · {left}"
        if not due:
            return f"*{self.verb}:* {self.remaining} of {promised} left"
        return f":hourglass_flowing_sand: *{self.verb} by {due}* · {promised}"

    def words(self, zone: str, now: datetime) -> str:
        """The promise as a part of a sentence, with the zone of its deadline."""
        if self.late and self.due:
            return f"{self.noun} overdue since {moment(self.due, zone, now)}"
        if self.away:
            return f"{self.remaining} left {TASKS[self.clock.kind]}, standing still while {self.away} is away"
        if self.due is None:
            return f"{self.verb.lower()}: {self.remaining} left"
        return f"{self.verb.lower()} by {moment(self.due, zone, now)}"


def measure(clock: Clock, view: LeadView, policy: Policy, now: datetime) -> Owed:
    """A clock of the lead as a promise; its deadline is unknown where none is found on its calendar."""
    calendar, people = counted_on(clock, view, policy), view.people
    due, left = None, clock.target - clock.spent
    if calendar is not None:
        with suppress(EngineError):
            due, left = clock.due(calendar), clock.target - clock.used(calendar, now)
    late = clock.breached_at is not None or (due is not None and due <= now)
    return Owed(clock, clock.breached_at or due, left, late, _away(clock, due, now, people))


def _away(clock: Clock, due: datetime | None, now: datetime, people: Mapping[str, Person]) -> str:
    rep = people.get(clock.rep or "")
    leave = rep.leave_at(now) if rep and clock.is_running and due is None else None
    return called(people, clock.rep or "") if leave and leave[1] is None else ""


def remaining(left: timedelta, clock: Clock) -> str:
    """Counted time that is left, to the minute unless the promise is brief: `22 min`, `about 1 min`, `3 s`."""
    if clock.target < BRIEF or left <= ZERO:
        return length(left, clock.count)
    # Half a minute is rounded down: rather a little less time than a little more.
    rounded = -((MINUTE / 2 - left) // MINUTE) * MINUTE
    if rounded < MINUTE:
        return "less than 1 min"
    about = "" if rounded == left else "about "
    return about + length(rounded, clock.count)


def counted_on(clock: Clock, view: LeadView, policy: Policy) -> Calendar | None:
    """The calendar a clock counts on: the one it keeps, so that people are told what the engine does.

    Of a clock that keeps none it is the policy's, and None where that forgot both its rep and its team.
    """
    if kept := view.calendars.get(clock.calendar or ""):
        return kept
    if clock.count == "working" and policy.team_of(clock.team, clock.rep) is None:
        return None
    rep = view.people.get(clock.rep or "")
    return calendar_of(policy, clock, rep.leaves if rep else ())


def owed(view: LeadView, policy: Policy, now: datetime) -> list[Owed]:
    """The open promises of a lead, the most urgent first."""
    return sorted((measure(clock, view, policy, now) for clock in view.open_clocks), key=lambda one: one.urgency)


def reckoning(clock: Clock, view: LeadView, policy: Policy) -> str:
    """How a clock's time is counted, in one sentence: the truth the engine used."""
    calendar = counted_on(clock, view, policy)
    return explain(clock, calendar) if calendar else clock.reckoning or ""


def by_urgency(views: list[LeadView], policy: Policy, now: datetime) -> list[LeadView]:
    """Leads in the order they need somebody: by their earliest deadline, paused ones last."""

    def key(view: LeadView) -> tuple[bool, datetime, datetime]:
        first = next(iter(owed(view, policy, now)), None)
        return (*(first.urgency if first else (True, NEVER)), view.lead.received_at)

    return sorted(views, key=key)


def is_late(view: LeadView, policy: Policy, now: datetime) -> bool:
    """Whether a promise to this lead is overdue."""
    return any(one.late for one in owed(view, policy, now))


def counted(duration: timedelta, count: Count) -> str:
    """A target in words, saying how it is counted: `5 min of working time`."""
    return f"{length(duration, count)} {'of working time' if count == 'working' else 'by the wall clock'}"


def length(duration: timedelta, count: Count = "working") -> str:
    """A duration in words; working time in hours rather than days, as a working day isn't 24 h: `40 h`."""
    return lasting(duration, days=count == "elapsed")


def zone_of(policy: Policy, people: Mapping[str, Person], email: str | None, team: str | None = None) -> str:
    """The zone a person reads times in: as Slack knows it, else their calendar's, else their team's, else UTC."""
    person = people.get(email or "")
    if person and person.timezone and is_zone(person.timezone):
        return person.timezone
    return working_zone(policy, email, team)


def working_zone(policy: Policy, email: str | None, team: str | None = None) -> str:
    """The zone of a rep's calendar, else of their team's, else UTC."""
    known = policy.team_of(team, email)
    rep = known.rep(email or "") if known else None
    calendar = rep.calendar if rep else known.calendar if known else None
    return calendar.timezone if calendar else "UTC"


def zone_for(view: LeadView, policy: Policy) -> str:
    """The zone in which a lead's deadlines are named: its rep's."""
    return zone_of(policy, view.people, view.lead.rep, view.lead.team)
