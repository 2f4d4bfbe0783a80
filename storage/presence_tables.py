"""The rows of presence, one class a table: limits of reps, and who changed what about whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.columns import Instant, numbered
from storage.tables import table


class CapRow(SQLModel, table=True):
    """A rep's limits beside the policy's: their own (`own`), and those that somebody who looks after them set."""

    __tablename__ = "cap"
    rep: str = Field(primary_key=True)
    own: bool = Field(primary_key=True)
    max_open: int | None = None
    max_per_day: int | None = None
    max_per_week: int | None = None


class PresenceRow(SQLModel, table=True):
    """One thing that changed about a rep's leave or limits, and who did it; only ever added."""

    __tablename__ = "presence"
    __table_args__ = (Index("presence_of_rep", "rep", "id"),)
    id: int | None = numbered()
    rep: str
    at: datetime = Field(sa_type=Instant)
    event: str
    actor: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


CAP = table("cap")
PRESENCE = table("presence")
