"""Who gets a lead, and why: a decision from a snapshot and a time.

The first rule whose conditions hold decides. Within a team, reps who are off, away, full or were offered the
lead before are passed over; when a team has nobody, its backups are asked, each once, and then the policy
says what happens. Every answer carries its whole account.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sla_engine.availability import Candidate, is_away, obstacle, opening
from sla_engine.lead import Lead, Plan
from sla_engine.matching import describe, failed
from sla_engine.names import moment, name_of
from sla_engine.policy import Method, NobodyAvailable, Policy, Rep, Rule, Team, ToTeam
from sla_engine.turns import take

RETRY_WHEN_FULL = timedelta(minutes=15)
"""How soon a held lead is tried again when no opening is known, because all are full or away."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a decision looks at beside the lead and the policy; candidates and credits by team, then by e-mail."""

    candidates: Mapping[str, tuple[Candidate, ...]]
    credits: Mapping[str, Mapping[str, int]]
    domain_holder: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule or rep that was looked at; `obstacle` is empty for the one that was taken."""

    subject: str
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    """Who has the lead now, or what happens to it next, and the account of how that came about."""

    plan: Plan
    team: str
    rule: str = ""
    rep: str | None = None
    hold_until: datetime | None = None
    rules: tuple[Verdict, ...] = ()
    considered: tuple[Verdict, ...] = ()
    credits: Mapping[str, int] = field(default_factory=dict)
    cost: int = 0
    line: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    lead: Lead
    policy: Policy
    snapshot: Snapshot
    now: datetime


def route(lead: Lead, policy: Policy, snapshot: Snapshot, now: datetime) -> Routing:
    """Decide for one lead at `now`; looks only at the teams that `teams_asked` names."""
    asked = _Question(lead, policy, snapshot, now)
    tried: list[Verdict] = []
    for rule in policy.rules:
        missed = failed(lead.data, rule.when)
        if missed is not None:
            tried.append(Verdict(rule.name, f"wants {missed}; it is {describe(lead.data.value(missed.field))}"))
        elif isinstance(rule.assign, ToTeam):
            decision = _ask_teams(asked, rule, rule.assign)
            return replace(decision, rules=(*tried, Verdict(rule.name)))
        else:
            found, obstacle_met = _account_owner(asked, rule)
            tried.append(Verdict(rule.name, obstacle_met))
            if found is not None:
                return replace(found, rules=tuple(tried))
    return replace(to_manager(lead, policy, "no routing rule matches it"), rules=tuple(tried))


def to_manager(lead: Lead, policy: Policy, because: str) -> Routing:
    """The lead's last resort: the manager of its team, or of the first team when it has none."""
    team = policy.teams[lead.team] if lead.team in policy.teams else next(iter(policy.teams.values()))
    line = f"{name_of(team.manager)} manages {team.name} · {because}"
    return Routing(Plan.ASSIGNED, team.name, lead.rule or "", team.manager, line=line)


def owner_of(lead: Lead, policy: Policy, domain_holder: str | None) -> tuple[Team, Rep] | None:
    """The rep who owns the lead's account: as the sender says, else who holds the company's domain."""
    for email in (lead.data.owner_email, domain_holder):
        for team, rep in policy.reps():
            if email is not None and rep.email == email.casefold():
                return team, rep
    return None


def teams_asked(lead: Lead, policy: Policy, domain_holder: str | None) -> list[Team]:
    """The teams a decision may look at: of the account's owner, of the rule that matches, and its backups."""
    teams: list[Team] = []
    for rule in policy.rules:
        if failed(lead.data, rule.when) is not None:
            continue
        if isinstance(rule.assign, ToTeam):
            return list(dict.fromkeys([*teams, *chain(policy, rule.assign.team)]))
        if owner := owner_of(lead, policy, domain_holder):
            teams.append(owner[0])
    return list(dict.fromkeys(teams))


def chain(policy: Policy, name: str | None) -> list[Team]:
    """A team and its backups in the order they are asked, each once."""
    found: dict[str, Team] = {}
    while name is not None and name not in found:
        found[name] = policy.teams[name]
        name = found[name].backup
    return list(found.values())


def _account_owner(asked: _Question, rule: Rule) -> tuple[Routing | None, str]:
    owner = owner_of(asked.lead, asked.policy, asked.snapshot.domain_holder)
    if owner is None:
        named = asked.lead.data.owner_email
        return None, f"{named} is not a rep in the policy" if named else "nobody owns this account yet"
    team, rep = owner
    candidate = next(one for one in asked.snapshot.candidates[team.name] if one.rep == rep)
    met = _refusal(asked.lead, rep) or obstacle(candidate, asked.now)
    if met:
        return None, f"{name_of(rep.email)} owns this account, but is {met}"
    line = f"{name_of(rep.email)} owns {asked.lead.data.domain or 'this account'} · rule “{rule.name}”"
    return Routing(Plan.ASSIGNED, team.name, rule.name, rep.email, line=line), ""


def _ask_teams(asked: _Question, rule: Rule, assign: ToTeam) -> Routing:
    teams = chain(asked.policy, assign.team)
    considered: list[Verdict] = []
    for again in (False, True):
        if again and _somebody_is_left(asked, teams):
            break
        for team in teams:
            free, verdicts = _free(asked, team, again)
            considered += verdicts
            if free:
                decision = _give(asked, team, free, assign.method)
                return _explain(replace(decision, rule=rule.name), teams[0], considered, again)
    return replace(_nobody(asked, teams, assign.method), rule=rule.name, considered=tuple(considered))


def _somebody_is_left(asked: _Question, teams: list[Team]) -> bool:
    return any(
        not _refusal(asked.lead, candidate.rep) and not is_away(candidate, asked.now)
        for team in teams
        for candidate in asked.snapshot.candidates[team.name]
    )


def _free(asked: _Question, team: Team, again: bool) -> tuple[list[Candidate], list[Verdict]]:
    free: list[Candidate] = []
    verdicts: list[Verdict] = []
    for candidate in asked.snapshot.candidates[team.name]:
        met = obstacle(candidate, asked.now) or ("" if again else _refusal(asked.lead, candidate.rep))
        if met:
            verdicts.append(Verdict(candidate.rep.email, met))
        else:
            free.append(candidate)
    return free, verdicts


def _refusal(lead: Lead, rep: Rep) -> str:
    return "passed over: had this lead before" if rep.email in lead.refused_by else ""


def _give(asked: _Question, team: Team, free: list[Candidate], method: Method) -> Routing:
    credits = asked.snapshot.credits.get(team.name, {})
    if method is Method.LEAST_LOADED:
        chosen = min(free, key=lambda one: (one.open_leads / one.rep.weight, -credits.get(one.rep.email, 0)))
        line = f"{name_of(chosen.rep.email)} has the fewest open leads in {team.name} ({chosen.open_leads})"
        return Routing(Plan.ASSIGNED, team.name, rep=chosen.rep.email, line=line)
    rep, changed, cost = take([one.rep for one in free], credits)
    line = f"{name_of(rep.email)}'s turn in {team.name}"
    return Routing(Plan.ASSIGNED, team.name, rep=rep.email, credits=changed, cost=cost, line=line)


def _explain(decision: Routing, first: Team, considered: list[Verdict], again: bool) -> Routing:
    parts = [decision.line, f"rule “{decision.rule}”"]
    if decision.team != first.name:
        parts[0] += f", backing up {first.name}"
    if considered:
        latest = {verdict.subject: verdict.obstacle for verdict in considered}
        latest.pop(decision.rep or "", None)
        parts.append(", ".join(f"{name_of(email)} {met}" for email, met in latest.items()))
    if again:
        parts.append("nobody else is left")
    chosen = Verdict(decision.rep or "")
    return replace(decision, line=" · ".join(filter(None, parts)), considered=(*considered, chosen))


def _nobody(asked: _Question, teams: list[Team], method: Method) -> Routing:
    team, rule = teams[0], asked.policy.when_nobody_is_available
    candidates = asked.snapshot.candidates[team.name]
    if rule is NobodyAvailable.ASSIGN_ANYWAY:
        present = [one for one in candidates if not is_away(one, asked.now)] or list(candidates)
        fresh = [one for one in present if not _refusal(asked.lead, one.rep)] or present
        decision = _give(asked, team, fresh, method)
        return replace(decision, line=f"{decision.line} · nobody is available, assigned anyway")
    if rule is NobodyAvailable.CLAIM:
        line = f"Nobody in {team.name} is available: the first to take it has it"
        return Routing(Plan.CLAIMABLE, team.name, line=line)
    return _hold(asked, teams)


def _hold(asked: _Question, teams: list[Team]) -> Routing:
    everyone = [one for team in teams for one in asked.snapshot.candidates[team.name]]
    wanted = [one for one in everyone if not _refusal(asked.lead, one.rep)] or everyone
    openings = [(opens, one.rep) for one in wanted if (opens := opening(one, asked.now)) is not None]
    if not openings:
        until = asked.now + RETRY_WHEN_FULL
        line = f"Everyone in {teams[0].name} is full or away: it is tried again every 15 minutes"
        return Routing(Plan.HELD, teams[0].name, hold_until=until, line=line)
    until, rep = min(openings, key=lambda pair: pair[0])
    when = moment(until, rep.calendar.timezone, asked.now)
    line = f"Nobody in {teams[0].name} is available: held until {name_of(rep.email)} is back, {when}"
    return Routing(Plan.HELD, teams[0].name, hold_until=until, line=line)
