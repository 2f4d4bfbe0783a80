"""Nobody can take a lead now: what the policy says happens to it, and when the rules are asked again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sla_engine.availability import Candidate, is_away, opening
from sla_engine.decision import Question, Routing, to_manager
from sla_engine.lead import Plan
from sla_engine.names import listed, moment, name_of
from sla_engine.policy import NobodyAvailable, Rep, Team

MINUTE = timedelta(minutes=1)
RETRY_WHEN_FULL = 15 * MINUTE
"""How soon a held lead is tried again when no return is known, or when somebody at work is full.

Who is full may close a lead any minute, so the lead is not left until the next opening.
"""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A rule found nobody: the teams it asked in order, and the reps in question by team."""

    asked: Question
    rule: str
    teams: list[Team]
    fitting: Mapping[str, tuple[Candidate, ...]]

    @property
    def everyone(self) -> list[Candidate]:
        """All reps in question."""
        return [candidate for team in self.teams for candidate in self.fitting[team.name]]

    @property
    def wanted(self) -> list[Candidate]:
        """Those the lead waits for: who has not had it; while all of those are away, who may have it again, too."""
        again = not any(self.asked.is_left(one) for one in self.everyone)
        return [one for one in self.everyone if not self.asked.refusal(one.rep, again=again)]

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody can ever have the lead: everyone is barred from it, and no rule would give it in person."""
        return not self.hoped_for

    def is_at_work(self, candidates: list[Candidate]) -> bool:
        """Whether one of them works now, so is merely full."""
        now = self.asked.now
        return any(not is_away(one, now) and one.rep.calendar.is_open(now) for one in candidates)

    @property
    def hoped_for(self) -> list[Candidate]:
        """Those the lead waits for, and those an earlier rule, or a tie, would give it to in person."""
        return [*self.asked.awaited, *self.wanted]

    def first_back(self) -> tuple[datetime, Rep] | None:
        """Who is there first of those who are off or away, the lead's owner too, and when, in UTC."""
        openings = [(opens, one.rep) for one in self.hoped_for if (opens := opening(one, self.asked.now)) is not None]
        return min(openings, key=lambda pair: pair[0], default=None)

    def named(self, word: str = "or") -> str:
        """The team and its backups: `us or its backup emea`."""
        first, *backups = (team.name for team in self.teams)
        if not backups:
            return first
        return f"{first} {word} its {'backup' if len(backups) == 1 else 'backups'} {listed(backups, word)}"


def nobody(vacancy: Vacancy) -> Routing:
    """The lead is held, or free to take, until the rules are asked again; it is the manager's if that is of no use."""
    if vacancy.is_hopeless:
        asked, because = vacancy.asked, f"nobody else is left in {vacancy.named()}"
        return replace(to_manager(asked.lead, asked.policy, because), rule=vacancy.rule)
    is_free = vacancy.asked.policy.when_nobody_is_available is NobodyAvailable.CLAIM
    left = any(vacancy.asked.is_left(one) for one in (*vacancy.asked.awaited, *vacancy.everyone))
    return replace(_claim(vacancy) if is_free else _hold(vacancy), is_anybody_left=left)


def whoever_is_left(vacancy: Vacancy) -> tuple[Team, list[Candidate]] | None:
    """The first team with somebody to burden, where the policy assigns anyway.

    Rather who is off than who had the lead, rather they than who is away.
    """
    asked = vacancy.asked
    if asked.policy.when_nobody_is_available is not NobodyAvailable.ASSIGN_ANYWAY:
        return None
    fitting: list[Callable[[Candidate], bool]] = [
        asked.is_left,
        lambda one: not is_away(one, asked.now),
        lambda one: not asked.refusal(one.rep),
        lambda _: True,
    ]
    open_to = {
        team.name: [one for one in vacancy.fitting[team.name] if not asked.refusal(one.rep, again=True)]
        for team in vacancy.teams
    }
    found = (
        (team, some)
        for fits in fitting
        for team in vacancy.teams
        if (some := [one for one in open_to[team.name] if fits(one)])
    )
    return next(found, None)


def _claim(vacancy: Vacancy) -> Routing:
    now, team = vacancy.asked.now, vacancy.teams[0]
    until, back = now + vacancy.asked.policy.claim_within, vacancy.first_back()
    then = min(until, back[0]) if back else until
    line = f"Nobody in {vacancy.named()} is available: the first to take it has it"
    return Routing(Plan.CLAIMABLE, team.name, vacancy.rule, hold_until=then, line=line)


def _hold(vacancy: Vacancy) -> Routing:
    now, team = vacancy.asked.now, vacancy.teams[0]
    full, back = vacancy.is_at_work(vacancy.hoped_for), vacancy.first_back()
    soon = now + RETRY_WHEN_FULL
    if back is None or (full and soon < back[0]):
        line = f"{_unable(vacancy)}: it is tried again every {RETRY_WHEN_FULL // MINUTE} minutes"
        return Routing(Plan.HELD, team.name, vacancy.rule, hold_until=soon, line=line)
    until, rep = back
    absent = "can take it" if vacancy.is_at_work(vacancy.everyone) else "is at work"
    line = f"Nobody in {vacancy.named()} {absent}: {name_of(rep.email)} is first back, {_when(vacancy, until, rep)}"
    return Routing(Plan.HELD, team.name, vacancy.rule, hold_until=until, line=line)


def _unable(vacancy: Vacancy) -> str:
    """Why nobody can take the lead, where nobody's return is known or somebody is merely full."""
    others = "else " if len(vacancy.wanted) < len(vacancy.everyone) else ""
    if vacancy.is_at_work(vacancy.wanted):
        return f"Everyone {others}at work for {vacancy.named()} is full"
    if full := [one.rep.email for one in vacancy.asked.awaited if vacancy.is_at_work([one])]:
        return f"{name_of(full[0])} is full"
    return f"Everyone {others}in {vacancy.named('and')} is away"


def _when(vacancy: Vacancy, until: datetime, rep: Rep) -> str:
    return moment(until, rep.calendar.timezone, vacancy.asked.now)
