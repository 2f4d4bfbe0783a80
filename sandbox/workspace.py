"""The workspace itself: set it up, connect a bot, act as its people, look at what they see."""

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.clock import Clock
from sandbox.delivery import PATIENCE, Answer, Deliveries, Post, verify_url
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.limits import Allowance
from sandbox.model import ApiCall, Channel, Json, Message, User
from sandbox.payloads import view_json
from sandbox.people import People
from sandbox.screens import View
from sandbox.socket_mode import Sockets
from sandbox.state import new_state


class Workspace:
    """One team, one app. `scopes` are the bot's granted ones, `events` those it subscribed to.

    `patience` is how many real seconds the bot has for an answer (Slack: three).
    """

    def __init__(
        self,
        *,
        clock: Clock,
        team_name: str = "Acme",
        commands: Iterable[Json] = (),
        scopes: Sequence[str] = (),
        events: Iterable[str] = ("app_home_opened", "user_change"),
        bot_name: str = "Handoff",
        allowance: Allowance | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.state = new_state(clock, team_name, bot_name, commands, scopes, events, allowance or Allowance())
        self.sockets = Sockets(self.state.team)
        self.deliveries = Deliveries(self.sockets, patience)
        self.people = People(self.state, self.deliveries)
        team = self.state.team
        self.bot_token, self.app_token = team.bot_token, team.app_token
        self.signing_secret, self.bot_user_id = team.signing_secret, team.bot_user_id

    # Setting up

    def add_user(
        self, name: str, *, real_name: str = "", email: str = "", tz: str = "America/New_York", title: str = ""
    ) -> User:
        user = self.state.directory.add_user(name, real_name or name.title(), email, tz=tz, title=title)
        self.feed.touch()
        return user

    def add_channel(
        self,
        name: str,
        *,
        members: Iterable[str] = (),
        topic: str = "",
        bot_is_member: bool = True,
        is_private: bool = False,
    ) -> Channel:
        present = [*([self.bot_user_id] if bot_is_member else []), *members]
        created = int(self.state.clock.now().timestamp())
        channel = Channel(self.state.ids.next("C"), name, topic=topic, members=present, created=created)
        channel.is_private = is_private
        self.state.directory.add_channel(channel)
        self.feed.touch()
        return channel

    def connect(self, request_url: str) -> None:
        """HTTP mode: where interactions, commands and events are POSTed."""
        self.deliveries.post = Post(request_url, self.signing_secret)
        self.feed.touch()

    async def verify_request_url(self) -> bool:
        """Slack's url_verification handshake."""
        return self.deliveries.post is not None and await verify_url(self.deliveries.post)

    async def stop(self) -> None:
        """Ends event streams and websockets, so that a server can shut down."""
        self.feed.close()
        await self.sockets.stop()

    # What people do

    async def click(
        self,
        user_id: str,
        channel_id: str,
        ts: str,
        *,
        action_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
        label: str | None = None,
    ) -> None:
        """Uses a button or select in a message; `label` finds it by its visible text."""
        await self.people.click(user_id, channel_id, ts, action_id, block_id, value, label)

    async def click_in_view(
        self,
        user_id: str,
        view_id: str,
        *,
        action_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
        label: str | None = None,
        state: dict[str, Any] | None = None,
    ) -> None:
        await self.people.click_in_view(user_id, view_id, action_id, block_id, value, label, state or {})

    async def submit(self, user_id: str, view_id: str, state: dict[str, Any]) -> dict[str, str]:
        """Errors by block_id; empty when the form was accepted."""
        return await self.people.submit(user_id, view_id, state)

    async def close(self, user_id: str, view_id: str) -> None:
        await self.people.close(user_id, view_id)

    async def command(self, user_id: str, channel_id: str, line: str) -> Json:
        return await self.people.command(user_id, channel_id, line)

    async def open_home(self, user_id: str) -> None:
        await self.people.open_home(user_id)

    async def set_status(self, user_id: str, emoji: str, text: str, expiration: int = 0) -> None:
        await self.people.set_status(user_id, emoji, text, expiration)

    async def say(self, user_id: str, channel_id: str, text: str) -> Message:
        return await self.people.say(user_id, channel_id, text)

    async def send_event(self, event: Json) -> None:
        """Any other event of the Events API, such as `user_change`."""
        await self.people.tell_event(event)

    async def redeliver_last(self, reason: str = "http_timeout") -> Answer:
        """The latest payload once more, as Slack does when it missed the answer. Raises Silence."""
        return await self.deliveries.tell(self.deliveries.sent[-1], 1, reason)

    # What they see

    def messages(self, channel_id: str) -> list[Message]:
        """Oldest first, replies included, without ephemeral ones."""
        return self.state.timeline.messages(channel_id)

    def im(self, user_id: str) -> Channel:
        return self.state.im(user_id)

    def ephemerals(self, user_id: str) -> list[Message]:
        return self.state.timeline.ephemerals(user_id)

    def home(self, user_id: str) -> Json | None:
        return self._shown(self.state.screens.home(user_id))

    def modal(self, user_id: str) -> Json | None:
        """The topmost one."""
        return self._shown(self.state.screens.modal(user_id))

    def _shown(self, view: View | None) -> Json | None:
        return None if view is None else view_json(view, self.state.team)

    @property
    def calls(self) -> list[ApiCall]:
        return self.state.calls

    @property
    def feed(self) -> Feed:
        return self.state.feed

    # Trouble

    @property
    def faults(self) -> Faults:
        return self.state.faults

    @property
    def down(self) -> bool:
        return self.state.switches.down

    @down.setter
    def down(self, down: bool) -> None:
        self.state.switches.down = down

    def revoke_token(self) -> None:
        self.state.switches.token_revoked = True

    def deactivate(self, user: User | str) -> None:
        """The person can no longer be looked up. Messages to them still go through, unread: Slack accepts those
        (https://github.com/slackapi/python-slack-sdk/issues/1156)."""
        person = user if isinstance(user, User) else self.state.directory.users[user]
        person.deleted = True
        self.feed.touch()
