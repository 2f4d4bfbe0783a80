"""Response URLs: five uses within thirty minutes, tied to the interaction that earned them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.model import Json

# https://docs.slack.dev/interactivity/handling-user-interaction
USES = 5
LIFETIME = timedelta(minutes=30)


@dataclass
class Hook:
    """`ts` is the message the interaction came from, or the first answer to a command; `said` the latest answer."""

    id: str
    user_id: str
    channel_id: str
    ts: str | None
    born: datetime
    uses: int = 0
    said: Json | None = None


class Hooks:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hooks: dict[str, Hook] = {}

    def issue(self, user_id: str, channel_id: str, ts: str | None) -> Hook:
        hook = Hook(secrets.token_urlsafe(18), user_id, channel_id, ts, self._clock.now())
        self._hooks[hook.id] = hook
        return hook

    def spend(self, hook_id: str) -> Hook | str:
        """The hook, one use shorter, or Slack's word for why not."""
        hook = self._hooks.get(hook_id)
        if hook is None or self._clock.now() - hook.born > LIFETIME:
            return "expired_url"
        if hook.uses >= USES:
            return "used_url"
        hook.uses += 1
        return hook
