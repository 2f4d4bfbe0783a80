"""Who gets a lead, and why: a decision from a snapshot and a time.

The first rule whose conditions hold decides. Within a team, reps who are off, away, full or were offered the
lead before are passed over; when a team has nobody, its backups are asked, each once, and then the policy
says what happens. Every answer carries its whole account.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sla_engine.availability import Candidate, is_away, obstacle, opening
from sla_engine.lead import Lead, Plan
from sla_engine.matching import failed, unmet
from sla_engine.names import listed, moment, name_of
from sla_engine.policy import Method, NobodyAvailable, Policy, Rep, Rule, Team, ToTeam
from sla_engine.turns import take

RETRY_WHEN_FULL = timedelta(minutes=15)
"""How soon a held lead is tried again when no return is known, or when somebody at work is full.

Who is full may close a lead any minute, so the lead is not left until the next opening.
"""
HAD_IT = "had it before"
NOBODY_ELSE = "nobody else is left"


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
            tried.append(Verdict(rule.name, unmet(missed, lead.data)))
        elif isinstance(rule.assign, ToTeam):
            decision = _ask_teams(asked, rule, rule.assign)
            return replace(decision, rules=(*tried, Verdict(rule.name)))
        else:
            found, obstacle_met = _account_owner(asked, rule)
            tried.append(Verdict(rule.name, obstacle_met))
            if found is not None:
                return replace(found, rules=tuple(tried))
    return replace(to_manager(lead, policy, "no routing rule finds a rep for it"), rules=tuple(tried))


def to_manager(lead: Lead, policy: Policy, because: str) -> Routing:
    """The lead's last resort: the manager of its team, or of the first team when it has none."""
    team = policy.teams.get(lead.team or "") or next(iter(policy.teams.values()))
    line = f"{name_of(team.manager)} manages {team.name} · {because}"
    return Routing(Plan.ASSIGNED, team.name, lead.rule or "", team.manager, line=line)


def owner_of(lead: Lead, policy: Policy, domain_holder: str | None) -> list[tuple[Team, Rep]]:
    """The rep who owns the lead's account, as the sender says, else who holds the company's domain.

    They come once for each team they are in, and not at all when nobody is known.
    """
    for email in (lead.data.owner_email, domain_holder):
        found = [(team, rep) for team, rep in policy.reps() if email is not None and rep.email == email.casefold()]
        if found:
            return found
    return []


def teams_asked(lead: Lead, policy: Policy, domain_holder: str | None) -> list[Team]:
    """The teams a decision may look at: of the account's owner, of the rule that matches, and its backups."""
    teams: list[Team] = []
    for rule in policy.rules:
        if failed(lead.data, rule.when) is not None:
            continue
        if isinstance(rule.assign, ToTeam):
            return list(dict.fromkeys([*teams, *chain(policy, rule.assign.team)]))
        teams += [team for team, _ in owner_of(lead, policy, domain_holder)]
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
    if not owner:
        named = asked.lead.data.owner_email
        return None, f"{named} is not a rep in the policy" if named else "nobody owns this account yet"
    obstacles: list[str] = []
    for team, rep in owner:
        candidate = next(one for one in asked.snapshot.candidates[team.name] if one.rep == rep)
        met = _refusal(asked.lead, rep) or obstacle(candidate, asked.now)
        if not met:
            line = f"{name_of(rep.email)} owns {asked.lead.data.domain or 'this account'} · rule “{rule.name}”"
            chosen = (Verdict(rep.email),)
            return Routing(Plan.ASSIGNED, team.name, rule.name, rep.email, considered=chosen, line=line), ""
        obstacles.append(met if met == HAD_IT else f"is {met}")
    return None, f"{name_of(owner[0][1].email)} owns this account, but {obstacles[0]}"


def _ask_teams(asked: _Question, rule: Rule, assign: ToTeam) -> Routing:
    teams = chain(asked.policy, assign.team)
    considered: list[Verdict] = []
    for again in (False, True):
        if again and any(_is_left(asked, one) for one in _everyone(asked, teams)):
            break
        for team in teams:
            free, verdicts = _free(asked, team, again)
            considered += verdicts
            if free:
                decision = replace(_give(asked, team, free, assign.method), rule=rule.name)
                return _explain(decision, teams[0], considered, NOBODY_ELSE if again else "")
    return _nobody(asked, teams, rule, assign.method, considered)


def _everyone(asked: _Question, teams: list[Team]) -> list[Candidate]:
    return [candidate for team in teams for candidate in asked.snapshot.candidates[team.name]]


def _is_left(asked: _Question, candidate: Candidate) -> bool:
    """Whether the lead can still be offered to this rep, today or when they are next at work."""
    return not _refusal(asked.lead, candidate.rep) and not is_away(candidate, asked.now)


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
    return HAD_IT if rep.email in lead.refused_by else ""


def _give(asked: _Question, team: Team, free: list[Candidate], method: Method) -> Routing:
    credits = asked.snapshot.credits.get(team.name, {})
    if method is Method.LEAST_LOADED:
        chosen = min(free, key=lambda one: (one.open_leads, -credits.get(one.rep.email, 0)))
        line = f"{name_of(chosen.rep.email)} has the fewest open leads in {team.name} ({chosen.open_leads})"
        others = tuple(Verdict(one.rep.email, f"free, with {one.open_leads} open") for one in free if one != chosen)
        return Routing(Plan.ASSIGNED, team.name, rep=chosen.rep.email, considered=others, line=line)
    rep, changed, cost = take([one.rep for one in free], credits)
    line = f"{name_of(rep.email)}'s turn in {team.name}"
    others = tuple(Verdict(one.rep.email, "free, but not next in turn") for one in free if one.rep != rep)
    return Routing(Plan.ASSIGNED, team.name, rep=rep.email, considered=others, credits=changed, cost=cost, line=line)


def _explain(decision: Routing, first: Team, considered: list[Verdict], because: str) -> Routing:
    """The decision with its line and account, where `considered` are those who were passed over."""
    parts = [decision.line, f"rule “{decision.rule}”"]
    if decision.team != first.name:
        parts[0] += f", backing up {first.name}"
    free = {decision.rep, *(verdict.subject for verdict in decision.considered)}
    passed_over = {verdict.subject: verdict.obstacle for verdict in considered if verdict.subject not in free}
    if because == NOBODY_ELSE:
        passed_over = {email: met for email, met in passed_over.items() if met != HAD_IT}
    if passed_over:
        parts.append(_passed_over(passed_over))
    if because:
        parts.append(because)
    told = dict.fromkeys([*considered, *decision.considered, Verdict(decision.rep or "")])
    return replace(decision, line=" · ".join(parts), considered=tuple(told))


def _passed_over(met: Mapping[str, str]) -> str:
    """Who was passed over and why; those who had the lead before share one verb."""
    had = [name_of(email) for email, obstacle_met in met.items() if obstacle_met == HAD_IT]
    others = [f"{name_of(email)} {obstacle_met}" for email, obstacle_met in met.items() if obstacle_met != HAD_IT]
    return ", ".join([*([f"{listed(had)} {HAD_IT}"] if had else []), *others])


def _nobody(asked: _Question, teams: list[Team], rule: Rule, method: Method, considered: list[Verdict]) -> Routing:
    if asked.policy.when_nobody_is_available is NobodyAvailable.ASSIGN_ANYWAY:
        team, some = _whoever_is_left(asked, teams)
        decision = replace(_give(asked, team, some, method), rule=rule.name, considered=())
        return _explain(decision, teams[0], considered, "nobody is available, assigned anyway")
    if asked.policy.when_nobody_is_available is NobodyAvailable.CLAIM:
        line = f"Nobody in {_named(teams)} is available: the first to take it has it"
        decision = Routing(Plan.CLAIMABLE, teams[0].name, line=line)
    else:
        decision = _hold(asked, teams)
    return replace(decision, rule=rule.name, considered=tuple(dict.fromkeys(considered)))


def _whoever_is_left(asked: _Question, teams: list[Team]) -> tuple[Team, list[Candidate]]:
    """The first team with somebody to burden: rather who is off than who had the lead, rather they than who is away."""
    fitting: list[Callable[[Candidate], bool]] = [
        lambda one: _is_left(asked, one),
        lambda one: not is_away(one, asked.now),
        lambda one: not _refusal(asked.lead, one.rep),
        lambda _: True,
    ]
    return next(
        (team, some)
        for fits in fitting
        for team in teams
        if (some := [one for one in asked.snapshot.candidates[team.name] if fits(one)])
    )


def _hold(asked: _Question, teams: list[Team]) -> Routing:
    everyone = _everyone(asked, teams)
    wanted = [one for one in everyone if _is_left(asked, one)] or everyone
    openings = [(opens, one.rep) for one in wanted if (opens := opening(one, asked.now)) is not None]
    full = _is_at_work(asked, wanted)
    until, rep = min(openings, key=lambda pair: pair[0], default=(None, None))
    soon = asked.now + RETRY_WHEN_FULL
    if until is None or rep is None or (full and soon < until):
        who = f"Everyone at work for {_named(teams)} is full" if full else f"Everyone in {_named(teams, 'and')} is away"
        line = f"{who}: it is tried again every 15 minutes"
        return Routing(Plan.HELD, teams[0].name, hold_until=soon, line=line)
    when = moment(until, rep.calendar.timezone, asked.now)
    absent = "can take it" if _is_at_work(asked, everyone) else "is at work"
    line = f"Nobody in {_named(teams)} {absent}: {name_of(rep.email)} is first back, {when}"
    return Routing(Plan.HELD, teams[0].name, hold_until=until, line=line)


def _is_at_work(asked: _Question, candidates: list[Candidate]) -> bool:
    return any(not is_away(one, asked.now) and one.rep.calendar.is_open(asked.now) for one in candidates)


def _named(teams: list[Team], word: str = "or") -> str:
    """A team and its backups: `us or its backup emea`."""
    first, *backups = (team.name for team in teams)
    if not backups:
        return first
    return f"{first} {word} its {'backup' if len(backups) == 1 else 'backups'} {listed(backups, word)}"
