"""What a routing decision is made from, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from sla_engine.availability import Candidate, Hours, is_away, obstacle
from sla_engine.grounds import Ground, opening
from sla_engine.lead import Lead, Plan
from sla_engine.obstacles import Cause, Obstacle
from sla_engine.policy import Method, Policy, Rep, Team
from sla_engine.turns import Book, Turn

HAD_IT = Obstacle(Cause.HAD_IT)


@dataclass(frozen=True, slots=True)
class Ties:
    """Reps, by e-mail, whom something ties to a lead already.

    `holder` holds its company's domain, `knew_it` accepted the lead in an earlier cycle, `companion` was given another
    lead of its company lately; the last two are only looked up where the policy asks for it.
    """

    holder: str | None = None
    knew_it: str | None = None
    companion: str | None = None


NO_TIES = Ties()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a decision looks at beside the lead and the policy: candidates by team, books by team and method.

    `excused` are the reps who had a turn at this lead and got it back. `barred` are those to whom it never goes back:
    who rejected it, and from whom a manager has just taken it.
    """

    candidates: Mapping[str, tuple[Candidate, ...]]
    books: Mapping[tuple[str, Method], Book]
    ties: Ties = NO_TIES
    excused: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


class Verdict(NamedTuple):
    """One rule or rep that was looked at, and in words why not; empty for the one that was taken."""

    subject: str
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    """Who has the lead now, or what happens to it next, and the explanation of how that came about.

    `hold_until` is when the rules are asked again about a lead that is held or free to take; `ground` is what speaks
    for the one who gets it, and the `line` then begins with that. Of a lead that nobody gets, `is_anybody_left` says
    whether there is somebody who has not had it and isn't away.
    """

    plan: Plan
    team: str
    rule: str = ""
    rep: str | None = None
    hold_until: datetime | None = None
    rules: tuple[Verdict, ...] = ()
    considered: tuple[Verdict, ...] = ()
    turn: Turn | None = None
    line: str = ""
    ground: Ground | None = None
    is_anybody_left: bool = True


@dataclass(frozen=True)
class Question:
    """One lead to be routed at `now`, with everything that is looked at.

    `awaited` are those who were to have it in person, and would once they are there: a rule passed them over.
    """

    lead: Lead
    policy: Policy
    snapshot: Snapshot
    now: datetime
    awaited: list[Candidate] = field(default_factory=list)
    _met: dict[int, Obstacle | None] = field(default_factory=dict)

    @cached_property
    def hours(self) -> Hours:
        """What the calendars say of this instant."""
        return Hours(self.now)

    def candidates(self, team: Team) -> tuple[Candidate, ...]:
        """The reps of a team, in the list's order."""
        return self.snapshot.candidates[team.name]

    def obstacle(self, candidate: Candidate) -> Obstacle | None:
        """What keeps a rep from taking any lead now; None when nothing does."""
        key = id(candidate)
        if key not in self._met:
            self._met[key] = obstacle(candidate, self.now, self.hours)
        return self._met[key]

    def refusal(self, rep: Rep, *, again: bool = False) -> Obstacle | None:
        """What keeps a rep from being offered this lead, or from being offered it `again`; None when nothing does."""
        return HAD_IT if rep.email in (self.snapshot.barred if again else self.lead.refused_by) else None

    def is_left(self, candidate: Candidate) -> bool:
        """Whether the lead can still be offered to this rep, today or when they are next at work."""
        return not self.refusal(candidate.rep) and not is_away(candidate, self.now)


def to_manager(lead: Lead, policy: Policy, because: str) -> Routing:
    """The lead's last resort: the manager of its team, or of the first team when it has none."""
    team = policy.answering(lead.team, lead.rep)
    line = f"{opening(Ground.MANAGER, team.manager)} {team.name} · {because}"
    return Routing(Plan.ASSIGNED, team.name, lead.rule or "", team.manager, line=line, ground=Ground.MANAGER)


def chain(policy: Policy, name: str | None) -> list[Team]:
    """A team and its backups in the order they are asked, each once."""
    found: dict[str, Team] = {}
    while name is not None and name not in found:
        found[name] = policy.teams[name]
        name = found[name].backup
    return list(found.values())
