"""A lead: what marketing said of the buyer, and where the handoff stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sla_engine.grounds import Ground


class Status(StrEnum):
    """The stages of a lead, under the names both teams use."""

    NEW = "New"
    MQL = "MQL"
    SAL = "SAL"
    SQL = "SQL"
    OPPORTUNITY = "Opportunity"
    CUSTOMER = "Customer"
    RECYCLED = "Recycled"
    DISQUALIFIED = "Disqualified"

    @property
    def is_open(self) -> bool:
        """Whether the lead is in somebody's hands, so that its coming again is a duplicate."""
        return self in OPEN

    @property
    def is_worked(self) -> bool:
        """Whether a rep still owes this lead something that a clock measures."""
        return self in WORKED


OPEN = frozenset({Status.MQL, Status.SAL, Status.SQL, Status.OPPORTUNITY})
WORKED = frozenset({Status.MQL, Status.SAL})


class Plan(StrEnum):
    """Who a handed-over lead is with, or what happens to it next."""

    NONE = "none"
    ASSIGNED = "assigned"
    HELD = "held"
    CLAIMABLE = "claimable"


Value = str | int | float | tuple[str, ...] | None


def is_blank(value: Value) -> bool:
    """Whether a field says nothing."""
    return value in (None, "", ())


@dataclass(frozen=True, slots=True)
class LeadData:
    """What the sender says of the buyer; `domain` is the company's, None when it can't be told from free mail."""

    external_id: str
    email: str
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    phone: str | None = None
    website: str | None = None
    country: str | None = None
    state: str | None = None
    postal_code: str | None = None
    industry: str | None = None
    employees: int | None = None
    lead_type: str | None = None
    source: str | None = None
    campaign: str | None = None
    score: float | None = None
    interests: tuple[str, ...] = ()
    message: str | None = None
    owner_email: str | None = None
    domain: str | None = None

    @property
    def name(self) -> str:
        """The buyer's name, or the address when no name came."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.email

    def value(self, name: str) -> Value:
        """The field a policy calls `name`."""
        found: Value = getattr(self, name)
        return found

    def stated(self, names: Iterable[str]) -> dict[str, Value]:
        """Those of these fields that say something."""
        known = {name: self.value(name) for name in names}
        return {name: value for name, value in known.items() if not is_blank(value)}

    def updated(self, later: "LeadData") -> "LeadData":
        """With what a sender says now; fields that come empty keep what was known."""
        known: dict[str, Any] = later.stated(FIELDS)
        return replace(self, **known)


FIELDS = tuple(item.name for item in fields(LeadData))


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead in one cycle of handoff, as it stands; `door` is the webhook source it came through."""

    id: str
    door: str
    data: LeadData
    received_at: datetime
    status: Status = Status.NEW
    plan: Plan = Plan.NONE
    team: str | None = None
    rep: str | None = None
    rule: str | None = None
    promise: str | None = None
    policy_hash: str | None = None
    why: str | None = None
    ground: Ground | None = None
    mql_at: datetime | None = None
    assigned_at: datetime | None = None
    sal_at: datetime | None = None
    first_response_at: datetime | None = None
    sql_at: datetime | None = None
    closed_at: datetime | None = None
    hold_until: datetime | None = None
    paused_at: datetime | None = None
    pause_reason: str | None = None
    reason: str | None = None
    note: str | None = None
    reassignments: int = 0
    previous: str | None = None
    refused_by: frozenset[str] = field(default_factory=frozenset)
