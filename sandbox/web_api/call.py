"""One Web API call: its arguments, read the way Slack reads them."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import SlackRefuses
from sandbox.model import Channel, Json
from sandbox.state import State


@dataclass
class Call:
    """`args` hold strings from a form or query, and real values from a JSON body."""

    state: State
    method: str
    args: Json = field(default_factory=dict)

    def required(self, name: str) -> str:
        value = self.args.get(name)
        if value in (None, ""):
            raise SlackRefuses("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
        return str(value)

    def optional(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1")

    def whole(self, name: str, default: int, most: int) -> int:
        value = self.args.get(name, default)
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise SlackRefuses("invalid_limit" if name == "limit" else "invalid_arguments") from None
        if name == "limit" and not 0 <= number <= most:
            raise SlackRefuses("invalid_limit")
        return number or default

    def need(self, *scopes: str) -> None:
        """Any one of these scopes will do."""
        granted = self.state.team.scopes
        if scopes and not any(scope in granted for scope in scopes):
            raise SlackRefuses("missing_scope", needed=",".join(scopes), provided=",".join(granted))

    def may(self, scope: str) -> bool:
        return scope in self.state.team.scopes

    def page(self, things: list[Any], default: int, most: int = 1000) -> tuple[list[Any], str]:
        """This page of the things, and the cursor of the next one (empty at the end)."""
        limit, start = self.whole("limit", default, most), _position(self.optional("cursor"))
        following = _cursor(start + limit) if start + limit < len(things) else ""
        return things[start : start + limit], following

    def channel(self, name: str = "channel") -> Channel:
        """The conversation with this id, as far as the bot may know of it."""
        channel = self.state.directory.channels.get(self.required(name))
        if channel is None or not self.sees(channel):
            raise SlackRefuses("channel_not_found")
        return channel

    def sees(self, channel: Channel) -> bool:
        hidden = channel.is_private or channel.kind == "im"
        return not hidden or self.state.team.bot_user_id in channel.members


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"next:{position}".encode()).decode()


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise SlackRefuses("invalid_cursor") from None
