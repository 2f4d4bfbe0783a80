"""`handoff backup`: a whole copy of a database in use, or none."""

import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import backup, outbox
from storage.backup import IsThere, NoCopy
from storage.database import open_database
from storage.transaction import Transaction
from storage.writer import Writer
from tests.bot.stage import Stage

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_a_copy_of_a_database_in_use_is_whole_and_of_one_instant(
    fresh_sqlite_url: Callable[[], str], tmp_path: Path
) -> None:
    database = open_database(fresh_sqlite_url())
    writer, stop, written = Writer(database), threading.Event(), 0

    def write_two(tx: Transaction) -> None:
        for half in "ab":
            outbox.post(tx, NOW, key=f"{written}{half}", kind="card", lane="channel:#a")

    def keep_writing() -> None:
        nonlocal written
        while not stop.is_set():
            writer.call(write_two)  # a copy with one of them would be of no instant
            written += 1

    busy = threading.Thread(target=keep_writing)
    busy.start()
    try:
        for number in range(5):
            backup.copy(database, tmp_path / f"{number}.db")
    finally:
        stop.set()
        busy.join()
        writer.close()
        database.close()
    counts = []
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copied:
            assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            counts.append(copied.execute("SELECT count(*) FROM message").fetchone()[0])
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert 0 < counts[-1] <= 2 * written
    assert {file.suffix for file in tmp_path.iterdir() if file.is_file()} == {".db"}


def test_a_backup_is_for_its_owner_and_never_overwrites(stage: Stage) -> None:
    done = stage.installed("backup", "copy.db")
    assert done.returncode == 0, done.stderr
    copy = stage.folder / "copy.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    before = copy.read_bytes()
    again = stage.handoff("backup", "copy.db")
    assert (again.returncode, again.stderr) == (
        2,
        "handoff: copy.db is there already: a backup never overwrites a file.\n",
    )
    assert copy.read_bytes() == before
    # The copy is a database like any other.
    assert stage.handoff("outbox", "list", DATABASE_URL=f"sqlite:///{copy}").returncode == 0


def test_a_backup_that_fails_leaves_nothing_behind(fresh_sqlite_url: Callable[[], str], tmp_path: Path) -> None:
    url = fresh_sqlite_url()
    damaged = tmp_path / "damaged.db"
    content = bytearray(Path(url.removeprefix("sqlite:///")).read_bytes())
    content[4096 * 2 : 4096 * 6] = b"\xff" * 4096 * 4
    damaged.write_bytes(content)
    target = tmp_path / "backups"
    target.mkdir()
    with pytest.raises(NoCopy, match="No backup was made: the copy is damaged"):
        backup.copy(open_database(f"sqlite:///{damaged}"), target / "copy.db")
    with pytest.raises(NoCopy, match="No such file"):
        backup.copy(open_database(url), tmp_path / "not" / "there.db")
    assert list(target.iterdir()) == []
    (target / "mine").write_text("mine", "utf-8")
    with pytest.raises(IsThere):
        backup.copy(open_database(url), target / "mine")
    assert [file.name for file in target.iterdir()] == ["mine"]


def test_postgresql_is_backed_up_with_its_own_tool(stage: Stage, fresh_postgres_url: Callable[[], str]) -> None:
    done = stage.handoff("backup", "copy.db", DATABASE_URL=fresh_postgres_url())
    assert done.returncode == 2
    assert "pg_dump" in done.stderr
    assert "Traceback" not in done.stderr
