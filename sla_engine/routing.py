"""Who gets a lead, and why: a decision from a snapshot and a time.

Whom the lead is tied to comes first, where the policy asks for that; then the first rule whose conditions hold decides.
Within a team, reps who are off, away, full or were offered the lead before are passed over; when a team has nobody, its
backups are asked, each once, and then the policy says what happens. Every answer carries its whole explanation.
"""

from dataclasses import replace
from datetime import datetime

from sla_engine.decision import Question, Routing, Snapshot, Ties, Verdict, chain, to_manager
from sla_engine.lead import Lead
from sla_engine.matching import failed, unmet
from sla_engine.ownership import account_owner, called, owners, seats, territory_rep, tied
from sla_engine.policy import Method, Policy, Rule, Team, ToTeam, ToTerritory
from sla_engine.rounds import ask_teams


def route(lead: Lead, policy: Policy, snapshot: Snapshot, now: datetime) -> Routing:
    """Decide for one lead at `now`; looks only at the teams that `teams_asked` names."""
    asked = Question(lead, policy, snapshot, now)
    found, tried = tied(asked)
    if found is not None:
        return replace(found, rules=tuple(tried))
    for rule in policy.rules:
        missed = failed(lead.data, rule.when)
        found, met = (None, unmet(missed, lead.data)) if missed is not None else _follow(asked, rule)
        tried.append(Verdict(rule.name, met))
        if found is not None:
            return replace(found, rules=tuple(tried))
    return replace(to_manager(lead, policy, "no routing rule finds a rep for it"), rules=tuple(tried))


def _follow(asked: Question, rule: Rule) -> tuple[Routing | None, str]:
    """What a rule whose conditions hold makes of the lead, or why it makes nothing of it."""
    assign = rule.assign
    if isinstance(assign, ToTeam):
        return ask_teams(asked, rule.name, assign)
    if not isinstance(assign, ToTerritory):
        return account_owner(asked, rule)
    row = asked.policy.territories.find(asked.lead.data) if asked.policy.territories else None
    if row is None:
        return None, "the lead is in no territory"
    found, met = territory_rep(asked, rule, row) if row.rep else (None, "")
    if found is not None or row.team is None:
        return found, met
    found, met = ask_teams(asked, rule.name, ToTeam(row.team, assign.method), f"territory {called(row)}")
    return found, met


def teams_asked(lead: Lead, policy: Policy, ties: Ties) -> list[Team]:
    """The teams a decision may look at: of those the lead is tied to, of the rules that may decide, and backups."""
    teams = [team for email in (ties.knew_it, ties.companion) for team, _ in seats(policy, email)]
    for rule in policy.rules:
        if failed(lead.data, rule.when) is not None:
            continue
        if isinstance(rule.assign, ToTeam):
            teams += chain(policy, rule.assign.team)
            if not rule.assign.skills:
                break
        elif isinstance(rule.assign, ToTerritory):
            row = policy.territories.find(lead.data) if policy.territories else None
            teams += [team for team, _ in seats(policy, row.rep)] if row else []
            if row and row.team:
                teams += chain(policy, row.team)
                break
        else:
            teams += [team for team, _ in owners(lead, policy, ties)]
    return list(dict.fromkeys(teams))


def weighs(lead: Lead, policy: Policy) -> bool:
    """Whether a rule that may decide compares how many open leads the reps have."""
    return any(
        isinstance(rule.assign, ToTeam | ToTerritory)
        and rule.assign.method is Method.LEAST_LOADED
        and failed(lead.data, rule.when) is None
        for rule in policy.rules
    )
