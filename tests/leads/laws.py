"""What must be true of a floor after every step, whatever the step was."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, func, select

from leads import assignment
from sla_engine.clock import Kind as ClockKind
from sla_engine.decision import chain
from sla_engine.fairness import Entry, Kind, tally
from sla_engine.grounds import Ground
from sla_engine.lead import Lead, Plan, Status
from sla_engine.policy import ToAccountOwner, ToTeam
from sla_engine.vacancy import RETRY_WHEN_FULL
from storage import clocks, leads, leaves, ledger
from storage.clocks import Purpose
from storage.tables import ASSIGNMENT, HISTORY, LEAD, TIMER
from storage.transaction import Transaction
from tests.leads.floor import AT_ONCE, Floor
from tests.sla_engine.samples import MONDAY

CHANGES = {Kind.JOINED, Kind.REWEIGHTED, Kind.LEFT}


class Inspector:
    """Looks at a floor after every step, and remembers the history it has read."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._read: list[Row[Any]] = []
        self._refused: defaultdict[str, set[str]] = defaultdict(set)
        self._rejected: defaultdict[str, set[str]] = defaultdict(set)

    def look(self) -> None:
        """Every law, on everything there is."""
        assert self._floor.passes < AT_ONCE, "what is due at one instant comes to an end"
        with self._floor.database.read() as tx:
            everybody = [leads.from_row(row) for row in tx.connection.execute(select(LEAD))]
            for lead in everybody:
                owner_or_plan(tx, lead, self._floor)
                held_for_a_reason(tx, lead, self._floor)
                one_assignment(tx, lead)
            failed = tx.connection.execute(select(TIMER.c.key).where(TIMER.c.attempts > 0)).scalars().all()
            assert not failed, "handling a timer failed"
            balanced_books(tx)
            self._history(tx, everybody)

    def _history(self, tx: Transaction, everybody: list[Lead]) -> None:
        rows = list(tx.connection.execute(select(HISTORY).order_by(HISTORY.c.id)))
        assert rows[: len(self._read)] == self._read, "history is only ever added to"
        for row in rows[len(self._read) :]:
            self._refusals(tx, row)
        self._read = rows
        lines: defaultdict[str, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            lines[row.lead_id].append(row)
        for lead in everybody:
            told = lines[lead.id]
            assert told[0].before == Status.NEW
            assert told[-1].after == lead.status
            assert all(earlier.after == later.before for earlier, later in pairwise(told)), "statuses follow each other"

    def _refusals(self, tx: Transaction, row: Row[Any]) -> None:
        """Who refused a lead is given it by the rules only when nobody else is left; who rejected it never again."""
        if row.event == "rejected":
            self._rejected[row.lead_id].add(row.detail["rep"])
        if row.event in ("rejected", "lapsed"):
            self._refused[row.lead_id].add(row.detail["rep"])
        tried, rep = row.detail.get("rules"), row.detail.get("rep")
        if row.event == "assigned" and tried and " manages " not in row.detail["line"]:
            assert rep not in self._rejected[row.lead_id], f"{rep} rejected the lead"
        if row.event == "assigned" and tried and rep in self._refused[row.lead_id]:
            left = set(self._left(tx, tried[-1]["subject"])) - self._refused[row.lead_id]
            assert not left, f"{rep} refused the lead, and {left} were left"

    def _left(self, tx: Transaction, rule: str) -> Iterator[str]:
        """Whoever a rule can offer a lead to, today or when they are next at work."""
        assign = next(one.assign for one in self._floor.policy.rules if one.name == rule)
        assert not isinstance(assign, ToAccountOwner), "an owner who refused the lead is not given it again"
        assert isinstance(assign, ToTeam)
        on_leave = leaves.everybodys(tx)
        for team in chain(self._floor.policy, assign.team):
            for rep in team.reps:
                theirs, now = on_leave.get(rep.email, ()), self._floor.now
                is_there = not covers(theirs, now) and not covers(theirs, rep.calendar.next_open(now) or now)
                if assign.skills <= rep.skills and is_there:
                    yield rep.email


def covers(spans: tuple[leaves.Span, ...], now: datetime) -> bool:
    """Whether one of these leaves covers an instant."""
    return any(start <= now and (end is None or now < end) for start, end in spans)


def owner_or_plan(tx: Transaction, lead: Lead, floor: Floor) -> None:
    """A lead in work has a rep with a clock, or it waits with a time to be tried again and a timer for that."""
    if not lead.status.is_worked:
        assert lead.plan in (Plan.NONE, Plan.ASSIGNED)
        assert lead.hold_until is None
        return
    running = [clock for clock in clocks.unstopped(tx, lead.id) if clock.kind is ClockKind.ACCEPTANCE]
    if lead.rep is None:
        assert (lead.status, lead.plan in (Plan.HELD, Plan.CLAIMABLE)) == (Status.MQL, True)
        assert lead.hold_until is not None
        tried = clocks.pending_at(tx, Purpose.RELEASE, lead.team or "")
        assert tried is not None, "a timer tries the lead again"
        assert tried <= max(lead.hold_until, floor.now + floor.policy.release_every, floor.released_by)
        assert not running
        return
    assert (lead.plan, lead.hold_until) == (Plan.ASSIGNED, None)
    assert len(running) == (lead.status is Status.MQL)
    assert all(clock.rep == lead.rep and clock.is_paused == (lead.paused_at is not None) for clock in running)
    if lead.paused_at is not None:
        assert clocks.pending_at(tx, Purpose.RESUME, lead.id) is not None


def held_for_a_reason(tx: Transaction, lead: Lead, floor: Floor) -> None:
    """No lead is held for longer than a full team is given although the rules would give it away at once.

    Whom it is tied to may change without a word to it: whose its company is.
    """
    if lead.plan is Plan.HELD and lead.hold_until and lead.hold_until > floor.now + RETRY_WHEN_FULL:
        found = assignment.by_the_rules(floor.desk.work(tx), lead)
        assert found.rep is None or found.ground in (Ground.OWNER, Ground.COMPANY), found.line


def one_assignment(tx: Transaction, lead: Lead) -> None:
    """A lead in somebody's hands has one open assignment, to that rep; a lead in nobody's hands has none."""
    mine = (ASSIGNMENT.c.lead_id == lead.id) & ASSIGNMENT.c.ended_at.is_(None)
    held = tx.connection.execute(select(ASSIGNMENT.c.rep).where(mine)).scalars().all()
    assert held == ([lead.rep] if lead.status.is_open and lead.rep else [])


def balanced_books(tx: Transaction) -> None:
    """Every book is what its ledger gives, every turn is in it once, and no credit is made or lost."""
    turns = 0
    for team, method in ledger.kept(tx):
        entries = list(ledger.entries(tx, team, method))
        book = ledger.book(tx, team, method)
        assert tally(entries, MONDAY).book == book
        if not changed(entries):
            assert sum(one.credit for one in book.values()) == 0
        turns += sum(entry.kind is Kind.TURN for entry in entries)
    given = tx.connection.execute(select(func.count(ASSIGNMENT.c.turn), func.count(ASSIGNMENT.c.turn.distinct()))).one()
    assert tuple(given) == (turns, turns), "each turn belongs to one assignment"


def changed(entries: list[Entry]) -> bool:
    """Whether a team's list was edited after the book was opened."""
    first = next((number for number, entry in enumerate(entries) if entry.kind is Kind.TURN), len(entries))
    return any(entry.kind in CHANGES for entry in entries[first:])


def assignments(tx: Transaction) -> str:
    """Who had which lead when and why, and what is waiting, without the ids that chance gives."""
    columns = (ASSIGNMENT.c.team, ASSIGNMENT.c.rep, ASSIGNMENT.c.rule, ASSIGNMENT.c.assigned_at, ASSIGNMENT.c.ended_at)
    query = select(LEAD.c.external_id, LEAD.c.received_at, *columns, ASSIGNMENT.c.outcome, ASSIGNMENT.c.turn)
    given = query.join(ASSIGNMENT, ASSIGNMENT.c.lead_id == LEAD.c.id).order_by(ASSIGNMENT.c.id)
    waiting = select(LEAD.c.external_id, LEAD.c.status, LEAD.c.plan, LEAD.c.team, LEAD.c.hold_until, LEAD.c.why)
    queries = (given, waiting.order_by(LEAD.c.external_id, LEAD.c.received_at))
    return json.dumps([[list(row) for row in tx.connection.execute(each)] for each in queries], default=str, indent=1)
