"""Leads that belong to one person: who knew it, who has the company, who has the account or the territory."""

from collections.abc import Iterable

from sla_engine.decision import Question, Routing, Ties, Verdict
from sla_engine.grounds import Ground, opening
from sla_engine.lead import Lead, Plan
from sla_engine.policy import Policy, Rep, Rule, Team
from sla_engine.territories import Territory

RETURNING = "Returning lead"
SAME_COMPANY = "Same company"
"""What is tried before the policy's rules, where the policy asks for it."""
Seat = tuple[Team, Rep]


def seats(policy: Policy, email: str | None) -> list[Seat]:
    """A person as a rep, once for each team they are in; nothing for anybody else."""
    if email is None:
        return []
    return [(team, rep) for team, rep in policy.reps() if rep.email == email.casefold()]


def owners(lead: Lead, policy: Policy, ties: Ties) -> list[Seat]:
    """The rep who owns the lead's account; nothing when nobody is known.

    It is whom the sender says, else whom the file of named accounts says, else who holds the company's domain.
    """
    named = policy.accounts.get(lead.data.domain or "")
    for email in (lead.data.owner_email, named, ties.holder):
        if found := seats(policy, email):
            return found
    return []


def tied(asked: Question) -> tuple[Routing | None, list[Verdict]]:
    """The lead goes to whom it is tied to, before any rule is asked, and what came of trying."""
    company = asked.lead.data.domain or "this company"
    tries = (
        (RETURNING, asked.snapshot.ties.knew_it, Ground.KNEW_IT, ""),
        (SAME_COMPANY, asked.snapshot.ties.companion, Ground.COMPANY, f" of {company}"),
    )
    verdicts: list[Verdict] = []
    for subject, email, ground, what in tries:
        if email and (found := seats(asked.policy, email)):
            decision, met = personal(asked, found, subject, ground, f"{what} · {subject.lower()}")
            verdicts.append(Verdict(subject, f"{opening(ground, email)}{what}, but {met}" if met else ""))
            if decision is not None:
                return decision, verdicts
    return None, verdicts


def account_owner(asked: Question, rule: Rule) -> tuple[Routing | None, str]:
    """The owner of the lead's account takes it, or why nobody does."""
    found = owners(asked.lead, asked.policy, asked.snapshot.ties)
    if not found:
        named = asked.lead.data.owner_email
        return None, f"{named} is not a rep in the policy" if named else "nobody owns this account yet"
    account = asked.lead.data.domain or "this account"
    decision, met = personal(asked, found, rule.name, Ground.OWNER, f" {account} · rule “{rule.name}”")
    return decision, f"{opening(Ground.OWNER, found[0][1].email)} this account, but {met}" if met else ""


def territory_rep(asked: Question, rule: Rule, row: Territory) -> tuple[Routing | None, str]:
    """The rep of a territory takes the lead, or why not."""
    found = [(team, rep) for team, rep in seats(asked.policy, row.rep) if row.team in (None, team.name)]
    decision, met = personal(asked, found, rule.name, Ground.TERRITORY, f" {called(row)} · rule “{rule.name}”")
    return decision, f"{opening(Ground.TERRITORY, row.rep or '')} {called(row)}, but {met}" if met else ""


def called(row: Territory) -> str:
    """What a territory is called."""
    return row.name or f"of line {row.line}"


def personal(
    asked: Question, found: Iterable[Seat], rule: str, ground: Ground, more: str
) -> tuple[Routing | None, str]:
    """One person takes the lead in the first of their teams in which they can, or what keeps them.

    `more` is what the line says after the words for the ground.
    """
    obstacles: list[str] = []
    for team, rep in found:
        candidate = next(one for one in asked.candidates(team) if one.rep.email == rep.email)
        refused = asked.refusal(rep)
        met = refused or asked.obstacle(candidate)
        if not met:
            line, chosen = opening(ground, rep.email) + more, (Verdict(rep.email),)
            taken = Routing(Plan.ASSIGNED, team.name, rule, rep.email, considered=chosen, line=line, ground=ground)
            return taken, ""
        if not refused:
            asked.awaited.append(candidate)
        obstacles.append(met.clause)
    return None, next(iter(obstacles), "is no rep any more")
