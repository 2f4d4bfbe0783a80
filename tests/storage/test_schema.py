"""The migrations lead to the tables the code speaks of, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, text
from sqlalchemy.schema import CreateIndex

from sla_engine.lead import Lead, LeadData, Status
from sla_engine.limits import Limits
from storage import caps, leads, leaves, schema
from storage.database import open_database
from storage.tables import LEAD
from storage.transaction import Transaction
from tests.postgres import PostgresServer


# SQLAlchemy can't read an index of an expression back from SQLite: the test below does.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrated_schema_is_the_one_the_tables_describe(database_url: str) -> None:
    database = open_database(database_url)
    with database.read() as tx:
        missing = compare_metadata(MigrationContext.configure(tx.connection), LEAD.metadata)
    database.close()
    assert missing == []


def test_an_index_of_an_expression_is_the_one_the_tables_describe(fresh_sqlite_url: Callable[[], str]) -> None:
    database = open_database(fresh_sqlite_url())
    with database.read() as tx:
        made = {row.name: row.sql for row in tx.connection.execute(text("SELECT name, sql FROM sqlite_master"))}
    database.close()
    indexes = [index for table in LEAD.metadata.tables.values() for index in table.indexes]
    of_expressions = [index for index in indexes if not all(isinstance(one, Column) for one in index.expressions)]
    assert [index.name for index in of_expressions] == ["lead_of_email"]
    for index in of_expressions:
        assert made[index.name] == str(CreateIndex(index).compile(dialect=database.writing.dialect))


def test_a_database_is_shown_without_its_passwords_wherever_they_stand() -> None:
    database = open_database("postgresql://bot:one@/db?host=/tmp&password=two&sslpassword=three&sslmode=require")
    assert database.shown == "postgresql://bot:***@/db?host=%2Ftmp&sslmode=require"
    database.close()


def test_migrating_twice_changes_nothing(fresh_database_url: Callable[[], str]) -> None:
    database = open_database(fresh_database_url())
    assert schema.migrate(database) == (schema.needed(), schema.needed())
    database.close()


SINCE_ALIASES = (
    "DROP INDEX lead_of_email",
    "CREATE INDEX lead_of_email ON lead (email)",
    "ALTER TABLE cap ADD COLUMN set_by VARCHAR NOT NULL DEFAULT 'dana'",
    "ALTER TABLE cap ADD COLUMN set_at TIMESTAMP",
    "ALTER TABLE leave ADD COLUMN entered_by VARCHAR NOT NULL DEFAULT 'dana'",
    "ALTER TABLE leave ADD COLUMN entered_at TIMESTAMP",
    "UPDATE alembic_version SET version_num = '0007'",
)
"""The way back from the schema of today to 0007, but for what has no place for a lead of today."""
GROUNDLESS = "ALTER TABLE lead DROP COLUMN ground"
BEFORE_ALIASES = (
    *SINCE_ALIASES,
    "DROP TABLE alias",
    "DROP INDEX lead_new_once",
    "ALTER TABLE person ADD COLUMN looked_up_at TIMESTAMP",
    "UPDATE alembic_version SET version_num = '0006'",
)


def test_of_a_lead_below_the_bar_that_was_kept_twice_the_later_goes_on(fresh_database_url: Callable[[], str]) -> None:
    database, noon = open_database(fresh_database_url()), datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    data = LeadData("x1", "pat@northwind.example")
    with database.writing.begin() as connection:
        for statement in BEFORE_ALIASES:
            connection.exec_driver_sql(statement)
        for number, minutes in enumerate([0, 5, 5]):
            received = noon + timedelta(minutes=minutes)
            leads.add(Transaction(connection), Lead(f"L{number}", "website", data, received))
        connection.exec_driver_sql(GROUNDLESS)
    assert schema.migrate(database) == ("0006", schema.needed())
    with database.read() as tx:
        found = {key: lead.status for key, lead in leads.of(tx, ["L0", "L1", "L2"]).items()}
    database.close()
    assert found == {"L0": Status.DISQUALIFIED, "L1": Status.DISQUALIFIED, "L2": Status.NEW}


def test_several_that_migrate_at_once_are_all_right(postgres_server: PostgresServer) -> None:
    url, count = postgres_server.url(postgres_server.create_database()), 4
    with ThreadPoolExecutor(count) as pool:
        assert {after for _, after in pool.map(migrated_from, [url] * count)} == {schema.needed()}


def migrated_from(url: str) -> tuple[str, str]:
    """What migrating answers to one of several."""
    with closing(open_database(url)) as database:
        return schema.migrate(database)


def test_a_database_of_before_keeps_its_leads_leaves_and_limits(fresh_database_url: Callable[[], str]) -> None:
    database, noon = open_database(fresh_database_url()), datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    lead = Lead("L1", "website", LeadData("x1", "Pat@northwind.example"), noon, Status.MQL)
    with database.writing.begin() as connection:
        for statement in SINCE_ALIASES:
            connection.exec_driver_sql(statement)
        tx = Transaction(connection)
        leads.add(tx, lead)
        leaves.add(tx, "alice", (noon, None))
        caps.put(tx, "alice", Limits(max_open=3), own=True)
        connection.exec_driver_sql(GROUNDLESS)
    assert schema.migrate(database) == ("0007", schema.needed())
    with database.writing.begin() as connection:
        tx = Transaction(connection)
        assert leads.open_with_email(tx, "pat@northwind.example") == lead
        assert leaves.spans(tx, ["alice"]) == {"alice": ((noon, None),)}
        assert caps.of(tx, ["alice"])["alice"].own == Limits(max_open=3)
        leaves.add(tx, "bob", (noon, None))
        caps.put(tx, "bob", Limits(max_open=3), own=False)
    database.close()


def test_a_new_sqlite_database_and_what_stands_beside_it_is_its_owners_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new.db")
    schema.migrate(database)
    with database.read() as tx:
        tx.connection.execute(text("SELECT 1"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    database.close()
    assert modes == dict.fromkeys(("new.db", "new.db-wal", "new.db-shm"), 0o600)


def test_a_database_that_is_there_keeps_the_rights_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "old.db").touch(0o640)
    (tmp_path / "old.db").chmod(0o640)
    database = open_database(f"sqlite:///{tmp_path}/old.db")
    schema.migrate(database)
    database.close()
    assert (tmp_path / "old.db").stat().st_mode & 0o777 == 0o640
