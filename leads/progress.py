"""What happens to a lead in a rep's hands: accepted, rejected, touched, qualified, closed, passed on."""

from collections.abc import Mapping
from typing import Any

from leads import assignment, promises
from leads.assignment import Ending
from leads.work import SYSTEM, Work
from sla_engine.clock import ESCALATED, Kind
from sla_engine.decision import Routing
from sla_engine.grounds import Ground, opening
from sla_engine.lead import Lead, Plan, Status
from sla_engine.lifecycle import REJECTIONS, Verb, move, refusal
from sla_engine.names import name_of
from sla_engine.permission import beneficiary
from sla_engine.policy import Outcome, Reason, Team
from sla_engine.refusals import (
    NoteRequired,
    NotInTeam,
    Refused,
    UnknownReason,
    WrongStatus,
)
from storage import lanes, leads, ledger
from storage.history import Happened


class NobodyHasIt(Refused):
    """This lead waits for a rep: nobody has it yet."""


class WouldComeBack(Refused):
    """The rules would give you this lead straight back: pass it on by name, or choose a reason that ends it."""


def accept(work: Work, lead: Lead, actor: str) -> Lead:
    """The rep takes the lead on; of a claimable lead, whoever comes first becomes its rep."""
    if lead.status is Status.SAL and lead.rep == actor:
        return lead  # A second click, or Slack sending the first again.
    move(lead, Verb.ACCEPT)
    if lead.plan is Plan.CLAIMABLE:
        lead = _claim(work, lead, actor)
    return _accepted(work, lead, actor, beneficiary(lead, actor, work.policy))


def _accepted(work: Work, lead: Lead, actor: str, owner: str | None, **detail: Any) -> Lead:
    status, rep = move(lead, Verb.ACCEPT), rep_of(lead)
    after = work.change(lead, status=status, sal_at=work.now, paused_at=None, pause_reason=None)
    work.record(after, Happened.ACCEPTED, actor, on_behalf_of=owner, before=lead, rep=rep, **detail)
    promises.stop(work, after, {Kind.ACCEPTANCE}, answered={Kind.ACCEPTANCE})
    return promises.start_follow_up(work, after)


def _claim(work: Work, lead: Lead, actor: str) -> Lead:
    ledger.lock(work.tx)
    team = _team(work, lead, actor)
    line = f"{opening(Ground.FIRST, actor)} to take it"
    decision = Routing(Plan.ASSIGNED, team.name, lead.rule or "", actor, line=line, ground=Ground.FIRST)
    return assignment.carry_out(work, lead, decision, actor)


def reject(work: Work, lead: Lead, actor: str, reason_id: str, note: str) -> Lead:
    """The rep turns the lead down; the reason's outcome says what becomes of it."""
    owner = beneficiary(lead, actor, work.policy)
    move(lead, Verb.REJECT)
    rep_of(lead)
    reason = reason_for(work, reason_id, note)
    status = move(lead, REJECTIONS[reason.outcome])
    released, turn = assignment.release(work, lead, Ending.REJECTED, refused=True)
    given_back = assignment.give_back(work, lead, turn) if reason.credit and turn is not None else None
    detail: dict[str, Any] = {
        "rep": lead.rep,
        "reason": reason.id,
        "label": reason.label,
        "note": note,
        "outcome": reason.outcome.value,
        "credit": given_back,
    }
    if reason.outcome is Outcome.REROUTE:
        work.record(released, Happened.REJECTED, actor, on_behalf_of=owner, before=lead, **detail)
        after = assignment.route_lead(work, _passed_on(work, released))
        if after.rep == lead.rep:
            raise WouldComeBack
        return after
    after = close(work, released, status, reason=reason.id, note=note)
    work.record(after, Happened.REJECTED, actor, on_behalf_of=owner, before=lead, **detail)
    return after


def check(work: Work, lead: Lead, actor: str, verb: Verb) -> Lead:
    """The lead, if `actor` may do `verb` to it now; raises `Refused` otherwise. Nothing changes."""
    beneficiary(lead, actor, work.policy)
    move(lead, verb)
    if verb in (Verb.REJECT, Verb.PAUSE):
        rep_of(lead)
    return lead


def rep_of(lead: Lead) -> str:
    """Who has the lead; raises `NobodyHasIt`."""
    if lead.rep is None:
        raise NobodyHasIt
    return lead.rep


def reason_for(work: Work, reason_id: str, note: str) -> Reason:
    """The policy's reason with this id; raises `Refused` when it has none, or when its note is missing."""
    reason = work.policy.reason(reason_id)
    if reason is None:
        raise UnknownReason(reason=reason_id, known=", ".join(one.label for one in work.policy.reasons))
    if reason.note_required and not note.strip():
        raise NoteRequired(reason=reason.label)
    return reason


def touch(work: Work, lead: Lead, actor: str, channel: str, note: str) -> Lead:
    """The rep was in contact with the buyer, by the channel they name."""
    owner = beneficiary(lead, actor, work.policy)
    move(lead, Verb.TOUCH)
    return _touched(work, lead, actor, owner, channel, note)


def contacted(work: Work, lead: Lead, actor: str, note: str | None) -> Lead:
    """Another system logged a contact; it counts as the first touch, and as the acceptance if that is still owed.

    While nobody has the lead it ends the buyer's wait alone: the lead waits on for a rep.
    """
    owner = _stood_in_for(lead, actor)
    if lead.status is Status.MQL and lead.rep is not None:
        lead = _accepted(work, lead, actor, owner)
    if lead.status is not Status.MQL:
        move(lead, Verb.TOUCH)
    return _touched(work, lead, actor, owner, "elsewhere", note or "")


def _stood_in_for(lead: Lead, actor: str) -> str | None:
    """In whose place another system did what is a rep's to do; None where it names that rep as who did it."""
    return None if actor == lead.rep else lead.rep


def _touched(work: Work, lead: Lead, actor: str, owner: str | None, channel: str, note: str) -> Lead:
    after = work.change(lead, first_response_at=lead.first_response_at or work.now)
    work.record(after, Happened.TOUCHED, actor, on_behalf_of=owner, rep=lead.rep, channel=channel, note=note)
    promises.stop(work, after, {Kind.FIRST_TOUCH}, answered={Kind.FIRST_TOUCH})
    return after


def qualify(work: Work, lead: Lead, actor: str, answers: Mapping[str, Any]) -> Lead:
    """The rep confirms budget, authority, need and timeline: the lead is sales qualified."""
    owner = beneficiary(lead, actor, work.policy)
    status = move(lead, Verb.QUALIFY)
    after = work.change(lead, status=status, sql_at=work.now, paused_at=None, pause_reason=None)
    work.record(after, Happened.QUALIFIED, actor, on_behalf_of=owner, before=lead, rep=lead.rep, **answers)
    promises.stop(work, after, ESCALATED, answered={Kind.QUALIFICATION})
    return after


def finish(work: Work, lead: Lead, actor: str, verb: Verb, reason_id: str, note: str) -> Lead:
    """The rep gives an accepted lead back to marketing (`RECYCLE`) or rules it out (`DISQUALIFY`), with a reason."""
    owner = beneficiary(lead, actor, work.policy)
    status = move(lead, verb)
    reason = reason_for(work, reason_id, note)
    after = close(work, lead, status, reason=reason.id, note=note)
    told: dict[str, Any] = {"rep": lead.rep, "reason": reason.id, "note": note}
    work.record(after, Happened(status.lower()), actor, on_behalf_of=owner, before=lead, **told)
    return after


def close(work: Work, lead: Lead, status: Status, *, reason: str | None = None, note: str = "") -> Lead:
    """The handoff is over: every clock stops, and the rep's time with the lead ends."""
    promises.stop(work, lead, set(Kind), answered={Kind.QUALIFICATION})
    leads.end_assignment(work.tx, lead.id, work.now, status.lower())
    return work.change(
        lead,
        status=status,
        plan=Plan.NONE,
        closed_at=work.now,
        hold_until=None,
        paused_at=None,
        pause_reason=None,
        reason=reason,
        note=note or None,
    )


def reassign(work: Work, lead: Lead, actor: str, rep: str) -> Lead:
    """Pass the lead to another rep of its team; one that nobody had is so not passed on, which is counted."""
    owner = beneficiary(lead, actor, work.policy)
    move(lead, Verb.REASSIGN)
    ledger.lock(work.tx)
    team = _team(work, lead, rep)
    assignment.refuse_others(lead, team, rep)
    released, _ = assignment.release(work, lead, Ending.REASSIGNED, refused=False)
    if lead.rep is None:
        passed, line = released, f"{name_of(actor)} assigned it"
    else:
        passed = _passed_on(work, released)
        line = f"{name_of(actor)} passed it on" + (f" from {name_of(lead.rep)}" if lead.rep != actor else "")
    decision = Routing(Plan.ASSIGNED, team.name, lead.rule or "", rep, line=line)
    return assignment.carry_out(work, passed, decision, actor, on_behalf_of=owner)


def _team(work: Work, lead: Lead, rep: str) -> Team:
    """The lead's team; where an edit of the policy has taken that away, its rep's, else the first of this rep's."""
    team = work.policy.team_of(lead.team, lead.rep) or work.policy.team_of(None, rep)
    if team is None:
        raise NotInTeam(person=name_of(rep), team=lead.team or "a team", known="gone from the policy")
    return team


def lapse(work: Work, lead: Lead) -> Lead:
    """The rep let the promise break and the policy takes the lead away: the next one is asked."""
    released, _ = assignment.release(work, lead, Ending.LAPSED, refused=True)
    work.record(released, Happened.LAPSED, SYSTEM, rep=lead.rep)
    after = assignment.route_lead(work, _passed_on(work, released))
    if lead.rep and lead.rep != after.rep:
        work.tell(after, "taken", lanes.to_person(lead.rep), f"taken:{lead.id}:{lead.reassignments}", {"rep": lead.rep})
    return after


def _passed_on(work: Work, lead: Lead) -> Lead:
    return work.change(lead, reassignments=lead.reassignments + 1)


WON = {Status.OPPORTUNITY: Verb.WIN_OPPORTUNITY, Status.CUSTOMER: Verb.WIN_CUSTOMER, Status.SQL: Verb.QUALIFY}
STAMPS = {Status.SQL: "sql_at", Status.CUSTOMER: "closed_at"}
ENDED = {Status.RECYCLED: Verb.RECYCLE, Status.DISQUALIFIED: Verb.DISQUALIFY}


def set_status(work: Work, lead: Lead, status: Status, actor: str, note: str | None) -> Lead:
    """Another system moved a lead that was handed over; raises `Refused` for a move the machine doesn't have."""
    if lead.status is status:
        return lead
    if status in ENDED:
        after = close(work, lead, move(lead, ENDED[status]), note=note or "")
    elif status is Status.SAL:
        return _accepted(work, lead, actor, _stood_in_for(lead, actor), note=note or "")
    elif status is Status.MQL:
        raise refusal(lead, Verb.HAND_OVER)
    elif status is Status.NEW:
        raise WrongStatus(status=lead.status, participle="new again")
    else:
        move(lead, WON[status])
        stamp = {STAMPS[status]: work.now} if status in STAMPS else {}
        after = work.change(lead, status=status, paused_at=None, pause_reason=None, **stamp)
        promises.stop(work, after, ESCALATED, answered={Kind.QUALIFICATION})
        if not status.is_open:
            leads.end_assignment(work.tx, lead.id, work.now, status.lower())
    work.record(after, Happened.STATUS_CHANGED, actor, before=lead, rep=lead.rep, note=note or "")
    return after
