"""`conversations.history` and `conversations.replies`: reading back what was said."""

from decimal import Decimal, InvalidOperation

from sandbox.errors import SlackRefuses
from sandbox.model import Channel, Json, Message
from sandbox.timeline import message_json
from sandbox.web_api.call import Call

# https://docs.slack.dev/reference/methods/conversations.history: default 100, at most 999
DEFAULT, MOST = 100, 999


def history(call: Call) -> Json:
    """Newest first, without thread replies (unless broadcast) and without ephemeral messages."""
    channel = _readable(call)
    top = [
        m
        for m in call.state.timeline.messages(channel.id)
        if (not m.thread_ts or m.reply_broadcast) and _within(call, m)
    ]
    return {**_page(call, top[::-1]), "pin_count": 0}


def replies(call: Call) -> Json:
    """The parent, then its replies, oldest first."""
    channel, ts = _readable(call), call.required("ts")
    parent = call.state.timeline.find(channel.id, ts)
    if parent is None or parent.ephemeral:
        raise SlackRefuses("thread_not_found")
    thread = call.state.timeline.replies(channel.id, ts)
    return _page(call, [parent, *(m for m in thread if _within(call, m))])


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if channel.kind == "im":
        call.need("im:history")
    else:
        call.need("groups:history" if channel.is_private else "channels:history")
        if not call.state.in_channel(channel, call.state.team.bot_user_id):
            raise SlackRefuses("not_in_channel")
    return channel


def _within(call: Call, message: Message) -> bool:
    ts, inclusive = Decimal(message.ts), call.flag("inclusive")
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    if oldest is not None and (ts < oldest or (ts == oldest and not inclusive)):
        return False
    return latest is None or ts < latest or (ts == latest and inclusive)


def _bound(call: Call, name: str) -> Decimal | None:
    value = call.optional(name)
    try:
        return Decimal(value) if value is not None else None
    except InvalidOperation:
        raise SlackRefuses(f"invalid_ts_{name}") from None


def _page(call: Call, messages: list[Message]) -> Json:
    page, following = call.page(messages, DEFAULT, MOST)
    everything = call.flag("include_all_metadata")
    marks, timeline = call.state.team.bot_marks, call.state.timeline
    answer: Json = {
        "messages": [message_json(m, timeline, marks, metadata=everything) for m in page],
        "has_more": bool(following),
    }
    if following:
        answer["response_metadata"] = {"next_cursor": following}
    return answer
