"""What there is to know after a fault: what senders were told, the rows, and what stands in Slack."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, select

from sandbox.model import Message
from sandbox.workspace import Workspace
from sla_engine.fairness import discrepancies, tally
from storage import ledger
from storage.database import Database
from storage.tables import ASSIGNMENT, CLOCK, HISTORY, LEAD, MESSAGE, RECEIPT, TIMER
from storage.transaction import Transaction
from tests.world import World

A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one delivery of a webhook was answered; `lead_id` is None when no lead was named."""

    webhook_id: str
    status: int
    lead_id: str | None

    @property
    def is_kept(self) -> bool:
        """Whether the sender was told that the lead is safe."""
        return self.status in (200, 202)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which something was down."""

    start: datetime
    end: datetime


@dataclass(slots=True)
class Evidence:
    """All there is to know. `patience` is how late a timer may fire, and how long a post may be under way."""

    now: datetime
    answers: Sequence[Answer]
    posts: Mapping[int, Sequence[datetime]]
    patience: timedelta = A_SECOND
    outages: Sequence[Span] = ()
    rows: dict[str, list[Row[Any]]] = field(default_factory=dict)
    books: dict[str, bool] = field(default_factory=dict)

    def __getitem__(self, table: Table) -> list[Row[Any]]:
        return self.rows[table.name]

    def by_lead(self, table: Table) -> dict[str, list[Row[Any]]]:
        """The rows of a table, oldest first, under the lead they are about."""
        found: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in self[table]:
            found[row.lead_id].append(row)
        return found

    def was_out(self, instant: datetime) -> bool:
        """Whether something was down then, or had been a moment before."""
        return any(span.start <= instant <= span.end + self.patience for span in self.outages)


def gather(
    database: Database,
    workspace: Workspace,
    answers: Sequence[Answer],
    now: datetime,
    *,
    patience: timedelta = A_SECOND,
    outages: Sequence[Span] = (),
) -> Evidence:
    """Read everything in one transaction.

    Receipts and fired timers are evidence, and the hourly upkeep drops them after a month (`leads/retention.py`): a run
    that lasts longer, as the soak may, must leave it out.
    """
    evidence = Evidence(now, answers, posts_of(workspace), patience, outages)
    with database.read() as tx:
        for table in (LEAD, RECEIPT, ASSIGNMENT, CLOCK, TIMER, HISTORY, MESSAGE):
            evidence.rows[table.name] = list(tx.connection.execute(select(table).order_by(*table.primary_key)))
        for team, method in ledger.kept(tx):
            counted = tally(ledger.entries(tx, team, method), now).book
            evidence.books[f"{team} by {method}"] = not discrepancies(ledger.book(tx, team, method), counted)
    return evidence


def all_messages(workspace: Workspace) -> Iterator[Message]:
    """Everything that stands in Slack, conversation by conversation, oldest first."""
    for channel in list(workspace.state.directory.channels.values()):
        yield from workspace.messages(channel.id)


def posts_of(workspace: Workspace) -> dict[int, list[datetime]]:
    """When Slack took the message of each row, as often as it did."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for message in all_messages(workspace):
        if message.metadata is not None:
            number = int(message.metadata["event_payload"]["message"])
            found[number].append(datetime.fromtimestamp(float(message.ts), UTC))
    return found


def rows(world: World, *columns: str) -> list[tuple[object, ...]]:
    """The outbox, in the order it was written."""

    def query(tx: Transaction) -> list[tuple[object, ...]]:
        found = tx.connection.execute(select(*(MESSAGE.c[name] for name in columns)).order_by(MESSAGE.c.id))
        return [tuple(row) for row in found]

    return world.loop.run(world.service.office.read(query))


def posts(world: World) -> list[tuple[str, int]]:
    """Every attempt at a post: to which conversation, and how it was answered."""
    return [(call.args["channel"], call.status) for call in world.workspace.calls if call.method == "chat.postMessage"]
