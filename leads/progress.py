"""What happens to a lead in a rep's hands: accepted, rejected, touched, qualified, closed, paused, passed on."""

from collections.abc import Mapping
from typing import Any

from leads import assignment, promises
from leads.work import SYSTEM, Work
from sla_engine.clock import ESCALATED, Kind
from sla_engine.decision import Routing
from sla_engine.grounds import Ground, opening
from sla_engine.lead import Lead, Plan, Status
from sla_engine.lifecycle import REJECTIONS, Verb, move
from sla_engine.names import name_of
from sla_engine.permission import beneficiary
from sla_engine.policy import Outcome, Reason, Team
from sla_engine.refusals import (
    AlreadyPaused,
    NoteRequired,
    NotInTeam,
    NotPaused,
    Refused,
    UnknownReason,
    WrongStatus,
)
from storage import clocks, lanes, leads
from storage.clocks import Purpose


class NobodyHasIt(Refused):
    """This lead waits for a rep: nobody has it yet."""


def accept(work: Work, lead: Lead, actor: str) -> Lead:
    """The rep takes the lead on; of a claimable lead, whoever comes first becomes its rep."""
    if lead.status is Status.SAL and lead.rep == actor:
        return lead  # A second click, or Slack sending the first again.
    status = move(lead, Verb.ACCEPT)
    if lead.plan is Plan.CLAIMABLE:
        lead = _claim(work, lead, actor)
    owner = beneficiary(lead, actor, work.policy)
    _rep_of(lead)
    after = work.change(lead, status=status, sal_at=work.now, paused_at=None, pause_reason=None)
    work.record(after, "accepted", actor, on_behalf_of=owner, before=lead, rep=lead.rep)
    promises.stop(work, after, {Kind.ACCEPTANCE}, answered={Kind.ACCEPTANCE})
    promises.start_follow_up(work, after)
    return after


def _claim(work: Work, lead: Lead, actor: str) -> Lead:
    team = _team(work, lead, actor)
    line = f"{opening(Ground.FIRST, actor)} to take it"
    decision = Routing(Plan.ASSIGNED, team.name, lead.rule or "", actor, line=line, ground=Ground.FIRST)
    return assignment.carry_out(work, lead, decision, actor)


def reject(work: Work, lead: Lead, actor: str, reason_id: str, note: str) -> Lead:
    """The rep turns the lead down; the reason's outcome says what becomes of it."""
    owner = beneficiary(lead, actor, work.policy)
    move(lead, Verb.REJECT)
    _rep_of(lead)
    reason = reason_for(work, reason_id, note)
    status = move(lead, REJECTIONS[reason.outcome])
    released, turn = assignment.release(work, lead, "rejected", refused=True)
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
        work.record(released, "rejected", actor, on_behalf_of=owner, before=lead, **detail)
        return assignment.route_lead(work, _passed_on(work, released))
    after = close(work, released, status, reason=reason.id, note=note)
    work.record(after, "rejected", actor, on_behalf_of=owner, before=lead, **detail)
    return after


def check(work: Work, lead: Lead, actor: str, verb: Verb) -> Lead:
    """The lead, if `actor` may do `verb` to it now; raises `Refused` otherwise. Nothing changes."""
    beneficiary(lead, actor, work.policy)
    move(lead, verb)
    if verb in (Verb.REJECT, Verb.PAUSE):
        _rep_of(lead)
    return lead


def _rep_of(lead: Lead) -> str:
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
    """Another system logged a contact; it counts as the first touch, and as the acceptance if that is still owed."""
    if lead.status is Status.MQL and lead.rep is not None:
        lead = accept(work, lead, lead.rep)
    move(lead, Verb.TOUCH)
    return _touched(work, lead, actor, lead.rep, "elsewhere", note or "")


def _touched(work: Work, lead: Lead, actor: str, owner: str | None, channel: str, note: str) -> Lead:
    after = work.change(lead, first_response_at=lead.first_response_at or work.now)
    work.record(after, "touched", actor, on_behalf_of=owner, rep=lead.rep, channel=channel, note=note)
    promises.stop(work, after, {Kind.FIRST_TOUCH}, answered={Kind.FIRST_TOUCH})
    return after


def qualify(work: Work, lead: Lead, actor: str, answers: Mapping[str, Any]) -> Lead:
    """The rep confirms budget, authority, need and timeline: the lead is sales qualified."""
    owner = beneficiary(lead, actor, work.policy)
    status = move(lead, Verb.QUALIFY)
    after = work.change(lead, status=status, sql_at=work.now, paused_at=None, pause_reason=None)
    work.record(after, "qualified", actor, on_behalf_of=owner, before=lead, rep=lead.rep, **answers)
    promises.stop(work, after, ESCALATED, answered={Kind.QUALIFICATION})
    return after


def finish(work: Work, lead: Lead, actor: str, verb: Verb, reason_id: str, note: str) -> Lead:
    """The rep gives an accepted lead back to marketing (`RECYCLE`) or rules it out (`DISQUALIFY`), with a reason."""
    owner = beneficiary(lead, actor, work.policy)
    status = move(lead, verb)
    reason = reason_for(work, reason_id, note)
    after = close(work, lead, status, reason=reason.id, note=note)
    work.record(
        after, status.lower(), actor, on_behalf_of=owner, before=lead, rep=lead.rep, reason=reason.id, note=note
    )
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


def pause(work: Work, lead: Lead, actor: str, reason: str, owner: str | None = None) -> Lead:
    """Freeze the rep's clocks."""
    move(lead, Verb.PAUSE)
    _rep_of(lead)
    if lead.paused_at is not None or not promises.pause(work, lead):
        raise AlreadyPaused
    after = work.change(lead, paused_at=work.now, pause_reason=reason)
    clocks.set_timer(work.tx, Purpose.RESUME, lead.id, work.now + work.policy.pause_at_most, lead.id)
    work.record(after, "paused", actor, on_behalf_of=owner, reason=reason)
    return after


def resume(work: Work, lead: Lead, actor: str, owner: str | None = None) -> Lead:
    """Let the rep's clocks count on."""
    move(lead, Verb.RESUME)
    if lead.paused_at is None:
        raise NotPaused
    promises.resume(work, lead)
    clocks.drop_timer(work.tx, Purpose.RESUME, lead.id)
    after = work.change(lead, paused_at=None, pause_reason=None)
    work.record(after, "resumed", actor, on_behalf_of=owner)
    return after


def reassign(work: Work, lead: Lead, actor: str, rep: str) -> Lead:
    """Pass the lead to another rep of its team."""
    owner = beneficiary(lead, actor, work.policy)
    move(lead, Verb.REASSIGN)
    team = _team(work, lead, rep)
    assignment.refuse_others(lead, team, rep)
    released, _ = assignment.release(work, lead, "reassigned", refused=False)
    line = f"{name_of(actor)} passed it on" + (f" from {name_of(lead.rep)}" if lead.rep not in (None, actor) else "")
    decision = Routing(Plan.ASSIGNED, team.name, lead.rule or "", rep, line=line)
    return assignment.carry_out(work, _passed_on(work, released), decision, actor, on_behalf_of=owner)


def _team(work: Work, lead: Lead, rep: str) -> Team:
    """The lead's team; where an edit of the policy has taken that away, the first in which this rep is."""
    left = (team for team, one in work.policy.reps() if one.email == rep)
    team = work.policy.teams.get(lead.team or "") or next(left, None)
    if team is None:
        raise NotInTeam(person=name_of(rep), team=lead.team or "a team", known="gone from the policy")
    return team


def lapse(work: Work, lead: Lead) -> Lead:
    """The rep let the promise break and the policy takes the lead away: the next one is asked."""
    released, _ = assignment.release(work, lead, "lapsed", refused=True)
    work.record(released, "lapsed", SYSTEM, rep=lead.rep)
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
    """Another system moved the lead; raises `Refused` for a move the machine doesn't have."""
    if lead.status is status:
        return lead
    if status in ENDED:
        after = close(work, lead, move(lead, ENDED[status]), note=note or "")
    elif status is Status.SAL:
        move(lead, Verb.ACCEPT)
        return accept(work, lead, _rep_of(lead))
    elif status is Status.MQL:
        move(lead, Verb.HAND_OVER)
        return _promote(work, lead, actor, note)
    elif status is Status.NEW:
        raise WrongStatus(status=lead.status, participle="new again")
    else:
        move(lead, WON[status])
        stamp = {STAMPS[status]: work.now} if status in STAMPS else {}
        after = work.change(lead, status=status, paused_at=None, pause_reason=None, **stamp)
        promises.stop(work, after, ESCALATED, answered={Kind.QUALIFICATION})
        if not status.is_open:
            leads.end_assignment(work.tx, lead.id, work.now, status.lower())
    work.record(after, "status changed", actor, before=lead, rep=lead.rep, note=note or "")
    return after


def _promote(work: Work, lead: Lead, actor: str, note: str | None) -> Lead:
    """A lead below the policy's bar is handed over all the same; its wait begins now, as if it had come now."""
    again = work.change(lead, received_at=work.now)
    work.record(again, "status changed", actor, note=note or "")
    return assignment.hand_over(work, again)
