"""What must be true after any fault, looked up in the database and in what Slack has (docs/reliability.md).

The auditor is told what the senders of webhooks were answered. It believes nothing else: every other fact is a row or a
message that stands in Slack, which carries the number of the row it came from.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Row

from sla_engine.clock import Kind
from storage.tables import ASSIGNMENT, CLOCK, HISTORY, LEAD, MESSAGE, RECEIPT, TIMER
from tests.faults.evidence import Answer, Evidence, Span, gather
from tests.world import World

MOVED = {"paused", "calendar changed"}
"""Events of a lead whose clocks did not run straight through."""
OVER = {"recycled", "disqualified", "customer"}
"""How a rep's time with a lead ends when the lead does not pass on to another."""


def doubled(evidence: Evidence) -> list[int]:
    """The rows whose message stands in Slack more than once."""
    return sorted(number for number, instants in evidence.posts.items() if len(instants) > 1)


def findings(evidence: Evidence) -> list[str]:
    """Everything that is not as it was promised; empty when all is well."""
    return [finding for check in CHECKS for finding in check(evidence)]


def kept(evidence: Evidence) -> Iterator[str]:
    """I1: what was answered with a 2xx has exactly one lead, always the same."""
    receipts = {row.webhook_id: row for row in evidence[RECEIPT] if row.state == "done"}
    known = {row.id for row in evidence[LEAD]}
    for answer in filter(lambda one: one.is_kept, evidence.answers):
        receipt = receipts.get(answer.webhook_id)
        if receipt is None or answer.lead_id not in known:
            yield f"{answer.webhook_id} was answered {answer.status} with lead {answer.lead_id} and is lost"
        elif receipt.lead_id != answer.lead_id:
            yield f"{answer.webhook_id} was answered lead {answer.lead_id} and is lead {receipt.lead_id}"
    received: dict[str, list[str]] = defaultdict(list)
    for entry in evidence[HISTORY]:
        if entry.event == "received":
            received[entry.detail["webhook_id"]].append(entry.lead_id)
    yield from (f"{name} became {len(ids)} leads" for name, ids in received.items() if len(ids) > 1)


def whole(evidence: Evidence) -> Iterator[str]:
    """No lead is half written: each has its receipt and its history."""
    receipts = {row.lead_id for row in evidence[RECEIPT]}
    histories = evidence.by_lead(HISTORY)
    for lead in evidence[LEAD]:
        if lead.id not in receipts or not histories[lead.id]:
            yield f"lead {lead.id} is half written"


def in_hand(evidence: Evidence) -> Iterator[str]:
    """I2: each open lead that somebody has is in one pair of hands, and any other in none."""
    assignments = evidence.by_lead(ASSIGNMENT)
    for lead in evidence[LEAD]:
        live = [one.rep for one in assignments[lead.id] if one.ended_at is None]
        is_held = lead.status in ("MQL", "SAL", "SQL", "Opportunity") and lead.plan == "assigned"
        if is_held and live != [lead.rep]:
            yield f"lead {lead.id} is {lead.rep}'s, and its live assignments are {live}"
        if lead.status in ("MQL", "Recycled", "Disqualified") and not is_held and live:
            yield f"lead {lead.id} is nobody's, and its live assignments are {live}"


def timed(evidence: Evidence) -> Iterator[str]:
    """I2: each promise that runs has a clock with all its timers; what stopped has none pending."""
    clocks, timers = evidence.by_lead(CLOCK), timers_of(evidence)
    for lead in evidence[LEAD]:
        running = [clock.kind for clock in clocks[lead.id] if clock.stopped_at is None and clock.kind != Kind.ROUTING]
        owed = sorted(owed_by(lead))
        if sorted(running) != owed:
            yield f"lead {lead.id} ({lead.status}, {lead.plan}) owes {owed}, and its clocks are {sorted(running)}"
    for clock in (one for one in evidence[CLOCK] if one.kind != Kind.ROUTING):
        pending = [timer for timer in timers[clock.id] if timer.fired_at is None]
        if clock.stopped_at is not None and pending:
            yield f"clock {clock.id} has stopped, and {len(pending)} of its timers are pending"
        if clock.stopped_at is None and not any(timer.share == 100 for timer in timers[clock.id]):
            yield f"clock {clock.id} of lead {clock.lead_id} runs without a timer"


def owed_by(lead: Row[Any]) -> Iterator[str]:
    """The kinds of clock that must run for a lead."""
    if lead.status == "MQL" and lead.plan == "assigned":
        yield Kind.ACCEPTANCE.value
    if lead.status == "SAL":
        yield Kind.QUALIFICATION.value
        if lead.first_response_at is None:
            yield Kind.FIRST_TOUCH.value


def timers_of(evidence: Evidence) -> dict[int, list[Row[Any]]]:
    """The timers of each clock."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for timer in evidence[TIMER]:
        if timer.clock_id is not None:
            found[timer.clock_id].append(timer)
    return found


def told(evidence: Evidence) -> Iterator[str]:
    """I3 and I4: each row of the outbox came to its end, and Slack has what was sent once.

    Twice only where more than one attempt was made: the outcome of one of them was unknown then.
    """
    for row in evidence[MESSAGE]:
        posts = len(evidence.posts.get(row.id, ()))
        what = f"message {row.id} ({row.key}, {row.state}, {row.attempts} attempts)"
        if row.done_at is None:
            yield f"{what} has not come to its end: {row.problem}, leased until {row.leased_until}"
        elif row.state == "sent" and row.kind != "cards" and not posts:
            yield f"{what} never reached Slack"
        elif posts > 1 and row.attempts < posts:
            yield f"{what} stands in Slack {posts} times"
        elif row.state in ("dropped", "parked") and posts and row.attempts < 2:
            yield f"{what} stands in Slack all the same"


def in_order(evidence: Evidence) -> Iterator[str]:
    """I7: in each conversation the news of one lead stand in the order in which they happened."""
    last: dict[tuple[str, str], datetime] = {}
    for row in evidence[MESSAGE]:
        if first := min(evidence.posts.get(row.id, ()), default=None):
            place = (row.lane, row.lead_id or row.key)
            if first < last.get(place, first):
                yield f"message {row.id} ({row.key}) was overtaken by an older one of its lead"
            last[place] = max(first, last.get(place, first))


def punctual(evidence: Evidence) -> Iterator[str]:
    """I5: no timer fired before its time, none late without a reason, and none that is due is left."""
    for timer in evidence[TIMER]:
        if timer.due_at is None:
            continue
        until = timer.fired_at or evidence.now
        if timer.fired_at is not None and timer.fired_at < timer.due_at:
            yield f"timer {timer.key} fired {timer.due_at - timer.fired_at} early"
        if until - timer.due_at > evidence.patience and not evidence.was_out(until):
            yield f"timer {timer.key} was due {timer.due_at} and " + (
                f"fired {until - timer.due_at} late" if timer.fired_at else "has not fired"
            )


def complete(evidence: Evidence) -> Iterator[str]:
    """I5: a clock that stopped had fired every level it had passed; a breach is stamped wherever there was one."""
    timers = timers_of(evidence)
    shares = {timer.share for timer in evidence[TIMER] if timer.share is not None}
    patience = evidence.patience // timedelta(microseconds=1)
    for clock in (one for one in evidence[CLOCK] if one.kind != Kind.ROUTING and one.stopped_at is not None):
        if evidence.was_out(clock.stopped_at):
            continue
        passed = {share for share in shares if clock.target * share // 100 + patience < clock.spent}
        for share in sorted(passed - {timer.share for timer in timers[clock.id]}):
            yield f"clock {clock.id} of lead {clock.lead_id} passed {share} % and nobody was told"
        if clock.spent > clock.target and clock.breached_at is None:
            yield f"clock {clock.id} of lead {clock.lead_id} was broken and that is not stamped"


def effective(evidence: Evidence) -> Iterator[str]:
    """I5: of the levels that fired together, the highest that does something had its effect, once."""
    histories = evidence.by_lead(HISTORY)
    clocks = {clock.id: clock for clock in evidence[CLOCK]}
    groups: dict[tuple[int, datetime], list[Row[Any]]] = defaultdict(list)
    for timer in evidence[TIMER]:
        if timer.kind == "level" and timer.fired_at is not None:
            groups[timer.clock_id, timer.fired_at].append(timer)
    for (number, at), group in groups.items():
        clock, highest = clocks[number], max(group, key=rank)
        reached = [one for one in histories[clock.lead_id] if is_reached(one, clock, highest)]
        over = clock.stopped_at is not None and (clock.stopped_at < at or (clock.answered and clock.stopped_at == at))
        moved = any(one.event in MOVED for one in histories[clock.lead_id])
        if len(reached) > 1 or (not reached and not over and not moved):
            yield f"level {highest.key} of lead {clock.lead_id} had its effect {len(reached)} times"


def rank(timer: Row[Any]) -> tuple[bool, int]:
    """Sorts the level that is told last: one that does nothing comes before all others."""
    return bool(timer.detail.get("notify") or timer.detail.get("reassign")), int(timer.share)


def is_reached(entry: Row[Any], clock: Row[Any], timer: Row[Any]) -> bool:
    """Whether an entry of the history is about this level of this clock."""
    same = entry.event == "level reached" and entry.at == timer.due_at
    return same and (entry.detail["clock"], entry.detail["share"]) == (clock.kind, timer.share)


def quiet(evidence: Evidence) -> Iterator[str]:
    """I6: once a promise is answered, or its lead is over, nobody is reminded of it."""
    clocks = {clock.id: clock for clock in evidence[CLOCK]}
    passed_on = {(one.lead_id, one.rep, one.ended_at) for one in evidence[ASSIGNMENT] if one.outcome not in OVER}
    for row in evidence[MESSAGE]:
        clock = clocks.get(row.detail.get("clock", 0)) if row.kind == "reminder" else None
        if clock is None or clock.stopped_at is None:
            continue
        if not clock.answered and (clock.lead_id, clock.rep, clock.stopped_at) in passed_on:
            continue  # They are told that it passed on.
        late = [at for at in evidence.posts.get(row.id, ()) if at > clock.stopped_at + evidence.patience]
        if late:
            yield f"{row.key} of lead {row.lead_id} was posted {late[0] - clock.stopped_at} after the end of its clock"


def consistent(evidence: Evidence) -> Iterator[str]:
    """I8: the history of each lead ends where the lead is, without a gap, and the ledger gives the book."""
    for lead_id, entries in evidence.by_lead(HISTORY).items():
        for earlier, later in pairwise(entries):
            if earlier.after != later.before:
                yield f"lead {lead_id} was {earlier.after} and then came from {later.before} ({later.event})"
    last = {entry.lead_id: entry.after for entry in evidence[HISTORY]}
    yield from (
        f"lead {lead.id} is {lead.status}, its history says {last.get(lead.id)}"
        for lead in evidence[LEAD]
        if last.get(lead.id) != lead.status
    )
    yield from (f"the ledger of {book} gives another book" for book, same in evidence.books.items() if not same)


CHECKS = (kept, whole, in_hand, timed, told, in_order, punctual, complete, effective, quiet, consistent)


def report(found: Iterable[str], most: int = 20) -> str:
    """The findings as a person reads them."""
    listed = list(found)
    more = [f"… and {len(listed) - most} more"] if len(listed) > most else []
    return "\n".join([*listed[:most], *more])


def judge(world: World, *answers: Answer, outages: Sequence[Span] = ()) -> None:
    """Let everything that is due happen, and fail with whatever is not as it was promised."""
    world.settle()
    database, now = world.service.database, world.clock.now()
    assert not (found := findings(gather(database, world.workspace, answers, now, outages=outages))), report(found)
