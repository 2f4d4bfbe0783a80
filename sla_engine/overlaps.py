"""Rows of a table of territories that are equally specific, so that only their order decides between them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, islice
from typing import NamedTuple

from sla_engine.territories import ANY, Key, Range, Territories, Territory, rank_of

Join = tuple[str | None, ...]


class Overlap(NamedTuple):
    """Two equally specific rows that some lead is in both of, the earlier first, and what such a lead has.

    `key` has the exact fields as the rows write them; `employees` is None when neither row names them.
    """

    first: Territory
    second: Territory
    key: Key
    employees: Range | None


class _Row(NamedTuple):
    low: float
    place: int
    row: Territory
    key: Key
    range: Range

    @property
    def target(self) -> tuple[str | None, str | None]:
        return self.row.team, self.row.rep


@dataclass
class _Group:
    """Rows that agree wherever two kinds of rows both look, by where their ranges begin, and so for each target."""

    rows: list[_Row] = field(default_factory=list)
    by_target: dict[tuple[str | None, str | None], list[_Row]] = field(default_factory=dict)


def overlaps(table: Territories, at_most: int) -> tuple[list[Overlap], int]:
    """Some pairs of equally specific rows with leads in common and different targets, and how many there are.

    Rows are joined by what they have in common, and ranges of one width by where they begin, so that the time it takes
    grows with the table and not with its square. Rows with the same conditions count as well.
    """
    found: list[Overlap] = []
    total = 0
    for kinds in _peers(table):
        for one, other in combinations_with_replacement(kinds, 2):
            count, pairs = _joined(one, other, at_most)
            total += count
            found += pairs
    found.sort(key=lambda pair: (pair.second.line, pair.first.line))
    return found[:at_most], total


def _peers(table: Territories) -> Iterator[list[list[_Row]]]:
    """Rows of one specificity, each kind by itself: a kind names the same fields."""
    peers: dict[tuple[float, ...], dict[tuple[bool, ...], list[_Row]]] = {}
    for place, row in enumerate(table.rows):
        key, employees = row.key, row.range
        kind = tuple(part is not None for part in key)
        specificity = rank_of(key, employees, place)[:3]
        peers.setdefault(specificity, {}).setdefault(kind, []).append(_Row(employees.low, place, row, key, employees))
    for kinds in peers.values():
        yield list(kinds.values())


def _joined(one: list[_Row], other: list[_Row], at_most: int) -> tuple[int, list[Overlap]]:
    """The pairs of a row of `one` and a row of `other`."""
    both = [mine is not None and theirs is not None for mine, theirs in zip(one[0].key, other[0].key, strict=True)]
    groups = _grouped(other, both)
    found: list[Overlap] = []
    total = 0
    for row in one:
        group = groups.get(_join(row, both))
        if group is None:
            continue
        near = _near(group.rows, row)
        count = len(near) - len(_near(group.by_target.get(row.target, []), row))
        total += count
        if count and len(found) < at_most * 2:
            met = (group.rows[place] for place in near)
            found += islice((_overlap(row, peer) for peer in met if peer.target != row.target), at_most * 2)
    if one is other:
        # Each pair was met from both sides.
        return total // 2, list(dict.fromkeys(found))[:at_most]
    return total, found[:at_most]


def _grouped(rows: list[_Row], both: list[bool]) -> dict[Join, _Group]:
    groups: dict[Join, _Group] = {}
    for row in sorted(rows):
        group = groups.setdefault(_join(row, both), _Group())
        group.rows.append(row)
        group.by_target.setdefault(row.target, []).append(row)
    return groups


def _join(row: _Row, both: list[bool]) -> Join:
    return tuple(part for part, shared in zip(row.key, both, strict=True) if shared)


def _near(rows: Sequence[_Row], row: _Row) -> range:
    """The places of those rows, of the same width and sorted, whose range meets the row's."""
    if row.range == ANY:
        return range(len(rows))
    first = bisect_left(rows, row.low, key=lambda one: one.range.high)
    return range(first, bisect_right(rows, row.range.high, key=lambda one: one.low))


def _overlap(one: _Row, other: _Row) -> Overlap:
    first, second = sorted((one, other), key=lambda row: row.place)
    a, b = first.row, second.row
    low, high = max(first.range.low, second.range.low), min(first.range.high, second.range.high)
    key = Key(a.country or b.country, a.state or b.state, a.industry or b.industry, a.postal_code or b.postal_code)
    return Overlap(a, b, key, None if first.range == ANY else Range(low, high))
