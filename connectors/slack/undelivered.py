"""The notice that something could not be delivered: what, to whom, why, and what became of the lead."""

from connectors.slack.blocks import message as written
from connectors.slack.blocks import section
from connectors.slack.markup import Content, channel_name, phrase
from sla_engine.names import name_of
from storage import lanes
from storage.outbox import Message
from storage.queries import LeadView

NAMED = {
    "card": "the card of",
    "reminder": "a reminder about",
    "taken": "the end of their time with",
    "digest": "the digest",
}
TO_CHANNEL = {
    "channel_not_found": "Slack finds no such channel, or the bot is not in it",
    "not_in_channel": "the bot is not in it",
    "is_archived": "it is archived",
}
TO_PERSON = {
    "account_inactive": "the account is deactivated",
    "channel_not_found": "Slack finds no conversation with them",
    "user_disabled": "the account is deactivated",
    "user_not_found": "Slack knows no such account",
    "users_not_found": "Slack knows nobody of this address",
}
"""Slack's commonest words for why not; others are shown as they are."""
FURTHER = "What else can't be delivered there within the hour is not told again: `handoff outbox list` has all."


def notice(message: Message, view: LeadView | None) -> Content:
    """A message could not be delivered; where it is a lead's that stayed, others may follow it silently."""
    lane, what = message.detail["lane"], NAMED.get(message.detail["kind"], "a message")
    if view is not None:
        data = view.lead.data
        what = f"{NAMED.get(message.detail['kind'], 'a message about')} {data.name} ({data.company or data.email})"
    problem = str(message.detail["problem"])
    reasons = TO_CHANNEL if lanes.reader(lane) is None else TO_PERSON
    why = reasons.get(problem.partition(" ")[0]) or phrase(problem, 300)
    failed = _failed(lane, phrase(what, 200), in_doubt=bool(message.detail.get("in_doubt")))
    sentence = f"{failed}: {why}. {_since(message, view)}".strip()
    return written(sentence, [section(sentence)])


def _failed(lane: str, what: str, *, in_doubt: bool) -> str:
    reader = lanes.reader(lane)
    where = channel_name(lanes.channel(lane)) if reader is None else phrase(name_of(reader), 60)
    if in_doubt:
        place = f"stands in {where}" if reader is None else f"reached {where}"
        return f"Handoff can't tell whether {what} {place}, and does not send it again"
    return f"Handoff could not {f'post {what} in' if reader is None else f'deliver {what} to'} {where}"


def _since(message: Message, view: LeadView | None) -> str:
    """What became of a lead that was taken from somebody who can't be reached, and else where to look."""
    if view is None or not message.detail.get("passed_on"):
        return FURTHER
    rep = view.lead.rep
    if lanes.reader(message.detail["lane"]) == rep:
        return ""
    return f"{phrase(name_of(rep), 60)} has the lead now." if rep else "The lead waits for the next rep."
