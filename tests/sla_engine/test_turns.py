"""Turns are strict, smooth and fair by weight."""

import random
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_engine.policy import Method, Rep
from sla_engine.turns import TURN, Book, Change, Levelling, Standing, level, pay, shares, take
from tests.dice import dice
from tests.sla_engine.samples import email, rep

weights = st.lists(st.integers(1, 5), min_size=1, max_size=5)
any_weights = st.lists(st.integers(1, 50), min_size=1, max_size=20)


def reps(weights: Sequence[int]) -> list[Rep]:
    return [rep(f"{chr(ord('a') + place)}", weight=weight) for place, weight in enumerate(weights)]


def play(
    rounds: Sequence[Sequence[Rep]], book: Book | None = None, listed: Sequence[Rep] | None = None
) -> tuple[str, Book]:
    """Who took each turn, by letter, and the book at the end; without `listed` the list is everybody in any round."""
    everyone = listed or list({one.email: one for there in rounds for one in there}.values())
    kept: Book = book or {}
    order = ""
    for there in rounds:
        turn = take("us", Method.ROUND_ROBIN, kept, everyone, there)
        kept = turn.after
        order += turn.rep[0]
    return order, kept


def credits(book: Book) -> dict[str, float]:
    return {email: one.credit / TURN for email, one in book.items()}


def test_weights_two_one_one_give_a_b_c_a_and_end_where_they_began() -> None:
    order, book = play([reps([2, 1, 1])] * 8)
    assert order == "abcaabca"
    assert set(credits(book).values()) == {0}


def test_a_weight_of_five_is_spread_out_rather_than_taken_in_a_burst() -> None:
    assert play([reps([5, 1, 1])] * 7)[0] == "aabacaa"


def test_equal_weights_take_turns_in_the_order_of_the_list() -> None:
    assert play([reps([3, 3, 3])] * 6)[0] == "abcabc"


def test_a_turn_keeps_the_book_before_and_after_and_who_could_have_had_it() -> None:
    team = reps([2, 1, 1])
    first = take("us", Method.ROUND_ROBIN, {}, team, team)
    turn = take("us", Method.ROUND_ROBIN, first.after, team, team[1:])
    assert turn.weights == {email("b"): 1, email("c"): 1}
    assert credits(turn.before) == {email("a"): -0.5, email("b"): 0.25, email("c"): 0.25}
    assert credits(turn.after) == {email("a"): -0.5, email("b"): -0.25, email("c"): 0.75}


def test_a_turn_given_back_leaves_the_book_as_if_it_had_never_been() -> None:
    team = reps([3, 2, 2])
    _, book = play([team] * 4)
    turn = take("us", Method.ROUND_ROBIN, book, team, team[:2])
    assert pay(turn.after, turn.weights, turn.rep, turns=-1) == book


def test_who_gave_a_turn_back_earns_of_the_leads_next_turn_and_is_the_next_after_it() -> None:
    team = reps([2, 1, 1])
    first = take("us", Method.ROUND_ROBIN, {}, team, team)
    back = pay(first.after, first.weights, first.rep, turns=-1)
    second = take("us", Method.ROUND_ROBIN, back, team, team[1:], excused=[first.rep])
    assert (first.rep, second.rep) == (email("a"), email("b"))
    assert credits(second.after) == {email("a"): 0.5, email("b"): -0.75, email("c"): 0.25}, "the lead counts once"
    assert play([team], second.after)[0] == "a"


def test_a_rep_who_is_passed_over_keeps_their_place() -> None:
    a, b, c = reps([1, 1, 1])
    assert play([[a, b, c], [a, c], [a, c], [a, b, c]])[0] == "acab"
    _, book = play([[a, b, c]])
    turn = take("us", Method.ROUND_ROBIN, book, [a, b, c], [a, c])
    assert turn.after[email("b")] == turn.before[email("b")]


def test_who_joins_starts_level_and_without_a_backlog() -> None:
    a, b, c = reps([1, 1, 1])
    _, book = play([[a, b]] * 101)
    order, _ = play([[a, b, c]] * 9, book)
    assert Counter(order) == Counter("aaabbbccc")
    assert "cc" not in order


def test_who_joins_a_list_that_somebody_left_starts_at_the_average_of_those_who_stayed() -> None:
    a, b, c, d = reps([1, 1, 1, 2])
    book = {one.email: Standing(units * TURN, 1) for one, units in ((a, -3), (b, 1), (c, 2))}
    levelled, changes = level(book, [b, c, d])
    assert credits(levelled) == {email("b"): 1, email("c"): 2, email("d"): 3}
    assert changes == (
        Levelling(email("a"), Change.LEFT, -3 * TURN, 0),
        Levelling(email("d"), Change.JOINED, 3 * TURN, 2),
    )


def test_a_changed_weight_starts_level_and_neither_a_debt_nor_a_backlog_is_kept() -> None:
    a, b, c = reps([1, 1, 1])
    book = {one.email: Standing(TURN // 2 * units, 1) for one, units in ((a, -1), (b, 0), (c, 1))}
    heavier = rep("c", weight=2)
    levelled, changes = level(book, [a, b, heavier])
    assert changes == (Levelling(email("c"), Change.REWEIGHTED, -TURN // 2, 2),)
    assert levelled[email("c")] == Standing(-TURN // 2, 2)


def test_a_list_in_another_order_or_the_same_changes_nothing() -> None:
    team = reps([2, 1, 1])
    _, book = play([team] * 3)
    assert level(book, team[::-1]) == (book, ())


def test_a_rep_who_returns_after_a_long_absence_is_not_flooded() -> None:
    a, b, c = reps([1, 1, 1])
    _, book = play([[a, b, c]] * 2 + [[a, b]] * 200)
    back = play([[a, b, c]] * 30, book)[0]
    assert all(abs(back[:length].count("c") - length / 3) <= 1 for length in range(1, 31))


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 1000), min_size=1, max_size=40))
def test_the_shares_of_a_turn_make_one_turn_and_none_is_off_by_a_unit(weights: dict[str, int]) -> None:
    found, total = shares(weights), sum(weights.values())
    assert sum(found.values()) == TURN
    assert all(abs(found[who] * total - TURN * weight) < total for who, weight in weights.items())


@settings(deadline=None)
@given(weights, st.integers(0, 60), st.integers(1, 60))
def test_over_any_stretch_of_turns_each_share_is_within_a_turn_of_the_ideal_at_either_end(
    weights: list[int], skipped: int, length: int
) -> None:
    team, total = reps(weights), sum(weights)
    order, _ = play([team] * (skipped + length))
    for end in (skipped, skipped + length):
        for one in team:
            assert abs(order[:end].count(one.email[0]) - end * one.weight / total) <= 1


@settings(deadline=None)
@given(any_weights, st.integers(1, 80))
def test_a_credit_is_what_is_owed_and_nobody_is_ever_a_whole_turn_ahead(weights: list[int], turns: int) -> None:
    team, total = reps(weights), sum(weights)
    order, book = play([team] * turns)
    assert sum(one.credit for one in book.values()) == 0
    for one in team:
        owed = turns * one.weight / total - order.count(one.email[0])
        assert credits(book)[one.email] == pytest.approx(owed, abs=1e-6)
        assert owed > -1


@settings(deadline=None)
@given(any_weights)
def test_every_full_round_of_turns_gives_each_exactly_their_weight(weights: list[int]) -> None:
    team = reps(weights)
    order, book = play([team] * sum(weights))
    assert Counter(order) == {one.email[0]: one.weight for one in team}
    assert all(abs(units) < 1e-6 for units in credits(book).values())


@settings(deadline=None)
@given(weights, st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=40))
def test_turns_go_only_to_who_is_there_and_the_same_turns_come_of_the_same_absences(
    weights: list[int], present: list[set[int]]
) -> None:
    team = reps(weights)
    rounds = [[team[place] for place in sorted({seat % len(team) for seat in seats})] for seats in present]
    order, book = play(rounds, listed=team)
    assert all(letter in {one.email[0] for one in there} for letter, there in zip(order, rounds, strict=True))
    assert (order, book) == play(rounds, listed=team)
    assert sum(one.credit for one in book.values()) == 0


Roster = Callable[[random.Random, list[Rep], int], list[Rep]]


def each_by_chance(chance: random.Random, team: list[Rep], _turn: int) -> list[Rep]:
    return [one for one in team if chance.random() < 0.5]


def a_sample(chance: random.Random, team: list[Rep], _turn: int) -> list[Rep]:
    return chance.sample(team, chance.randint(1, len(team)))


def shifts(_chance: random.Random, team: list[Rep], turn: int) -> list[Rep]:
    return [one for place, one in enumerate(team) if (turn // 37 + place) % 3]


@pytest.mark.parametrize("roster", [each_by_chance, a_sample, shifts])
@pytest.mark.parametrize("seed", range(3))
def test_over_ten_thousand_leads_with_random_availability_each_share_is_within_a_turn_of_the_ideal(
    roster: Roster, seed: int
) -> None:
    chance = dice(seed)
    team = reps([chance.choice([1, 1, 1, 2, 3, 5]) for _ in range(chance.randint(3, 20))])
    ideal: dict[str, float] = dict.fromkeys((one.email for one in team), 0)
    given: Counter[str] = Counter()
    book: Book = {}
    for number in range(10_000):
        there = roster(chance, team, number)
        if there:
            turn = take("us", Method.ROUND_ROBIN, book, team, there)
            book = turn.after
            given[turn.rep] += 1
            for one in there:
                ideal[one.email] += one.weight / sum(each.weight for each in there)
    assert max(abs(ideal[one.email] - given[one.email]) for one in team) <= 1
    assert credits(book) == pytest.approx({who: ideal[who] - given[who] for who in ideal}, abs=1e-6)


def test_taking_a_turn_leaves_the_book_that_was_passed_in_alone() -> None:
    book = {email("a"): Standing(1, 1)}
    take("us", Method.ROUND_ROBIN, book, reps([1, 1]), reps([1, 1]))
    assert book == {email("a"): Standing(1, 1)}
