"""The writer of a database of each kind."""

from collections.abc import Iterator

import pytest

from storage.database import Database
from storage.writer import Writer


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    """Its writer."""
    made = Writer(database)
    yield made
    made.close()
