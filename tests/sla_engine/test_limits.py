"""Which of the policy's limits, those somebody set and the rep's own counts."""

from hypothesis import given
from hypothesis import strategies as st

from sla_engine.limits import NAMES, NOTHING_SET, Caps, Limits, granted, in_force, limited
from tests.sla_engine.samples import rep

BOB = rep("bob", max_open=15, max_per_day=20)
LIMIT = st.none() | st.integers(0, 30)
LIMITS = st.builds(Limits, LIMIT, LIMIT, LIMIT)


def test_the_policys_limits_count_where_nothing_is_set() -> None:
    assert in_force(BOB, NOTHING_SET) == Limits(15, 20, None)
    assert limited(BOB, NOTHING_SET) is BOB


def test_what_a_rep_is_given_takes_the_policys_place_in_both_directions() -> None:
    assert in_force(BOB, Caps(given=Limits(40, 3))) == Limits(40, 3, None)


def test_ones_own_limit_only_lowers() -> None:
    assert in_force(BOB, Caps(own=Limits(5, 99, 7))) == Limits(5, 20, 7)
    assert in_force(BOB, Caps(Limits(3), Limits(5))) == Limits(3, 20, None), "also when the others were lowered later"


def test_a_limited_rep_is_the_same_rep() -> None:
    found = limited(BOB, Caps(own=Limits(0, None, 4)))
    assert (found.email, found.weight, found.calendar) == (BOB.email, BOB.weight, BOB.calendar)
    assert (found.max_open, found.max_per_day, found.max_per_week) == (0, 20, 4)


@given(LIMITS, LIMITS)
def test_nobody_can_raise_their_own(given_to_them: Limits, own: Limits) -> None:
    caps = Caps(given_to_them, own)
    for name in NAMES:
        most, counts = granted(BOB, caps).of(name), in_force(BOB, caps).of(name)
        assert most is None or (counts is not None and counts <= most)
