"""A database for each test of the desk."""

from collections.abc import Iterator

import pytest

from storage.database import Database, open_database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database; once of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()
