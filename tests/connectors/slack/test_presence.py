"""Who is there, as people read and change it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.slack.home import MOST_TEAMS, Company, home
from connectors.slack.presence import Roll, changed, days
from connectors.slack.presence_forms import hand_over, limits, plan_leave, team_leave, team_limits
from connectors.slack.teams import Floor
from sla_engine.limits import Caps, Limits
from storage.leaves import Leave
from storage.presence import Change
from tests.connectors.slack.judge import assert_harmless, assert_sound_view, read
from tests.connectors.slack.samples import ALICE, BOB, DANA, KEPT, MONDAY_NINE, PEOPLE, policy, view

NOW = MONDAY_NINE
MIDNIGHT = NOW - timedelta(hours=9)
"""Monday 23 November 2026 in New York."""
DAY = timedelta(days=1)
TEAM = policy().teams["us-inbound"]
LEAVES = tuple(
    Leave(n, rep, MIDNIGHT + n * DAY, MIDNIGHT + (n + 1) * DAY) for rep in (ALICE, BOB) for n in range(1, 40)
)
CAPS = {ALICE: Caps(Limits(5, 6, 7), Limits(1, 1, 1)), BOB: Caps()}


def roll(**more: Any) -> Roll:
    return Roll(**{"people": PEOPLE, "policy": policy(), "now": NOW, "leaves": LEAVES, "caps": CAPS, **more})


def change(event: str, rep: str = BOB, actor: str = DANA, **detail: Any) -> Change:
    return Change(rep, NOW, event, actor, detail)


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (MIDNIGHT + DAY, MIDNIGHT + 2 * DAY, "Tue 24 Nov"),
        (MIDNIGHT + DAY, MIDNIGHT + 3 * DAY, "Tue 24 Nov to Wed 25 Nov"),
        (MIDNIGHT + DAY, None, "from Tue 24 Nov, with no end yet"),
        (MIDNIGHT + DAY, MIDNIGHT + 400 * DAY, "Tue 24 Nov to Mon 27 Dec 2027"),
        (NOW, NOW + timedelta(hours=3), "09:00 New York to 12:00 New York"),
    ],
)
def test_a_leave_is_told_in_days_or_by_the_hour(starts: datetime, ends: datetime | None, words: str) -> None:
    assert days(starts, ends, "America/New_York", NOW) == words


@pytest.mark.parametrize(
    ("zone", "month", "day"),
    [("Africa/Cairo", 4, 24), ("Asia/Beirut", 3, 29), ("America/Santiago", 9, 6), ("America/Havana", 3, 8)],
)
def test_a_day_that_begins_at_one_oclock_is_told_as_a_day_like_others(zone: str, month: int, day: int) -> None:
    start = datetime(2026, month, day, 1, tzinfo=ZoneInfo(zone))
    end, called = start.replace(hour=0) + DAY, f"{start:%a %-d %b}"
    assert days(start, end, zone, start - 9 * DAY) == called
    assert " to " in days(start + timedelta(minutes=1), end, zone, start - 9 * DAY), "not the whole day"


@pytest.mark.parametrize(
    ("one", "to_bob", "to_dana"),
    [
        (
            change("limit", limit="max_open", before=15, after=5),
            "Dana set your limit of open leads from 15 to 5",
            "You set Bob Brandt's limit of open leads from 15 to 5",
        ),
        (
            change("limit", actor=BOB, limit="max_per_day", before=None, after=1_000),
            "You set your limit of leads a day to 1,000",
            "Bob Brandt set their own limit of leads a day to 1,000",
        ),
        (
            change("limit", limit="max_per_week", before=3, after=None),
            "Dana took away your limit of leads a week, which was 3",
            "You took away Bob Brandt's limit of leads a week, which was 3",
        ),
        (change("back"), "Dana set you back", "You set Bob Brandt back"),
        (change("back", actor=BOB), "You came back", "Bob Brandt came back"),
        (
            change("leave", starts=NOW.isoformat(), ends=(NOW + timedelta(hours=1)).isoformat()),
            "Dana set you away until 09:00 Chicago",
            "You set Bob Brandt away until 09:00 Chicago",
        ),
        (
            change("leave cancelled", starts=(MIDNIGHT + DAY + timedelta(hours=1)).isoformat(), ends=None),
            "Dana cancelled your leave: from Tue 24 Nov, with no end yet",
            "You cancelled Bob Brandt's leave: from Tue 24 Nov, with no end yet",
        ),
        (change("<!channel>"), "Dana &lt;!channel&gt;", "You &lt;!channel&gt;"),
    ],
)
def test_a_change_names_who_did_it_to_whom(one: Change, to_bob: str, to_dana: str) -> None:
    for reader, said in ((BOB, to_bob), (DANA, to_dana)):
        told = changed(one, roll(), reader)
        assert told.startswith(f"{said}, <!date^")
        assert_harmless(told)


def test_every_form_is_one_that_slack_takes_however_much_is_planned_and_whatever_people_are_called() -> None:
    people = {**PEOPLE, BOB: replace(PEOPLE[BOB], name="<!channel> " * 30)}
    seen, bob = roll(people=people), TEAM.rep(BOB)
    assert bob is not None
    for form in (
        plan_leave(bob, seen),
        limits(bob, seen),
        team_leave(TEAM, seen),
        team_limits(TEAM, seen),
        team_limits(TEAM, seen, bob),
        hand_over(TEAM, {}, seen),
        hand_over(TEAM, {BOB: 2, "gone@acme.example": 1}, seen),
    ):
        assert_sound_view(form)


def test_ones_own_limits_come_filled_in_and_say_what_is_given() -> None:
    alice = TEAM.rep(ALICE)
    assert alice is not None
    asked = {block["block_id"]: block for block in limits(alice, roll())["blocks"] if block["type"] == "input"}
    assert asked["max_open"]["element"]["initial_value"] == "1"
    assert asked["max_open"]["hint"]["text"] == "Empty: 5, as you are given."


def test_a_home_tab_with_the_most_of_everything_is_one_that_slack_takes() -> None:
    mine = [replace(view(), lead=replace(view().lead, id=f"L{n}")) for n in range(40)]
    told = tuple(change("limit", limit="max_open", before=n, after=n + 1) for n in range(9))
    away = {**PEOPLE, ALICE: replace(PEOPLE[ALICE], leaves=((MONDAY_NINE, None),))}
    for floors in ([], ([Floor(team, mine, told) for team in policy().teams.values()] * 5)[:MOST_TEAMS]):
        found = home(
            ALICE,
            mine,
            floors,
            Company(away, KEPT, policy(), NOW, LEAVES, CAPS, told),
            more=[f"team {n}" for n in range(101)],
        )
        assert_sound_view(found)
        assert "And 35 more leaves after that." in read(found["blocks"])
        assert len(found["blocks"]) <= 100
