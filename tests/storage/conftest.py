"""A database of each kind, and its writer."""

from collections.abc import Iterator

import pytest

from storage.database import Database, open_database
from storage.writer import Writer


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database; once of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    """Its writer."""
    made = Writer(database)
    yield made
    made.close()
