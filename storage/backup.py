"""A copy of a SQLite database that is in use, whole or not at all."""

import os
import secrets
import sqlite3
from pathlib import Path

from storage.database import BUSY_MILLISECONDS, Database
from storage.errors import StoreError


class BackupFailed(StoreError):
    """A backup can't be made; each child says why."""


class NotSqlite(BackupFailed):
    """{shown} is backed up with PostgreSQL's own tool: pg_dump --format=custom --file={path} DATABASE_URL."""


class IsThere(BackupFailed):
    """{path} is there already: a backup never overwrites a file."""


class NoCopy(BackupFailed):
    """No backup was made: {problem}."""


def copy(database: Database, path: Path) -> int:
    """Copy the database as it is at one instant to a new file; returns its size in bytes.

    SQLite's online backup: who writes meanwhile doesn't wait and isn't in it. The copy is written under another name,
    checked, brought to disk and only then given its own. Raises `BackupFailed`.
    https://www.sqlite.org/backup.html
    """
    if not database.is_sqlite:
        raise NotSqlite(shown=database.shown, path=path)
    if path.exists():
        raise IsThere(path=path)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        # A backup holds what the database holds: nobody else on the machine is to read it.
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _write(Path(str(database.url.database)), unfinished)
        _bring_to_disk(unfinished)
        _name(unfinished, path)
        _bring_to_disk(path.parent)
        return path.stat().st_size
    except FileExistsError as error:
        raise IsThere(path=path) from error
    except (sqlite3.Error, OSError) as error:
        raise NoCopy(problem=error.strerror if isinstance(error, OSError) else str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _write(source: Path, unfinished: Path) -> None:
    reading = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_MILLISECONDS / 1_000)
    copied = sqlite3.connect(unfinished)
    try:
        reading.backup(copied)
        # One file that needs no other beside it; whoever opens it goes back to WAL.
        copied.execute("PRAGMA journal_mode=DELETE")
        (verdict,) = copied.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged ({verdict})")
    finally:
        copied.close()
        reading.close()


def _name(unfinished: Path, path: Path) -> None:
    try:
        os.link(unfinished, path)  # unlike a renaming, this fails where somebody else made the file meanwhile
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError from None
        unfinished.rename(path)


def _bring_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
