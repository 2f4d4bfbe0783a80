"""Everything a workspace remembers, in one place for the doors that change it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import RLock

from sandbox.clock import Clock
from sandbox.directory import Directory
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.hooks import Hooks
from sandbox.identifiers import Identifiers
from sandbox.limits import Allowance, Limits
from sandbox.model import ApiCall, Channel, Json, Message
from sandbox.screens import Screens
from sandbox.team import Team
from sandbox.timeline import Timeline
from sandbox.triggers import Triggers

# A demo may run for days; the audit keeps this many calls at most.
CALLS_KEPT = 20_000


@dataclass
class Switches:
    """What an administrator or an outage can turn off."""

    down: bool = False
    token_revoked: bool = False
    bot_deactivated: bool = False
    home_tab: bool = True
    messages_tab: bool = True


@dataclass
class State:
    """The parts and how they hang together. Whoever changes several of them holds `lock`."""

    clock: Clock
    team: Team
    ids: Identifiers
    directory: Directory
    commands: list[Json]
    events: frozenset[str]
    feed: Feed
    timeline: Timeline
    screens: Screens
    hooks: Hooks
    limits: Limits
    triggers: Triggers = field(default_factory=Triggers)
    faults: Faults = field(default_factory=Faults)
    switches: Switches = field(default_factory=Switches)
    calls: list[ApiCall] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)
    base_url: str = "http://127.0.0.1:8080"

    def record(self, call: ApiCall) -> None:
        self.calls.append(call)
        if len(self.calls) > CALLS_KEPT:
            del self.calls[: CALLS_KEPT // 2]

    def im(self, user_id: str) -> Channel:
        return self.directory.im(user_id, int(self.clock.now().timestamp()))

    def in_channel(self, channel: Channel, user_id: str) -> bool:
        return user_id in channel.members

    def say_as_bot(self, channel_id: str, text: str, blocks: list[Json], **more: object) -> Message:
        """A new message of the bot; `more` are further fields of `Message`."""
        message = Message(self.timeline.next_ts(), channel_id, self.team.bot_user_id, text, blocks, is_bot=True)
        for name, value in more.items():
            setattr(message, name, value)
        return self.timeline.add(message)

    def say_as_slackbot(self, channel_id: str, reader: str, text: str) -> Message:
        """A private word from Slack itself, such as a command's failure."""
        ts = self.timeline.next_ts()
        return self.timeline.add(Message(ts, channel_id, "USLACKBOT", text, only_for=reader, is_bot=True))


def new_state(
    clock: Clock,
    team_name: str,
    bot_name: str,
    commands: Iterable[Json],
    scopes: Sequence[str],
    events: Iterable[str],
    allowance: Allowance,
) -> State:
    ids, feed = Identifiers(), Feed()
    directory = Directory(ids, bot_name)
    return State(
        clock=clock,
        team=Team(team_name, list(scopes), directory.bot.id),
        ids=ids,
        directory=directory,
        commands=list(commands),
        events=frozenset(events),
        feed=feed,
        timeline=Timeline(clock, feed),
        screens=Screens(ids, clock, feed),
        hooks=Hooks(clock),
        limits=Limits(clock, allowance),
    )
