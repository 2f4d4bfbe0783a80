"""Who may act on a lead: its rep, the managers of its team, and admins. All others may look."""

from sla_engine.lead import Lead
from sla_engine.names import name_of
from sla_engine.policy import Policy
from sla_engine.refusals import MovedOn, NobodysYet, NotYours


def beneficiary(lead: Lead, actor: str, policy: Policy) -> str | None:
    """On whose behalf the actor acts: None for their own lead; raises `Refused` when they may not."""
    if lead.rep == actor:
        return None
    team = policy.teams.get(lead.team or "")
    if actor in policy.admins or (team is not None and team.manager == actor):
        return lead.rep
    if lead.rep is None:
        raise NobodysYet
    raise MovedOn(owner=name_of(lead.rep)) if actor in lead.refused_by else NotYours(owner=name_of(lead.rep))
