"""What people, places, instants and numbers are called."""

from datetime import UTC, datetime

import pytest

from sla_engine.names import moment, name_of, number, place_of

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("bob@acme.example", "Bob"),
        ("bob.lee@acme.example", "Bob Lee"),
        ("BOB_LEE@acme.example", "Bob Lee"),
        ("bob+leads@acme.example", "Bob Leads"),
        ("bob..lee.@acme.example", "Bob Lee"),
        ("_@acme.example", "_@acme.example"),
    ],
)
def test_an_address_has_a_name(email: str, name: str) -> None:
    assert name_of(email) == name


@pytest.mark.parametrize(
    ("zone", "place"),
    [("America/New_York", "New York"), ("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC")],
)
def test_a_zone_goes_by_its_city(zone: str, place: str) -> None:
    assert place_of(zone) == place


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (MONDAY, "10:00 New York"),
        (datetime(2026, 11, 24, 4, 59, tzinfo=UTC), "23:59 New York"),
        (datetime(2026, 11, 24, 5, 0, tzinfo=UTC), "Tue 00:00 New York"),
        (datetime(2026, 11, 29, 14, 0, tzinfo=UTC), "Sun 09:00 New York"),
        (datetime(2026, 11, 30, 14, 0, tzinfo=UTC), "Mon 30 Nov 09:00 New York"),
        (datetime(2026, 12, 1, 14, 0, tzinfo=UTC), "Tue 1 Dec 09:00 New York"),
        (datetime(2026, 11, 22, 14, 0, tzinfo=UTC), "Sun 22 Nov 09:00 New York"),
        (datetime(2027, 1, 4, 14, 0, tzinfo=UTC), "Mon 4 Jan 09:00 New York"),
        (datetime(2027, 12, 31, 14, 0, tzinfo=UTC), "Fri 31 Dec 2027 09:00 New York"),
        (datetime(2025, 11, 24, 14, 0, tzinfo=UTC), "Mon 24 Nov 2025 09:00 New York"),
    ],
)
def test_an_instant_is_told_as_short_as_it_stays_clear(instant: datetime, words: str) -> None:
    assert moment(instant, "America/New_York", MONDAY) == words


def test_today_is_today_in_the_zone_that_is_told() -> None:
    evening = datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert moment(datetime(2026, 11, 24, 9, tzinfo=UTC), "Europe/London", evening) == "09:00 London"
    assert moment(datetime(2026, 11, 24, 9, tzinfo=UTC), "America/New_York", evening) == "Tue 04:00 New York"


@pytest.mark.parametrize(
    ("value", "words"), [(60, "60"), (60.0, "60"), (0.5, "0.5"), (1_234_567, "1234567"), (59.9999999, "59.9999999")]
)
def test_a_number_is_never_rounded_to_another(value: float, words: str) -> None:
    assert number(value) == words
