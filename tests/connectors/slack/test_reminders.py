"""What people are told when a promise runs out."""

from datetime import timedelta

from connectors.slack.reminders import reminder, taken
from tests.connectors.slack.judge import assert_sound, buttons, words
from tests.connectors.slack.samples import ALICE, BOB, MINUTE, MONDAY_NINE, STATES, clock, policy, view

NOW = MONDAY_NINE + 3 * MINUTE
LATE = MONDAY_NINE + 8 * MINUTE


def test_the_rep_hears_what_is_left_and_until_when() -> None:
    content = reminder(view(), clock(), 50, policy(), NOW, audience="rep")
    assert content.text == (
        "You have 2 min left to accept or reject Pat Lee, VP Operations at Northwind (demo request, score 92), "
        "until 09:05 New York."
    )
    assert "*2 min left*" in words(content)
    assert buttons(content) == []


def test_the_figures_are_those_of_the_moment_of_delivery() -> None:
    content = reminder(view(), clock(), 100, policy(), LATE, audience="rep")
    assert "Overdue by 3 min, since 09:05 New York" in content.text
    assert "160 % of 5 min of working time is used" in words(content)


def test_the_channel_mentions_the_rep_and_the_manager_hears_what_they_can_do() -> None:
    channel = reminder(view(), clock(), 80, policy(), NOW, audience="channel")
    manager = reminder(view(), clock(), 100, policy(), LATE, audience="manager")
    assert "<@U0ALICE> has *2 min left*" in words(channel)
    assert "<@U0ALICE> still has to accept or reject" in words(manager)
    assert "You can act for Alice Ames, or reassign the lead, on its card in #leads-us" in words(manager)


def test_once_the_lead_has_moved_nobody_is_asked_for_it_and_its_new_rep_is_named() -> None:
    content = reminder(view(rep=BOB), clock(), 150, policy(), LATE, audience="manager")
    assert "<@" not in words(content)
    assert "ran out after 5 min of working time. It is with Bob Brandt now." in content.text
    waiting = reminder(STATES["held"], clock(), 150, policy(), LATE, audience="channel")
    assert "It waits for the next rep." in waiting.text


def test_a_paused_clock_has_no_deadline() -> None:
    paused = clock(running_since=None, spent=2 * MINUTE)
    content = reminder(view(paused), paused, 100, policy(), NOW, audience="rep")
    assert "3 min left" in content.text
    assert "the clock is paused" in content.text


def test_a_rep_whose_lead_was_taken_hears_where_it_went_without_blame() -> None:
    lapsed = clock(breached_at=MONDAY_NINE + 5 * MINUTE, stopped_at=LATE, running_since=None)
    content = taken(view(lapsed, rep=BOB), ALICE, policy(), LATE)
    assert_sound(content)
    assert (
        "ran out after 5 min of working time, so it went to Bob Brandt. Nothing is left for you to do." in content.text
    )
    held = taken(view(lapsed, rep=None, hold_until=LATE + timedelta(days=1)), ALICE, policy(), LATE)
    assert "waits for the next rep, who is back Tue 09:08 New York" in held.text
