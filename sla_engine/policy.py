"""The policy as the rules see it: frozen values, already checked, with nothing left to look up.

`bot.policy` reads these from the policy file and names every mistake it finds there; a `Policy` that
exists is sound. Instants are aware UTC datetimes, durations are `timedelta`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import Literal

from sla_engine.calendar import Calendar
from sla_engine.conditions import When
from sla_engine.territories import Territories

Count = Literal["working", "elapsed"]


class Outcome(StrEnum):
    """What becomes of a lead whose rep rejects it for a given reason."""

    RECYCLE = "recycle"
    DISQUALIFY = "disqualify"
    REROUTE = "reroute"


class Audience(StrEnum):
    """Who hears of an escalation level."""

    REP = "rep"
    CHANNEL = "channel"
    MANAGER = "manager"


class Method(StrEnum):
    """How a team's next rep is found."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"


class Returning(StrEnum):
    """Who gets a lead that comes again after it was closed."""

    SAME_REP = "same_rep"
    BY_RULES = "by_rules"


class NobodyAvailable(StrEnum):
    """What to do with a lead that no rep of the team or its backups can take now."""

    HOLD = "hold"
    CLAIM = "claim"
    ASSIGN_ANYWAY = "assign_anyway"


@dataclass(frozen=True, slots=True)
class Rep:
    """One person who takes leads, as one team knows them."""

    email: str
    calendar: Calendar
    calendar_name: str
    weight: int = 1
    max_open: int | None = None
    max_per_day: int | None = None
    max_per_week: int | None = None
    skills: frozenset[str] = frozenset()
    slack_id: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Reps who share a channel, a manager and a default calendar."""

    name: str
    channel: str
    manager: str
    calendar: Calendar
    calendar_name: str
    reps: tuple[Rep, ...]
    backup: str | None = None

    def rep(self, email: str) -> Rep | None:
        """The team's rep with this e-mail, if there is one."""
        return next((rep for rep in self.reps if rep.email == email), None)


@dataclass(frozen=True, slots=True)
class ToTeam:
    """Assign to whoever of this team is next by this method.

    A rep needs every one of `skills`, and one at least of the lead's values in the fields `skills_from` of those values
    that somebody in the team has as a skill. Skills are in lower case.
    """

    team: str
    method: Method
    skills: frozenset[str] = frozenset()
    skills_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToAccountOwner:
    """Assign to the lead's owner, else to the one named for its company, else to the rep who holds its domain."""


@dataclass(frozen=True, slots=True)
class ToTerritory:
    """Assign to the rep or team of the most specific territory the lead is in; a team by this method."""

    method: Method


@dataclass(frozen=True, slots=True)
class Rule:
    """One routing rule; the first whose conditions hold decides."""

    name: str
    assign: ToTeam | ToAccountOwner | ToTerritory
    when: When = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """The response times promised to a kind of lead (one entry under `sla:`)."""

    name: str
    accept_within: timedelta
    first_touch_within: timedelta
    qualify_within: timedelta
    when: When = ()
    count: Count = "working"


@dataclass(frozen=True, slots=True)
class Level:
    """A share of the target, in per cent, at which somebody hears of it."""

    at: int
    notify: frozenset[Audience] = frozenset()
    reassign: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason a rep can reject a lead for."""

    id: str
    label: str
    outcome: Outcome
    note_required: bool = False
    credit: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """A weekly report: where it goes and when, in its own time zone (weekday 0 is Monday)."""

    name: str
    channel: str
    weekday: int
    at: time
    timezone: str


DELIVERIES_A_SECOND = 1_000
"""Far above what a sender of leads means to send; where the policy doesn't say."""


@dataclass(frozen=True, slots=True)
class Source:
    """A door for leads: `/webhooks/{name}`; its secret is in the environment under `secret_env`.

    `rate` is how many deliveries a second it may bring in the long run.
    """

    name: str
    kind: str
    secret_env: str
    rate: int = DELIVERIES_A_SECOND


@dataclass(frozen=True, slots=True)
class Qualification:
    """The bar a lead must reach to be handed over."""

    minimum_score: float | None = None
    required_fields: tuple[str, ...] = ()


LONGEST_PAUSE = timedelta(days=5)
"""How long a clock may stand still by hand or after a reply, in elapsed time, where the policy doesn't say."""
CLAIM_WITHIN = timedelta(minutes=30)
"""How long a lead is left free to take before the rules are asked again, in elapsed time."""
RELEASE_EVERY = timedelta(seconds=1)
"""How far apart held leads of one team are released, in elapsed time."""
CREDITS_A_DAY = 3
"""How many turns a rep gets back a day at most, in one team."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the policy file says, and the hash that names this edition of it.

    `accounts` names the rep of each registrable domain in the file of named accounts; `away_statuses` are the emoji of
    Slack statuses (`:palm_tree:`) with which a rep counts as away for new leads. Who a lead was is erased when nothing
    has happened to it for `personal_data_after` since it was closed, in elapsed time; None keeps it.
    """

    company: str
    hash: str
    teams: Mapping[str, Team]
    rules: tuple[Rule, ...]
    promises: tuple[Promise, ...]
    levels: tuple[Level, ...]
    reasons: tuple[Reason, ...]
    sources: Mapping[str, Source]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    admins: tuple[str, ...] = ()
    qualification: Qualification = Qualification()
    when_nobody_is_available: NobodyAvailable = NobodyAvailable.HOLD
    max_reassignments: int = 3
    pause_on: frozenset[str] = frozenset()
    pause_at_most: timedelta = LONGEST_PAUSE
    digests: tuple[Digest, ...] = ()
    territories: Territories | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    claim_within: timedelta = CLAIM_WITHIN
    release_every: timedelta = RELEASE_EVERY
    credits_a_day: int = CREDITS_A_DAY
    returning_leads: Returning = Returning.SAME_REP
    keep_company_together: timedelta | None = None
    duplicates_by_email: bool = False
    away_statuses: frozenset[str] = frozenset()
    personal_data_after: timedelta | None = None

    def reps(self) -> Iterator[tuple[Team, Rep]]:
        """Every rep with the team they are in; a rep of two teams comes twice."""
        for team in self.teams.values():
            for rep in team.reps:
                yield team, rep

    def team_of(self, name: str | None, rep: str | None) -> Team | None:
        """The team of a lead: the one it was given to; where an edit took that away, the first its rep is in now."""
        theirs = (team for team, one in self.reps() if one.email == rep)
        return self.teams.get(name or "") or next(theirs, None)

    def rep(self, email: str | None) -> Rep | None:
        """The rep with this e-mail, as the first of their teams has them."""
        return next((rep for _, rep in self.reps() if rep.email == email), None)

    def answering(self, name: str | None, rep: str | None) -> Team:
        """The team whose manager answers for a lead: its team, or the first of all when it has none any more."""
        return self.team_of(name, rep) or next(iter(self.teams.values()))

    def responsible(self, name: str | None, rep: str | None) -> tuple[str, ...]:
        """Who hears of a lead as its manager: its team's, or the admins when it has no team any more."""
        team = self.team_of(name, rep)
        return (team.manager,) if team else self.admins

    def people(self) -> tuple[str, ...]:
        """The e-mail of everyone the policy names, each once: reps, managers, admins."""
        emails = [rep.email for _, rep in self.reps()]
        emails += [team.manager for team in self.teams.values()]
        return tuple(dict.fromkeys([*emails, *self.admins]))

    def reason(self, reason_id: str) -> Reason | None:
        """The rejection reason with this id, if the policy (still) has it."""
        return next((reason for reason in self.reasons if reason.id == reason_id), None)
