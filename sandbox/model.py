"""What a workspace is made of: people, conversations, messages, and the record of what the bot asked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass
class User:
    """A person or a bot. `tz` is an IANA name; `tz_offset` is derived from it when asked."""

    id: str
    name: str
    real_name: str
    email: str
    tz: str = "America/New_York"
    title: str = ""
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0


@dataclass
class Channel:
    """A conversation: `kind` is `channel` or `im`. A direct message has exactly one human, in `user`."""

    id: str
    name: str
    kind: str = "channel"
    topic: str = ""
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_archived: bool = False
    user: str | None = None
    created: int = 0


@dataclass
class Message:
    """One message. `only_for` names the reader of an ephemeral one; `deleted` marks a tombstone over replies."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    is_bot: bool = False
    thread_ts: str | None = None
    reply_broadcast: bool = False
    edited: str | None = None
    only_for: str | None = None
    deleted: bool = False
    username: str | None = None

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None


@dataclass(frozen=True)
class ApiCall:
    """One Web API request as the sandbox saw it. `answer` is what was decided, even if a fault hid it."""

    method: str
    args: Json
    at: datetime
    answer: Json
    status: int = 200

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))
