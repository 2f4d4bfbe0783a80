"""The team as Slack knows it, and whose turn it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy import text as sql

from storage.database import Transaction
from storage.leaves import Span, everybodys, spans
from storage.tables import ASSIGNMENT, LEAD, PERSON, TURN, WORKED_STATUSES

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the policy names: their Slack account, name and time zone there, and when they are on leave.

    Until `unreachable_until` (UTC) they are taken to be out of Slack's reach.
    """

    email: str
    slack_id: str | None = None
    name: str | None = None
    timezone: str | None = None
    unreachable_until: datetime | None = None
    leaves: tuple[Span, ...] = ()

    def is_unreachable(self, now: datetime) -> bool:
        """Whether Slack would lately not deliver to them."""
        return self.unreachable_until is not None and now < self.unreachable_until

    def leave_at(self, now: datetime) -> Span | None:
        """The leave that covers `now`; of several, the one that ends last."""
        current = [span for span in self.leaves if span[0] <= now and (span[1] is None or now < span[1])]
        return max(current, key=lambda span: span[1] or FOREVER, default=None)


def _to_person(row: Row[Any], leaves: tuple[Span, ...] = ()) -> Person:
    return Person(**{name: row._mapping[name] for name in Person.__slots__ if name != "leaves"}, leaves=leaves)


def find(tx: Transaction, email: str) -> Person | None:
    """The person with this e-mail, if they were met before."""
    row = tx.connection.execute(select(PERSON).where(PERSON.c.email == email)).first()
    return _to_person(row, spans(tx, [email]).get(email, ())) if row else None


def by_slack_id(tx: Transaction, slack_id: str) -> Person | None:
    """The person behind a Slack account, if they were met before."""
    row = tx.connection.execute(select(PERSON).where(PERSON.c.slack_id == slack_id)).first()
    return _to_person(row) if row else None


def everyone(tx: Transaction) -> dict[str, Person]:
    """Everyone met so far or on leave, by e-mail."""
    leaves = everybodys(tx)
    found = {email: Person(email, leaves=spans) for email, spans in leaves.items()}
    for row in tx.connection.execute(select(PERSON)):
        found[row.email] = _to_person(row, leaves.get(row.email, ()))
    return found


def change(tx: Transaction, email: str, **values: Any) -> None:
    """Write something of a person, who need not have been met before."""
    if slack_id := values.get("slack_id"):
        # An account that changed its address belongs to the new one only.
        moved = (PERSON.c.slack_id == slack_id) & (PERSON.c.email != email)
        tx.connection.execute(update(PERSON).where(moved).values(slack_id=None))
    if find(tx, email) is None:
        tx.connection.execute(insert(PERSON).values(email=email, **values))
    else:
        tx.connection.execute(update(PERSON).where(PERSON.c.email == email).values(**values))


def reached(tx: Transaction, email: str) -> None:
    """A message came through to this person, or they say that they can be reached."""
    lost = (PERSON.c.email == email) & PERSON.c.unreachable_until.is_not(None)
    tx.connection.execute(update(PERSON).where(lost).values(unreachable_until=None))


def open_leads(tx: Transaction, reps: Iterable[str]) -> dict[str, int]:
    """How many leads each of these reps has in work."""
    wanted = LEAD.c.rep.in_(list(reps))
    query = select(LEAD.c.rep, func.count().label("number")).where(sql(WORKED_STATUSES), wanted).group_by(LEAD.c.rep)
    return {row.rep: row.number for row in tx.connection.execute(query)}


def given_since(tx: Transaction, rep: str, since: datetime) -> int:
    """How many leads a rep was given since an instant."""
    query = select(func.count()).where(ASSIGNMENT.c.rep == rep, ASSIGNMENT.c.assigned_at >= since)
    count: int = tx.connection.execute(query).scalar_one()
    return count


def lock_turns(tx: Transaction) -> None:
    """From here to the end of the transaction nobody else decides whose turn it is.

    SQLite has one writer anyway; on PostgreSQL it is one advisory lock for all teams, so that decisions which
    look at several teams can't wait for each other in a circle.
    """
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(select(func.pg_advisory_xact_lock(TURNS_LOCK)))


TURNS_LOCK = 0x48414E44
"""Any number that nothing else in the database locks (it spells HAND)."""


def credits(tx: Transaction, team: str) -> dict[str, int]:
    """The credit of each rep of a team who ever had a turn."""
    rows = tx.connection.execute(select(TURN.c.rep, TURN.c.credit).where(TURN.c.team == team))
    return {row.rep: row.credit for row in rows}


def set_credits(tx: Transaction, team: str, changed: Mapping[str, int]) -> None:
    """Write the credits that a turn changed."""
    known = credits(tx, team)
    for rep, credit in changed.items():
        if rep not in known:
            tx.connection.execute(insert(TURN).values(team=team, rep=rep, credit=credit))
        elif known[rep] != credit:
            one = (TURN.c.team == team) & (TURN.c.rep == rep)
            tx.connection.execute(update(TURN).where(one).values(credit=credit))


def give_back(tx: Transaction, team: str, rep: str, cost: int) -> None:
    """Give a rep a turn back: the credit it cost."""
    set_credits(tx, team, {rep: credits(tx, team).get(rep, 0) + cost})
