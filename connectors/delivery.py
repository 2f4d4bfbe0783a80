"""Emptying the outbox: lease what is due, draw it, send it, write down what became of it.

At least once to the outside, once to the eye. A row is leased before it is sent and finished after, each in a
transaction of its own, because nothing may wait for the network inside one. A message whose answer was lost is looked
for before it is sent again; one slow answer holds up nobody but its own conversation.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from connectors.attempts import Attempts
from connectors.pace import Patience, Tempo
from connectors.slack.channels import Channels
from connectors.slack.client import SlackClient
from connectors.slack.directory import Directory
from connectors.slack.drawing import Drawn, UnknownKind, draw
from connectors.slack.posting import Posting
from leads.office import Office
from sla_engine.policy import Policy
from storage import claims, outbox
from storage.errors import StoreError
from storage.lanes import REDRAWING
from storage.outbox import Message
from storage.transaction import Transaction

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
"""How long what a dead process had in hand waits for another. Longer than finding the person and posting take when both
run into their time limit; whoever needed much of it before that gives the message back (`connectors/attempts`)."""
POSTS_AT_ONCE, REDRAWINGS_AT_ONCE = 20, 8
"""Calls under way at most, of each kind: slow redrawings keep no offer waiting."""
A_SLICE = 0.05
"""Seconds after which somebody who waits for a slow answer looks whether there is something new to send."""


class Delivery:
    """Sends what the outbox holds, at the pace Slack allows.

    `alive` is called again and again while a long pass goes on.
    """

    def __init__(
        self,
        office: Office,
        slack: SlackClient,
        directory: Directory,
        policy: Callable[[], Policy],
        now: Callable[[], datetime],
        tempo: Tempo | None = None,
        *,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._alive = alive
        self._office, self._policy, self._now = office, policy, now
        channels = Channels(slack, directory, now)
        self._posting = Posting(slack, directory, channels, now, tempo or Tempo())
        self._patience = Patience(now)
        self._attempts = Attempts(office, slack, channels, self._posting, self._patience, now)
        self._under_way: dict[asyncio.Task[None], Message] = {}
        self._unsent: dict[str, datetime] = {}

    async def open(self) -> None:
        """The service starts: where it is the only one, what a process before it left leased is its own."""
        await self._office.run(claims.inherit, self._now())

    async def deliver_due(self) -> datetime | None:
        """Send until nothing more can be sent now; returns when the next message is due, or may be sent."""
        await self._release()
        while True:
            self._alive()
            # What is held back now may be free by the time nothing was found to send.
            free = self._free_at()
            posts, redrawings = self._room()
            if not (posts or redrawings or self._under_way):
                return free
            due = await self._office.read(outbox.next_due) if posts or redrawings else None
            is_due = due is not None and due <= self._now()
            if is_due:
                # It takes all that may go now: another claim at once would count on room that is just being used.
                await self._begin(posts, redrawings)
            if not self._under_way:
                break
            await asyncio.wait(self._under_way, timeout=A_SLICE, return_when=asyncio.FIRST_COMPLETED)
            self._clear()
        if not is_due:
            return due
        later = await self._office.read(outbox.next_due, self._now())
        return min((at for at in (free, later) if at is not None), default=None)

    def _free_at(self) -> datetime | None:
        if (patient := self._patience.free_at()) is not None:
            return patient
        waits = [pace.next_free() for pace in self._posting.paces]
        return min((at for at in waits if at is not None), default=None)

    def _room(self) -> tuple[int, int]:
        """How many messages may be posted now, and how many cards drawn again."""
        if self._patience.free_at() is not None or (self._patience.is_tried and self._under_way):
            return 0, 0
        redrawing = sum(message.lane == REDRAWING for message in self._under_way.values())
        posting = len(self._under_way) - redrawing
        posts = min(POSTS_AT_ONCE - posting, self._posting.room())
        redrawings = min(REDRAWINGS_AT_ONCE - redrawing, self._posting.updates.room())
        return (min(posts, 1), min(redrawings, 1)) if self._patience.is_tried else (posts, redrawings)

    async def _release(self) -> None:
        """Write down what became of messages while the database was away; give back what was only leased by then."""
        await self._attempts.write_down()
        for lease, claimed_at in list(self._unsent.items()):
            await self._office.run(claims.release, lease, claimed_at)
            del self._unsent[lease]

    async def _begin(self, posts: int, redrawings: int) -> None:
        """Lease what may be sent now and start sending it."""
        lease, now = secrets.token_hex(8), self._now()
        # Worked out here: the claim runs in the writer's thread, and all this changes in the loop's.
        lanes = {*self._posting.lanes.held(), *(message.lane for message in self._under_way.values())}
        known = [message.id for message in self._under_way.values()]
        # The claim itself may be committed though its answer was lost.
        self._unsent[lease] = now
        messages = await self._office.run(self._claim, lease, now, posts, redrawings, lanes, known)
        drawn = await self._draw(messages)
        del self._unsent[lease]
        for message, content in drawn:
            if message.lane != REDRAWING:
                self._posting.reserve(message)
            task = asyncio.create_task(self._attempts.make(message, content, lease))
            self._under_way[task] = message

    def _claim(
        self, tx: Transaction, lease: str, now: datetime, posts: int, redrawings: int, lanes: set[str], known: list[int]
    ) -> list[Message]:
        found: list[Message] = []
        if posts:
            found += claims.claim_posts(tx, now, lease, now + LEASE, posts, lanes)
        if redrawings and not (found and self._patience.is_tried):
            found += claims.claim_redrawings(tx, now, lease, now + LEASE, redrawings, known)
        return found

    async def _draw(self, messages: list[Message]) -> list[tuple[Message, Drawn | Exception]]:
        """Draw all in one transaction; when one of them can't be drawn, each in its own, so that it fails alone."""
        if not messages:
            return []
        try:
            return [*await self._office.read(draw, messages, self._policy(), self._now())]
        except StoreError:
            raise
        except Exception:  # which message it was shows when each is drawn on its own, and so does what is wrong
            return [(message, await self._draw_one(message)) for message in messages]

    async def _draw_one(self, message: Message) -> Drawn | Exception:
        try:
            [(_, drawn)] = await self._office.read(draw, [message], self._policy(), self._now())
            return drawn
        except StoreError:
            raise
        except UnknownKind as error:
            return error
        except Exception as error:  # whatever is wrong with one message must not keep the others from going
            log.exception("a message can't be drawn", extra=message.ids)
            return error

    def _clear(self) -> None:
        """Forget what has come to its end; raises what went wrong with the database."""
        done = [task for task in self._under_way if task.done()]
        for task in done:
            self._posting.release(self._under_way.pop(task))
        for task in done:
            task.result()
