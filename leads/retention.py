"""Letting go of what has had its use, a small transaction at a time, so that nobody waits behind it.

| what | goes |
|---|---|
| who a closed lead was | when nothing has happened to it for `personal_data_after`; without that, never |
| a delivery that could not be used | after the same time |
| the receipt of one that was taken in | after 30 days: senders repeat within hours |
| the receipt of a press in Slack | after a day: Slack repeats within the hour |
| messages of leads in nobody's hands, and digests | 30 days after they were delivered or dropped |
| timers of leads in nobody's hands, and of reports | 30 days after they fired |
"""

from dataclasses import dataclass
from datetime import timedelta

from leads.work import SYSTEM, Work
from storage import retention
from storage.receipts import SLACK

DELIVERIES = timedelta(days=30)
PRESSES = timedelta(days=1)
MESSAGES = timedelta(days=30)
TIMERS = timedelta(days=30)
LEADS_AT_ONCE = 50
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one sweep has come: the ids to go on from, None where it has seen all."""

    leads: bool = True
    messages: int | None = 0
    receipts: int | None = 0
    timers: int | None = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to look at."""
        return not self.leads and self.messages is self.receipts is self.timers is None


def let_go(work: Work, progress: Progress) -> Progress:
    """One batch of each kind; returns how far that is."""
    messages, receipts, timers = progress.messages, progress.receipts, progress.timers
    if messages is not None:
        messages = retention.drop_messages(work.tx, messages, work.now - MESSAGES, ROWS_AT_ONCE)
    if receipts is not None:
        receipts = _drop_receipts(work, receipts)
    if timers is not None:
        timers = retention.drop_timers(work.tx, timers, work.now - TIMERS, ROWS_AT_ONCE)
    return Progress(progress.leads and _erase_leads(work), messages, receipts, timers)


def _drop_receipts(work: Work, after: int) -> int | None:
    kept = work.policy.personal_data_after
    done = {"": work.now - DELIVERIES, SLACK: work.now - PRESSES}
    put_aside = None if kept is None else work.now - kept
    return retention.drop_receipts(work.tx, after, done, put_aside, ROWS_AT_ONCE)


def _erase_leads(work: Work) -> bool:
    """Erase who the oldest closed leads were; True when there may be more."""
    if work.policy.personal_data_after is None:
        return False
    found = retention.ended(work.tx, work.now - work.policy.personal_data_after, LEADS_AT_ONCE)
    if found:
        retention.erase(work.tx, found, work.now, {SYSTEM, *work.policy.people()})
    return len(found) == LEADS_AT_ONCE
