"""The migrations lead to the tables the code speaks of, on both databases."""

from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import schema
from storage.database import open_database
from storage.tables import LEAD


def test_the_migrated_schema_is_the_one_the_tables_describe(database_url: str) -> None:
    database = open_database(database_url)
    with database.read() as tx:
        missing = compare_metadata(MigrationContext.configure(tx.connection), LEAD.metadata)
    database.close()
    assert missing == []


def test_migrating_twice_changes_nothing(fresh_database_url: Callable[[], str]) -> None:
    database = open_database(fresh_database_url())
    assert schema.migrate(database) == (schema.needed(), schema.needed())
    database.close()
