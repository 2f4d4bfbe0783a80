"""Leave from the Home tab: planned ahead, cancelled, ended, by the rep and by whoever looks after them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sla_engine.clock import Kind
from sla_engine.refusals import NotForYou
from storage import leaves
from tests.journeys.conftest import Build, edit
from tests.screens import is_breach, words
from tests.world import PEOPLE, World

TUESDAY, WEDNESDAY = "2026-11-24", "2026-11-25"
END_OF_MONDAY = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
AFTER_LEAVE = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
"""Friday 27 November, 9:00 in New York: Wednesday was the last day away, and Thursday is Thanksgiving."""


def plan(world: World, name: str, **answers: str) -> dict[str, str]:
    """Somebody plans leave of their own; returns the mistakes by label."""
    world.press(name, "Plan leave")
    return world.submit(name, **answers)


def test_a_rep_plans_leave_sees_it_and_cancels_it(world: World) -> None:
    assert "No leave is planned." in words(world.home("alice"))
    assert not plan(world, "alice", **{"from": TUESDAY}, until=WEDNESDAY)
    shown = world.shown("alice")
    assert "Tue 24 Nov to Wed 25 Nov" in shown
    assert "You planned leave: Tue 24 Nov to Wed 25 Nov" in shown
    assert "You are away" not in shown

    world.press("alice", "Cancel")
    shown = world.shown("alice")
    assert "No leave is planned." in shown
    assert "You cancelled your leave: Tue 24 Nov to Wed 25 Nov" in shown


def test_the_time_of_a_planned_leave_is_not_counted_and_no_lead_comes_then(world: World) -> None:
    lead_id = world.lead(lead_type="ebook", score=70).json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    assert not plan(world, "alice", **{"from": TUESDAY}, until=WEDNESDAY)
    assert "Tue 24 Nov to Wed 25 Nov away" in world.say("alice", f"/lead why {lead_id}")

    world.forward_to(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert "You are away until" in words(world.home("alice"))
    edit(world, levels=())
    for number in range(3):
        world.lead(external_id=f"during {number}")
    assert len(world.dm("alice")) == 1, "leads of the days away go to others"
    world.forward_to(AFTER_LEAVE + timedelta(hours=1))
    assert "You are away" not in words(world.home("alice"))
    world.click("alice", "Log touch", message=world.dm("alice")[0])
    assert not world.submit("alice", how_were_you_in_contact="Call")
    clock = world.view(lead_id).clock(Kind.FIRST_TOUCH)
    assert clock is not None
    assert clock.spent == END_OF_MONDAY - clock.started_at + timedelta(hours=1)


def test_a_deadline_that_was_promised_before_the_leave_moves_behind_it(make_world: Build) -> None:
    world = make_world(start=END_OF_MONDAY - timedelta(minutes=30))
    lead_id = world.lead(owner_email="alice@acme.example").json()["lead_id"]
    world.click("alice", "Accept")
    promised = world.view(lead_id).clock(Kind.FIRST_TOUCH)
    assert promised is not None
    world.settle()
    assert not plan(world, "alice", **{"from": TUESDAY}, until=WEDNESDAY)
    world.forward_to(AFTER_LEAVE)
    assert not world.dm("dana"), "nothing is overdue while the rep is away"
    world.forward(minutes=40)
    clock = world.view(lead_id).clock(Kind.FIRST_TOUCH)
    assert clock is not None
    assert clock.breached_at == promised.started_at - END_OF_MONDAY + timedelta(hours=1) + AFTER_LEAVE
    assert is_breach(world.dm("dana")[-1])


def test_a_leave_from_today_begins_now_and_ends_with_its_last_day_where_the_rep_is(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    assert not plan(world, "alice", **{"from": "2026-11-23"}, until="2026-11-23")
    shown = world.shown("alice")
    assert "You are away until Tue 00:00 New York" in _without_dates(shown)
    assert world.view(lead_id).clock(Kind.ACCEPTANCE) is not None
    world.forward_to(datetime(2026, 11, 24, 14, 1, tzinfo=UTC))
    assert "You are away" not in words(world.home("alice"))


def test_a_leave_without_an_end_lasts_until_the_rep_says_they_are_back(world: World) -> None:
    assert not plan(world, "alice", **{"from": TUESDAY})
    assert "from Tue 24 Nov, with no end yet" in world.shown("alice")
    world.forward(days=30)
    assert "You are away." in words(world.home("alice"))
    world.press("alice", "I'm back")
    shown = world.shown("alice")
    assert "You are away" not in shown
    assert "You came back" in shown


def test_days_that_have_passed_or_are_in_the_wrong_order_are_said_beneath_their_field(world: World) -> None:
    assert plan(world, "alice", **{"from": "2026-11-22"}) == {"From": "This day has passed in New York."}
    assert plan(world, "alice", **{"from": WEDNESDAY}, until=TUESDAY) == {
        "Until": "The last day away can't be before the first."
    }
    assert plan(world, "alice", **{"from": TUESDAY}, until="2032-01-01") == {
        "Until": "This day is more than three years ahead."
    }
    for day in ("2029-11-25", "9999-12-31"):
        assert list(plan(world, "alice", **{"from": TUESDAY}, until=day)) == ["Until"]
        assert list(plan(world, "alice", **{"from": day})) == ["From"]
    assert "No leave is planned." in words(world.home("alice"))


def test_the_last_day_that_may_be_planned_is_one_on_which_a_command_may_end_a_leave(world: World) -> None:
    assert not plan(world, "alice", **{"from": TUESDAY}, until="2029-11-24")
    assert not plan(world, "alice", **{"from": "2029-11-24"})
    assert "until Sun 25 Nov 2029 00:00 New York" in world.say("bob", "/leads away 2029-11-25")


def test_leaves_that_overlap_are_one(world: World) -> None:
    for first, last in ((TUESDAY, WEDNESDAY), (WEDNESDAY, "2026-11-30"), (TUESDAY, TUESDAY)):
        assert not plan(world, "alice", **{"from": first}, until=last)
    world.forward_to(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert "You are away until Tue 1 Dec 00:00 New York" in _without_dates(words(world.home("alice")))
    lead_id = world.lead().json()["lead_id"]
    assert "Alice away until Tue 1 Dec 00:00 New York" in (world.view(lead_id).lead.why or "")


def test_ending_one_of_two_leaves_that_overlap_leaves_the_other_as_it_is(world: World) -> None:
    office, desk, alice = world.service.office, world.service.desk, "alice@acme.example"
    for last in (WEDNESDAY, "2026-11-30"):
        assert not plan(world, "alice", **{"from": TUESDAY}, until=last)
    shorter, longer = world.loop.run(office.read(leaves.of, alice))
    world.forward_to(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    world.loop.run(office.run(desk.cancel_leave, alice, longer.id))
    assert "You are away until Thu 00:00 New York" in _without_dates(words(world.home("alice")))
    assert world.loop.run(office.read(leaves.of, alice))[0] == shorter
    world.loop.run(office.run(desk.cancel_leave, alice, shorter.id))
    assert "You are away" not in words(world.home("alice"))


def test_a_manager_plans_a_reps_leave_and_both_see_who_did(world: World) -> None:
    world.press("dana", "Availability")
    required = "Please complete this required field."
    assert world.submit("dana") == {"Rep": required, "From": required}
    assert not world.submit("dana", rep="Carol", **{"from": "2026-11-23"}, until="2026-11-24")
    assert "Carol until" in _without_dates(world.shown("dana"))
    assert "You set Carol away until Wed 00:00 London" in world.shown("dana")
    assert "Dana set you away until Wed 00:00 London" in words(world.home("carol"))

    world.press("dana", "Availability")
    view = world.modal("dana")
    assert "Carol" in words(view["blocks"][0])
    world.loop.run(world.workspace.click_in_view(world.ids["dana"], view["id"], label="End now"))
    assert "Carol until" not in _without_dates(world.shown("dana"))
    assert "End now" not in words(world.modal("dana"))
    assert "You are away" not in words(world.home("carol"))


def test_one_press_on_plan_sends_nobody_away_for_good(world: World) -> None:
    assert plan(world, "alice") == {"From": "Please complete this required field."}
    assert "Empty: no end, until you press “I'm back” on the Home tab." in words(world.modal("alice"))


def test_a_leave_from_the_managers_today_begins_now_where_it_is_tomorrow_already(make_world: Build) -> None:
    world = make_world(people={**PEOPLE, "bob": "Australia/Sydney"})
    world.loop.run(world.service.meet())
    world.press("dana", "Availability")
    assert world.submit("dana", rep="Bob", **{"from": "2026-11-22"}) == {"From": "This day has passed in Sydney."}
    assert world.submit("dana", rep="Bob", **{"from": "2026-11-23"}, until="2026-11-23") == {
        "Until": "This day has passed in Sydney."
    }
    assert not world.submit("dana", rep="Bob", **{"from": "2026-11-23"}, until=TUESDAY)
    assert "You set Bob away until Wed 00:00 Sydney" in world.shown("dana")


def test_who_ends_a_leave_is_not_told_to_try_again_when_slack_does_not_show_that_it_is_done(world: World) -> None:
    world.say("dana", "/leads away bob@acme.example")
    world.press("dana", "Availability")
    world.workspace.faults.error("views.update", "internal_error")
    view = world.modal("dana")["id"]
    world.loop.run(world.workspace.click_in_view(world.ids["dana"], view, label="End now"))
    assert "You set Bob away" in world.shown("dana")
    assert "Away: Bob" not in world.shown("dana")
    assert not world.dm("dana")


def test_the_leave_of_a_rep_who_left_the_policy_is_refused_with_their_name(
    make_world: Build, policy: Callable[..., Path]
) -> None:
    world = make_world()
    world.say("dana", "/leads away bob@acme.example")
    world.press("dana", "Availability")
    view = world.modal("dana")["id"]
    world.stop_bot()
    gone = policy(("      - {email: bob@acme.example, max_open: 15, max_per_day: 20}\n", ""))
    world.environment["HANDOFF_CONFIG"] = str(gone)
    world.start_bot()
    world.loop.run(world.workspace.click_in_view(world.ids["dana"], view, label="End now"))
    world.whispers("dana")
    assert world.dm("dana")[-1].text == "Bob is in no team's rotation any more: there is nothing to change."


def test_only_those_who_look_after_a_rep_change_their_leave(world: World) -> None:
    assert not plan(world, "alice", **{"from": TUESDAY})
    number = world.loop.run(world.service.office.read(leaves.of, "alice@acme.example"))[0].id
    for name in ("bob", "erik"):
        with pytest.raises(NotForYou, match="Only Alice, their manager or an admin"):
            world.loop.run(world.service.office.run(world.service.desk.cancel_leave, f"{name}@acme.example", number))
    assert "Availability" not in words(world.home("bob"))
    assert "us-inbound" not in words(world.home("erik"))
    assert "us-inbound" in words(world.home("olga")), "an admin looks after every team"
    world.say("dana", "/leads away bob@acme.example 3h")
    assert "Dana set you away until 13:00 New York" in words(world.home("bob"))
    world.say("bob", "/leads back")
    assert "You came back" in words(world.home("bob"))


def _without_dates(shown: str) -> str:
    """The words of a client that can't show a date in the reader's own zone."""
    parts = shown.split("<!date^")
    return parts[0] + "".join(
        part.partition("|")[2].partition(">")[0] + part.partition(">")[2] for part in parts[1:]
    ).replace("*", "")
