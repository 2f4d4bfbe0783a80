"""The ledger of turns: what every standing came of, so that anybody can work it out again.

A ledger is the list of everything that ever moved a book. Replayed from its first entry it gives the book to the last
unit; between two instants it says what each rep was owed, what they had and why they were skipped.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from sla_engine.obstacles import Obstacle
from sla_engine.turns import TURN, Book, Standing, Turn, shares


class Kind(StrEnum):
    """What an entry records; the last three are the engine's `Change`s."""

    TURN = "turn"
    GIVEN_BACK = "given back"
    KEPT = "not given back"
    JOINED = "joined"
    REWEIGHTED = "reweighted"
    LEFT = "left"


SIGNS = {Kind.TURN: 1, Kind.GIVEN_BACK: -1}
"""How often a turn counts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, in the order of `id`; `at` is UTC.

    Of a turn, `weights` has who earned a share and `skipped` why others did not. Of one given back, `of` is the id
    of that turn and the rest is its own. Of a change, `credit` and `weight` are where the rep starts.
    """

    id: int
    at: datetime
    kind: Kind
    rep: str
    lead_id: str | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, Obstacle] = field(default_factory=dict)
    credit: int = 0
    weight: int = 0
    of: int | None = None


@dataclass(slots=True)
class Balance:
    """What one rep was owed and had over a stretch of the ledger; `start`, `ideal` and `owed` are in units of a turn.

    A turn given back counts neither as one they were `free` for nor towards their `ideal`, as its lead is given anew;
    `given` has it, and so has `given_back`. `owed` is what they are owed at the end; `weight` is 0 once they left.
    """

    rep: str
    weight: int = 0
    free: int = 0
    ideal: int = 0
    given: int = 0
    given_back: int = 0
    owed: int = 0
    skipped: Counter[Obstacle] = field(default_factory=Counter)

    @property
    def start(self) -> int:
        """What they were owed when it began, or where they were set since."""
        return self.owed - self.ideal + TURN * (self.given - self.given_back)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A rep whose standing the ledger does not give; None where one of the two has no such rep."""

    rep: str
    book: Standing | None
    ledger: Standing | None


def entries_of(turn: Turn) -> list[tuple[Kind, str, int, int]]:
    """What a turn adds to the ledger before itself: kind, rep, credit and weight of each levelling."""
    return [(Kind(one.change.value), one.rep, one.credit, one.weight) for one in turn.levellings]


class Tally:
    """A ledger gone through entry by entry, oldest first: the book it gives, and what happened from `since` on."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self.entries = self.turns = 0
        self._credits: dict[str, int] = {}
        self._weights: dict[str, int] = {}
        self._balances: dict[str, Balance] = {}

    @property
    def book(self) -> dict[str, Standing]:
        """The book that the entries so far give."""
        return {rep: Standing(credit, self._weights[rep]) for rep, credit in self._credits.items()}

    @property
    def balances(self) -> dict[str, Balance]:
        """By e-mail, the balances of who is in the book now, in its order, and then of who has left since."""
        order = [*self._credits, *(rep for rep in self._balances if rep not in self._credits)]
        for rep in order:
            balance = self._balance(rep)
            balance.weight, balance.owed = self._weights.get(rep, 0), self._credits.get(rep, 0)
        return {rep: self._balances[rep] for rep in order}

    def add(self, entry: Entry) -> None:
        """One more entry."""
        self.entries += 1
        if entry.kind in SIGNS:
            self._move(entry, SIGNS[entry.kind])
        elif entry.kind is not Kind.KEPT:
            self._set(entry)

    def _balance(self, rep: str) -> Balance:
        found = self._balances.get(rep)
        if found is None:
            found = self._balances[rep] = Balance(rep)
        return found

    def _move(self, entry: Entry, sign: int) -> None:
        """A turn, or with the sign −1 one that is undone; who has left since neither gets back nor pays."""
        credits, earned = self._credits, _earned(tuple(entry.weights.items()))
        for rep, share in earned:
            if rep in credits:
                credits[rep] += sign * share
        if entry.rep in credits:
            credits[entry.rep] -= sign * TURN
        if entry.at >= self.since:
            self._count(entry, sign, earned)

    def _count(self, entry: Entry, sign: int, earned: Iterable[tuple[str, int]]) -> None:
        self.turns += sign
        for rep, share in earned:
            one = self._balance(rep)
            one.ideal += sign * share
            one.free += sign
        for rep, why in entry.skipped.items():
            self._balance(rep).skipped[why] += sign
        taker = self._balance(entry.rep)
        if sign > 0:
            taker.given += 1
        else:
            taker.given_back += 1

    def _set(self, entry: Entry) -> None:
        if entry.kind is Kind.LEFT:
            self._credits.pop(entry.rep, None)
            self._weights.pop(entry.rep, None)
        else:
            self._credits[entry.rep], self._weights[entry.rep] = entry.credit, entry.weight


def tally(entries: Iterable[Entry], since: datetime) -> Tally:
    """Go through a whole ledger, oldest entry first, and count what happened from `since` on."""
    found = Tally(since)
    for entry in entries:
        found.add(entry)
    return found


def discrepancies(book: Book, ledger: Book) -> list[Discrepancy]:
    """The reps who stand otherwise in the book than the ledger says, by e-mail; the two agree when there is none."""
    reps = sorted({*book, *ledger})
    return [Discrepancy(rep, book.get(rep), ledger.get(rep)) for rep in reps if book.get(rep) != ledger.get(rep)]


@lru_cache(maxsize=4096)
def _earned(weights: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """The shares of a turn; who is there changes far less often than turns are given."""
    return tuple(shares(dict(weights)).items())
