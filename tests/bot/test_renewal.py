"""A service that runs on into another year renews its calendars, in the edition of the policy it started with."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bot.policy import PolicyFile, PolicyMistakes
from sla_engine.policy import Policy
from storage import database
from storage.errors import StoreUnavailable
from tests.sample import ACCEPTANCE
from tests.world import World

NEXT_YEAR = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)


class Renewals:
    """The policy file as the service asks for it in later years; `mistakes` are what is wrong with it meanwhile."""

    def __init__(self, world: World) -> None:
        self.asked: list[date] = []
        self.mistakes: list[PolicyMistakes] = []
        self._world, self._file = world, PolicyFile.read(ACCEPTANCE)
        world.service._renewed = self._policy

    def pass_at(self, instant: datetime) -> None:
        """The service's beat at an instant."""
        self._world.clock.instant = instant
        self._world.loop.run(self._world.service.renew())

    def _policy(self, today: date) -> Policy:
        self.asked.append(today)
        if self.mistakes:
            raise self.mistakes.pop()
        return self._file.policy(today)


def calendar_key(world: World, lead_id: str) -> str | None:
    """Which calendar the running clock of a lead counts on."""
    (clock,) = [one for one in world.view(lead_id).clocks if one.is_running]
    return clock.calendar


def test_the_holidays_of_a_later_year_are_known_in_time(make_world: Callable[..., World]) -> None:
    world = make_world()
    renewals = Renewals(world)
    lead_id = world.lead().json()["lead_id"]
    edition, key = world.service.policy.hash, calendar_key(world, lead_id)
    before = world.service.policy.calendars["new-york"]
    renewals.pass_at(world.clock.now())
    assert not renewals.asked, "the year has not turned"

    renewals.pass_at(NEXT_YEAR)
    assert renewals.asked == [NEXT_YEAR.date()]
    assert world.service.policy.hash == edition
    assert world.service.policy.calendars["new-york"] != before
    assert calendar_key(world, lead_id) != key, "the clock counts on the calendar as it is now"
    renewals.pass_at(NEXT_YEAR)
    assert len(renewals.asked) == 1, "it is done for this year"

    renewals.pass_at(datetime(2029, 1, 4, 15, 0, tzinfo=UTC))
    new_year = datetime(2033, 1, 3, 15, 0, tzinfo=UTC)
    thanksgiving = datetime(2033, 11, 24, 15, 0, tzinfo=UTC)
    assert world.service.policy.calendars["new-york"].is_open(new_year)
    assert not world.service.policy.calendars["new-york"].is_open(thanksgiving)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_clocks_follow_by_a_later_pass_when_the_database_was_away_in_the_first(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 20)
    world = make_world()
    renewals = Renewals(world)
    lead_id = world.lead().json()["lead_id"]
    key = calendar_key(world, lead_id)
    other = database.open_database(world.environment["DATABASE_URL"])
    with other.writing.begin(), pytest.raises(StoreUnavailable):
        renewals.pass_at(NEXT_YEAR)
    other.close()
    assert calendar_key(world, lead_id) == key

    renewals.pass_at(NEXT_YEAR)
    assert calendar_key(world, lead_id) != key


def test_a_policy_that_could_not_be_read_is_read_by_a_later_pass(
    make_world: Callable[..., World], caplog: pytest.LogCaptureFixture
) -> None:
    world = make_world()
    renewals = Renewals(world)
    before = world.service.policy.calendars["new-york"]
    renewals.mistakes = [PolicyMistakes("handoff.yaml", [])]
    renewals.pass_at(NEXT_YEAR)
    assert world.service.policy.calendars["new-york"] == before
    assert "keep last year's holidays" in caplog.text

    renewals.pass_at(NEXT_YEAR)
    assert world.service.policy.calendars["new-york"] != before
