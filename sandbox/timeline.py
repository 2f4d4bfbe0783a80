"""Everything that was said, in order, with timestamps that are never given out twice."""

from datetime import datetime

from sandbox.clock import Clock
from sandbox.feed import Feed
from sandbox.model import Json, Message


class Timeline:
    """Messages by conversation. A `ts` is the clock's time in microseconds, pushed on when the clock stands still."""

    def __init__(self, clock: Clock, feed: Feed) -> None:
        self._clock = clock
        self._feed = feed
        self._last_micros = 0
        self._messages: dict[str, dict[str, Message]] = {}
        self._replies: dict[tuple[str, str], list[Message]] = {}

    def next_ts(self) -> str:
        self._last_micros = max(self._last_micros + 1, micros(self._clock.now()))
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def add(self, message: Message) -> Message:
        self._messages.setdefault(message.channel, {})[message.ts] = message
        if message.thread_ts and not message.ephemeral:
            self._replies.setdefault((message.channel, message.thread_ts), []).append(message)
        self._feed.touch()
        return message

    def changed(self) -> None:
        self._feed.touch()

    def find(self, channel: str, ts: str) -> Message | None:
        return self._messages.get(channel, {}).get(ts)

    def remove(self, message: Message) -> None:
        """A parent with replies leaves a tombstone, as in Slack; anything else is gone."""
        if self.replies(message.channel, message.ts):
            message.deleted = True
            message.text, message.blocks, message.attachments = "This message was deleted.", [], []
        else:
            del self._messages[message.channel][message.ts]
            siblings = self._replies.get((message.channel, message.thread_ts or ""), [])
            if message in siblings:
                siblings.remove(message)
        self._feed.touch()

    def messages(self, channel: str, reader: str | None = None) -> list[Message]:
        """Oldest first. Ephemeral messages come only for their `reader`."""
        everything = list(self._messages.get(channel, {}).values())
        return [m for m in everything if m.only_for is None or m.only_for == reader]

    def ephemerals(self, user_id: str) -> list[Message]:
        mine = [m for c in list(self._messages) for m in self.messages(c, user_id) if m.only_for == user_id]
        return sorted(mine, key=lambda m: m.ts)

    def replies(self, channel: str, ts: str) -> list[Message]:
        return list(self._replies.get((channel, ts), ()))


def micros(t: datetime) -> int:
    """Microseconds since 1970, without the rounding of a float."""
    return int(t.timestamp()) * 1_000_000 + t.microsecond


def message_json(message: Message, timeline: Timeline, bot: Json, metadata: bool = True) -> Json:
    """The message object of the Web API. `bot` holds `bot_id`, `app_id` and `team`."""
    answer: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.is_bot:
        answer |= bot
    if message.username:
        answer |= {"subtype": "bot_message", "username": message.username}
    if message.deleted:
        answer |= {"subtype": "tombstone", "hidden": True}
    for name, value in (("blocks", message.blocks), ("attachments", message.attachments)):
        if value:
            answer[name] = value
    if message.edited:
        answer["edited"] = {"user": message.user, "ts": message.edited}
    if message.metadata:
        # Readers who don't ask for all metadata are still told the event's type.
        kind = {"event_type": message.metadata["event_type"]}
        answer["metadata"] = message.metadata if metadata else kind
    return answer | _thread_json(message, timeline)


def _thread_json(message: Message, timeline: Timeline) -> Json:
    if message.thread_ts and message.thread_ts != message.ts:
        parent = timeline.find(message.channel, message.thread_ts)
        answer: Json = {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else None}
        if message.reply_broadcast:
            answer["subtype"] = "thread_broadcast"
        return answer
    replies = timeline.replies(message.channel, message.ts)
    if not replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": sorted({r.user for r in replies}),
        "latest_reply": replies[-1].ts,
    }
