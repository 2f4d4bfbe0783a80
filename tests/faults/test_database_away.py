"""The database goes away, is full, or cuts everybody off while leads come in and timers fire."""

import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.bot.stage import Stage, eventually
from tests.conftest import migrated
from tests.faults.auditor import doubled
from tests.faults.siege import Senders, Service, a_lead, clicking, hurried, services, staged, verdict
from tests.hosting import Loop, client
from tests.postgres import PostgresServer, running_postgres

CRASHES = 3
NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that may be crashed: nobody else uses it."""
    with running_postgres() as server:
        yield server


@pytest.mark.timeout(300)
def test_a_postgresql_that_crashes_and_cuts_off_under_load_loses_nothing_and_is_a_503_meanwhile(
    loop: Loop, tmp_path: Path, own_server: PostgresServer
) -> None:
    name = own_server.create_database()
    migrated(own_server.url(name))
    with staged(loop, tmp_path, own_server.url(name)) as stage, services(Service(stage)) as (service,):
        stage.environment["HANDOFF_CONFIG"] = hurried(tmp_path, "10s")
        senders = Senders([service.url])
        with senders.sending(threads=3, pause=0.4), clicking(stage):
            for _ in range(CRASHES):
                time.sleep(0.7)
                own_server.crash()
                time.sleep(0.7)
                own_server.cut_off(name)
            while 503 not in senders.statuses:  # it may have come back before anybody asked
                own_server.crash()
            eventually(lambda: service.answers("/readyz"), "the service to be ready again by itself", within=60)
        service.kill()
        evidence = verdict(stage, senders.answers, service.outages)
    assert {202, 503} <= set(senders.statuses) <= {200, 202, 503}
    assert senders.statuses[202] > CRASHES
    assert not doubled(evidence)


@contextmanager
def one_service(loop: Loop, folder: Path, url: str) -> Iterator[tuple[Stage, Service, Senders, httpx.Client]]:
    """One process on a database, who sends to it, and the client they send with."""
    with staged(loop, folder, url) as stage, services(Service(stage)) as (service,), client() as http:
        yield stage, service, Senders([service.url]), http


def test_a_postgresql_that_can_only_be_read_is_a_503_and_said_by_everybody(
    loop: Loop, tmp_path: Path, own_server: PostgresServer
) -> None:
    name = own_server.create_database()
    migrated(own_server.url(name))
    with one_service(loop, tmp_path, own_server.url(name)) as (stage, service, senders, http):
        own_server.set_read_only(name, True)
        senders.deliver(http, "msg_0", {"type": "lead.qualified", "data": a_lead(0)})
        assert senders.statuses == {503: 1}
        report = http.get(f"{service.url}/readyz")
        assert report.status_code == 503
        assert "can only be read" in report.text
        assert "The database refuses this: it can only be read now." in stage.handoff("check", "--offline").stdout
        own_server.set_read_only(name, False)
        senders.insist(http, "msg_0", {"type": "lead.qualified", "data": a_lead(0)})
        eventually(lambda: service.answers("/readyz"), "the service to be ready again", within=60)
        service.kill()
        verdict(stage, senders.answers, service.outages)


@pytest.mark.parametrize("trouble", ["locked", pytest.param("frozen", marks=pytest.mark.slow)])
def test_a_postgresql_that_is_silent_is_a_503_and_keeps_nobody_from_stopping(
    loop: Loop, tmp_path: Path, own_server: PostgresServer, trouble: str
) -> None:
    name, body = own_server.create_database(), {"type": "lead.qualified", "data": a_lead(0)}
    migrated(own_server.url(name))
    with one_service(loop, tmp_path, own_server.url(name)) as (stage, service, senders, http):
        http.timeout = httpx.Timeout(15)
        with own_server.locked(name, "lead") if trouble == "locked" else own_server.frozen():
            began = time.monotonic()
            senders.deliver(http, "msg_0", body)
            answered = time.monotonic()
            service.end(signal.SIGTERM)
            stopped = time.monotonic()
        assert senders.statuses == {503: 1}
        assert answered - began < 12
        assert stopped - answered < 11, "ten seconds, and a busy machine"
        service.start()
        senders.insist(http, "msg_0", body)
        service.kill()
        verdict(stage, senders.answers, service.outages)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux can limit the files of a running process")
def test_a_full_disk_is_a_503_leaves_nothing_half_written_and_is_got_over_without_a_restart(
    loop: Loop, tmp_path: Path, fresh_sqlite_url: Callable[[], str]
) -> None:
    url = fresh_sqlite_url()
    with one_service(loop, tmp_path, url) as (stage, service, senders, http):
        assert service.process is not None
        senders.insist(http, "msg_0", {"type": "lead.qualified", "data": a_lead(0)})
        written = Path(f"{url.removeprefix('sqlite:///')}-wal").stat().st_size
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (written + 40_000, resource.RLIM_INFINITY))
        for number in range(1, 12):
            senders.deliver(http, f"msg_{number}", {"type": "lead.qualified", "data": a_lead(number)})
        assert set(senders.statuses) == {202, 503}
        assert service.answers("/healthz")
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, NO_LIMIT)
        for number in range(12):
            senders.insist(http, f"msg_{number}", {"type": "lead.qualified", "data": a_lead(number)})
        eventually(lambda: service.answers("/readyz"), "the service to be ready again", within=60)
        service.kill()
        verdict(stage, senders.answers, service.outages)
    assert set(senders.statuses) == {200, 202, 503}
