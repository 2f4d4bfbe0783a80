"""Asking a team and its backups for a rep: who is free, and who of them is next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sla_engine.availability import Candidate
from sla_engine.decision import HAD_IT, Question, Routing, Verdict, chain
from sla_engine.grounds import Ground, opening
from sla_engine.lead import Plan
from sla_engine.names import listed, name_of
from sla_engine.obstacles import Cause, Obstacle
from sla_engine.policy import Method, Rep, Team, ToTeam
from sla_engine.skills import lacking, needed
from sla_engine.turns import Turn, take
from sla_engine.vacancy import Vacancy, nobody, whoever_is_left

NOBODY_ELSE = "nobody else is left"
MOST_NAMED = 4
"""How many of those passed over a line on a card names; the explanation has them all."""
Met = tuple[str, Obstacle]
"""A rep, by e-mail, and what keeps them."""


@dataclass(frozen=True, slots=True)
class Round:
    """One rule's asking: its name, the teams in order, the reps in question by team, and how the next one is found."""

    asked: Question
    rule: str
    method: Method
    teams: list[Team]
    fitting: Mapping[str, tuple[Candidate, ...]]
    because: str


def ask_teams(asked: Question, rule: str, assign: ToTeam, because: str = "") -> tuple[Routing | None, str]:
    """A rep of the team or its backups, or what happens when there is none; nothing where nobody has the skills.

    `because` says on the card how the team was found, where that isn't by the rule alone.
    """
    teams = chain(asked.policy, assign.team)
    unskilled = {team.name: lacking(asked, assign, team) for team in teams}
    fitting = {
        team.name: tuple(one for one in asked.candidates(team) if one.rep.email not in unskilled[team.name])
        for team in teams
    }
    if not any(fitting.values()):
        return None, f"nobody in {listed([team.name for team in teams], 'or')} has {needed(asked, assign, teams)}"
    met = [each for team in teams for each in unskilled[team.name].items()]
    return _ask(Round(asked, rule, assign.method, teams, fitting, because or f"rule “{rule}”"), met), ""


def _ask(one: Round, met: list[Met]) -> Routing:
    for again in (False, True):
        if again and any(one.asked.is_left(candidate) for some in one.fitting.values() for candidate in some):
            break
        for team in one.teams:
            free, kept = _free(one, team, again)
            met += kept
            if free:
                members = {rep.email for rep in team.reps}
                given = _give(one, team, free, {email: obstacle for email, obstacle in met if email in members})
                return _explain(one, given, met, NOBODY_ELSE if again else "")
    vacancy = Vacancy(one.asked, one.rule, one.teams, one.fitting)
    if (left := whoever_is_left(vacancy)) is not None:
        given = replace(_give(one, left[0], left[1], {}), considered=())
        return _explain(one, given, met, "nobody is available, assigned anyway")
    found = nobody(vacancy)
    chosen = [Verdict(found.rep)] if found.rep else []
    return replace(found, considered=tuple(dict.fromkeys([*_verdicts(met), *chosen])))


def _free(one: Round, team: Team, again: bool) -> tuple[list[Candidate], list[Met]]:
    free: list[Candidate] = []
    kept: list[Met] = []
    for candidate in one.fitting[team.name]:
        met = one.asked.obstacle(candidate) or one.asked.refusal(candidate.rep, again=again)
        if met:
            kept.append((candidate.rep.email, met))
        else:
            free.append(candidate)
    return free, kept


def _verdicts(met: Iterable[Met]) -> list[Verdict]:
    return [Verdict(email, obstacle.words) for email, obstacle in met]


def _give(one: Round, team: Team, free: list[Candidate], skipped: Mapping[str, Obstacle]) -> Routing:
    """The lead to one of those who are free, with the words for why the others did not get it."""
    if one.method is Method.LEAST_LOADED:
        least, is_alike = least_loaded(free, team), len(set(_rooms(free, team))) == 1
        busier = {each.rep.email: Obstacle(Cause.BUSIER if is_alike else Cause.FULLER) for each in free}
        turn = _turn(one, team, [candidate.rep for candidate in least], {**skipped, **busier})
        chosen = next(candidate for candidate in least if candidate.rep.email == turn.rep)
        ground, load = Ground.FEWEST if is_alike else Ground.LEAST_FULL, f" ({_filled(chosen)})"
        said = {each.rep.email: f"free, with {_filled(each)} open{_hint(each)}" for each in free}
    else:
        turn = _turn(one, team, [candidate.rep for candidate in free], skipped)
        ground, load = Ground.TURN, ""
        said = {each.rep.email: f"free, but not next in turn{_hint(each)}" for each in free}
    others = tuple(Verdict(email, words) for email, words in said.items() if email != turn.rep)
    line = f"{opening(ground, turn.rep)} in {team.name}{load}"
    return Routing(Plan.ASSIGNED, team.name, one.rule, turn.rep, considered=others, turn=turn, line=line, ground=ground)


def _turn(one: Round, team: Team, free: list[Rep], skipped: Mapping[str, Obstacle]) -> Turn:
    book = one.asked.snapshot.books.get((team.name, one.method), {})
    excused = [
        candidate.rep.email
        for candidate in one.fitting[team.name]
        if candidate.rep.email in one.asked.snapshot.excused and not one.asked.obstacle(candidate)
    ]
    turn = take(team.name, one.method, book, team.reps, free, excused)
    return replace(turn, skipped={email: met for email, met in skipped.items() if email not in turn.weights})


def least_loaded(free: Sequence[Candidate], team: Team) -> list[Candidate]:
    """Those with the fewest open leads relative to what they can hold."""
    loads = [one.open_leads / max(1, room) for one, room in zip(free, _rooms(free, team), strict=True)]
    fewest = min(loads)
    return [one for one, load in zip(free, loads, strict=True) if load == fewest]


def _rooms(free: Sequence[Candidate], team: Team) -> list[int]:
    """How many leads each can hold: their `max_open`, else the team's largest."""
    largest = max((rep.max_open for rep in team.reps if rep.max_open is not None), default=1)
    return [largest if one.rep.max_open is None else one.rep.max_open for one in free]


def _hint(candidate: Candidate) -> str:
    """What the rep's Slack profile says, for people to read: it decides nothing here."""
    return f" (Slack says {candidate.status})" if candidate.status else ""


def _filled(candidate: Candidate) -> str:
    most = candidate.rep.max_open
    return str(candidate.open_leads) if most is None else f"{candidate.open_leads} of {most}"


def _explain(one: Round, given: Routing, met: list[Met], added: str) -> Routing:
    """The decision with its line and whom it looked at, where `met` has those who were passed over."""
    parts = [given.line, one.because]
    if given.team != one.teams[0].name:
        parts[0] += f", backing up {one.teams[0].name}"
    free = {given.rep, *(verdict.subject for verdict in given.considered)}
    passed_over = {email: obstacle for email, obstacle in met if email not in free}
    told = passed_over
    if added == NOBODY_ELSE:
        told = {email: obstacle for email, obstacle in passed_over.items() if obstacle != HAD_IT}
    parts += [part for part in (_passed_over(told), added) if part]
    verdicts = dict.fromkeys([*_verdicts(met), *given.considered, Verdict(given.rep or "")])
    return replace(given, line=" · ".join(parts), considered=tuple(verdicts))


def _passed_over(met: Mapping[str, Obstacle]) -> str:
    """Who was passed over and why; those who had the lead before share one verb."""
    had = [name_of(email) for email, obstacle in met.items() if obstacle == HAD_IT]
    others = [f"{name_of(email)} {obstacle.words}" for email, obstacle in met.items() if obstacle != HAD_IT]
    parts = [*([f"{listed(had)} {HAD_IT.words}"] if had else []), *others]
    more = len(parts) - MOST_NAMED
    return ", ".join(parts if more < 1 else [*parts[:MOST_NAMED], f"{more} more passed over"])
