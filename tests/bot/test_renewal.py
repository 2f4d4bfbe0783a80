"""A service that runs on into another year renews its calendars, in the edition of the policy it started with."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from bot.policy import PolicyFile
from sla_engine.policy import Policy
from tests.sample import ACCEPTANCE
from tests.world import World


def test_the_holidays_of_a_later_year_are_known_in_time(make_world: Callable[..., World], tmp_path: Path) -> None:
    file = PolicyFile.read(ACCEPTANCE)
    world = make_world()
    lead_id = world.lead().json()["lead_id"]
    edition = world.service.policy.hash
    before = world.service.policy.calendars["new-york"]
    asked: list[date] = []

    def renewed(today: date) -> Policy:
        asked.append(today)
        return file.policy(today)

    world.service._renewed = renewed
    world.loop.run(world.service.renew())
    assert not asked, "the year has not turned"

    world.clock.instant = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)
    world.loop.run(world.service.renew())
    assert asked == [date(2027, 1, 4)]
    assert world.service.policy.hash == edition
    assert world.service.policy.calendars["new-york"] != before
    new_year = datetime(2033, 1, 3, 15, 0, tzinfo=UTC)
    world.clock.instant = datetime(2029, 1, 4, 15, 0, tzinfo=UTC)
    world.loop.run(world.service.renew())
    thanksgiving = datetime(2033, 11, 24, 15, 0, tzinfo=UTC)
    assert world.service.policy.calendars["new-york"].is_open(new_year)
    assert not world.service.policy.calendars["new-york"].is_open(thanksgiving)
    assert world.view(lead_id).clocks[-1].calendar != ""
