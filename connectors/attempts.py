"""One attempt at one message: send it, find out about an earlier attempt first if need be, and write down the outcome.

| Slack said | then |
|---|---|
| wait (429) | the method, the conversation or all posts are held; the message keeps its place, no attempt is counted |
| nothing was done (503, not connected) | everything is held, longer each time; the message keeps its place |
| no answer, or a failure that may have had its effect | a post is `unknown`: it is looked for before it is sent again |
| no, and it will always be no | parked; somebody is told another way |
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from connectors.pace import Patience, scattered
from connectors.slack.channels import Channels
from connectors.slack.client import (
    LockedOut,
    NoAnswer,
    RateLimited,
    Rejected,
    SlackClient,
    SlackProblem,
    Uncertain,
    Unreachable,
)
from connectors.slack.drawing import Drawn, Post, Redraw, is_told_again
from connectors.slack.posting import POST, Posting
from connectors.slack.reconciliation import History, Unreadable
from connectors.steps import Broken, step
from leads.office import Office
from storage import claims, lanes, leads, outbox
from storage.errors import StoreError
from storage.outbox import DROPPED, PARKED, PENDING, SENT, UNKNOWN, Message, Rank
from storage.transaction import Transaction

log = logging.getLogger(__name__)
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=2), timedelta(minutes=5)
LOOK_AFTER = timedelta(seconds=5)
"""When a message whose answer was lost is looked for: Slack may still be at it."""
REPEAT_AFTER = timedelta(seconds=30)
"""When it is sent again where it can't be looked for, unless it is a card: to wait tells nothing, and two of those do
no harm, while a rep who has none loses the buyer's time."""
POSTING_DELAY = timedelta(seconds=1)
LATEST_START = timedelta(seconds=8)
"""How much of a lease may be gone when a post begins: the rest is for its own calls, or another process would post too.
"""
MOST_FAILURES = 5
"""Tries of a message that can't be drawn, or that Slack fails at, before it is parked."""


class Attempts:
    """Makes attempts; how fast is `posting`'s to know, whether at all `patience`'s."""

    def __init__(
        self,
        office: Office,
        slack: SlackClient,
        channels: Channels,
        posting: Posting,
        patience: Patience,
        now: Callable[[], datetime],
    ) -> None:
        self._office, self._slack = office, slack
        self._posting, self._patience, self._now = posting, patience, now
        self._history = History(slack, channels, office)

    async def make(self, message: Message, drawn: Drawn | Exception, lease: str) -> None:
        """Send what was drawn for a leased row; raises `StoreError` only."""
        try:
            await self._send(message, drawn, lease)
        except StoreError:
            raise
        except RateLimited as limit:
            self._patience.worked()
            held = self._posting.limited(limit, message.lane)
            await self._give_back(message, lease, None if held else limit.seconds)
        except Unreachable as trouble:
            self._lose(trouble)
            await self._give_back(message, lease, None)
        except Uncertain as trouble:
            await self._doubt(message, lease, trouble)
        except Rejected as refusal:
            await self._refused(message, lease, refusal)
        except Exception as error:
            log.exception("a message failed", extra=message.ids)
            broken = error if isinstance(error, Broken) else Broken(f"it can't be delivered ({type(error).__name__})")
            await self._fail(message, lease, str(broken), in_doubt=broken.in_doubt)

    async def _send(self, message: Message, drawn: Drawn | Exception, lease: str) -> None:
        began = self._now()
        if message.in_doubt and await self._is_settled(message, drawn, lease):
            return
        if self._now() - began > LATEST_START:
            problem = "looking for it took too long"
            await self._office.run(claims.retry, message, lease, self._later(message), problem, state=UNKNOWN)
        elif isinstance(drawn, Exception):
            await self._fail(message, lease, f"it can't be drawn ({type(drawn).__name__})")
        elif isinstance(drawn, Post):
            await self._post(message, drawn, lease)
        elif isinstance(drawn, Redraw):
            await self._redraw(message, drawn, lease)
        else:
            await self._office.run(claims.finish, message, lease, self._now(), DROPPED)

    async def _post(self, message: Message, drawn: Post, lease: str) -> None:
        with step("its reader can't be looked up"):
            channel = await self._posting.address(message.lane)
        try:
            with step("it can't be sent", in_doubt=True):
                place = await self._posting.post(message, drawn, channel)
        except Rejected as refusal:
            with step("another way can't be found"):
                if not await self._posting.knows_better(message, drawn, refusal):
                    raise
            self._patience.worked()
            await self._give_back(message, lease, None)
            return
        self._patience.worked()
        with step("it was sent, which can't be written down", in_doubt=True):
            await self._office.run(self._sent, message, lease, place)
        log.info("a message was sent", extra={**message.ids, "kind": message.kind})

    async def _redraw(self, message: Message, drawn: Redraw, lease: str) -> None:
        with step("it can't be sent"):
            is_shown = await self._posting.redraw(drawn)
        if not is_shown:
            await self._give_back(message, lease, None)
        elif drawn.posting:
            await self._give_back(message, lease, POSTING_DELAY.total_seconds())
        else:
            self._patience.worked()
            await self._office.run(claims.finish, message, lease, self._now(), SENT)

    async def _is_settled(self, message: Message, drawn: Drawn | Exception, lease: str) -> bool:
        """Find out about an earlier attempt; False when the message has to be sent."""
        try:
            thread = drawn.thread_ts if isinstance(drawn, Post) else None
            with step("it can't be looked for"):
                place = await self._history.find(message, thread)
        except Unreadable as obstacle:
            log.info("a message can't be looked for (%s)", obstacle, extra=message.ids)
            return await self._is_left(message, drawn, lease)
        self._patience.worked()
        if place is not None:
            await self._office.run(self._found, message, lease, place)
        return place is not None

    async def _is_left(self, message: Message, drawn: Drawn | Exception, lease: str) -> bool:
        """Whether a message that may have arrived is not to be sent now, or never."""
        wait = (message.tried_at or self._now()) + REPEAT_AFTER - self._now()
        if isinstance(drawn, Post) and message.kind != "card" and wait > timedelta(0):
            await self._give_back(message, lease, wait.total_seconds())
            return True
        if isinstance(drawn, Post) and await self._office.read(is_told_again, message, self._now()):
            problem = "its answer was lost, and the next reminder is near"
            await self._office.run(claims.finish, message, lease, self._now(), DROPPED, problem=problem)
            return True
        return False

    def _sent(self, tx: Transaction, message: Message, lease: str, place: tuple[str, str]) -> None:
        channel, ts = place
        if not claims.finish(tx, message, lease, self._now(), SENT, channel=channel, ts=ts):
            log.warning("a message was sent after its lease had run out: it may appear twice", extra=message.ids)
        elif (reader := lanes.reader(message.lane)) is not None:
            self._office.desk.reached(tx, reader)
            self._measure(tx, message)

    def _measure(self, tx: Transaction, message: Message) -> None:
        """How long a buyer's arrival took to reach the rep, where the lead was neither held nor reassigned between."""
        lead = leads.load(tx, message.lead_id) if message.kind == "card" and message.lead_id else None
        if lead is not None and lead.received_at == message.created_at:
            tx.note("rep told", seconds=(self._now() - lead.received_at).total_seconds())

    def _found(self, tx: Transaction, message: Message, lease: str, place: tuple[str, str]) -> None:
        self._sent(tx, message, lease, place)
        if message.kind == "card" and message.lead_id:
            # It shows the lead as it was then.
            outbox.refresh(tx, self._now(), message.lead_id, Rank.REDRAW)

    async def _give_back(self, message: Message, lease: str, seconds: float | None) -> None:
        due = None if seconds is None else self._now() + timedelta(seconds=seconds)
        await self._office.run(claims.give_back, message, lease, due)

    def _lose(self, trouble: SlackProblem) -> None:
        if not self._patience.is_tried:
            say = log.error if isinstance(trouble, LockedOut) else log.warning
            say("nothing can be sent to Slack now: %s", trouble)
        self._patience.failed()

    async def _doubt(self, message: Message, lease: str, trouble: Uncertain) -> None:
        away = isinstance(trouble, NoAnswer)
        if away:
            self._lose(trouble)
        if trouble.method != POST:
            await (self._give_back(message, lease, None) if away else self._fail(message, lease, str(trouble)))
        elif message.attempts + 1 >= MOST_FAILURES and not away:
            await self._office.run(self._park, message, lease, str(trouble))
        else:
            due, counted = self._now() + LOOK_AFTER, not away
            await self._office.run(claims.retry, message, lease, due, str(trouble), state=UNKNOWN, counted=counted)

    async def _fail(self, message: Message, lease: str, problem: str, *, in_doubt: bool = False) -> None:
        """Something of this message's own is wrong: try it later, and not for ever."""
        if message.attempts + 1 >= MOST_FAILURES:
            await self._office.run(self._park, message, lease, problem)
            return
        state = UNKNOWN if in_doubt or message.in_doubt else PENDING
        await self._office.run(claims.retry, message, lease, self._later(message), problem, state=state)

    def _later(self, message: Message) -> datetime:
        """When to try again: the longer the more often it was tried."""
        return self._now() + scattered(min(FIRST_DELAY * 2 ** min(message.attempts, 16), LONGEST_DELAY))

    async def _refused(self, message: Message, lease: str, refusal: Rejected) -> None:
        if refusal.word == "account_inactive" and not await self._is_known():
            await self._give_back(message, lease, None)
            return
        self._patience.worked()
        log.error("a message can't be delivered: %s", refusal, extra=message.ids)
        self._posting.forget(message.lane)
        await self._office.run(self._park, message, lease, str(refusal), out_of_reach=refusal.is_out_of_reach)

    async def _is_known(self) -> bool:
        """Whether our own account is alive: Slack has one word for a rep who left and for a bot that was removed."""
        try:
            await self._slack.call("auth.test")
        except SlackProblem as trouble:
            self._lose(LockedOut(f"the bot's account: {trouble}"))
            return False
        return True

    def _park(self, tx: Transaction, message: Message, lease: str, problem: str, *, out_of_reach: bool = False) -> None:
        if claims.finish(tx, message, lease, self._now(), PARKED, problem=problem):
            self._office.desk.undeliverable(tx, message, problem, out_of_reach=out_of_reach)
