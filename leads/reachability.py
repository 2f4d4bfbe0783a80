"""Who can't be reached in Slack, and what becomes of a lead that was being offered to them.

It is not their leave: their clocks run on, since what they promised a buyer is still promised. They are passed over
until a message comes through, somebody says `/leads back`, or a day is over, for otherwise no message would be tried.
"""

from datetime import timedelta

from leads import assignment
from leads.assignment import Ending
from leads.work import SYSTEM, Work
from sla_engine.decision import to_manager
from sla_engine.lead import Lead, Plan, Status
from sla_engine.names import name_of
from storage import lanes, leads, ledger, people
from storage.history import Happened
from storage.outbox import Message

PASSED_OVER_FOR = timedelta(days=1)


def lost(work: Work, message: Message, problem: str) -> bool:
    """Whom a message was for can't be reached; returns whether a lead that they were being offered was passed on.

    `problem` is what the history says of it. A channel that can't be reached takes nobody out of the rotation.
    """
    email = lanes.reader(message.lane)
    if email is None:
        return False
    was_lost = _is_lost(work, email)
    _miss(work, email)
    lead = leads.load(work.tx, message.lead_id, locked=True) if message.lead_id else None
    passed_on = lead is not None and _is_passed_on(work, lead, email, problem)
    if not was_lost:
        _ask_again(work, email)
    return passed_on


def deactivated(work: Work, email: str, problem: str) -> None:
    """Somebody's Slack account is no more: the leads that they were being offered there are passed on."""
    _miss(work, email)
    for lead in leads.worked_by(work.tx, email):
        _is_passed_on(work, lead, email, problem)
    _ask_again(work, email)


def _miss(work: Work, email: str) -> None:
    people.change(work.tx, email, slack_id=None, unreachable_until=work.now + PASSED_OVER_FOR)


def _ask_again(work: Work, email: str) -> None:
    """What is held may have waited for them."""
    if work.policy.rep(email) is not None:
        assignment.ask_again(work)


def _is_passed_on(work: Work, lead: Lead, email: str, problem: str) -> bool:
    """Pass a lead on if it was being offered to this person, and somebody else could have it; whether that was so."""
    if lead.status is not Status.MQL or lead.plan is not Plan.ASSIGNED or lead.rep != email:
        return False
    if work.policy.team_of(lead.team, lead.rep) is None or assignment.is_last_resort(work, lead):
        return False
    _pass_on(work, lead, email, problem)
    return True


def _pass_on(work: Work, lead: Lead, email: str, problem: str) -> None:
    """The rules are asked again as if the rep had not been there: no lapse, no hop, and their turn is given back."""
    ledger.lock(work.tx)
    released, turn = assignment.release(work, lead, Ending.UNREACHABLE, refused=False)
    if turn is not None:
        ledger.give_back(work.tx, turn, work.now)
    work.record(released, Happened.UNREACHABLE, SYSTEM, rep=email, problem=problem)
    decision = assignment.by_the_rules(work, released)
    if decision.rep is not None and _is_lost(work, decision.rep):
        because = f"{name_of(decision.rep)} can't be reached in Slack, and nobody else is left"
        decision = to_manager(released, work.policy, because)
    assignment.carry_out(work, released, decision)


def _is_lost(work: Work, email: str) -> bool:
    person = people.find(work.tx, email)
    return person is not None and person.is_unreachable(work.now)
