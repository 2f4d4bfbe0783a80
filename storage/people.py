"""The team as Slack knows it, and how much each has in hand."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from storage.errors import Conflict
from storage.leaves import Span, everybodys, spans
from storage.statements import Prepared, numbered, one_of, putting
from storage.tables import ASSIGNMENT, LEAD, PERSON, WORKED_STATUSES
from storage.transaction import Transaction

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the policy names: their Slack account, name and time zone there, and when they are on leave.

    `status` is what their Slack profile says, emoji first, until `status_until` (UTC) or until they change it. Until
    `unreachable_until` (UTC) they are taken to be out of Slack's reach.
    """

    email: str
    slack_id: str | None = None
    name: str | None = None
    timezone: str | None = None
    status: str | None = None
    status_until: datetime | None = None
    unreachable_until: datetime | None = None
    leaves: tuple[Span, ...] = ()

    def status_at(self, now: datetime) -> str:
        """What their Slack profile says at `now`; empty when it says nothing."""
        return self.status or "" if self.status_until is None or now < self.status_until else ""

    def emoji_at(self, now: datetime) -> str:
        """The emoji of what their Slack profile says at `now`; empty when it says nothing."""
        return self.status_at(now).split(" ")[0]

    def is_unreachable(self, now: datetime) -> bool:
        """Whether Slack would lately not deliver to them."""
        return self.unreachable_until is not None and now < self.unreachable_until

    def leave_at(self, now: datetime) -> Span | None:
        """The leave that covers `now`; leaves that overlap or follow on one another are one."""
        if not self.leaves:
            return None
        start, end = None, now
        for span in sorted(self.leaves, key=lambda span: (span[0], span[1] or FOREVER)):
            if span[0] <= end and (span[1] or FOREVER) > end:
                start, end = start or span[0], span[1] or FOREVER
        return (start, None if end == FOREVER else end) if start else None


_NAMES = tuple(name for name in Person.__slots__ if name != "leaves")

_EVERYONE = Prepared(select(*(PERSON.c[name] for name in _NAMES)))
_ONE = Prepared(select(*(PERSON.c[name] for name in _NAMES)).where(PERSON.c.email == bindparam("address")))
_LOST = (PERSON.c.email == bindparam("address"), PERSON.c.unreachable_until.is_not(None))
_REACHED = Prepared(update(PERSON).where(*_LOST), ["unreachable_until"])


def _to_person(row: Row[Any], leaves: tuple[Span, ...]) -> Person:
    return Person(**{name: row._mapping[name] for name in _NAMES}, leaves=leaves)


def find(tx: Transaction, email: str) -> Person | None:
    """The person with this e-mail, if they were met before."""
    row = tx.connection.execute(select(PERSON).where(PERSON.c.email == email)).first()
    return _to_person(row, spans(tx, [email]).get(email, ())) if row else None


def by_slack_id(tx: Transaction, slack_id: str) -> str | None:
    """The e-mail of the person behind a Slack account, if they were met before."""
    return tx.connection.execute(select(PERSON.c.email).where(PERSON.c.slack_id == slack_id)).scalar()


def everyone(tx: Transaction) -> dict[str, Person]:
    """Everyone met so far or on leave, by e-mail."""
    leaves = everybodys(tx)
    found = {email: Person(email, leaves=spans) for email, spans in leaves.items()}
    for row in _EVERYONE.all(tx):
        found[row["email"]] = Person(**row, leaves=leaves.get(row["email"], ()))
    return found


class OnDemand(Mapping[str, Person]):
    """The same, each looked up when they are asked for, while the transaction is open.

    A card names two or three, and to read a company of hundreds took a third of the time of drawing it.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._asked: dict[str, Person | None] = {}

    def __getitem__(self, email: str) -> Person:
        if email not in self._asked:
            self._asked[email] = self._look_up(email)
        if (person := self._asked[email]) is None:
            raise KeyError(email)
        return person

    def __iter__(self) -> Iterator[str]:
        return iter(everyone(self._tx))

    def __len__(self) -> int:
        return len(everyone(self._tx))

    def _look_up(self, email: str) -> Person | None:
        leaves = spans(self._tx, [email]).get(email, ())
        row = _ONE.first(self._tx, address=email) or ({"email": email} if leaves else None)
        return None if row is None else Person(**row, leaves=leaves)


@cache
def _of_addresses(number: int) -> Prepared:
    said = or_(PERSON.c.status.is_not(None), PERSON.c.unreachable_until.is_not(None))
    return Prepared(select(*(PERSON.c[name] for name in _NAMES)).where(one_of(PERSON.c.email, "email", number), said))


def absent(tx: Transaction, emails: Collection[str]) -> dict[str, Person]:
    """Those of these people, by e-mail, who have a leave, a status in Slack or a time out of its reach.

    All others are there as far as anybody knows: in a large team, most.
    """
    leaves = spans(tx, emails)
    found = {email: Person(email, leaves=spans) for email, spans in leaves.items()}
    for row in _of_addresses(len(emails)).all(tx, **numbered("email", emails)):
        found[row["email"]] = Person(**row, leaves=leaves.get(row["email"], ()))
    return found


@cache
def _putting(names: tuple[str, ...]) -> Prepared:
    return putting(PERSON, ("email", *names), ["email"], names)


def change(tx: Transaction, email: str, **values: Any) -> None:
    """Write something of a person, who need not have been met before.

    Raises `Conflict` when another transaction has just given the same Slack account to somebody.
    """
    try:
        if slack_id := values.get("slack_id"):
            # A Slack account that changed its address belongs to the new one only.
            moved = (PERSON.c.slack_id == slack_id) & (PERSON.c.email != email)
            tx.connection.execute(update(PERSON).where(moved).values(slack_id=None))
        _putting(tuple(values)).run(tx, email=email, **values)
    except IntegrityError as error:
        raise Conflict from error


def reached(tx: Transaction, email: str) -> bool:
    """A message came through to this person, or they say that they can be reached; returns whether that was news."""
    return bool(_REACHED.run(tx, address=email, unreachable_until=None))


@cache
def _counting_open(number: int) -> Prepared:
    wanted = (sql(WORKED_STATUSES), one_of(LEAD.c.rep, "rep", number))
    return Prepared(select(LEAD.c.rep, func.count().label("number")).where(*wanted).group_by(LEAD.c.rep))


def open_leads(tx: Transaction, reps: Collection[str]) -> dict[str, int]:
    """How many leads each of these reps has in work."""
    return {row["rep"]: row["number"] for row in _counting_open(len(reps)).all(tx, **numbered("rep", reps))}


def holders(tx: Transaction) -> dict[str, int]:
    """How many leads everybody who has some has in work."""
    query = select(LEAD.c.rep, func.count().label("number")).where(sql(WORKED_STATUSES), LEAD.c.rep.is_not(None))
    return {row.rep: row.number for row in tx.connection.execute(query.group_by(LEAD.c.rep))}


def teams_at_work(tx: Transaction) -> dict[str, int]:
    """How many leads each team that has some has in work, by the name it had when they were given to it."""
    query = select(LEAD.c.team, func.count().label("number")).where(sql(WORKED_STATUSES), LEAD.c.team.is_not(None))
    return {row.team: row.number for row in tx.connection.execute(query.group_by(LEAD.c.team))}


@cache
def _counting_given(number: int) -> Prepared:
    wanted = (one_of(ASSIGNMENT.c.rep, "rep", number), ASSIGNMENT.c.assigned_at >= bindparam("since"))
    return Prepared(select(ASSIGNMENT.c.rep, func.count().label("number")).where(*wanted).group_by(ASSIGNMENT.c.rep))


def given_since(tx: Transaction, reps: Collection[str], since: datetime) -> dict[str, int]:
    """How many leads each of these reps was given since an instant."""
    found = _counting_given(len(reps)).all(tx, since=since, **numbered("rep", reps))
    return {row["rep"]: row["number"] for row in found}
