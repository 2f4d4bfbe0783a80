"""Who may act on a lead: its rep, the managers of its team, and admins. All others may look."""

from collections.abc import Iterable

from sla_engine.lead import Lead
from sla_engine.names import name_of
from sla_engine.policy import Policy, Team
from sla_engine.refusals import MovedOn, NobodysYet, NotYours


def beneficiary(lead: Lead, actor: str, policy: Policy) -> str | None:
    """On whose behalf the actor acts: None for their own lead; raises `Refused` when they may not."""
    if lead.rep == actor:
        return None
    if looks_after(policy, actor, [policy.team_of(lead.team, lead.rep)]):
        return lead.rep
    if lead.rep is None:
        raise NobodysYet
    raise MovedOn(owner=name_of(lead.rep)) if actor in lead.refused_by else NotYours(owner=name_of(lead.rep))


def looks_after(policy: Policy, actor: str, teams: Iterable[Team | None]) -> bool:
    """Whether somebody is an admin, or manages one of these teams; None is a team the policy doesn't have."""
    return actor in policy.admins or any(team is not None and team.manager == actor for team in teams)


def looked_after(policy: Policy, actor: str) -> list[Team]:
    """The teams somebody manages; all of them for an admin."""
    return [team for team in policy.teams.values() if looks_after(policy, actor, [team])]
