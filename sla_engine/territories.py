"""Territories: which team or rep a lead belongs to by where and what its company is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sla_engine.conditions import Bound
from sla_engine.lead import LeadData


@dataclass(frozen=True, slots=True)
class Territory:
    """One row of the table: an empty field matches any lead. `line` is where it stands in its file.

    Of `team` and `rep` (an e-mail) one at least is given. `postal_code` is how the lead's begins.
    """

    line: int
    country: str | None = None
    state: str | None = None
    postal_code: str | None = None
    industry: str | None = None
    employees: tuple[Bound, ...] = ()
    team: str | None = None
    rep: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Territories:
    """A table of territories, indexed for looking up one lead among many thousand rows."""

    rows: tuple[Territory, ...]

    @classmethod
    def of(cls, rows: Sequence[Territory]) -> "Territories":
        """A table of these rows."""
        return cls(tuple(rows))

    def find(self, data: LeadData) -> Territory | None:
        """The most specific row the lead is in; None when no row takes it."""
        raise NotImplementedError
