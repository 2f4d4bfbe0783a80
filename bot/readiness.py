"""Whether this process does its work: the parts that run here, the database they need, and what waits.

Slack's state is told and never makes a process unready: webhooks are taken in and messages kept while Slack is away.
A proxy that took the process out for it would turn an outage of Slack's into leads that are refused.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.clock import Clock
from bot.roles import Role
from bot.scheduler import Metronome
from connectors.slack.client import SlackClient
from handlers.health import Report
from leads.office import Office
from storage import overdue, schema
from storage.database import ensure_writable
from storage.errors import StoreError
from storage.overdue import Waiting
from storage.transaction import Transaction

LATE_SECONDS = 15.0
"""A part that has been silent for this long makes the process unready."""
DATABASE_SECONDS = 3.0
"""A database that takes longer than this to answer counts as away."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the database says, `seconds` after it was asked."""

    revision: str
    unsent: dict[str, Waiting]
    messages: Waiting
    timers: Waiting
    seconds: float


class Readiness:
    """Looks at one process; belongs to the event loop that the process runs in."""

    def __init__(
        self,
        office: Office,
        metronome: Metronome,
        slack: SlackClient,
        clock: Clock,
        roles: frozenset[Role],
        hears: Callable[[], Awaitable[bool | None]],
    ) -> None:
        """`hears` says whether Socket Mode is connected; None where there is none."""
        self.hears = hears
        self._office, self._metronome, self._slack, self._clock = office, metronome, slack, clock
        self._parts = [role.value for role in (Role.TIMERS, Role.DELIVERY) if role in roles]
        self._roles = [role.value for role in Role if role in roles]
        self._asking: asyncio.Task[Sight] | None = None

    async def look(self) -> Report:
        """How the process is now."""
        reasons: list[str] = []
        facts: dict[str, object] = {"roles": self._roles}
        try:
            sight = await self.database()
            facts |= self._waiting(sight)
        except StoreError as error:
            reasons.append(f"database: {error}")
        reasons += self._metronome.troubles(LATE_SECONDS, self._parts)
        silence = self._metronome.silence()
        facts["last_tick_seconds"] = {part: _rounded(silence[part]) for part in self._parts}
        if (connected := await self.hears()) is not None:
            facts["socket_mode"] = {"connected": connected}
        return Report(reasons, facts | {"slack": self._last_answer()})

    async def database(self) -> Sight:
        """Ask the database. Raises `StoreError`, also when the answer takes too long.

        Who asks while an answer is awaited waits for the same one: a database that hangs must not use up the threads.
        """
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="readiness")
            self._asking.add_done_callback(_forget)
        try:
            return await asyncio.wait_for(asyncio.shield(self._asking), DATABASE_SECONDS)
        except TimeoutError as error:
            raise TooSlow(seconds=f"{DATABASE_SECONDS:g}") from error

    async def _ask(self) -> Sight:
        began, now = time.monotonic(), self._clock.now()

        def look(tx: Transaction) -> Sight:
            revision = schema.revision(tx)
            answered = time.monotonic() - began
            schema.compare(revision)
            ensure_writable(tx)
            unsent, messages = overdue.unsent(tx), overdue.messages(tx, now)
            return Sight(revision, unsent, messages, overdue.timers(tx, now), answered)

        return await self._office.read(look)

    def _waiting(self, sight: Sight) -> dict[str, object]:
        return {
            "database": {"seconds": round(sight.seconds, 4), "schema": sight.revision},
            "messages": {
                "unsent": sum(waiting.count for waiting in sight.unsent.values()),
                "due": sight.messages.count,
                "oldest_due_seconds": _rounded(self.age(sight.messages)),
            },
            "timers": {"due": sight.timers.count, "late_by_seconds": _rounded(self.age(sight.timers))},
        }

    def age(self, waiting: Waiting) -> float:
        """Seconds for which the oldest has waited; 0 when nothing waits."""
        return max((self._clock.now() - (waiting.since or self._clock.now())).total_seconds(), 0.0)

    def _last_answer(self) -> dict[str, object] | None:
        last = self._slack.last
        if last is None:
            return None
        ago = (datetime.now(UTC) - last.at).total_seconds()
        return {"last_answer_seconds": _rounded(ago), "method": last.method, "outcome": last.outcome}


class TooSlow(StoreError):
    """The database has not answered within {seconds} s."""


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _forget(asked: asyncio.Task[Sight]) -> None:
    # Nobody may be waiting any more when it fails; a failure that nobody looks at would be logged as an accident.
    if not asked.cancelled():
        asked.exception()
