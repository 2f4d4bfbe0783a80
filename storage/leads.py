"""Leads, and who had each of them when."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from sla_engine.grounds import Ground
from sla_engine.lead import FIELDS, OPEN, Lead, LeadData, Plan, Status
from storage.errors import Conflict
from storage.statements import Prepared, adding, numbered, one_of, rounded
from storage.tables import ASSIGNMENT, LEAD, OPEN_STATUSES, WAITING_PLANS, WORKED_STATUSES
from storage.transaction import Transaction

WAITING = sql(WAITING_PLANS)
NO_SCORE = -1e300
"""Colder than any score: how a lead without one sorts, alike on every database."""
_IN_LINE = (func.coalesce(LEAD.c.score, NO_SCORE).desc(), LEAD.c.received_at, LEAD.c.door, LEAD.c.external_id)
LOOKED_AT = 100
"""How many held leads are looked through for one that a rep who has room has not had before."""
_IN_LINE_HELD = Prepared(
    select(LEAD.c.id, LEAD.c.refused_by)
    .where(
        WAITING, LEAD.c.team == bindparam("team"), LEAD.c.plan == Plan.HELD.value, LEAD.c.hold_until > bindparam("now")
    )
    .order_by(*_IN_LINE)
    .limit(LOOKED_AT)
)
_TURNED = ("data", "status", "plan", "ground", "refused_by")
"""What of a lead isn't in the row as it is."""
_STATE = tuple(item.name for item in fields(Lead) if item.name not in _TURNED)
_STATED = tuple(name for name in FIELDS if name != "interests")

_ADD = adding(LEAD, (*FIELDS, *_STATE, "status", "plan", "ground", "refused_by"))
_BY_ID = select(LEAD).where(LEAD.c.id == bindparam("id"))
_LOAD, _LOCK = Prepared(_BY_ID), Prepared(_BY_ID.with_for_update())
_NEWEST = select(LEAD).order_by(LEAD.c.received_at.desc()).limit(1)
_OF_SENDER = _NEWEST.where(LEAD.c.door == bindparam("door"), LEAD.c.external_id == bindparam("external_id"))
_LATEST, _LATEST_LOCKED = Prepared(_OF_SENDER), Prepared(_OF_SENDER.with_for_update())
_NEXT_DOOR = Prepared(select(func.min(LEAD.c.door)).where(LEAD.c.door > bindparam("after")))
# A server may tell capitals before the @ apart, and is advised not to: RFC 5321, 2.4.
_WITH_EMAIL = _NEWEST.where(func.lower(LEAD.c.email) == func.lower(bindparam("email", type_=LEAD.c.email.type)))
_LATEST_WITH_EMAIL = Prepared(_WITH_EMAIL)
_OF_EMAIL = _WITH_EMAIL.where(sql(OPEN_STATUSES))
_OPEN_WITH_EMAIL, _OPEN_WITH_EMAIL_LOCKED = Prepared(_OF_EMAIL), Prepared(_OF_EMAIL.with_for_update())
_OFFERED = and_(LEAD.c.status == Status.MQL.value, LEAD.c.plan == Plan.ASSIGNED.value)
_HELD = or_(*(LEAD.c.status == status.value for status in (*sorted(OPEN), Status.CUSTOMER, Status.RECYCLED)))
_HOLDER = Prepared(
    select(LEAD.c.rep)
    .where(
        LEAD.c.domain == bindparam("domain"),
        LEAD.c.id != bindparam("itself"),
        LEAD.c.rep.is_not(None),
        or_(_OFFERED, and_(LEAD.c.sal_at.is_not(None), _HELD)),
    )
    .order_by(func.coalesce(LEAD.c.sal_at, LEAD.c.assigned_at).desc())
    .limit(1)
)
_BEGIN = adding(ASSIGNMENT, ("lead_id", "team", "rep", "rule", "assigned_at", "turn"))
_END = Prepared(
    update(ASSIGNMENT)
    .where(ASSIGNMENT.c.lead_id == bindparam("lead"), ASSIGNMENT.c.ended_at.is_(None))
    .returning(ASSIGNMENT.c.turn),
    ("ended_at", "outcome"),
)


@cache
def _by_ids(number: int) -> Prepared:
    return Prepared(select(LEAD).where(one_of(LEAD.c.id, "lead", number)))


_HASTEN = Prepared(update(LEAD).where(LEAD.c.id == bindparam("this"), WAITING), ("hold_until",))
"""Another process may have closed it, or given it out, since it was found."""


@cache
def _changing(names: tuple[str, ...]) -> Prepared:
    """What can change of a lead together is little: each use case changes its own columns."""
    return Prepared(update(LEAD).where(LEAD.c.id == bindparam("this")), names)


def from_row(row: Row[Any]) -> Lead:
    """The engine's lead from a row of the table."""
    return from_found(row._mapping)


def from_found(found: Mapping[Any, Any]) -> Lead:
    """The same from the columns of a row by name."""
    data = LeadData(**{name: found[name] for name in _STATED}, interests=tuple(found["interests"]))
    return Lead(
        data=data,
        status=Status(found["status"]),
        plan=Plan(found["plan"]),
        ground=Ground(found["ground"]) if found["ground"] else None,
        refused_by=frozenset(found["refused_by"]),
        **{name: found[name] for name in _STATE},
    )


def to_values(lead: Lead) -> dict[str, Any]:
    """The columns of a lead."""
    values: dict[str, Any] = {name: lead.data.value(name) for name in FIELDS}
    values |= {name: getattr(lead, name) for name in _STATE}
    return values | {
        "interests": list(lead.data.interests),
        "status": lead.status.value,
        "plan": lead.plan.value,
        "ground": lead.ground.value if lead.ground else None,
        "refused_by": sorted(lead.refused_by),
    }


def add(tx: Transaction, lead: Lead) -> None:
    """A new lead; raises `Conflict` when another transaction has just opened the same one."""
    try:
        _ADD.run(tx, **to_values(lead))
    except IntegrityError as error:
        raise Conflict from error


def load(tx: Transaction, lead_id: str, *, locked: bool = False) -> Lead | None:
    """The lead with this id; `locked` keeps other processes from deciding about it until the transaction ends."""
    found = (_LOCK if locked else _LOAD).first(tx, id=lead_id)
    return from_found(found) if found else None


def of(tx: Transaction, lead_ids: Collection[str]) -> dict[str, Lead]:
    """These leads by id, as far as there are any."""
    ids = rounded(lead_ids)
    return {found["id"]: from_found(found) for found in _by_ids(len(ids)).all(tx, **numbered("lead", ids))}


def latest(tx: Transaction, door: str, external_id: str, *, locked: bool = True) -> Lead | None:
    """The newest cycle of the sender's lead."""
    found = (_LATEST_LOCKED if locked else _LATEST).first(tx, door=door, external_id=external_id)
    return from_found(found) if found else None


def latest_with_email(tx: Transaction, email: str) -> Lead | None:
    """The newest lead with this address, in capitals or not, whatever became of it."""
    found = _LATEST_WITH_EMAIL.first(tx, email=email)
    return from_found(found) if found else None


def doors(tx: Transaction) -> Iterator[str]:
    """Every source through which a lead came, of the policy before, too: a step in the senders' index for each."""
    door: str | None = ""
    while (door := _NEXT_DOOR.value(tx, after=door)) is not None:
        yield door


def change(tx: Transaction, before: Lead, after: Lead) -> None:
    """Write what differs between two states; raises `Conflict` as `add` does, where the lead is opened by this."""
    old, new = to_values(before), to_values(after)
    changed = {name: value for name, value in new.items() if old[name] != value}
    if changed:
        try:
            _changing(tuple(changed)).run(tx, this=before.id, **changed)
        except IntegrityError as error:
            raise Conflict from error


def holder_of(tx: Transaction, lead: Lead) -> str | None:
    """The rep who has, or had and did not turn away, the newest other lead of this company's domain."""
    holder: str | None = _HOLDER.value(tx, domain=lead.data.domain, itself=lead.id)
    return holder


def companion_of(tx: Transaction, lead: Lead, since: datetime) -> str | None:
    """The rep who was given the newest other lead of this company since an instant, and still has or had it."""
    theirs = (LEAD.c.domain == lead.data.domain, LEAD.c.id != lead.id, LEAD.c.assigned_at >= since)
    query = select(LEAD.c.rep).where(*theirs, LEAD.c.rep.is_not(None)).order_by(LEAD.c.assigned_at.desc()).limit(1)
    rep: str | None = tx.connection.execute(query).scalar()
    return rep


def open_with_email(tx: Transaction, email: str, *, locked: bool = True) -> Lead | None:
    """The newest open lead with this address, in capitals or not."""
    found = (_OPEN_WITH_EMAIL_LOCKED if locked else _OPEN_WITH_EMAIL).first(tx, email=email)
    return from_found(found) if found else None


def waiting(tx: Transaction, team: str, now: datetime, limit: int) -> list[Lead]:
    """A team's leads that nobody has and that are to be tried again by now: hottest first, then oldest, locked.

    Those that another process is busy with are left to it.
    """
    query = select(LEAD).where(WAITING, LEAD.c.team == team, LEAD.c.hold_until <= now).order_by(*_IN_LINE).limit(limit)
    return [from_row(row) for row in tx.connection.execute(query.with_for_update(skip_locked=True))]


def next_waiting(tx: Transaction, team: str) -> datetime | None:
    """When the first of a team's leads that nobody has is to be tried again, in UTC."""
    query = select(func.min(LEAD.c.hold_until)).where(WAITING, LEAD.c.team == team)
    earliest: datetime | None = tx.connection.execute(query).scalar()
    return earliest


def hasten_next(tx: Transaction, team: str, now: datetime, *, freed: str, left: str) -> bool:
    """Have the next in line of the leads that a team holds tried again now; whether there is one that was not to be.

    Room is `freed` of a rep: those they have not had go before those they had. It isn't for the one that `left` them.
    """
    others = [found for found in _IN_LINE_HELD.all(tx, team=team, now=now) if found["id"] != left]
    following = next((found for found in others if freed not in found["refused_by"]), next(iter(others), None))
    return following is not None and bool(_HASTEN.run(tx, this=following["id"], hold_until=now))


def hasten_waiting(tx: Transaction, now: datetime) -> set[str]:
    """Have every lead that nobody has tried again now; returns the teams that have some."""
    statement = update(LEAD).where(WAITING, LEAD.c.hold_until > now).values(hold_until=now).returning(LEAD.c.team)
    return set(tx.connection.execute(statement).scalars())


def begin_assignment(tx: Transaction, lead: Lead, turn: int | None) -> None:
    """The rep's time with the lead begins, by this turn of the ledger if it was one."""
    values = {"lead_id": lead.id, "team": lead.team, "rep": lead.rep, "rule": lead.rule or ""}
    _BEGIN.run(tx, **values, assigned_at=lead.assigned_at, turn=turn)


def end_assignment(tx: Transaction, lead_id: str, at: datetime, outcome: str) -> int | None:
    """The rep's time with the lead ends; returns their turn's number in the ledger, None when it was no turn."""
    turn: int | None = _END.value(tx, lead=lead_id, ended_at=at, outcome=outcome)
    return turn


def endings(tx: Transaction, lead_id: str) -> list[tuple[str, str]]:
    """Who had a lead and how that ended, in order."""
    ended = select(ASSIGNMENT.c.rep, ASSIGNMENT.c.outcome).where(ASSIGNMENT.c.lead_id == lead_id)
    rows = tx.connection.execute(ended.where(ASSIGNMENT.c.outcome.is_not(None)).order_by(ASSIGNMENT.c.id))
    return [(row.rep, row.outcome) for row in rows]


def worked_by(tx: Transaction, rep: str) -> list[Lead]:
    """The leads a rep has in work, oldest first, locked."""
    query = select(LEAD).where(sql(WORKED_STATUSES), LEAD.c.rep == rep).order_by(LEAD.c.received_at, LEAD.c.id)
    return [from_row(row) for row in tx.connection.execute(query.with_for_update())]
