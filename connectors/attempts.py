"""One attempt at one message: send it, find out about an earlier attempt first if need be, and write down the outcome.

What becomes of a message that met trouble is `connectors/verdicts`'s to say. What the trouble tells of Slack is kept
here: whether to leave it in peace, and which conversation it would not have.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.pace import Patience, scattered
from connectors.slack.channels import Channels
from connectors.slack.client import LockedOut, NoAnswer, RateLimited, Rejected, SlackClient, SlackProblem, Unreachable
from connectors.slack.drawing import Drawn, Post, Redraw, UnknownKind, is_told_again
from connectors.slack.posting import Posting
from connectors.slack.reconciliation import History, Unreadable
from connectors.steps import Broken, SlowLook, step
from connectors.verdicts import LOOK_AFTER, UNTRIED, Verdict, verdict
from leads.office import Office
from storage import claims, lanes, leads, outbox
from storage.errors import StoreError
from storage.outbox import DROPPED, PARKED, SENT, Message, Rank
from storage.transaction import Transaction

log = logging.getLogger(__name__)
REPEAT_AFTER = timedelta(seconds=30)
"""When a message is sent again where it can't be looked for, unless it is a card: to wait tells nothing, and two of
those do no harm, while a rep who has none loses the buyer's time."""
POSTING_DELAY = timedelta(seconds=1)
LATEST_START = timedelta(seconds=8)
"""How much of a lease may be gone when a post begins: the rest is for its own calls, or another process would post too.
"""
LEFT_TO_THE_NEXT = "its answer was lost, and the next reminder is near"


@dataclass(slots=True)
class Attempt:
    """What is being tried. `looked` says that Slack was read, and an earlier attempt had not arrived; `began` that it
    may be in Slack from now on."""

    message: Message
    lease: str
    looked: bool = False
    began: bool = False


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
        self._unwritten: list[Callable[[Transaction], object]] = []

    async def write_down(self) -> None:
        """Write what the database was not there for, each if its lease still holds; raises `StoreError`."""
        while self._unwritten:
            await self._office.run(self._unwritten[0])
            del self._unwritten[0]

    async def _write(self, verb: Callable[..., object], *about: Any, **how: Any) -> None:
        try:
            await self._office.run(verb, *about, **how)
        except StoreError:
            self._unwritten.append(lambda tx: verb(tx, *about, **how))
            raise

    async def make(self, message: Message, drawn: Drawn | Exception, lease: str) -> None:
        """Send what was drawn for a leased row; raises `StoreError` only."""
        attempt = Attempt(message, lease)
        try:
            outcome = await self._send(attempt, drawn)
        except StoreError:
            if not attempt.began:
                self._unwritten.append(lambda tx: claims.give_back(tx, message, lease))
            raise
        except Exception as error:
            trouble = await self._understood(error, message)
            self._learn(trouble, message)
            outcome = verdict(message, trouble, looked=attempt.looked)
        if outcome is not None:
            await self._settle(attempt, outcome)

    async def _send(self, attempt: Attempt, drawn: Drawn | Exception) -> Verdict | None:
        """What becomes of the message; None when it was sent, and that is written down."""
        message = attempt.message
        if message.in_doubt and await self._is_found(attempt, drawn):
            return None
        is_blind = message.in_doubt and not attempt.looked
        if is_blind and isinstance(drawn, Post) and (left := await self._left(message)) is not None:
            return left
        if isinstance(drawn, Exception):
            raise drawn if isinstance(drawn, UnknownKind) else Broken(f"it can't be drawn ({type(drawn).__name__})")
        if isinstance(drawn, Post):
            return await self._post(attempt, drawn)
        return await self._redraw(message, drawn) if isinstance(drawn, Redraw) else Verdict(DROPPED)

    async def _post(self, attempt: Attempt, drawn: Post) -> Verdict | None:
        message = attempt.message
        with step("its reader can't be looked up"):
            channel = await self._posting.address(message.lane)
        attempt.began = True
        try:
            with step("it can't be sent", in_doubt=True):
                place = await self._posting.post(message, drawn, channel)
        except Rejected as refusal:
            attempt.began = False
            with step("another way can't be found"):
                if not await self._posting.knows_better(message, drawn, refusal):
                    raise
            self._patience.worked()
            return UNTRIED
        self._patience.worked()
        with step("it was sent, which can't be written down", in_doubt=True):
            await self._write(self._sent, message, attempt.lease, place)
        log.info("a message was sent", extra={**message.ids, "kind": message.kind})
        return None

    async def _redraw(self, message: Message, drawn: Redraw) -> Verdict:
        with step("it can't be sent"):
            is_shown = await self._posting.redraw(message, drawn)
        if not is_shown:
            return UNTRIED
        if drawn.posting:
            return Verdict(wait=POSTING_DELAY)
        self._patience.worked()
        return Verdict(SENT)

    async def _is_found(self, attempt: Attempt, drawn: Drawn | Exception) -> bool:
        """Find out about an earlier attempt; False when it did not arrive, or nobody may look."""
        began, message = self._now(), attempt.message
        try:
            thread = drawn.thread_ts if isinstance(drawn, Post) else None
            with step("it can't be looked for"):
                place = await self._history.find(message, thread)
        except Unreadable as obstacle:
            log.info("a message can't be looked for (%s)", obstacle, extra=message.ids)
            return False
        self._patience.worked()
        if place is not None:
            await self._office.run(self._found, message, attempt.lease, place)
            return True
        attempt.looked = True
        if self._now() - began > LATEST_START:
            raise SlowLook("looking for it took too long")
        return False

    async def _left(self, message: Message) -> Verdict | None:
        """What becomes of a message that may have arrived, where nobody may look; None when it is to be sent again."""
        began = self._now()
        wait = (message.tried_at or began) + REPEAT_AFTER - began
        if message.kind != "card" and wait > timedelta(0):
            return Verdict(wait=wait)
        if await self._office.read(is_told_again, message, began):
            return Verdict(DROPPED, why=LEFT_TO_THE_NEXT)
        # A copy may come of it: not before Slack answers what costs nothing, or each outage would bring some.
        with suppress(Rejected):
            await self._slack.call("auth.test")
        return Verdict(wait=LOOK_AFTER) if self._now() - began > LATEST_START else None

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
        # Before the message, as whoever changes the lead locks them.
        lead = leads.load(tx, message.lead_id, locked=True) if message.kind == "card" and message.lead_id else None
        self._sent(tx, message, lease, place)
        if lead is not None:  # It shows the lead as it was then.
            outbox.refresh(tx, self._now(), lead.id, Rank.REDRAW)

    async def _understood(self, error: Exception, message: Message) -> Exception:
        """What a failure means for the message, among the kinds of trouble that are known."""
        if isinstance(error, Rejected) and error.word == "account_inactive":
            return await self._account(error)
        if isinstance(error, SlackProblem | Broken | UnknownKind):
            return error
        log.error("a message failed", extra=message.ids, exc_info=error)
        return Broken(f"it can't be delivered ({type(error).__name__})")

    async def _account(self, refusal: Rejected) -> SlackProblem:
        """Whose account it is that is dead: Slack has one word for a rep who left and for a bot that was removed."""
        try:
            await self._slack.call("auth.test")
        except SlackProblem as trouble:
            return LockedOut(f"the bot's account: {trouble}")
        return refusal

    def _learn(self, trouble: Exception, message: Message) -> None:
        """What a failure tells of Slack, whatever message met it."""
        match trouble:
            case RateLimited():
                if trouble.method:  # else we were not to ask, and Slack said nothing
                    self._patience.worked()
                self._posting.limited(trouble, message.lane)
            case Unreachable() | NoAnswer():
                if not self._patience.is_tried:
                    say = log.error if isinstance(trouble, LockedOut) else log.warning
                    say("nothing can be sent to Slack now: %s", trouble)
                self._patience.failed()
            case Rejected():
                self._patience.worked()
                self._posting.forget(message.lane)

    async def _settle(self, attempt: Attempt, outcome: Verdict) -> None:
        """Write down what becomes of a message that was not sent."""
        message, lease, now = attempt.message, attempt.lease, self._now()
        wait = scattered(outcome.wait) if outcome.wait and outcome.rough else outcome.wait
        due = None if wait is None else now + wait
        if outcome.state is None:
            await self._write(claims.give_back, message, lease, due)
        elif outcome.state == PARKED:
            await self._park(attempt, outcome)
        elif due is None:
            await self._write(claims.finish, message, lease, now, outcome.state, problem=outcome.why)
        else:
            why, counted = outcome.why or "", outcome.counted
            await self._write(claims.retry, message, lease, due, why, state=outcome.state, counted=counted)

    async def _park(self, attempt: Attempt, outcome: Verdict) -> None:
        message = attempt.message
        log.error("a message can't be delivered: %s", outcome.why, extra=message.ids)
        try:
            await self._office.run(self._parked, attempt, outcome, is_told=True)
        except StoreError:
            raise
        except Exception:  # a mistake in what is to follow must not bring the message back again and again
            log.exception("nobody could be told that a message can't be delivered", extra=message.ids)
            await self._office.run(self._parked, attempt, outcome, is_told=False)

    def _parked(self, tx: Transaction, attempt: Attempt, outcome: Verdict, *, is_told: bool) -> None:
        message, why = attempt.message, outcome.why or ""
        if message.lead_id:  # Before the message, as whoever changes the lead locks them.
            leads.load(tx, message.lead_id, locked=True)
        if claims.finish(tx, message, attempt.lease, self._now(), PARKED, problem=why) and is_told:
            reach = {"out_of_reach": outcome.out_of_reach, "in_doubt": outcome.in_doubt}
            self._office.desk.undeliverable(tx, message, why, **reach)
