"""Read models: what cards, commands and reports show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy import text as sql

from sla_engine.calendar import Calendar
from sla_engine.clock import Clock, Kind
from sla_engine.lead import Lead
from sla_engine.policy import Policy
from storage import aliases, calendars, clocks, history, leads
from storage.history import Entry, Happened
from storage.people import Person, everyone
from storage.statements import Prepared, numbered, one_of, rounded
from storage.tables import ASSIGNMENT, CLOCK, HISTORY, LEAD, WORKED_STATUSES
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class LeadView:
    """A lead as people are shown it: with its clocks and who everybody is.

    `newest` has the last entry of its history for each event that a card tells of, `earlier` is its cycle before this,
    `calendars` are those on which its running clocks count, by key.
    """

    lead: Lead
    clocks: tuple[Clock, ...]
    people: Mapping[str, Person]
    newest: Mapping[str, Entry] = field(default_factory=dict)
    earlier: Lead | None = None
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def clock(self, kind: Kind) -> Clock | None:
        """The newest clock of a kind."""
        return next((clock for clock in reversed(self.clocks) if clock.kind is kind), None)

    @property
    def open_clocks(self) -> tuple[Clock, ...]:
        """The clocks that run or are paused."""
        return tuple(clock for clock in self.clocks if clock.stopped_at is None and clock.kind is not Kind.ROUTING)


@dataclass(frozen=True, slots=True)
class Rejection:
    """One rejection, as marketing reads it; `label` is what its reason was called then."""

    at: datetime
    lead_id: str
    company: str | None
    source: str
    campaign: str | None
    rep: str
    reason: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How a rep keeps one promise in a team: `spent` is the counted time of each one answered."""

    rep: str
    kind: Kind
    answered: int
    missed: int
    running_late: int
    spent: tuple[timedelta, ...]
    team: str | None = None


def lead_view(tx: Transaction, lead_id: str) -> LeadView | None:
    """One lead with all that is shown of it."""
    return lead_views(tx, [lead_id]).get(lead_id)


def lead_views(
    tx: Transaction, lead_ids: Collection[str], people: Mapping[str, Person] | None = None
) -> dict[str, LeadView]:
    """These leads by id, each with all that is shown of it; `people` if not everyone is wanted at once."""
    return {view.lead.id: view for view in _views(tx, list(leads.of(tx, lead_ids).values()), people)}


def open_leads(tx: Transaction, rep: str) -> list[LeadView]:
    """A rep's leads in work, oldest first."""
    return _in_work(tx, LEAD.c.rep == rep)


def open_leads_of_team(tx: Transaction, team: str, policy: Policy) -> list[LeadView]:
    """A team's leads in work or waiting for a rep, oldest first; those of a team that is gone are with their rep's."""
    own_or_orphaned = or_(LEAD.c.team == team, LEAD.c.team.not_in(policy.teams))
    found = _in_work(tx, own_or_orphaned)
    return [view for view in found if policy.team_of(view.lead.team, view.lead.rep) is policy.teams[team]]


def _in_work(tx: Transaction, whose: ColumnElement[bool]) -> list[LeadView]:
    query = select(LEAD).where(sql(WORKED_STATUSES), whose).order_by(LEAD.c.received_at, LEAD.c.id)
    return _views(tx, [leads.from_row(row) for row in tx.connection.execute(query)])


def _views(tx: Transaction, found: list[Lead], known: Mapping[str, Person] | None = None) -> list[LeadView]:
    """These leads with all that is shown of them, in as many queries for one as for many."""
    ids, people = [lead.id for lead in found], everyone(tx) if known is None else known
    counted, told = clocks.of_leads(tx, ids), history.newest(tx, ids)
    earlier = [lead.previous for lead in found if lead.previous]
    before = leads.of(tx, earlier) if earlier else {}
    running = (clock.calendar for theirs in counted.values() for clock in theirs if clock.is_running)
    kept = calendars.of(tx, {key for key in running if key})
    return [
        LeadView(
            lead,
            tuple(counted.get(lead.id, ())),
            people,
            told.get(lead.id, {}),
            before.get(lead.previous or ""),
            kept,
        )
        for lead in found
    ]


def find(tx: Transaction, words: str) -> Lead | None:
    """The lead with this id, else the newest that has this external id or e-mail address; each found by an index."""
    wanted = words.strip()
    # An id is a capital and small letters, and may be typed otherwise.
    if by_id := leads.of(tx, {wanted, wanted.capitalize()}):
        return next(iter(by_id.values()))
    found = [aliases.newest(tx, door, wanted, locked=False) for door in leads.doors(tx)]
    if "@" in wanted:  # All erased leads share a word in place of it.
        found.append(leads.latest_with_email(tx, wanted))
    return max(filter(None, found), key=lambda lead: lead.received_at, default=None)


def rejections(tx: Transaction, start: datetime, end: datetime) -> list[Rejection]:
    """The rejections from `start` up to but not including `end`, oldest first."""
    columns = (HISTORY.c.at, HISTORY.c.detail, LEAD.c.id, LEAD.c.company, LEAD.c.source, LEAD.c.campaign)
    within = and_(HISTORY.c.event == Happened.REJECTED.value, HISTORY.c.at >= start, HISTORY.c.at < end)
    query = select(*columns).join(LEAD, LEAD.c.id == HISTORY.c.lead_id).where(within).order_by(HISTORY.c.id)
    return [
        Rejection(
            row.at,
            row.id,
            row.company,
            row.source or "unknown source",
            row.campaign,
            row.detail["rep"],
            row.detail["reason"],
            row.detail["label"],
            row.detail["note"],
        )
        for row in tx.connection.execute(query)
    ]


_EARLIER = select(ASSIGNMENT.c.id).where(
    ASSIGNMENT.c.lead_id == HISTORY.c.lead_id, ASSIGNMENT.c.assigned_at < bindparam("start")
)
_HANDED_OVER = Prepared(
    select(func.count(HISTORY.c.lead_id.distinct()).label("number")).where(
        HISTORY.c.event == Happened.ASSIGNED.value,
        HISTORY.c.at >= bindparam("start"),
        HISTORY.c.at < bindparam("end"),
        ~_EARLIER.exists(),
    )
)
"""Assignments have no index of instants, which every lead would pay for: the history, which has, tells of each."""


def handed_over(tx: Transaction, start: datetime, end: datetime) -> int:
    """How many leads were given to a rep for the first time in a span, however often they were passed on."""
    count: int = _HANDED_OVER.value(tx, start=start, end=end)
    return count


def kept(tx: Transaction, reps: list[str], since: datetime) -> list[Kept]:
    """How these reps kept each promise that began since an instant, by team.

    One that fell away counts only if it was missed.
    """
    query = select(CLOCK).where(CLOCK.c.rep.in_(reps), CLOCK.c.started_at >= since).order_by(CLOCK.c.id)
    groups: dict[tuple[str, Kind, str | None], list[Clock]] = {}
    for clock in clocks.from_rows(tx.connection.execute(query)):
        groups.setdefault((clock.rep or "", clock.kind, clock.team), []).append(clock)
    return [_kept(*key, group) for key, group in groups.items()]


def _kept(rep: str, kind: Kind, team: str | None, group: list[Clock]) -> Kept:
    answered = [clock for clock in group if clock.stopped_at and (clock.answered or clock.breached_at)]
    return Kept(
        rep,
        kind,
        answered=len(answered),
        missed=sum(1 for clock in answered if clock.breached_at),
        running_late=sum(1 for clock in group if clock.stopped_at is None and clock.breached_at),
        spent=tuple(clock.spent for clock in answered if clock.answered),
        team=team,
    )


@cache
def _waits(number: int) -> Prepared:
    # A lead is given to a rep after it was received: their assignments have an index, the leads they had has none.
    given = (one_of(ASSIGNMENT.c.rep, "rep", number), ASSIGNMENT.c.assigned_at >= bindparam("since"))
    theirs = LEAD.c.id.in_(select(ASSIGNMENT.c.lead_id).where(*given))
    touched = (LEAD.c.received_at >= bindparam("since"), LEAD.c.first_response_at.is_not(None))
    query = select(LEAD.c.received_at, LEAD.c.first_response_at)
    return Prepared(query.where(theirs, one_of(LEAD.c.rep, "rep", number), *touched))


def waits(tx: Transaction, reps: list[str], since: datetime) -> tuple[timedelta, ...]:
    """How long each buyer waited from receipt to first contact, elapsed, of the leads these reps got in touch with."""
    names = rounded(reps)
    found = _waits(len(names)).all(tx, since=since, **numbered("rep", names))
    return tuple(row["first_response_at"] - row["received_at"] for row in found)
