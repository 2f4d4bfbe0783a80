"""Clocks that stand still: by hand, because the lead replied, and because the rep is away."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.absences import UnreadableEnd, end_of_absence
from sla_engine.clock import Clock, Kind
from tests.screens import buttons, is_breach, words
from tests.world import MONDAY, World


def clock_of(world: World, lead_id: str, kind: Kind = Kind.ACCEPTANCE) -> Clock:
    """The newest clock of a kind."""
    clock = world.view(lead_id).clock(kind)
    assert clock is not None
    return clock


def accepted(world: World) -> str:
    """A lead that Alice has accepted."""
    lead_id: str = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    return lead_id


def test_a_pause_freezes_what_is_left_and_a_resume_counts_on_from_there(world: World) -> None:
    lead_id = accepted(world)
    began = clock_of(world, lead_id, Kind.FIRST_TOUCH).started_at
    world.forward_to(began + timedelta(minutes=20))
    world.click("alice", "Pause")
    assert not world.submit("alice", reason="They travel until tomorrow")
    world.settle()
    card = world.dm("alice")[-1]
    assert "They travel until tomorrow" in words(card)
    assert buttons(card)[-1] == "Resume"
    assert "40 min" in words(card)

    world.forward_to(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert len(world.dm("alice")) == 1
    assert not world.dm("dana")

    world.click("alice", "Resume")
    world.forward_to(datetime(2026, 11, 24, 15, 39, 59, tzinfo=UTC))
    assert not world.dm("dana")
    world.forward_to(datetime(2026, 11, 24, 15, 40, 0, tzinfo=UTC))
    world.settle()
    assert is_breach(world.dm("dana")[-1])
    assert clock_of(world, lead_id, Kind.FIRST_TOUCH).breached_at == datetime(2026, 11, 24, 15, 40, tzinfo=UTC)
    events = [entry.event for entry in world.history(lead_id)]
    assert events[2:5] == ["accepted", "paused", "resumed"]


def test_a_clock_that_stands_still_is_not_paused_twice_nor_resumed_twice(world: World) -> None:
    lead_id = accepted(world)
    world.click("alice", "Pause")
    world.click("dana", "Pause", message=world.channel("leads-us")[0])
    assert not world.submit("alice", reason="Holidays")
    assert world.submit("dana", reason="Me too") == {"Reason": "The clock of this lead is paused already."}
    world.settle()
    card = world.dm("alice")[-1]
    world.click("alice", "Resume", message=card)
    world.click("dana", "Resume", message=world.channel("leads-us")[0])
    assert world.whispers("dana") == ["The clock of this lead is not paused."]
    assert world.view(lead_id).lead.paused_at is None


def test_a_pause_asks_for_its_reason(world: World) -> None:
    accepted(world)
    world.click("alice", "Pause")
    assert list(world.submit("alice", reason="   ")) == ["Reason"]


def test_a_reply_of_the_lead_pauses_its_clocks(world: World) -> None:
    lead_id = accepted(world)
    answer = world.event("lead.replied", actor="Pat Lee")
    assert (answer.status_code, answer.json()) == (202, {"status": "accepted", "lead_id": lead_id})
    view = world.view(lead_id)
    assert view.lead.pause_reason == "the lead replied"
    assert all(clock.is_paused for clock in view.open_clocks)
    assert "the lead replied" in words(world.dm("alice")[-1])
    world.event("lead.replied")
    assert [entry.event for entry in world.history(lead_id)][-3:] == ["replied", "paused", "replied"]
    world.forward(days=3)
    assert not world.dm("dana")


def test_the_clocks_of_a_rep_who_is_away_stand_still_until_they_are_back(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.clock.advance(timedelta(minutes=1))
    reply = world.say("alice", "/leads away")
    assert "1 " in reply.partition("/leads back")[2]
    assert clock_of(world, lead_id).spent == timedelta(minutes=1)
    assert "4 min of 5 min left; the clock stands still while its rep is away" in world.say(
        "alice", f"/lead why {lead_id}"
    )
    world.forward(days=2)
    assert world.view(lead_id).lead.rep == "alice@acme.example"
    for number in range(4):
        world.lead(external_id=f"other {number}")
    assert len(world.dm("alice")) == 1, "new leads go to others"
    assert "You are away" in words(world.home("alice"))

    assert "1 open lead" in world.say("alice", "/leads back")
    assert "You are away" not in words(world.home("alice"))
    world.forward(minutes=3, seconds=59)
    assert not world.dm("dana")
    world.forward(seconds=1)
    assert is_breach(world.dm("dana")[-1])
    moved = [entry for entry in world.history(lead_id) if entry.event == "calendar changed"]
    assert [bool(entry.detail["due_before"]) for entry in moved] == [True, False]
    assert [bool(entry.detail["due_now"]) for entry in moved] == [False, True]


def test_a_day_before_there_were_any_is_no_time_to_come_back_anywhere() -> None:
    for text in ("3", "3 weeks", "h", "1h or so", "3 months"):
        with pytest.raises(UnreadableEnd):
            end_of_absence(text, MONDAY, "Asia/Tokyo")
    with pytest.raises(UnreadableEnd):
        end_of_absence("0001-01-01", MONDAY, "Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3h", 180),
        ("3 hours", 180),
        ("1 Hour", 60),
        ("20 min", 20),
        ("2 days", 2880),
        ("1h30m", 90),
        ("1 day 2 hours", 1560),
    ],
)
def test_a_time_away_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert end_of_absence(text, MONDAY, "Asia/Tokyo") == MONDAY + timedelta(minutes=minutes)


def test_a_pause_by_hand_outlasts_an_absence(world: World) -> None:
    lead_id = accepted(world)
    world.click("alice", "Pause")
    world.submit("alice", reason="They travel")
    world.say("alice", "/leads away")
    world.say("alice", "/leads back")
    assert world.view(lead_id).lead.pause_reason == "They travel"


def test_an_absence_whose_end_was_given_ends_by_itself(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    assert "until 13:00 New York" in world.say("alice", "/leads away 3h")
    world.forward_to(datetime(2026, 11, 23, 17, 59, tzinfo=UTC))
    assert clock_of(world, lead_id).breached_at is None
    assert "away until 13:00 New York" in world.say(
        "dana", f"/lead why {world.lead(external_id='b').json()['lead_id']}"
    )
    world.forward_to(datetime(2026, 11, 23, 18, 6, tzinfo=UTC))
    assert clock_of(world, lead_id).breached_at == datetime(2026, 11, 23, 18, 5, tzinfo=UTC)


def test_an_absence_until_a_day_ends_as_that_day_begins_where_the_rep_is(world: World) -> None:
    assert "Tue 1 Dec 00:00 New York" in world.say("alice", "/leads away 2026-12-01")
    world.say("alice", "/leads away until 2026-11-30")
    world.lead()
    assert not world.dm("alice")
    world.forward_to(datetime(2026, 11, 30, 5, 0, tzinfo=UTC))
    world.forward_to(datetime(2026, 11, 30, 15, 0, tzinfo=UTC))
    world.lead(external_id="b")
    world.lead(external_id="c")
    assert len(world.dm("alice")) == 1, "back, level with the others, she has one of the next two"


def test_an_end_that_is_no_time_has_passed_or_is_years_ahead_is_refused(world: World) -> None:
    for text in ("soon", "2026-02-30", "3 weeks", "<!here>", "0h", "000 m"):
        assert "is no time to come back" in world.say("alice", f"/leads away {text}")
    for text in ("2020-01-01", "0001-01-01", "2026-11-23"):
        assert f"The start of {text} is in the past" in world.say("alice", f"/leads away {text}")
    for text in ("2029-11-26", "2300-01-01", "9999-12-31", "1099d"):
        assert "more than three years ahead" in world.say("alice", f"/leads away {text}")
    world.lead()
    assert len(world.dm("alice")) == 1


def test_a_pause_ends_by_itself_after_as_long_as_the_policy_allows(world: World) -> None:
    lead_id = accepted(world)
    world.click("alice", "Pause")
    world.submit("alice", reason="They travel")
    world.forward(days=4, hours=23)
    assert world.view(lead_id).lead.paused_at is not None
    world.forward(hours=2)
    assert world.view(lead_id).lead.paused_at is None
    resumed = world.history(lead_id)[-1]
    assert (resumed.event, resumed.actor) == ("resumed", "Handoff")
    assert world.dm("alice")[-1].text.startswith("The pause is over, and the time counts again: Pat Lee")


def test_a_manager_or_an_admin_sets_a_rep_away_and_back(world: World) -> None:
    assert "Bob is away: new leads go to others until 13:00 New York." in world.say(
        "dana", "/leads away bob@acme.example 3h"
    )
    assert "Bob is in the rotation again" in world.say("olga", "/leads back @bob")
    assert "Only Bob, their manager or an admin can do that." in world.say("alice", "/leads away bob@acme.example")
    for zoe in ("zoe@acme.example", "@zoe"):
        assert "I know no rep “zoe@acme.example”." in world.say("olga", f"/leads away {zoe}")
    assert "You are away" in world.say("bob", "/handoff leads away @bob 3h")


def test_who_is_away_is_told_the_way_back_in_the_words_they_typed_and_that_nothing_comes_till_then(
    world: World,
) -> None:
    assert "until you type `/handoff leads back`" in world.say("alice", "/handoff leads away")
    assert "You have no open leads, and get none while you are away." in world.say("alice", "/leads")
    world.say("alice", "/handoff leads back")
    assert "A new one comes to your messages" in world.say("alice", "/leads")
