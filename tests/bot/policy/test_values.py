"""Single values in all the forms a person may write them."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.document import Scalar
from bot.policy.mistakes import Mistakes
from bot.policy.node import Node, Reader
from bot.policy.values import channel, duration, email, share, slack_user, weekly
from sla_engine.conditions import Bound, Condition
from sla_engine.policy import Policy

Load = Callable[..., Policy]


def read(reader: Reader[object], written: str) -> object:
    """What a reader makes of some text, or None when it refuses it."""
    mistakes = Mistakes()
    value = reader(Node(Scalar(written, written, 1), "here", 1, mistakes))
    return None if mistakes else value


@given(
    parts=st.lists(st.tuples(st.integers(0, 999), st.sampled_from("smhd")), min_size=1, max_size=4),
    blank=st.sampled_from(["", " "]),
)
def test_a_duration_is_the_sum_of_its_parts(parts: list[tuple[int, str]], blank: str) -> None:
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    total = sum((timedelta(**{units[unit]: count}) for count, unit in parts), timedelta())
    meant = total if timedelta() < total <= timedelta(days=366) else None
    assert read(duration, blank.join(f"{count}{unit}" for count, unit in parts)) == meant


@given(st.text(max_size=12))
def test_any_text_is_a_duration_above_zero_or_refused(written: str) -> None:
    found = read(duration, written)
    assert found is None or (isinstance(found, timedelta) and found > timedelta())


@pytest.mark.parametrize("written", ["4", "h", "4x", "1.5h", "4H", "-4h", "+4h", "٤h", "4h30", "1h,30m", "0h0m", ""])
def test_a_duration_needs_whole_numbers_and_units(written: str) -> None:
    assert read(duration, written) is None


@pytest.mark.parametrize(
    ("written", "meant"), [("50%", 50), ("50", 50), ("150 %", 150), ("0.5", None), ("1001%", None)]
)
def test_a_share_is_in_per_cent(written: str, meant: int | None) -> None:
    assert read(share, written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("#leads-us", "#leads-us"),
        ("leads-us", "#leads-us"),
        ("#vertrieb-süd", "#vertrieb-süd"),
        ("C012AB3CD", "C012AB3CD"),
        ("G012AB3CD", "G012AB3CD"),
        ("#C012AB3CD", None),
        ("leads us", None),
        ("#" + "x" * 81, None),
        ("@olga", None),
    ],
)
def test_a_channel_is_a_name_or_an_id(written: str, meant: str | None) -> None:
    assert read(channel, written) == meant


@pytest.mark.parametrize(
    ("written", "meant"), [("U012AB3CD", True), ("W012AB3CD", True), ("B012AB3CD", False), ("u1", False)]
)
def test_a_slack_user_is_an_id(written: str, meant: bool) -> None:
    assert (read(slack_user, written) is not None) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ada.Lovelace@Acme.EXAMPLE", "ada.lovelace@acme.example"),
        ("ada@handoff.test", "ada@handoff.test"),
        ("ada@localhost", None),
        ("Ada <ada@acme.example>", None),
        ("ada@acme..example", None),
        ("<!channel>@acme.example", None),
    ],
)
def test_an_address_is_checked_and_put_in_lower_case(written: str, meant: str | None) -> None:
    assert read(email, written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mon 09:00", (0, time(9))),
        ("Sunday 23:59", (6, time(23, 59))),
        ("thurs 7:05", (3, time(7, 5))),
        ("mo 09:00", None),
        ("monsday 09:00", None),
        ("mon 24:00", None),
    ],
)
def test_a_moment_of_the_week_is_a_day_and_a_time(written: str, meant: tuple[int, time] | None) -> None:
    assert read(weekly, written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('">=10 <100"', (Bound(">=", 10), Bound("<", 100))),
        ('">= 10, < 100"', (Bound(">=", 10), Bound("<", 100))),
        ('">-1.5"', (Bound(">", -1.5),)),
        ('"<=5"', (Bound("<=", 5),)),
    ],
)
def test_bounds_are_read_alone_and_together(load: Load, written: str, meant: tuple[Bound, ...]) -> None:
    assert load(('">=1000"', written)).rules[2].when[1] == Condition("employees", bounds=meant)


def test_numbers_are_compared_with_a_value_or_a_list(load: Load) -> None:
    assert load(('">=1000"', "1000")).rules[2].when[1] == Condition("employees", (1000,))
    assert load(('">=1000"', "[1, 2.5]")).rules[2].when[1] == Condition("employees", (1, 2.5))


def test_levels_are_sorted_by_share(load: Load) -> None:
    assert [level.at for level in load(("at: 50%", "at: 120%")).levels] == [80, 100, 120, 150]


def test_elapsed_time_needs_no_calendar_to_reach_it(load: Load) -> None:
    policy = load(("qualify_within: 80h", "qualify_within: 300d\n    count: elapsed"))
    assert policy.promises[-1].qualify_within == timedelta(days=300)


def test_backups_may_form_a_circle(load: Load) -> None:
    policy = load(("manager: erik@acme.example", "manager: erik@acme.example\n    backup: us-inbound"))
    assert [team.backup for team in policy.teams.values()] == ["emea-inbound", "us-inbound"]
