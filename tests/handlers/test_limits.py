"""The doors take what they can hold: size, time and number have limits, and whoever meets one is told what to do."""

import socket
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from bot.serving import server
from handlers.webhooks import BURST_SECONDS
from storage.transaction import Transaction
from storage.writer import LONGEST_QUEUE
from tests.sample import PAT, changed
from tests.world import World

QUALIFIED = {"type": "lead.qualified", "data": PAT}
DOORS = [("/webhooks/website", 256), ("/slack/events", 1024)]


def test_a_sender_that_runs_wild_is_told_to_wait_and_loses_nothing(
    make_world: Callable[..., World], tmp_path: Path
) -> None:
    file = changed(tmp_path, ("HANDOFF_WEBSITE_SECRET}", "HANDOFF_WEBSITE_SECRET, rate: 1}"))
    world = make_world(policy=file)
    for _ in range(30):
        # What isn't signed counts for nothing: nobody can use up what is the sender's.
        assert world.post(QUALIFIED, **{"webhook-signature": "v1,AAAA"}).status_code == 401
    answers = [world.post(QUALIFIED, webhook_id="msg_same") for _ in range(2 * BURST_SECONDS)]
    first, second = [202, *[200] * (BURST_SECONDS - 1)], [429] * BURST_SECONDS
    assert [answer.status_code for answer in answers] == first + second
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert answers[-1].headers["retry-after"] == "1"
    world.clock.advance(timedelta(seconds=1))
    assert world.post(QUALIFIED, webhook_id="msg_same").status_code == 200


@pytest.mark.parametrize(("path", "kib"), DOORS)
def test_a_body_that_is_too_large_is_refused_said_or_unsaid(world: World, path: str, kib: int) -> None:
    large = b"x" * (kib * 1024 + 1)
    for content in (large, iter([large[:-1], b"x"])):
        answer = world.http.post(f"{world.bot.url}{path}", content=content)
        assert answer.status_code == 413
        assert answer.json()["detail"] == f"The body is larger than {kib} KiB."
        assert answer.headers["connection"] == "close"


def test_a_client_that_sends_everything_before_it_listens_reads_why_it_was_refused(world: World) -> None:
    address = urlsplit(world.bot.url)
    for _ in range(5):
        with closing(HTTPConnection(address.hostname or "", address.port, timeout=20)) as connection:
            connection.request("POST", "/webhooks/website", body=bytes(8 * 1024 * 1024))
            assert connection.getresponse().status == 413


@pytest.mark.parametrize("path", [path for path, _ in DOORS])
def test_a_body_that_trickles_is_given_up(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("handlers.limits.BodyLimits.__init__.__defaults__", (0.3,))
    world = make_world()
    address = urlsplit(world.bot.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nslow".encode())
        answer = b""
        while part := connection.recv(4096):
            answer += part
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"The body did not come within 0.3 seconds." in answer


def test_when_too_much_waits_for_the_database_a_lead_is_sent_away_and_taken_when_it_comes_again(world: World) -> None:
    gate, entered = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        entered.set()
        gate.wait(30)

    waiting = [world.service.writer.submit(hold)]
    assert entered.wait(10)
    try:
        waiting += [world.service.writer.submit(lambda _: None) for _ in range(LONGEST_QUEUE)]
        answer = world.post(QUALIFIED, webhook_id="msg_full")
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["content-type"] == "application/problem+json"
    finally:
        gate.set()
        for future in waiting:
            future.result(30)
    assert world.post(QUALIFIED, webhook_id="msg_full").status_code == 202


def test_no_header_of_a_proxy_is_believed() -> None:
    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        """An application that is never asked."""

    assert not server(nothing).config.proxy_headers
