"""A short soak in every run of the suite; the long one is `make soak`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.__main__ import soak
from tests.soak.days import Plan


@pytest.mark.timeout(300)
def test_a_day_of_a_company_in_trouble_loses_nothing_doubles_nothing_and_fires_every_level_once(
    fresh_sqlite_url: Callable[[], str], tmp_path: Path
) -> None:
    assert soak(Plan(days=1, leads=30, reps=12, troubles=16, seed=2), fresh_sqlite_url(), tmp_path) == []
