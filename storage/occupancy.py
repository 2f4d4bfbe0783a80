"""One running service on one SQLite file: an operating system's lock on a file beside the database.

The kernel gives the lock back when its process ends, however it ends, so a `kill -9` leaves nothing to clean up. The
file stays, because removing it would let two processes lock two files of one name.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database import Database
from storage.errors import StoreError, StoreUnavailable


class Occupied(StoreError):
    """{database} is in use by another `handoff run`{process}: SQLite allows one; stop it, or use PostgreSQL for \
several."""


@contextmanager
def occupied(database: Database) -> Iterator[None]:
    """Keep a SQLite file for this process while the block runs; PostgreSQL needs no such thing. Raises `Occupied`."""
    if not database.is_sqlite:
        yield
        return
    file = _lock_file(database)
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreUnavailable(problem=f"{file} can't be written ({error.strerror})") from error
    try:
        _lock(descriptor, database)
        yield
    finally:
        os.close(descriptor)


def _lock_file(database: Database) -> Path:
    # Through symbolic links, so that two names of one file share one lock.
    file = Path(str(database.url.database)).resolve()
    return file.with_name(f"{file.name}.lock")


def _lock(descriptor: int, database: Database) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        process = f" (process {holder})" if holder.isdigit() else ""
        raise Occupied(database=database.shown, process=process) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
