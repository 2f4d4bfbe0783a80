"""Leads leave somebody's hands although nothing is wrong with them: back to the rules, or all of them at once.

A manager wants it so: it doesn't count towards how often a lead may be passed on, and the rules are asked even when
that is used up.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from leads import assignment
from leads.assignment import Ending
from leads.work import Work
from sla_engine.decision import Routing, to_manager
from sla_engine.lead import Lead, Plan
from sla_engine.lifecycle import Verb, move
from sla_engine.names import name_of
from sla_engine.permission import beneficiary, looks_after
from sla_engine.refusals import NotForYou, NotInTeam, Refused
from storage import leads, ledger


class NothingToHandOver(Refused):
    """{name} has no leads in work."""


class NobodyElse(Refused):
    """The rules find nobody but {name} for {lead}: name who gets it."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many leads went to whom, and how many wait for a rep or are free to take; `left` are another manager's."""

    rep: str
    given: Mapping[str, int]
    held: int = 0
    claimable: int = 0
    left: int = 0

    @property
    def total(self) -> int:
        """How many leads were handed over."""
        return sum(self.given.values()) + self.held + self.claimable


def reroute(work: Work, lead: Lead, actor: str) -> Lead:
    """Back to the rules: the present rep doesn't get it again. For the team's manager and admins only.

    A rep could otherwise turn a lead down without a reason.
    """
    if not _may(work, actor, lead):
        raise NotForYou(who="the team's manager or an admin")
    move(lead, Verb.REASSIGN)
    return _by_the_rules(work, _released(work, lead, Ending.SENT_BACK), lead, actor)


def hand_over(work: Work, actor: str, rep: str, to: str | None = None) -> HandedOver:
    """Everything a rep has in work passes on: by the rules, or to another rep of its team. All of it or nothing.

    The rep need not be in the policy any more. Of leads in several teams a manager moves those of their own. Raises
    `Refused` for strangers, when there is nothing, and when `to` is no rep of a lead's team.
    """
    if not looks_after(work.policy, actor, work.policy.teams.values()):
        raise NotForYou(who="a team's manager or an admin")
    found = leads.worked_by(work.tx, rep)
    mine = [lead for lead in found if _may(work, actor, lead)]
    if not found:
        raise NothingToHandOver(name=name_of(rep))
    if not mine:
        raise NotForYou(who=f"the manager of {name_of(rep)}'s team or an admin")
    moved = [_pass_on(work, lead, actor, to) for lead in mine]
    plans = Counter(lead.plan for lead in moved)
    return HandedOver(
        rep,
        Counter(lead.rep for lead in moved if lead.rep is not None),
        plans[Plan.HELD],
        plans[Plan.CLAIMABLE],
        len(found) - len(mine),
    )


def _may(work: Work, actor: str, lead: Lead) -> bool:
    return looks_after(work.policy, actor, [work.policy.team_of(lead.team, lead.rep)])


def _pass_on(work: Work, lead: Lead, actor: str, to: str | None) -> Lead:
    if to is None:
        return _by_the_rules(work, _released(work, lead, Ending.HANDED_OVER), lead, actor)
    team = work.policy.team_of(lead.team, lead.rep)
    if team is None:
        raise NotInTeam(person=name_of(to), team=lead.team, known="not known")
    ledger.lock(work.tx)
    assignment.refuse_others(lead, team, to)
    owner = beneficiary(lead, actor, work.policy)
    line = f"{name_of(actor)} handed over {name_of(lead.rep or '')}'s leads"
    decision = Routing(Plan.ASSIGNED, team.name, lead.rule or "", to, line=line)
    return assignment.carry_out(work, _released(work, lead, Ending.HANDED_OVER), decision, actor, owner)


def _released(work: Work, lead: Lead, ending: Ending) -> Lead:
    released, _ = assignment.release(work, lead, ending, refused=True)
    return released


def _by_the_rules(work: Work, released: Lead, lead: Lead, actor: str) -> Lead:
    decision = assignment.by_the_rules(work, released)
    if lead.rep is not None and decision.rep is None and not decision.is_anybody_left:
        decision = to_manager(released, work.policy, f"nobody but {name_of(lead.rep)} is left")
    if decision.rep is not None and decision.rep == lead.rep:
        raise NobodyElse(name=name_of(lead.rep), lead=lead.data.name)
    return assignment.carry_out(work, released, decision, actor, beneficiary(lead, actor, work.policy))
