"""Giving a lead to somebody: asking the routing rules, and making their answer so."""

from dataclasses import asdict
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from leads import promises
from leads.work import SYSTEM, Work, channel_lane, person_lane
from sla_engine.availability import Candidate
from sla_engine.clock import ESCALATED, Kind
from sla_engine.lead import Lead, Plan, Status
from sla_engine.policy import Rep, Team, ToAccountOwner
from sla_engine.routing import Routing, Snapshot, route, teams_asked, to_manager
from storage import clocks, leads, people


def route_lead(work: Work, lead: Lead, actor: str = SYSTEM) -> Lead:
    """Ask the rules who gets the lead, and do what they say; past the allowed reassignments it is the manager's."""
    people.lock_turns(work.tx)
    if lead.reassignments > work.policy.max_reassignments:
        decision = to_manager(lead, work.policy, f"it was passed on {lead.reassignments - 1} times")
    else:
        decision = route(lead, work.policy, snapshot(work, lead), work.now)
    return carry_out(work, lead, decision, actor)


def carry_out(work: Work, lead: Lead, decision: Routing, actor: str = SYSTEM, on_behalf_of: str | None = None) -> Lead:
    """Write a decision: the lead's new hands or plan, the clocks that begin, the history, the cards to post."""
    assigned = decision.plan is Plan.ASSIGNED
    after = work.change(
        lead,
        status=Status.MQL,
        plan=decision.plan,
        team=decision.team,
        rule=decision.rule,
        rep=decision.rep,
        why=decision.line,
        promise=promises.promise_for(work, lead).name,
        policy_hash=work.policy.hash,
        mql_at=lead.mql_at or work.now,
        assigned_at=work.now if assigned else None,
        sal_at=None,
        hold_until=decision.hold_until,
        paused_at=None,
        pause_reason=None,
    )
    event = "assigned" if assigned else decision.plan.value
    work.record(after, event, actor, on_behalf_of=on_behalf_of, before=lead, rep=decision.rep, **account(decision))
    if decision.credits:
        people.set_credits(work.tx, decision.team, decision.credits)
    _hold(work, after)
    if assigned:
        leads.begin_assignment(work.tx, after, decision.cost)
        promises.stop(work, after, {Kind.ROUTING}, answered={Kind.ROUTING})
        promises.start_acceptance(work, after)
    else:
        promises.pause(work, after, {Kind.ROUTING})
    _post_cards(work, after)
    return after


def release(work: Work, lead: Lead, outcome: str, *, refused: bool) -> tuple[Lead, int]:
    """Take a lead out of its rep's hands; `refused` keeps it from coming back to them. Returns the turn's cost."""
    promises.stop(work, lead, ESCALATED, answered={Kind.ACCEPTANCE} if outcome == "rejected" else ())
    cost = leads.end_assignment(work.tx, lead.id, work.now, outcome)
    refused_by = lead.refused_by | {lead.rep} if refused and lead.rep else lead.refused_by
    return work.change(lead, refused_by=refused_by), cost


def account(decision: Routing) -> dict[str, Any]:
    """A decision's explanation as the history keeps it."""
    return {
        "line": decision.line,
        "rule": decision.rule,
        "team": decision.team,
        "rules": [asdict(verdict) for verdict in decision.rules],
        "considered": [asdict(verdict) for verdict in decision.considered],
        "credits": dict(decision.credits),
        "cost": decision.cost,
    }


def snapshot(work: Work, lead: Lead) -> Snapshot:
    """What the rules look at for this lead, as the database has it now."""
    owned = any(isinstance(rule.assign, ToAccountOwner) for rule in work.policy.rules)
    holder = leads.holder_of(work.tx, lead.data.domain) if owned and lead.data.domain else None
    teams = teams_asked(lead, work.policy, holder)
    reps = {rep.email for team in teams for rep in team.reps}
    load = people.open_leads(work.tx, reps)
    known = people.everyone(work.tx)
    return Snapshot(
        candidates={
            team.name: tuple(_candidate(work, rep, load, known.get(rep.email)) for rep in team.reps) for team in teams
        },
        credits={team.name: people.credits(work.tx, team.name) for team in teams},
        domain_holder=holder,
    )


def _candidate(work: Work, rep: Rep, load: dict[str, int], person: people.Person | None) -> Candidate:
    today = people.given_since(work.tx, rep.email, midnight(work.now, rep)) if rep.max_per_day is not None else 0
    leave = person.leave_at(work.now) if person else None
    lost = person is not None and person.is_unreachable(work.now)
    return Candidate(rep, load.get(rep.email, 0), today, leave is not None, leave[1] if leave else None, lost)


def midnight(now: datetime, rep: Rep) -> datetime:
    """The start of the rep's local day."""
    zone = ZoneInfo(rep.calendar.timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _hold(work: Work, lead: Lead) -> None:
    key = f"hold:{lead.id}"
    if lead.plan is Plan.HELD and lead.hold_until:
        clocks.set_timer(work.tx, key, "hold", lead.hold_until, lead.id)
    else:
        clocks.drop_timer(work.tx, key)


def _post_cards(work: Work, lead: Lead) -> None:
    team: Team = work.policy.teams[lead.team or ""]
    if lead.rep is not None:
        key = f"card:{lead.id}:{lead.reassignments}:{lead.rep}"
        work.tell(lead, "card", person_lane(lead.rep), key, {"audience": "rep", "rep": lead.rep})
    channel = {"audience": "channel", "team": team.name}
    work.tell(lead, "card", channel_lane(team.channel), f"card:{lead.id}:{team.name}", channel)
