"""Saying another way what could not be said the first."""

from collections.abc import Mapping
from typing import Any

from leads import reachability
from leads.work import Work
from sla_engine.lead import Lead
from storage import lanes, leads, outbox
from storage.outbox import Message, Rank

KIND = "undeliverable"


def undeliverable(work: Work, message: Message, problem: str, *, out_of_reach: bool, in_doubt: bool) -> None:
    """Tell a lead's manager what could not be delivered, or may not have been (`in_doubt`), once an hour for each
    conversation; pass the lead on that was being offered to somebody who is out of reach.

    The channel is told when the manager is the one who can't be reached, the admins of a lead without a team and of a
    digest. A notice that can't be delivered there either is left to `handoff check`, or two dead conversations would
    tell each other for ever.
    """
    lead = leads.load(work.tx, message.lead_id) if message.lead_id else None
    passed_on = out_of_reach and reachability.lost(work, message, problem)
    if message.lane == lanes.REDRAWING:
        return
    news = {
        "kind": message.kind,
        "lane": message.lane,
        "problem": problem,
        "passed_on": passed_on,
        "in_doubt": in_doubt,
    }
    said = message.detail if message.kind == KIND else news
    for lane in _hearing(work, message, lead):
        key = f"{KIND}:{lane}:{_matter(work, message, said)}"
        if lead is None:
            outbox.post(work.tx, work.now, key=key, kind=KIND, lane=lane, rank=Rank.NEWS, detail=said)
        else:
            work.tell(lead, KIND, lane, key, said)


def _hearing(work: Work, message: Message, lead: Lead | None) -> list[str]:
    """The conversations that are told of it."""
    is_notice = message.kind == KIND
    team = work.policy.team_of(lead.team, lead.rep) if lead else None
    if team is None:
        admins = [lanes.to_person(admin) for admin in work.policy.admins]
        return [] if is_notice else [lane for lane in admins if lane != message.lane]
    manager, channel = lanes.to_person(team.manager), lanes.to_channel(team.channel)
    if is_notice and message.lane == channel:
        return []
    return [channel if is_notice or message.lane == manager else manager]


def _matter(work: Work, message: Message, said: Mapping[str, Any]) -> str:
    """What is told once: each lead that was passed on, else what keeps a conversation from hearing, once an hour.

    A channel that is misspelt would bring as many notices as it should have had messages.
    """
    if said["passed_on"]:
        return str(message.id)
    return f"{said['lane']}:{str(said['problem']).partition(' ')[0]}:{work.now:%Y-%m-%dT%H}"
