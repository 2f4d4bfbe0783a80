"""Calendars of the policy: holidays of every country, days off and days on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.policy.holidays import countries, dates
from sla_engine.policy import Policy

Load = Callable[..., Policy]

CLOSED = "closed: [2026-12-24]"


def noon(month: int, day: int, year: int = 2026) -> datetime:
    """Noon in New York, in winter."""
    return datetime(year, month, day, 17, 0, tzinfo=UTC)


def test_a_holiday_observed_in_the_year_before_is_known() -> None:
    """New Year 2028 is a Saturday, so the Friday before is off."""
    assert dates("US", None, 2026)[date(2027, 12, 31)] == "New Year's Day (observed)"
    assert dates("US", None, 2022)[date(2027, 12, 31)] == "New Year's Day (observed)", "in the last year known"
    assert dates("US", None, 2022)[date(2021, 12, 31)] == "New Year's Day (observed)"


def test_holidays_reach_from_the_last_year_to_five_years_on() -> None:
    years = {day.year for day in dates("US", None, 2026)}
    assert years == set(range(2025, 2032))
    assert dates("US", None, 2026)[date(2031, 12, 25)] == "Christmas Day"


def test_holiday_names_do_not_follow_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "th")
    dates.cache_clear()
    assert dates("US", None, 2026)[date(2026, 11, 26)] == "Thanksgiving Day"
    assert dates("NO", None, 2026)[date(2026, 5, 17)] == "Constitution Day"
    dates.cache_clear()


def test_every_country_has_its_dates() -> None:
    codes = [code for code in countries() if len(code) == 2]
    assert len(codes) >= 249
    for code in codes:
        assert all(2025 <= day.year <= 2031 for day in dates(code, None, 2026)), code


def test_a_subdivision_has_its_own_holidays(load: Load) -> None:
    """Saint Andrew's Day is a holiday in Scotland only."""
    english = load().calendars["london"]
    scottish = load(("subdivision: ENG", "subdivision: SCT")).calendars["london"]
    by_name = load(("subdivision: ENG", "subdivision: Scotland")).calendars["london"]
    assert english.is_open(datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert not scottish.is_open(datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert by_name is scottish


def test_a_day_off_may_have_a_name(load: Load) -> None:
    calendar = load((CLOSED, "closed: [{2026-12-24: Christmas Eve}, 2026-12-23]")).calendars["new-york"]
    assert not calendar.is_open(noon(12, 24))
    assert calendar.rota.names[date(2026, 12, 24)] == "Christmas Eve"
    assert calendar.rota.names[date(2026, 12, 23)] == "Closed"
    assert calendar.rota.names[date(2026, 11, 26)] == "Thanksgiving Day"


def test_a_day_may_be_off_in_part(load: Load) -> None:
    calendar = load((CLOSED, 'closed: [{2026-12-24: {name: Eve, hours: "12:00-17:00"}}]')).calendars["new-york"]
    assert calendar.is_open(noon(12, 24) - timedelta(hours=1))
    assert not calendar.is_open(noon(12, 24))


def test_hours_off_on_a_public_holiday_do_not_open_the_rest_of_it(load: Load) -> None:
    calendar = load((CLOSED, 'closed: [{2026-11-26: {hours: "12:00-17:00"}}]')).calendars["new-york"]
    assert not calendar.is_open(noon(11, 26) - timedelta(hours=1))


def test_open_undoes_a_public_holiday(load: Load) -> None:
    calendar = load((CLOSED, 'open: [2026-11-11, {2026-11-26: "11:00-13:00"}]')).calendars["new-york"]
    assert calendar.is_open(noon(11, 11))
    assert calendar.between(noon(11, 26) - timedelta(hours=6), noon(11, 26) + timedelta(hours=6)) == timedelta(hours=2)


def test_a_country_without_holidays_named_has_none(load: Load) -> None:
    assert load().calendars["always"].rota.is_always_open


def test_equal_calendars_are_one_object(load: Load) -> None:
    again = '  ever: {timezone: UTC, hours: {mon-sun: "00:00-24:00"}}'
    policy = load(("  always:", f"{again}\n  always:"))
    assert policy.calendars["always"] is policy.calendars["ever"]
