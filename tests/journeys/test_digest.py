"""The weekly digest: once, on Monday at nine in New York, with what sales gave back and why."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.handoff import Handoff
from bot.settings import read_settings
from storage.database import open_database
from tests.hosting import Loop, Site
from tests.journeys.conftest import Build
from tests.screens import words
from tests.world import World

NINE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


def reject(world: World, number: int, name: str, reason: str, note: str = "", **lead: Any) -> None:
    """A lead comes and whoever has it turns it down."""
    lead_id = world.lead(external_id=f"lead {number}", **lead).json()["lead_id"]
    rep = (world.view(lead_id).lead.rep or "").partition("@")[0]
    world.click(rep, "Reject")
    assert not world.submit(rep, reason=reason, note=note)
    world.settle()


def test_an_empty_week_says_so_in_one_line(world: World) -> None:
    world.forward_to(NINE - timedelta(seconds=1))
    assert not world.channel("marketing")
    world.forward_to(NINE)
    (digest,) = world.channel("marketing")
    assert digest.text.startswith("No leads were rejected in the week")
    assert "23" in digest.text
    assert "30 Nov" in digest.text
    assert len(digest.blocks) == 1
    world.forward(days=1)
    assert len(world.channel("marketing")) == 1


def test_a_week_is_told_by_reason_and_source_against_the_week_before_with_notes(world: World) -> None:
    reject(world, 1, "alice", "No budget", source="google_ads")
    reject(world, 2, "bob", "Bad timing", "Ask in May", source="webinar")
    world.forward_to(NINE + timedelta(hours=1))
    assert "2 leads were rejected" in world.channel("marketing")[-1].text

    reject(world, 3, "carol", "No budget", "They have no money until 2028", source="google_ads", company="Contoso")
    reject(world, 4, "alice", "No budget", source="google_ads")
    reject(world, 5, "alice", "Wrong industry", source=None)
    world.forward_to(NINE + timedelta(days=7))
    digest = words(world.channel("marketing")[-1])
    assert "3 leads were rejected of 3 handed over (100 %), 1 more than the week before (2)" in digest
    assert "No budget: *2* · ▲ 1 more" in digest
    assert "Bad timing: *0* · ▼ 1 fewer" in digest
    assert "Google ads: *2* · ▲ 1 more" in digest
    assert "Webinar: *0* · ▼ 1 fewer" in digest
    assert "unknown source: *1*" in digest.casefold()
    assert "They have no money until 2028" in digest
    assert "Contoso · No budget · Carol" in digest
    assert "Ask in May" not in digest


def test_after_three_weeks_of_downtime_only_the_newest_digest_comes_and_once(world: World) -> None:
    reject(world, 1, "alice", "No budget")
    world.stop_bot()
    world.clock.advance(timedelta(weeks=3))
    world.start_bot()
    world.settle()
    (digest,) = world.channel("marketing")
    assert digest.text.startswith("No leads were rejected in the week")
    assert "14 Dec" in digest.text
    world.stop_bot()
    world.start_bot()
    world.settle()
    assert len(world.channel("marketing")) == 1
    world.forward(days=7)
    assert len(world.channel("marketing")) == 2


def test_two_processes_on_one_database_post_it_once(make_world: Build, loop: Loop) -> None:
    world = make_world()
    settings = read_settings(world.environment, Path("/nonexistent"))
    second = Handoff(settings, world.service.policy, open_database(settings.database_url), world.clock)
    site = Site(loop, second.app(beating=False))
    try:
        world.clock.instant = NINE
        both = [loop.submit(service.fire_due()) for service in (world.service, second, world.service, second)]
        for one in both:
            one.result(20)
        fired = loop.run(world.service.fire_due())
        assert fired == NINE + timedelta(weeks=1), "none is left for another pass"
        sent = [loop.submit(service.deliver_due()) for service in (world.service, second)]
        for each in sent:
            each.result(20)
        assert len(world.channel("marketing")) == 1
    finally:
        site.close()
