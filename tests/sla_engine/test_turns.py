"""Turns are strict, smooth and fair by weight."""

from collections import Counter
from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_engine.policy import Rep
from sla_engine.turns import take
from tests.sla_engine.samples import email, rep

weights = st.lists(st.integers(1, 5), min_size=1, max_size=5)
any_weights = st.lists(st.integers(1, 50), min_size=1, max_size=20)


def reps(weights: Sequence[int]) -> list[Rep]:
    return [rep(chr(ord("a") + place), weight=weight) for place, weight in enumerate(weights)]


def play(rounds: Sequence[Sequence[Rep]], credits: Mapping[str, int] | None = None) -> tuple[str, dict[str, int]]:
    """Who took each turn, by letter, and the credits at the end."""
    kept = dict(credits or {})
    order = ""
    for available in rounds:
        chosen, changed, _ = take(available, kept)
        kept |= changed
        order += chosen.email[0]
    return order, kept


def test_weights_two_one_one_give_a_b_c_a_and_end_where_they_began() -> None:
    order, credits = play([reps([2, 1, 1])] * 8)
    assert order == "abcaabca"
    assert set(credits.values()) == {0}


def test_a_weight_of_five_is_spread_out_rather_than_taken_in_a_burst() -> None:
    assert play([reps([5, 1, 1])] * 7)[0] == "aabacaa"


def test_equal_weights_take_turns_in_the_order_of_the_list() -> None:
    assert play([reps([3, 3, 3])] * 6)[0] == "abcabc"


def test_a_turn_says_what_it_cost_and_whose_credit_it_changed() -> None:
    chosen, changed, cost = take(reps([2, 1, 1]), {email("b"): 5, email("z"): 9})
    assert (chosen.email, cost) == (email("b"), 4)
    assert changed == {email("a"): 2, email("b"): 5 + 1 - 4, email("c"): 1}


def test_giving_back_what_a_turn_cost_makes_that_rep_next() -> None:
    team = reps([1, 1, 1])
    order, credits = play([team] * 2)
    assert order == "ab"
    credits[email("a")] += 3
    assert play([team] * 3, credits)[0] == "aca"


def test_a_rep_who_is_passed_over_keeps_their_place() -> None:
    a, b, c = reps([1, 1, 1])
    _, credits = play([[a, b, c]])
    _, changed, _ = take([a, c], credits)
    assert email("b") not in changed
    assert play([[a, b, c], [a, c], [a, c], [a, b, c]])[0] == "accb"


def test_a_rep_who_joins_starts_level_and_without_a_backlog() -> None:
    a, b, c = reps([1, 1, 1])
    _, credits = play([[a, b]] * 100)
    assert Counter(play([[a, b, c]] * 9, credits)[0]) == Counter("aaabbbccc")
    assert "cc" not in play([[a, b, c]] * 9, credits)[0]


def test_a_rep_who_returns_after_a_long_absence_is_not_flooded() -> None:
    a, b, c = reps([1, 1, 1])
    _, credits = play([[a, b, c]] * 2 + [[a, b]] * 200)
    back = play([[a, b, c]] * 30, credits)[0]
    assert all(abs(back[:length].count("c") - length / 3) <= 1 for length in range(1, 31))


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
def test_nobody_is_ever_a_whole_turn_ahead_whatever_the_weights(weights: list[int], turns: int) -> None:
    team, total = reps(weights), sum(weights)
    order, credits = play([team] * turns)
    assert sum(credits.values()) == 0
    for one in team:
        assert order.count(one.email[0]) * total < turns * one.weight + total
        assert credits[one.email] == turns * one.weight - order.count(one.email[0]) * total


@settings(deadline=None)
@given(any_weights)
def test_every_full_round_of_turns_gives_each_exactly_their_weight(weights: list[int]) -> None:
    team = reps(weights)
    order, credits = play([team] * sum(weights))
    assert Counter(order) == {one.email[0]: one.weight for one in team}
    assert not any(credits.values())


@settings(deadline=None)
@given(weights, st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=40))
def test_turns_go_only_to_who_is_there_and_the_same_turns_come_of_the_same_absences(
    weights: list[int], present: list[set[int]]
) -> None:
    team = reps(weights)
    rounds = [[team[place] for place in sorted({seat % len(team) for seat in seats})] for seats in present]
    order, credits = play(rounds)
    assert all(letter in {one.email[0] for one in there} for letter, there in zip(order, rounds, strict=True))
    assert (order, credits) == play(rounds)
    assert sum(credits.values()) == 0


def test_taking_a_turn_leaves_the_credits_that_were_passed_in_alone() -> None:
    credits = {email("a"): 1}
    take(reps([1, 1]), credits)
    assert credits == {email("a"): 1}
