"""A policy that stays in force for years: the same text, read again for a later day."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.policy import PolicyFile, PolicyMistakes, load_policy
from tests.bot.policy.conftest import TODAY, edited

CHRISTMAS = datetime(2035, 12, 25, 17, tzinfo=UTC)
"""A Tuesday, at noon in New York."""


@pytest.fixture
def file(tmp_path: Path) -> PolicyFile:
    """The accepted policy, read and then gone from the disk."""
    path = tmp_path / "handoff.yaml"
    path.write_text(edited(), "utf-8")
    found = PolicyFile.read(path)
    path.unlink()
    return found


def test_a_later_day_gives_the_same_edition_with_later_holidays(file: PolicyFile) -> None:
    now, later = file.policy(TODAY), file.policy(date(2034, 1, 1))
    assert now.hash == later.hash
    assert now.calendars["new-york"].is_open(CHRISTMAS), "that far ahead no holiday is known yet"
    assert not later.calendars["new-york"].is_open(CHRISTMAS)
    assert (now.promises, now.rules, now.levels) == (later.promises, later.rules, later.levels)


def test_days_of_one_year_give_the_same_calendars(file: PolicyFile) -> None:
    first, last = file.policy(date(2027, 1, 1)), file.policy(date(2027, 12, 31))
    assert first.calendars == last.calendars
    assert first == last


def test_years_later_the_holidays_of_the_next_years_are_still_known(file: PolicyFile) -> None:
    for year in range(2026, 2050):
        closed = dict(file.policy(date(year, 1, 1)).calendars["new-york"].rota.closed)
        assert {day.year for day in closed} >= set(range(year, year + 6))


def test_the_file_as_it_stands_is_read_as_before(tmp_path: Path, file: PolicyFile) -> None:
    path = tmp_path / "again.yaml"
    path.write_text(edited(), "utf-8")
    assert load_policy(path, TODAY) == file.policy(TODAY)


def test_a_text_with_mistakes_names_the_file_it_came_from() -> None:
    with pytest.raises(PolicyMistakes, match=r"some\.yaml has \d+ mistakes"):
        PolicyFile(Path("some.yaml"), "version: 1\n").policy(TODAY)
