"""What may happen to a lead, and what it becomes: the whole state machine is the table below."""

from enum import StrEnum

from sla_engine.lead import OPEN, Lead, Status
from sla_engine.names import name_of
from sla_engine.policy import Outcome
from sla_engine.refusals import AlreadyAccepted, AlreadyClosed, Refused, WrongStatus


class Verb(StrEnum):
    """What people and clocks do to a lead."""

    HAND_OVER = "hand over"
    ACCEPT = "accept"
    REJECT = "reject"
    REASSIGN = "reassign"
    TOUCH = "log touch"
    QUALIFY = "qualify"
    RECYCLE = "recycle"
    DISQUALIFY = "disqualify"
    PAUSE = "pause"
    RESUME = "resume"
    WIN_OPPORTUNITY = "open an opportunity"
    WIN_CUSTOMER = "win"


PARTICIPLES = {
    Verb.HAND_OVER: "handed over",
    Verb.ACCEPT: "accepted",
    Verb.REJECT: "rejected",
    Verb.REASSIGN: "reassigned",
    Verb.TOUCH: "touched",
    Verb.QUALIFY: "qualified",
    Verb.RECYCLE: "recycled",
    Verb.DISQUALIFY: "disqualified",
    Verb.PAUSE: "paused",
    Verb.RESUME: "resumed",
    Verb.WIN_OPPORTUNITY: "made an opportunity",
    Verb.WIN_CUSTOMER: "won",
}

MOVES: dict[Verb, dict[Status, Status]] = {
    Verb.HAND_OVER: {Status.NEW: Status.MQL},
    Verb.ACCEPT: {Status.MQL: Status.SAL},
    Verb.REJECT: {Status.MQL: Status.MQL},
    Verb.REASSIGN: {Status.MQL: Status.MQL, Status.SAL: Status.MQL},
    Verb.TOUCH: {Status.SAL: Status.SAL, Status.SQL: Status.SQL, Status.OPPORTUNITY: Status.OPPORTUNITY},
    Verb.QUALIFY: {Status.SAL: Status.SQL},
    Verb.RECYCLE: dict.fromkeys(sorted(OPEN), Status.RECYCLED),
    Verb.DISQUALIFY: dict.fromkeys(sorted(OPEN), Status.DISQUALIFIED),
    Verb.PAUSE: {Status.MQL: Status.MQL, Status.SAL: Status.SAL},
    Verb.RESUME: {Status.MQL: Status.MQL, Status.SAL: Status.SAL},
    Verb.WIN_OPPORTUNITY: {Status.SQL: Status.OPPORTUNITY},
    Verb.WIN_CUSTOMER: {Status.SQL: Status.CUSTOMER, Status.OPPORTUNITY: Status.CUSTOMER},
}

REJECTIONS = {Outcome.RECYCLE: Verb.RECYCLE, Outcome.DISQUALIFY: Verb.DISQUALIFY, Outcome.REROUTE: Verb.REJECT}
"""What a rejection with each outcome does to the lead."""


def move(lead: Lead, verb: Verb) -> Status:
    """The status the lead has after `verb`; raises `Refused` with the reason when there is no such move."""
    after = MOVES[verb].get(lead.status)
    if after is None:
        raise refusal(lead, verb)
    return after


def refusal(lead: Lead, verb: Verb) -> Refused:
    """The sentence for a move that the lead's status rules out."""
    if verb in (Verb.ACCEPT, Verb.REJECT) and lead.status is Status.SAL and lead.rep:
        return AlreadyAccepted(owner=name_of(lead.rep))
    if lead.status in (Status.RECYCLED, Status.DISQUALIFIED):
        return AlreadyClosed(status=lead.status.lower())
    return WrongStatus(status=lead.status, participle=PARTICIPLES[verb])
