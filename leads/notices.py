"""Saying another way what could not be said the first."""

from leads.work import Work, channel_lane, person_lane
from storage import leads
from storage.outbox import Message


def undeliverable(work: Work, message: Message, problem: str) -> None:
    """Tell the lead's manager, or its channel when the manager is the one who can't be reached.

    A notice that can't be delivered either is left to `handoff check`, or two dead conversations would tell each
    other for ever.
    """
    lead = leads.load(work.tx, message.lead_id) if message.lead_id else None
    team = work.policy.teams.get(lead.team or "") if lead else None
    if lead is None or team is None or message.kind == "undeliverable":
        return
    manager = person_lane(team.manager)
    lane = channel_lane(team.channel) if message.lane == manager else manager
    detail = {"kind": message.kind, "lane": message.lane, "problem": problem}
    work.tell(lead, "undeliverable", lane, f"undeliverable:{message.id}", detail)
