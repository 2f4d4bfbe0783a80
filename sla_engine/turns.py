"""Strict turns by weight: smooth weighted round robin over whoever can take a lead now, in fractions of a turn.

Each turn, whoever can take it earns their share of it by weight, together exactly one turn; the one who is owed most
takes it and pays one. Who is passed over neither earns nor pays, so keeps their place. A credit is therefore what a rep
is owed at that moment, in turns: their ideal share of the turns at which they were there, less the turns they had.
With everybody there it is nginx's rule for weighted upstreams, where 5, 1, 1 give A A B A C A A rather than a burst:
https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sla_engine.obstacles import Obstacle
from sla_engine.policy import Method, Rep

TURN = 5_354_228_880
"""One turn in units of credit: divisible by every total weight up to 24, so that in most teams no share is rounded."""


class Standing(NamedTuple):
    """What a rep is owed in one book, in units of a turn, and the weight they had when they last stood in it."""

    credit: int
    weight: int


Book = Mapping[str, Standing]
"""Standings by rep's e-mail: one book for each team and method."""


class Change(StrEnum):
    """Why a standing is set rather than earned."""

    JOINED = "joined"
    REWEIGHTED = "reweighted"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Levelling:
    """A rep who joins or changes weight starts level at `credit`; of one who has left, `credit` is what is dropped."""

    rep: str
    change: Change
    credit: int
    weight: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn given: who earned a share, by weight and in the list's order, who was skipped and why, and the book.

    `before` is the book once `levellings` were made, `after` the book once `rep` has paid.
    """

    team: str
    method: Method
    rep: str
    weights: Mapping[str, int]
    before: Book
    after: Book
    levellings: tuple[Levelling, ...] = ()
    skipped: Mapping[str, Obstacle] = field(default_factory=dict)


def level(book: Book, reps: Sequence[Rep]) -> tuple[dict[str, Standing], tuple[Levelling, ...]]:
    """The book for a team's list as it is now, and what had to be set for it.

    Who is new or has another weight starts at the others' average by weight, rounded down: with neither a backlog nor a
    debt. Who is no longer in the list is struck out.
    """
    listed = {rep.email: rep for rep in reps}
    kept = {email: one for email, one in book.items() if email in listed and listed[email].weight == one.weight}
    owed, weight = sum(one.credit for one in kept.values()), sum(one.weight for one in kept.values())
    changes = [Levelling(email, Change.LEFT, book[email].credit, 0) for email in book if email not in listed]
    levelled = dict(kept)
    for email, rep in listed.items():
        if email not in kept:
            start = Standing(owed * rep.weight // weight if weight else 0, rep.weight)
            changes.append(
                Levelling(email, Change.REWEIGHTED if email in book else Change.JOINED, start.credit, rep.weight)
            )
            levelled[email] = start
    return levelled, tuple(changes)


def shares(weights: Mapping[str, int]) -> dict[str, int]:
    """What each earns at one turn, in the list's order; the rounding runs along the list, so the sum is one turn."""
    total, reached, found = sum(weights.values()), 0, {}
    for email, weight in weights.items():
        found[email] = TURN * (reached + weight) // total - TURN * reached // total
        reached += weight
    return found


def pay(book: Book, weights: Mapping[str, int], rep: str, turns: int = 1) -> dict[str, Standing]:
    """The book after `rep` took a turn that all in `weights` earned; with `turns=-1`, after it was given back.

    Who has left since is passed over.
    """
    return _paid(book, shares(weights), rep, turns)


def _paid(book: Book, shared: Mapping[str, int], rep: str, turns: int) -> dict[str, Standing]:
    moved = {email: turns * share for email, share in shared.items()}
    moved[rep] = moved.get(rep, 0) - turns * TURN
    after = dict(book)
    for email, units in moved.items():
        if email in after:
            one = after[email]
            after[email] = Standing(one.credit + units, one.weight)
    return after


def take(
    team: str,
    method: Method,
    book: Book,
    listed: Sequence[Rep],
    free: Sequence[Rep],
    excused: Collection[str] = (),
) -> Turn:
    """The next turn of a team: of those who are free it is theirs who is owed most, and among equals the earlier's.

    Who is `excused` earns although they can't take it: they gave a turn at this very lead back.
    """
    before, levellings = level(book, listed)
    takers = {rep.email for rep in free}
    weights = {rep.email: rep.weight for rep in listed if rep.email in takers or rep.email in excused}
    shared = shares(weights)
    owed = {email: before[email].credit + share for email, share in shared.items()}
    rep = max((email for email in owed if email in takers), key=lambda email: owed[email])
    return Turn(team, method, rep, weights, before, _paid(before, shared, rep, 1), levellings)


def in_turns(units: int) -> str:
    """Units of credit as turns, to two places: `−0.25`."""
    return f"{units / TURN:.2f}".replace("-", "−").replace("−0.00", "0.00")
