"""What `/metrics` counts, read as Prometheus reads it."""

import re
from collections.abc import Mapping
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot import figures as counted_in
from bot.figures import METHODS
from connectors.slack.drawing import KINDS
from handlers.limits import LARGEST_DELIVERY
from tests.sample import PAT
from tests.world import World

ROOT = Path(__file__).parent.parent.parent
Figures = Mapping[tuple[str, tuple[str, ...]], float]


def figures(world: World) -> Figures:
    """Every sample by its name and the values of its labels, in the order of the labels' names."""
    text = world.http.get(f"{world.bot.url}/metrics").text
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_lead_that_reaches_its_rep_is_counted_on_its_way(world: World) -> None:
    world.lead()
    world.post({"type": "lead.qualified", "data": PAT | {"email": "nobody"}})
    world.http.post(f"{world.bot.url}/webhooks/made-up")
    found = figures(world)
    assert found["handoff_webhook_answers_total", ("website", "202")] == 1
    assert found["handoff_webhook_answers_total", ("website", "422")] == 1
    assert found["handoff_webhook_answers_total", ("unknown", "404")] == 1
    assert found["handoff_receipt_to_dm_seconds_count", ()] == 1
    assert found["handoff_messages_total", ("card", "sent")] == 2
    assert found["handoff_slack_calls_total", ("chat.postMessage", "ok")] == 2
    assert found["handoff_slack_call_seconds_count", ("chat.postMessage",)] == 2
    assert found["handoff_outbox_messages", ("pending",)] == 0
    assert found["handoff_database_up", ()] == 1
    assert "made-up" not in world.http.get(f"{world.bot.url}/metrics").text


def test_what_an_alert_counts_is_there_before_it_happens(world: World) -> None:
    manual = (ROOT / "docs" / "operations.md").read_text()
    counted = set(re.findall(r'(?:increase|rate)\((\w+)\{\w+=~?"([^"]+)"', manual))
    assert len(counted) == 3
    before = figures(world)
    for name, value in counted:
        found = [before[figure] for figure in before if figure[0] == name and re.fullmatch(value, figure[1][-1])]
        assert found, name
        assert not any(found)
    assert before["handoff_webhook_answers_total", ("website", "503")] == 0
    world.workspace.faults.error("chat.postMessage", "msg_blocks_too_long", times=1, channel=world.ids["alice"])
    world.lead()
    parked = ("handoff_messages_total", ("card", "parked"))
    assert (before[parked], figures(world)[parked]) == (0, 1)


def code_of(*rooms: str) -> str:
    return "".join(file.read_text() for room in rooms for file in (ROOT / room).rglob("*.py"))


def test_every_kind_of_message_that_is_posted_can_be_drawn_and_begins_at_nothing() -> None:
    posted = set(re.findall(r'(?:\.tell\(\w+, |\bkind=|\bKIND = )"(\w+)"', code_of("leads", "storage")))
    assert posted == set(KINDS)
    begun = (metric.samples for metric in counted_in.Figures().registry.collect() if metric.name == "handoff_messages")
    assert {sample.labels["kind"] for samples in begun for sample in samples} == posted


def test_every_call_to_slack_begins_at_nothing() -> None:
    code = code_of("connectors", "handlers")
    assert set(re.findall(r'"((?:apps|auth|chat|conversations|users|views)\.[a-zA-Z.]+)"', code)) == set(METHODS)


def test_a_body_that_is_too_large_is_counted_with_its_door(world: World) -> None:
    large = b"x" * (LARGEST_DELIVERY + 1)
    for door in ("website", "made-up"):
        world.http.post(f"{world.bot.url}/webhooks/{door}", content=large)
    found = figures(world)
    assert found.get(("handoff_webhook_answers_total", ("website", "413"))) == 1
    assert found.get(("handoff_webhook_answers_total", ("unknown", "413"))) == 1


def test_a_promise_that_is_broken_is_counted_with_its_clock_and_team(world: World) -> None:
    world.lead()
    world.forward(minutes=5)
    found = figures(world)
    assert found["handoff_breaches_total", ("acceptance", "us-inbound")] == 1
    assert found["handoff_timer_late_seconds_count", ("level",)] == 3
    assert found["handoff_timer_late_seconds_sum", ("level",)] < 1


def test_a_bot_that_was_away_shows_how_late_its_timers_fired(world: World) -> None:
    world.lead()
    world.stop_bot()
    world.clock.advance(world.clock.now() - world.clock.now().replace(hour=14, minute=0))
    world.start_bot()
    assert figures(world)["handoff_timers_overdue_seconds", ()] > 3_000
    world.settle()
    found = figures(world)
    assert found["handoff_timer_late_seconds_sum", ("level",)] > 3_000
    assert found["handoff_timers_overdue_seconds", ()] == 0


def test_what_slack_does_not_take_waits_in_the_figures(world: World) -> None:
    world.workspace.down = True
    world.lead(settle=False)
    world.forward(minutes=2)
    found = figures(world)
    assert found["handoff_outbox_messages", ("pending",)] >= 2
    assert found["handoff_outbox_oldest_seconds", ("pending",)] >= 120
    outcomes = {labels[-1] for name, labels in found if name == "handoff_slack_calls_total"}
    assert outcomes & {"lost", "unreachable"}
    assert ("handoff_receipt_to_dm_seconds_count", ()) in found
    assert found["handoff_receipt_to_dm_seconds_count", ()] == 0


def test_a_lead_that_was_held_over_night_does_not_count_as_a_slow_one(world: World) -> None:
    world.clock.instant = world.clock.now().replace(hour=3)
    world.lead()
    world.forward(hours=14)
    found = figures(world)
    assert found["handoff_messages_total", ("card", "sent")] >= 1
    assert found["handoff_receipt_to_dm_seconds_count", ()] == 0
