"""Territories: which team or rep a lead belongs to by where and what its company is."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from math import ceil, floor, inf
from typing import NamedTuple

from sla_engine.conditions import Bound
from sla_engine.lead import LeadData

MOST_EMPLOYEES = 10.0**15
"""Where a range without an upper end is taken to end, when ranges are compared: `5000+` is narrower than `1000+`."""


class Key(NamedTuple):
    """The exact fields of a row or a lead, as they are compared; None matches any lead."""

    country: str | None
    state: str | None
    industry: str | None
    postal_code: str | None


class Range(NamedTuple):
    """Head counts from `low` to `high`, both included; either may be infinite."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How many head counts there are in it; infinite where no end is given at all."""
        if self == ANY:
            return inf
        return min(self.high, MOST_EMPLOYEES) - max(self.low, 0) + 1


ANY = Range(-inf, inf)


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

    @property
    def key(self) -> Key:
        """The exact fields as they are compared."""
        return Key(folded(self.country), folded(self.state), folded(self.industry), postal(self.postal_code))

    @property
    def range(self) -> Range:
        """The head counts of the row."""
        if not self.employees:
            return ANY
        low, high = ANY
        for sign, limit in ((bound.operator, bound.limit) for bound in self.employees):
            if sign[0] == ">":
                low = max(low, ceil(limit) if sign == ">=" else floor(limit) + 1)
            else:
                high = min(high, floor(limit) if sign == "<=" else ceil(limit) - 1)
        return Range(low, high)


class Rank(NamedTuple):
    """How specific a row is; the smallest rank wins."""

    conditions: int
    postal_code: int
    width: float
    place: int


def rank_of(key: Key, employees: Range, place: int) -> Rank:
    """The rank of the row with these conditions at a place of its table: more conditions first, then the longer postal
    prefix, then the narrower range of employees (none at all is the widest), then the earlier row.
    """
    conditions = sum(part is not None for part in key) + (employees != ANY)
    return Rank(-conditions, -len(key.postal_code or ""), employees.width, place)


@dataclass(frozen=True, slots=True)
class Steps:
    """The best of some rows for every head count: `best[i]` from `starts[i]` up to the next start.

    `unknown` is the best row for a lead whose head count nobody gave.
    """

    starts: tuple[float, ...]
    best: tuple[Rank | None, ...]
    unknown: Rank | None

    @classmethod
    def of(cls, rows: Iterable[tuple[Range, Rank]]) -> "Steps":
        """Sweep over the ranges once, the best open one on top of a heap."""
        ordered = sorted(rows)
        starts = sorted({edge for (low, high), _ in ordered for edge in (low, high + 1)})
        best: list[Rank | None] = []
        heap: list[tuple[Rank, float]] = []
        coming = 0
        for start in starts:
            while coming < len(ordered) and ordered[coming][0].low <= start:
                heappush(heap, (ordered[coming][1], ordered[coming][0].high))
                coming += 1
            while heap and heap[0][1] < start:
                heappop(heap)
            best.append(heap[0][0] if heap else None)
        return cls(tuple(starts), tuple(best), min((one for spread, one in ordered if spread == ANY), default=None))

    def at(self, employees: int | None) -> Rank | None:
        """The best row for a head count."""
        if employees is None:
            return self.unknown
        place = bisect_right(self.starts, employees) - 1
        return self.best[place] if place >= 0 else None


class Shape(NamedTuple):
    """Which exact fields some rows name, and how long their postal prefix is (0 for none)."""

    country: bool
    state: bool
    industry: bool
    postal_code: int

    def key(self, lead: Key) -> Key | None:
        """What such rows must say to take a lead; None when the lead lacks a field they name."""
        code = (lead.postal_code or "")[: self.postal_code]
        if len(code) < self.postal_code:
            return None
        if any(named and part is None for named, part in zip(self[:3], lead[:3], strict=True)):
            return None
        return Key(
            lead.country if self.country else None,
            lead.state if self.state else None,
            lead.industry if self.industry else None,
            code or None,
        )


def shape(key: Key) -> Shape:
    """The fields a row names."""
    return Shape(key.country is not None, key.state is not None, key.industry is not None, len(key.postal_code or ""))


@dataclass(frozen=True)
class Territories:
    """A table of territories, indexed for looking up one lead among many thousand rows.

    A lookup asks once for each combination of fields that rows of the table name, however many rows there are.
    """

    rows: tuple[Territory, ...]

    @classmethod
    def of(cls, rows: Sequence[Territory]) -> "Territories":
        """A table of these rows, indexed at once."""
        found = cls(tuple(rows))
        _ = found.index
        return found

    @cached_property
    def index(self) -> Mapping[Shape, Mapping[Key, Steps]]:
        """The rows by the fields they name, then by what they say there, then by employees."""
        found: dict[Shape, dict[Key, list[tuple[Range, Rank]]]] = {}
        for place, row in enumerate(self.rows):
            key, employees = row.key, row.range
            placed = employees, rank_of(key, employees, place)
            found.setdefault(shape(key), {}).setdefault(key, []).append(placed)
        return {kind: {key: Steps.of(rows) for key, rows in keys.items()} for kind, keys in found.items()}

    def find(self, data: LeadData) -> Territory | None:
        """The most specific row the lead is in; None when no row takes it.

        The row with the most conditions wins, then the one with the longer postal prefix, then the one with the
        narrower range of employees, then the earlier one. Text compares without case and outer blanks, postal codes
        without blanks and dashes anywhere. A field that the lead lacks is in no row that names it.
        """
        best = min(self._taking(data), default=None)
        return None if best is None else self.rows[best.place]

    def _taking(self, data: LeadData) -> Iterator[Rank]:
        lead = Key(folded(data.country), folded(data.state), folded(data.industry), postal(data.postal_code))
        for kind, keys in self.index.items():
            wanted = kind.key(lead)
            steps = keys.get(wanted) if wanted is not None else None
            found = steps.at(data.employees) if steps is not None else None
            if found is not None:
                yield found


def folded(text: str | None) -> str | None:
    """Text as it is compared; None for nothing but blanks."""
    return (text or "").strip().casefold() or None


def postal(code: str | None) -> str | None:
    """A postal code as it is compared: `SW1A 1-AA` is `sw1a1aa`."""
    return (folded(code) or "").translate(_UNWRITTEN) or None


_UNWRITTEN = {ord(sign): None for sign in " \t\u00a0-\u2010\u2011\u2012\u2013\u2014"}
