"""The week that lies behind the demo is told at the hours at which it is said to have happened."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.demo.cast import NEW_YORK, sample_leads
from bot.demo.story import Sender, Story
from tests.world import World

POLICY = Path(__file__).parents[2] / "bot" / "demo" / "handoff.yaml"
MONDAY = datetime(2026, 11, 16, 14, 59, tzinfo=UTC)


def test_leads_come_and_are_answered_in_new_york_hours(make_world: Callable[..., World]) -> None:
    world = make_world(policy=POLICY, start=MONDAY - timedelta(days=7, hours=1))
    scenes = sample_leads("last_week")[:2]
    sender = Sender(f"{world.bot.url}/webhooks/website", world.verifier)
    story = Story(world.service, world.clock, sender)
    world.loop.run(story.play_last_week(MONDAY, scenes))

    nora = world.view(str(scenes[0]["id"])).lead
    local = nora.received_at.astimezone(ZoneInfo(NEW_YORK))
    assert (local.weekday(), local.hour, local.minute) == (0, 9, 20)
    assert nora.team == "us-inbound"
    assert nora.sal_at is not None
    assert nora.sal_at - nora.received_at < timedelta(minutes=4)
    assert world.clock.now() == MONDAY
