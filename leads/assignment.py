"""Giving a lead to somebody: asking the routing rules, and making their answer so."""

from enum import StrEnum
from typing import Any

from leads import promises
from leads.work import SYSTEM, Work
from leads.workloads import Workloads, day_of
from sla_engine.clock import ESCALATED, Clock, Kind
from sla_engine.decision import Routing, Snapshot, Ties, to_manager
from sla_engine.grounds import Ground
from sla_engine.lead import Lead, Plan, Status
from sla_engine.names import name_of
from sla_engine.phrases import times
from sla_engine.policy import Returning, Team, ToAccountOwner
from sla_engine.refusals import NotInTeam, SameRep
from sla_engine.routing import route, teams_asked, weighs
from storage import clocks, lanes, leads, ledger, outbox
from storage.clocks import Purpose
from storage.history import Happened


class Ending(StrEnum):
    """How a rep's time with a lead ends, while the lead goes on to somebody else."""

    REJECTED = "rejected"
    LAPSED = "lapsed"
    REASSIGNED = "reassigned"
    SENT_BACK = "sent back"
    HANDED_OVER = "handed over"
    UNREACHABLE = "unreachable"


TAKEN = frozenset({Ending.SENT_BACK, Ending.HANDED_OVER})
"""How a manager takes a lead from a rep."""


def route_lead(work: Work, lead: Lead, actor: str = SYSTEM, on_behalf_of: str | None = None) -> Lead:
    """Ask the rules who gets the lead, and do what they say; past the allowed reassignments it is the manager's."""
    return carry_out(work, lead, decide(work, lead), actor, on_behalf_of)


def hand_over(work: Work, lead: Lead) -> Lead:
    """The same for a lead that was received just now, with which the system's own promise begins."""
    return carry_out(work, lead, decide(work, lead), routing=promises.routing(work, lead))


def decide(work: Work, lead: Lead) -> Routing:
    """What the rules say now, or that the lead is its manager's: what is passed on and on is so no further."""
    if lead.reassignments > work.policy.max_reassignments:
        return to_manager(lead, work.policy, f"it was passed on {times(lead.reassignments)}")
    return by_the_rules(work, lead)


def by_the_rules(work: Work, lead: Lead) -> Routing:
    """What the rules say now; from here on, until the transaction ends, nobody else decides about a turn."""
    ledger.lock(work.tx)
    return route(lead, work.policy, snapshot(work, lead), work.now)


def carry_out(
    work: Work,
    lead: Lead,
    decision: Routing,
    actor: str = SYSTEM,
    on_behalf_of: str | None = None,
    routing: Clock | None = None,
) -> Lead:
    """Write a decision: the lead's new hands or plan, the clocks that begin, the history, the cards to post.

    `routing` is the routing clock of a lead received just now.
    """
    promise = promises.promise_for(work, lead)
    after = _decided(work, lead, decision, promise.name)
    assigned = decision.plan is Plan.ASSIGNED
    turn = ledger.write(work.tx, decision.turn, lead.id, work.now) if decision.turn else None
    told = explanation(decision) | {"rep": decision.rep, "turn": turn}
    work.record(after, Happened(decision.plan.value), actor, on_behalf_of=on_behalf_of, before=lead, **told)
    if after.hold_until is not None:
        clocks.bring_forward(work.tx, Purpose.RELEASE, decision.team, after.hold_until)
    if assigned:
        leads.begin_assignment(work.tx, after, turn)
        promises.end_routing(work, after, routing)
        promises.start_acceptance(work, after, promise)
    else:
        promises.hold_routing(work, after, routing)
    _post_cards(work, lead, after)
    return after


def _decided(work: Work, lead: Lead, decision: Routing, promise: str) -> Lead:
    """The lead in the hands, or on the plan, that a decision gives it."""
    assigned = decision.plan is Plan.ASSIGNED
    return work.change(
        lead,
        status=Status.MQL,
        plan=decision.plan,
        team=decision.team,
        rule=decision.rule,
        rep=decision.rep,
        why=decision.line,
        ground=decision.ground,
        promise=promise,
        policy_hash=work.policy.hash,
        mql_at=lead.mql_at or work.now,
        assigned_at=work.now if assigned else None,
        sal_at=None,
        hold_until=decision.hold_until,
        paused_at=None,
        pause_reason=None,
    )


def release(work: Work, lead: Lead, ending: Ending, *, refused: bool) -> tuple[Lead, int | None]:
    """Take a lead out of its rep's hands; `refused` keeps it from coming back to them.

    Returns their turn's number in the ledger, None when it was no turn.
    """
    promises.stop(work, lead, ESCALATED, answered={Kind.ACCEPTANCE} if ending is Ending.REJECTED else ())
    turn = leads.end_assignment(work.tx, lead.id, work.now, ending.value)
    refused_by = lead.refused_by | {lead.rep} if refused and lead.rep else lead.refused_by
    return work.change(lead, refused_by=refused_by), turn


def give_back(work: Work, lead: Lead, turn: int) -> bool:
    """The rep of the lead gets their turn back, unless they had as many back today as the policy allows at most.

    The limit is the guard against a rep who would reject lead after lead and never lose a turn; what they get back
    because Slack couldn't reach them doesn't count towards it.
    """
    ledger.lock(work.tx)
    team = work.policy.team_of(lead.team, lead.rep)
    rep = team.rep(lead.rep or "") if team else None
    today = day_of(work.now, rep) if rep else work.now
    back = ledger.given_back(work.tx, team.name, rep.email, today, Ending.REJECTED.value) if team and rep else 0
    is_given = back < work.policy.credits_a_day
    ledger.give_back(work.tx, turn, work.now, is_given=is_given)
    return is_given


def refuse_others(lead: Lead, team: Team, rep: str) -> None:
    """Raise `Refused` if somebody is no rep of the team, or has the lead already."""
    if team.rep(rep) is None:
        known = ", ".join(name_of(one.email) for one in team.reps)
        raise NotInTeam(person=name_of(rep), team=team.name, known=known)
    if rep == lead.rep:
        raise SameRep(owner=name_of(rep))


def explanation(decision: Routing) -> dict[str, Any]:
    """A decision's explanation as the history keeps it: reps by what kept them, standings in units of a turn."""
    considered: dict[str, list[str]] = {}
    for verdict in decision.considered:
        considered.setdefault(verdict.obstacle, []).append(verdict.subject)
    told: dict[str, Any] = {
        "line": decision.line,
        "rule": decision.rule,
        "team": decision.team,
        "rules": [{"subject": verdict.subject, "obstacle": verdict.obstacle} for verdict in decision.rules],
        "considered": considered,
    }
    if decision.turn is not None:
        told["method"] = decision.turn.method.value
        told["owed_before"] = {rep: one.credit for rep, one in decision.turn.before.items()}
        told["owed_after"] = {rep: one.credit for rep, one in decision.turn.after.items()}
    return told


def snapshot(work: Work, lead: Lead) -> Snapshot:
    """What the rules look at for this lead, as the database has it now."""
    found = ties(work, lead)
    teams = teams_asked(lead, work.policy, found)
    # A rep of two teams may have a limit in one of them only, so each of their seats is asked for.
    reps = [rep for team in teams for rep in team.reps]
    workloads = Workloads.of(work, reps, weighed=weighs(lead, work.policy), about=lead)
    return Snapshot(
        candidates={team.name: tuple(workloads.candidate(rep) for rep in team.reps) for team in teams},
        books=ledger.books(work.tx, [team.name for team in teams]),
        ties=found,
        excused=ledger.excused(work.tx, lead.id) if lead.refused_by else frozenset(),
        barred=_barred(work, lead) if lead.refused_by else frozenset(),
    )


def _barred(work: Work, lead: Lead) -> frozenset[str]:
    """To whom a lead never goes back by the rules: who rejected it, and from whom a manager has just taken it.

    A lead that they get by hand is theirs all the same.
    """
    # Whom Slack could not reach is as if they had not been there.
    ended = [one for one in leads.endings(work.tx, lead.id) if one[1] != Ending.UNREACHABLE]
    rejected = {rep for rep, outcome in ended if outcome == Ending.REJECTED}
    return frozenset(rejected | {rep for rep, outcome in ended[-1:] if outcome in TAKEN})


def ties(work: Work, lead: Lead) -> Ties:
    """Whom the lead is tied to, as far as the policy asks."""
    policy, domain = work.policy, lead.data.domain
    owned = any(isinstance(rule.assign, ToAccountOwner) for rule in policy.rules)
    together = policy.keep_company_together
    return Ties(
        holder=leads.holder_of(work.tx, lead) if owned and domain else None,
        knew_it=_knew(work, lead) if policy.returning_leads is Returning.SAME_REP and lead.previous else None,
        companion=leads.companion_of(work.tx, lead, work.now - together) if together and domain else None,
    )


def _knew(work: Work, lead: Lead) -> str | None:
    earlier = leads.load(work.tx, lead.previous or "")
    return earlier.rep if earlier and earlier.sal_at else None


def is_last_resort(work: Work, lead: Lead) -> bool:
    """Whether the manager has the lead because nobody else could, or has it though they are no rep of the team."""
    team = work.policy.team_of(lead.team, lead.rep)
    if team is None:
        return lead.ground is Ground.MANAGER
    if lead.rep != team.manager:
        return False
    return lead.ground is Ground.MANAGER or team.rep(team.manager) is None


def ask_again(work: Work) -> None:
    """Who is there or what the policy says has changed: every lead that nobody has is tried again now."""
    ledger.lock(work.tx)  # A decision made without knowing of the change has left its lead here by then.
    for team in leads.hasten_waiting(work.tx, work.now):
        clocks.bring_forward(work.tx, Purpose.RELEASE, team, work.now)


def _post_cards(work: Work, before: Lead, lead: Lead) -> None:
    """A card for who gets the lead; for the channel its first, or another when the lead becomes free to take.

    The first would by then stand too far up to be seen. All others are drawn again where they stand.
    """
    team: Team = work.policy.teams[lead.team or ""]
    if lead.rep is not None:
        _post_card(work, lead, lanes.to_person(lead.rep), {"audience": "rep", "rep": lead.rep})
    lane = lanes.to_channel(team.channel)
    is_free = lead.plan is Plan.CLAIMABLE and before.plan is not Plan.CLAIMABLE
    if is_free or lead.id in work.newborn or not outbox.has_card(work.tx, lead.id, lane):
        _post_card(work, lead, lane, {"audience": "channel", "team": team.name})


def _post_card(work: Work, lead: Lead, lane: str, detail: dict[str, str]) -> None:
    # A lead can come back to a conversation, though not at the same instant.
    work.tell(lead, "card", lane, f"card:{lead.id}:{lane}:{work.now.isoformat()}", detail)
