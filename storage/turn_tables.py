"""The rows of turns, one class a table: what reps are owed, and the ledger of how that came about."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.columns import Instant, numbered
from storage.tables import table


class BookRow(SQLModel, table=True):
    """What each rep of a team is owed under one method, in units of a turn: `{rep: [credit, weight]}`."""

    __tablename__ = "book"
    team: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    standings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class RosterRow(SQLModel, table=True):
    """Who earned a share of a turn, by weight in the list's order, and why others did not; by a hash of itself.

    Why is `{rep: [cause, detail]}`; rows written first have a sentence in place of that pair.
    """

    __tablename__ = "roster"
    key: str = Field(primary_key=True)
    weights: list[Any] = Field(default_factory=list, sa_type=JSON)
    skipped: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class LedgerRow(SQLModel, table=True):
    """One thing that moved a book; only ever added. `of` is the turn that was given back."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ledger_of_book", "team", "method", "id"),
        Index("ledger_of_lead", "lead_id"),
        Index("ledger_of_rep", "rep", "at"),
    )
    id: int | None = numbered()
    team: str
    method: str
    at: datetime = Field(sa_type=Instant)
    kind: str
    rep: str
    lead_id: str | None = None
    roster: str | None = None
    credit: int | None = Field(default=None, sa_type=BigInteger)
    weight: int | None = None
    of: int | None = Field(default=None, sa_type=BigInteger)


BOOK = table("book")
ROSTER = table("roster")
LEDGER = table("ledger")
