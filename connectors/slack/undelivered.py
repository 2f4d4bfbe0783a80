"""The notice that something could not be delivered: what, to whom, why, and what became of the lead."""

from connectors.slack.blocks import message as written
from connectors.slack.blocks import section
from connectors.slack.markup import Content, channel_name, phrase
from sla_engine.names import name_of
from storage import lanes
from storage.outbox import Message
from storage.queries import LeadView

NAMED = {"card": "the card of", "reminder": "a reminder about", "taken": "the end of their time with"}
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


def notice(message: Message, view: LeadView) -> Content:
    """One message of a lead could not be delivered; where the lead stayed, others may follow it silently."""
    reader, data = lanes.reader(message.detail["lane"]), view.lead.data
    what = f"{NAMED.get(message.detail['kind'], 'a message about')} {data.name} ({data.company or data.email})"
    if reader is None:
        failed, reasons = (
            f"post {phrase(what, 200)} in {channel_name(lanes.channel(message.detail['lane']))}",
            TO_CHANNEL,
        )
    else:
        failed, reasons = f"deliver {phrase(what, 200)} to {phrase(name_of(reader), 60)}", TO_PERSON
    problem = str(message.detail["problem"])
    why = reasons.get(problem.partition(" ")[0]) or phrase(problem, 300)
    sentence = f"Handoff could not {failed}: {why}. {_since(message, view)}".strip()
    return written(sentence, [section(sentence)])


def _since(message: Message, view: LeadView) -> str:
    """What became of a lead that was taken from somebody who can't be reached, and else where to look."""
    rep = view.lead.rep
    if not message.detail.get("passed_on"):
        return FURTHER
    if lanes.reader(message.detail["lane"]) == rep:
        return ""
    return f"{phrase(name_of(rep), 60)} has the lead now." if rep else "The lead waits for the next rep."
