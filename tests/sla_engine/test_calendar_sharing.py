"""One calendar serves every thread and stays small."""

import sys
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sla_engine import Calendar

HOURS = {"mon-fri": "09:00-12:00, 13:00-18:00"}
START = datetime(2026, 1, 5, 15, tzinfo=UTC)
H = timedelta(hours=1)


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Threads take turns a thousand times more often than usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("eager_switching")
def test_threads_that_stretch_one_calendar_at_once_all_get_true_answers() -> None:
    questions = [START + timedelta(days=97 * n % 1900, minutes=n) for n in range(64)]
    truth = [Calendar("America/New_York", HOURS).after(start, 30 * H) for start in questions[::8]]
    shared = Calendar("America/New_York", HOURS)

    with ThreadPoolExecutor(8) as pool:
        for _ in range(2):
            answers = list(pool.map(lambda start: shared.after(start, 30 * H), questions))
            assert answers[::8] == truth
            assert list(pool.map(shared.between, questions, answers)) == [30 * H] * len(questions)


def test_two_years_of_a_busy_calendar_take_less_than_a_megabyte() -> None:
    hours = {"mon-sun": "06:00-09:00, 10:00-13:00, 14:00-22:00"}
    Calendar("America/New_York", hours).between(START, START + timedelta(days=300))
    calendar = Calendar("America/New_York", hours)
    tracemalloc.start()
    calendar.between(START, START + timedelta(days=300))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    covered = calendar._table.ends - calendar._table.starts
    assert covered >= timedelta(days=730)
    assert size < 1_000_000


def test_a_jump_to_a_far_year_leaves_no_table_of_the_years_between() -> None:
    calendar = Calendar("America/New_York", HOURS)
    for year in (2006, 2026, 2100, 1950):
        calendar.after(START.replace(year=year), H)
        assert calendar._table.ends - calendar._table.starts < timedelta(days=5 * 366)
    assert calendar.between(START.replace(year=2006), START.replace(year=2026)) > timedelta(days=20 * 200 / 3)
