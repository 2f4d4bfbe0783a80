"""The weekly digest: when it is due, and the figures it carries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.work import Work
from sla_engine.policy import Digest, Policy
from sla_engine.recurrence import next_weekly
from storage import clocks, lanes, outbox, queries
from storage.clocks import Purpose, Timer
from storage.outbox import Rank
from storage.queries import Rejection
from storage.transaction import Transaction

WEEK = timedelta(days=7)
TWO_HOURS = timedelta(hours=2)
"""More than a change of clocks makes a week longer or shorter."""
EXAMPLES = 5
"""How many rejections a report quotes in the reps' words: the last ones."""
SPAN = timedelta(days=30)
"""How far back the numbers of reps and teams reach."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something came up in a week, and in the week before."""

    name: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class RejectionReport:
    """A week of rejections: `start` and `end` are UTC, `handed_over` counts the leads given to reps in that week."""

    start: datetime
    end: datetime
    handed_over: int
    total: Tally
    reasons: tuple[Tally, ...]
    sources: tuple[Tally, ...]
    examples: tuple[Rejection, ...]


def schedule(work: Work) -> None:
    """See to it that every digest of the policy has a timer; called at the start, by every process."""
    for digest in work.policy.digests:
        due = clocks.pending_at(work.tx, Purpose.DIGEST, digest.name)
        # One that fell due while nobody ran still fires; one ahead follows the policy, which may have changed.
        if due is None or due > work.now:
            clocks.set_timer(work.tx, Purpose.DIGEST, digest.name, following(digest, work.now))


def following(digest: Digest, after: datetime) -> datetime:
    """When the digest is next due after an instant, in UTC."""
    return next_weekly(after, digest.weekday, digest.at, digest.timezone)


def queue_digest(work: Work, timer: Timer) -> None:
    """A digest is due: queue the newest one due, however many were slept through, and set the next timer."""
    digest = next((one for one in work.policy.digests if one.name == timer.subject), None)
    if digest is None:
        return
    end = timer.due_at or work.now
    while (upcoming := following(digest, end)) <= work.now:
        end = upcoming
    key, lane = f"{timer.key}:{end.isoformat()}", lanes.to_channel(digest.channel)
    detail = {"name": digest.name, "end": end.isoformat()}
    outbox.post(work.tx, work.now, key=key, kind="digest", lane=lane, rank=Rank.DIGEST, detail=detail)
    clocks.set_timer(work.tx, Purpose.DIGEST, digest.name, upcoming)


def rejections(tx: Transaction, policy: Policy, digest: Digest, end: datetime) -> RejectionReport:
    """The rejections of the week that ends at `end`, beside those of the week before."""
    start = _week_before(digest, end)
    this = queries.rejections(tx, start, end)
    last = queries.rejections(tx, _week_before(digest, start), start)
    labels = {one.reason: one.label for one in (*last, *this)} | {one.id: one.label for one in policy.reasons}
    noted = [one for one in this if one.note]
    return RejectionReport(
        start,
        end,
        queries.handed_over(tx, start, end),
        Tally("all", len(this), len(last)),
        _tallies(Counter(one.reason for one in this), Counter(one.reason for one in last), labels),
        _tallies(Counter(one.source for one in this), Counter(one.source for one in last), {}),
        tuple(noted[-EXAMPLES:]),
    )


def _week_before(digest: Digest, end: datetime) -> datetime:
    """When the digest was due before, in UTC; seven days before what is no time of its own."""
    is_due = following(digest, end - timedelta.resolution) == end
    return following(digest, end - WEEK - TWO_HOURS) if is_due else end - WEEK


def _tallies(now: Counter[str], before: Counter[str], labels: Mapping[str, str]) -> tuple[Tally, ...]:
    found = [Tally(labels.get(name, name), now[name], before[name]) for name in now | before]
    return tuple(sorted(found, key=lambda tally: (-tally.now, -tally.before, tally.name)))
