"""The database for a command that looks into it, or changes a row of it, while the service may be running."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from bot.settings import Settings
from leads.desk import Desk
from leads.office import Office
from sla_engine.policy import Policy
from storage import schema
from storage.database import Database, open_database
from storage.errors import StoreError
from storage.writer import Writer

ROW = click.IntRange(1, 2**63 - 1)
"""The number of a row; neither database can look for a larger one."""
ROWS = click.IntRange(1, 1_000_000)
"""How many rows a list may be asked for."""


class NoDatabase(StoreError):
    """{shown} is not there: DATABASE_URL names the database that `handoff run` uses."""


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database with the current schema, until the block ends. Raises `StoreError`."""
    database = open_database(settings.database_url, beside=True)
    try:
        if not database.exists:
            raise NoDatabase(shown=database.shown)
        schema.check(database)
        yield database
    finally:
        database.close()


@contextmanager
def writing(database: Database) -> Iterator[Writer]:
    """A writer beside the service's own; processes on PostgreSQL are told what it wrote."""
    writer = Writer(database, sender=secrets.token_hex(8))
    try:
        yield writer
    finally:
        writer.close()


def office(database: Database, writer: Writer, policy: Policy, now: datetime) -> Office:
    """The desk by a policy and at one instant, aware UTC."""
    return Office(Desk(lambda: policy, lambda: now), writer, database)


def stamp(instant: datetime | None) -> str:
    """An instant in UTC as the tables of the commands show it: `2026-11-23 15:00:00`."""
    return f"{instant:%Y-%m-%d %H:%M:%S}" if instant else ""


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows under one another, the last column as long as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    lines = (
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def one_line(text: str | None) -> str:
    """Text of somebody else's for a terminal: one line without control characters."""
    words = " ".join((text or "").split())
    return "".join(character if character.isprintable() else "\ufffd" for character in words)
