"""The ledger of turns: what every standing came of, so that anybody can work it out again.

A ledger is the list of everything that ever moved a book. Replayed from its first entry it gives the book to the last
unit; between two instants it says what each rep was owed, what they had and why they were skipped.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sla_engine.turns import Book, Standing, Turn, pay, shares


class Kind(StrEnum):
    """What an entry records; the last three are the engine's `Change`s."""

    TURN = "turn"
    GIVEN_BACK = "given back"
    KEPT = "not given back"
    JOINED = "joined"
    REWEIGHTED = "reweighted"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, in the order of `id`; `at` is UTC.

    Of a turn, `weights` has who earned a share and `skipped` why others did not. Of one given back, `of` is the id
    of that turn and `weights` are its own. Of a change, `credit` and `weight` are where the rep starts.
    """

    id: int
    at: datetime
    kind: Kind
    rep: str
    lead_id: str | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    credit: int = 0
    weight: int = 0
    of: int | None = None


@dataclass(slots=True)
class Account:
    """What one rep was owed and had over a stretch of the ledger; `ideal` and `credit` are in units of a turn."""

    rep: str
    weight: int = 0
    free: int = 0
    ideal: int = 0
    given: int = 0
    given_back: int = 0
    credit: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def entries_of(turn: Turn) -> list[tuple[Kind, str, int, int]]:
    """What a turn adds to the ledger before itself: kind, rep, credit and weight of each levelling."""
    return [(Kind(one.change.value), one.rep, one.credit, one.weight) for one in turn.levellings]


def follow(book: Book, entry: Entry) -> Book:
    """The book after one more entry."""
    if entry.kind is Kind.TURN:
        return pay(book, entry.weights, entry.rep)
    if entry.kind is Kind.GIVEN_BACK:
        return pay(book, entry.weights, entry.rep, turns=-1)
    if entry.kind is Kind.KEPT:
        return book
    if entry.kind is Kind.LEFT:
        return {rep: one for rep, one in book.items() if rep != entry.rep}
    return {**book, entry.rep: Standing(entry.credit, entry.weight)}


def replay(entries: Iterable[Entry]) -> Book:
    """The book that a whole ledger gives."""
    book: Book = {}
    for entry in entries:
        book = follow(book, entry)
    return book


def accounts(entries: Iterable[Entry], since: datetime) -> dict[str, Account]:
    """What every rep was owed and had from an instant on, from the whole ledger; who has left is still told of."""
    book: Book = {}
    found: dict[str, Account] = {}
    for entry in entries:
        book = follow(book, entry)
        if entry.at >= since:
            _count(found, entry)
    for rep, one in book.items():
        account = found.setdefault(rep, Account(rep))
        account.weight, account.credit = one.weight, one.credit
    return found


def _count(found: dict[str, Account], entry: Entry) -> None:
    sign = {Kind.TURN: 1, Kind.GIVEN_BACK: -1}.get(entry.kind, 0)
    if not sign:
        return
    for rep, share in shares(entry.weights).items():
        one = found.setdefault(rep, Account(rep))
        one.ideal += sign * share
        one.free += sign
    taker = found.setdefault(entry.rep, Account(entry.rep))
    taker.given += sign
    taker.given_back += sign < 0
    if sign > 0:
        for rep, why in entry.skipped.items():
            found.setdefault(rep, Account(rep)).skipped[reason(why)] += 1


def reason(words: str) -> str:
    """The kind of obstacle in the words for one: `off until Mon 09:00 London` is `off`."""
    return words.split(" until ")[0].split(" (")[0]
