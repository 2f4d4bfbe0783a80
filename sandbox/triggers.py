"""Trigger ids: what lets the bot open a modal right after somebody did something."""

import secrets
import time
from dataclasses import dataclass

# Real seconds: https://docs.slack.dev/interactivity/handling-user-interaction says a trigger lives three.
LIFETIME = 3.0


@dataclass
class Trigger:
    """`view_id` is set when it came from inside a modal: only such a trigger may push."""

    id: str
    user_id: str
    view_id: str | None
    born: float
    used: bool = False

    @property
    def expired(self) -> bool:
        return time.monotonic() - self.born > LIFETIME


class Triggers:
    """Remembers the triggers handed out; old ones stay known so that their error can be the right one."""

    def __init__(self) -> None:
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user_id: str, view_id: str | None = None) -> Trigger:
        number = len(self._triggers) + 1
        trigger = Trigger(f"{number}.1.{secrets.token_hex(8)}", user_id, view_id, time.monotonic())
        self._triggers[trigger.id] = trigger
        return trigger

    def find(self, trigger_id: str) -> Trigger | None:
        return self._triggers.get(trigger_id)
