"""The ledger gives the book, and says what each rep was owed and had."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sla_engine.fairness import Discrepancy, Entry, Kind, discrepancies, entries_of, tally
from sla_engine.obstacles import Cause, Obstacle
from sla_engine.policy import Method, Rep
from sla_engine.turns import TURN, Book, Standing, Turn, pay, take
from tests.dice import dice
from tests.sla_engine.samples import email, rep

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
AWAY = Obstacle(Cause.AWAY)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Desk:
    """Keeps a book and its ledger, as the product does; an hour passes with every turn."""

    def __init__(self, *team: Rep) -> None:
        self.team, self.book = list(team), dict[str, Standing]()
        self.entries: list[Entry] = []
        self.now = START

    def give(self, *absent: str) -> tuple[Entry, Turn]:
        """The next turn, with some of the team away."""
        self.now += timedelta(hours=1)
        gone = {email(name) for name in absent}
        there = [one for one in self.team if one.email not in gone]
        turn = take("us", Method.ROUND_ROBIN, self.book, self.team, there)
        for kind, who, credit, weight in entries_of(turn):
            self._add(kind, who, credit=credit, weight=weight)
        self.book = dict(turn.after)
        skipped = dict.fromkeys(gone, AWAY)
        return self._add(Kind.TURN, turn.rep, weights=turn.weights, skipped=skipped), turn

    def give_back(self, of: Entry) -> None:
        """A turn is given back."""
        self.book = pay(self.book, of.weights, of.rep, turns=-1)
        self._add(Kind.GIVEN_BACK, of.rep, weights=of.weights, skipped=of.skipped, of=of.id)

    def keep(self, of: Entry) -> None:
        """A turn is not given back."""
        self._add(Kind.KEPT, of.rep, weights=of.weights, skipped=of.skipped, of=of.id)

    def _add(self, kind: Kind, who: str, **more: Any) -> Entry:
        self.entries.append(Entry(len(self.entries) + 1, self.now, kind, who, **more))
        return self.entries[-1]


def history(chance: random.Random, steps: int) -> Iterator[Desk]:
    """A desk after each step of a random history: turns, absences, turns given back, people who come, go and change."""
    desk = Desk(rep("a", weight=2), rep("b"), rep("c"))
    given: list[Entry] = []
    for number in range(steps):
        what = chance.random()
        if what < 0.1 and given:
            desk.give_back(given.pop(chance.randrange(len(given))))
        elif what < 0.15 and given:
            desk.keep(given.pop(0))
        elif what < 0.2:
            desk.team.append(rep(f"joiner{number}", weight=chance.randint(1, 4)))
        elif what < 0.25 and len(desk.team) > 2:
            desk.team.pop(chance.randrange(len(desk.team)))
        elif what < 0.3:
            place = chance.randrange(len(desk.team))
            desk.team[place] = replace(desk.team[place], weight=chance.randint(1, 4))
        else:
            absent = [one.email.partition("@")[0] for one in desk.team if chance.random() < 0.3]
            given.append(desk.give(*absent[: len(desk.team) - 1])[0])
        yield desk


@pytest.mark.parametrize("seed", range(5))
def test_the_ledger_gives_the_book_to_the_last_unit_after_every_step_of_a_random_history(seed: int) -> None:
    chance = dice(seed)
    for desk in history(chance, 150):
        counted = tally(desk.entries, LONG_AGO)
        assert discrepancies(desk.book, counted.book) == []
        assert {who: one.owed for who, one in counted.balances.items() if one.weight} == {
            who: one.credit for who, one in desk.book.items()
        }


@pytest.mark.parametrize("seed", range(5))
def test_whoever_was_there_throughout_is_owed_their_ideal_share_less_what_they_had(seed: int) -> None:
    chance = dice(seed)
    desk = Desk(rep("a", weight=2), rep("b"), rep("c", weight=3))
    for _ in range(100):
        entry, _ = desk.give(*chance.sample("abc", chance.randint(0, 2)))
        if chance.random() < 0.2:
            desk.give_back(entry)
    for since in (LONG_AGO, START + timedelta(hours=40)):
        before = tally([one for one in desk.entries if one.at < since], LONG_AGO).book
        for who, one in tally(desk.entries, since).balances.items():
            assert one.start == (before[who].credit if who in before else 0)
            assert one.owed == one.start + one.ideal - TURN * (one.given - one.given_back)


def test_a_balance_says_who_was_free_for_how_many_turns_and_why_the_others_were_skipped() -> None:
    desk = Desk(rep("a"), rep("b"))
    for absent in ("", "b", "b", "a"):
        desk.give(*absent)
    found = tally(desk.entries, LONG_AGO)
    assert (found.entries, found.turns) == (6, 4)
    a, b = found.balances[email("a")], found.balances[email("b")]
    assert (a.free, a.ideal, a.given, dict(a.skipped)) == (3, TURN * 5 // 2, 3, {AWAY: 1})
    assert (b.free, b.ideal, b.given, dict(b.skipped)) == (2, TURN * 3 // 2, 1, {AWAY: 2})


def test_a_turn_given_back_counts_once_as_given_and_once_as_given_back_and_else_not_at_all() -> None:
    desk = Desk(rep("a"), rep("b"))
    desk.give_back(desk.give("b")[0])
    desk.keep(desk.give("b")[0])
    a, b = tally(desk.entries, LONG_AGO).balances.values()
    assert (a.free, a.ideal, a.given, a.given_back) == (1, TURN, 2, 1)
    assert b.skipped[AWAY] == 1


def test_what_was_before_an_instant_is_carried_over_and_not_counted() -> None:
    desk = Desk(rep("a"), rep("b"))
    for _ in range(3):
        desk.give()
    found = tally(desk.entries, START + timedelta(hours=3))
    a, b = found.balances.values()
    assert (found.entries, found.turns) == (5, 1)
    assert (a.start, a.given, a.owed) == (0, 1, -TURN // 2)
    assert (b.start, b.given, b.owed) == (0, 0, TURN // 2)


def test_who_has_left_is_told_of_as_long_as_they_had_to_do_with_a_turn() -> None:
    desk = Desk(rep("a"), rep("b"))
    desk.give()
    desk.team.pop()
    desk.give()
    assert tally(desk.entries, LONG_AGO).balances[email("b")].weight == 0
    assert list(tally(desk.entries, START + timedelta(hours=2)).balances) == [email("a")]


def test_every_rep_who_stands_otherwise_in_the_book_is_named() -> None:
    one, other = Standing(5, 1), Standing(4, 1)
    book: Book = {"a": one, "b": one, "d": Standing(5, 2)}
    assert discrepancies(book, {"a": one, "b": other, "c": one, "d": one}) == [
        Discrepancy("b", one, other),
        Discrepancy("c", None, one),
        Discrepancy("d", Standing(5, 2), one),
    ]
