"""What people are told when a promise runs out."""

from dataclasses import replace
from datetime import timedelta

from connectors.slack.reminders import reminder, resumed, taken
from sla_engine.lead import LeadData, Plan, Status
from tests.connectors.slack.judge import assert_sound, buttons, words
from tests.connectors.slack.samples import ALICE, BOB, MINUTE, MONDAY_NINE, PEOPLE, STATES, clock, policy, view

NOW = MONDAY_NINE + 3 * MINUTE
LATE = MONDAY_NINE + 8 * MINUTE


def test_the_rep_hears_what_is_left_and_until_when() -> None:
    content = reminder(view(), clock(), policy(), NOW, audience="rep")
    assert content.text == (
        "You have 2 min left to accept or reject Pat Lee, VP Operations at Northwind (demo request, score 92), "
        "until 09:05 New York."
    )
    assert "*2 min left*" in words(content)
    assert buttons(content) == []


def test_the_figures_are_those_of_the_moment_of_delivery() -> None:
    content = reminder(view(), clock(), policy(), LATE, audience="rep")
    assert content.text == (
        "Overdue by 3 min: please accept or reject Pat Lee, VP Operations at Northwind (demo request, score 92). "
        "It was due 09:05 New York."
    )
    assert "*Overdue by 3 min:* please accept or reject *Pat Lee" in words(content)
    assert "Promised in 5 min of working time · Demo request · lead `L4x7k2m9qaz`" in words(content)
    assert "%" not in words(content)


def test_a_time_that_has_just_run_out_is_up_and_not_overdue_by_nothing() -> None:
    for seconds in (0, 3, 59):
        now = MONDAY_NINE + 5 * MINUTE + timedelta(seconds=seconds)
        content = reminder(view(), clock(), policy(), now, audience="manager")
        assert content.text.startswith("Time is up: Alice Ames still has to accept or reject Pat Lee")
        assert ":warning: *Time is up:* <@U0ALICE> still has to accept or reject *Pat Lee" in words(content)
        assert "· was due <!date^1795442700^{time} " in words(content)
    later = reminder(view(), clock(), policy(), MONDAY_NINE + 6 * MINUTE, audience="manager")
    assert "*Overdue by 1 min:* <@U0ALICE> still has" in words(later)


def test_a_promise_of_seconds_is_told_to_the_second() -> None:
    brief = clock(target=timedelta(seconds=30))
    soon = reminder(view(brief), brief, policy(), MONDAY_NINE + timedelta(seconds=26), audience="rep")
    assert "You have 4 s left" in soon.text
    assert "{time_secs}" in words(soon)
    late = reminder(view(brief), brief, policy(), MONDAY_NINE + timedelta(seconds=33), audience="rep")
    assert late.text.startswith("Overdue by 3 s: ")
    up = reminder(view(brief), brief, policy(), MONDAY_NINE + timedelta(seconds=30), audience="rep")
    assert up.text.startswith("Time is up: ")


def test_what_is_left_is_rounded_to_minutes_where_minutes_were_promised() -> None:
    for spent, told in (
        (241, "about 1 min"),
        (240, "1 min"),
        (151, "about 2 min"),
        (150, "about 2 min"),
        (275, "less than 1 min"),
    ):
        content = reminder(view(), clock(), policy(), MONDAY_NINE + timedelta(seconds=spent), audience="rep")
        assert content.text.startswith(f"You have {told} left to accept")
        assert f"*{told[:1].upper()}{told[1:]} left* to accept" in words(content)
        assert "{time_secs}" not in words(content)


def test_a_company_that_ends_with_a_full_stop_ends_the_sentence_once() -> None:
    plain = view(data=LeadData("1", "pat@x.example", first_name="Pat", company="Northwind Inc.", title="VP"))
    content = reminder(plain, clock(), policy(), LATE, audience="rep")
    assert "VP at Northwind Inc. It was due" in content.text


def test_the_channel_mentions_the_rep_and_the_manager_hears_what_they_can_do() -> None:
    channel = reminder(view(), clock(), policy(), NOW, audience="channel")
    manager = reminder(view(), clock(), policy(), LATE, audience="manager")
    assert "<@U0ALICE> has *2 min left*" in words(channel)
    assert "<@U0ALICE> still has to accept or reject" in words(manager)
    wanted = (
        "You can accept or reject it for Alice Ames on its card in #leads-us, or hand over all their leads with "
        f"`/leads hand-over {ALICE}`; `/lead why L4x7k2m9qaz` tells all about it"
    )
    assert wanted in words(manager)
    accepted = reminder(view(status=Status.SAL), clock(), policy(), LATE, audience="manager")
    assert "You can act for Alice Ames, or reassign the lead, on its card in #leads-us; " in words(accepted)


def test_once_the_lead_has_moved_nobody_is_asked_for_it_and_its_new_rep_is_named() -> None:
    content = reminder(view(rep=BOB), clock(), policy(), LATE, audience="manager")
    assert "<@" not in words(content)
    assert "ran out after 5 min of working time. It is with Bob Brandt now." in content.text
    waiting = reminder(STATES["held"], clock(), policy(), LATE, audience="channel")
    assert "It waits for the next rep." in waiting.text


def test_a_paused_clock_has_no_deadline() -> None:
    paused = clock(running_since=None, spent=2 * MINUTE)
    content = reminder(view(paused), paused, policy(), NOW, audience="rep")
    assert "3 min left" in content.text
    assert "the clock stands still" in content.text


def test_the_end_of_a_pause_says_by_when_what_is_owed() -> None:
    content = resumed(view(clock(running_since=MONDAY_NINE)), policy(), NOW)
    assert_sound(content)
    assert content.text == (
        "The pause is over, and the time counts again: Pat Lee, VP Operations at Northwind (demo request, score 92). "
        "Accept by 09:05 New York."
    )
    assert "*Accept by <!date^" in words(content)


def test_the_end_of_a_pause_during_a_leave_does_not_say_that_the_time_counts() -> None:
    leave = {ALICE: replace(PEOPLE[ALICE], leaves=((MONDAY_NINE, None),))}
    content = resumed(replace(view(clock(running_since=MONDAY_NINE)), people=leave), policy(), NOW)
    assert content.text == (
        "The pause is over: Pat Lee, VP Operations at Northwind (demo request, score 92). "
        "5 min left to accept, standing still while Alice Ames is away."
    )


def test_a_rep_whose_lead_was_taken_hears_where_it_went_without_blame() -> None:
    lapsed = clock(breached_at=MONDAY_NINE + 5 * MINUTE, stopped_at=LATE, running_since=None)
    content = taken(view(lapsed, rep=BOB), ALICE, policy(), LATE)
    assert_sound(content)
    assert (
        "ran out after 5 min of working time, so it went to Bob Brandt. Nothing is left for you to do." in content.text
    )
    until = LATE + timedelta(days=1)
    held = taken(view(lapsed, rep=None, plan=Plan.HELD, hold_until=until), ALICE, policy(), LATE)
    assert "so it waits for the next rep: the rules are asked again Tue 09:08 New York. Nothing" in held.text
    free = taken(view(lapsed, rep=None, plan=Plan.CLAIMABLE, hold_until=until), ALICE, policy(), LATE)
    assert "working time, so it is free to take. Nothing" in free.text
    closed = taken(view(lapsed, rep=None, plan=Plan.NONE, status=Status.RECYCLED), ALICE, policy(), LATE)
    assert "working time, and it is closed now. Nothing" in closed.text
