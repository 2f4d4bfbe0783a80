"""The schema's version: what the database has, what this code needs, and the way from one to the other."""

import logging
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database
from storage.errors import NewSchema, OldSchema, translated
from storage.transaction import Transaction

NONE = "empty"
MIGRATION_LOCK = f"SELECT pg_advisory_xact_lock({0x48414E45})"
"""Any number that nothing else in the database locks; `storage/ledger.py` has the one before."""
logging.getLogger("alembic").setLevel(logging.WARNING)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def needed() -> str:
    """The revision this code is written for."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def found(database: Database) -> str:
    """The revision the database has; `empty` for a new one. Raises `StoreUnavailable`."""
    with database.read() as tx:
        return revision(tx)


def revision(tx: Transaction) -> str:
    """The revision the database has, asked within a transaction."""
    return MigrationContext.configure(tx.connection).get_current_revision() or NONE


def is_unused(database: Database) -> bool:
    """Whether nothing was ever written: there is no file yet, which this does not change, or there are no tables."""
    return not database.exists or found(database) == NONE


def check(database: Database) -> None:
    """Raises `OldSchema` or `NewSchema` when the database's schema is not the one this code needs."""
    compare(found(database))


def compare(has: str) -> None:
    """Raises `OldSchema` or `NewSchema` when this revision is not the one this code needs."""
    needs = needed()
    if has == needs:
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if has == NONE or has in known:
        raise OldSchema(found=has, needed=needs)
    raise NewSchema(found=has)


def migrate(database: Database) -> tuple[str, str]:
    """Bring the database to the current schema; returns the revisions before and after. Raises `NewSchema`."""
    before = found(database)
    try:
        check(database)
    except OldSchema:
        config = _config()
        with translated(), database.writing.begin() as connection:
            if not database.is_sqlite:
                # Two that begin at once must not both build; and whoever rebuilds an index has all the time it takes.
                for statement in ("SET LOCAL lock_timeout = 0", "SET LOCAL statement_timeout = 0", MIGRATION_LOCK):
                    connection.exec_driver_sql(statement)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return before, needed()
