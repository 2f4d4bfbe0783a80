"""The load: signed requests over kept-open connections, each sending its next as soon as it is answered.

`python -m benchmarks.stage.load PORT CONNECTIONS SECONDS FIRST AT_MOST [PER_SECOND]` prints one line of JSON: how many
succeeded, in how many seconds, their latencies in milliseconds, and how many were answered otherwise or not at all.
Everything is signed before the first is sent: leads numbered from FIRST, or what the file FIRST holds, one request
after another. With PER_SECOND the sending is paced, as far as the connections allow, and a latency counts from when
the request was to be sent: one that waits for a connection waits for the server.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from connectors.standard_webhooks import Verifier
from tests.sample import PAT, SECRET


def request(number: int, verifier: Verifier) -> bytes:
    """One lead as it goes over the wire."""
    data = {**PAT, "external_id": f"x{number}", "email": f"pat@c{number}.example", "website": f"c{number}.example"}
    body = json.dumps({"type": "lead.qualified", "timestamp": "2026-11-20T15:04:05Z", "data": data}).encode()
    headers = verifier.sign(f"msg_{number}", int(time.time()), body)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = ["POST /webhooks/website HTTP/1.1", "host: localhost", "content-type: application/json", *lines]
    return "\r\n".join([*head, f"content-length: {len(body)}", "", ""]).encode() + body


@dataclass
class Tally:
    """What came of the load so far."""

    waiting: list[bytes]
    until: float
    took: list[float] = field(default_factory=list)
    others: int = 0
    slots: list[float] = field(default_factory=list)


class Sender(asyncio.Protocol):
    """One connection: sends, waits for the answer, sends the next."""

    def __init__(self, tally: Tally, done: "asyncio.Future[None]") -> None:
        self._tally, self._done, self._buffer, self._began = tally, done, b"", 0.0
        self._is_waiting = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._next()

    def _next(self) -> None:
        now = time.perf_counter()
        if not self._tally.waiting or now >= self._tally.until:
            self._transport.close()
            return
        slot = self._tally.slots.pop() if self._tally.slots else now
        self._began, self._is_waiting, request = slot, True, self._tally.waiting.pop()
        if slot > now:
            asyncio.get_running_loop().call_later(slot - now, self._transport.write, request)
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        if head[9:10] == b"2":
            self._tally.took.append((time.perf_counter() - self._began) * 1000)
        else:
            self._tally.others += 1
        self._buffer, self._is_waiting = b"", False
        self._next()

    def connection_lost(self, _error: Exception | None) -> None:
        self._tally.others += self._is_waiting
        if not self._done.done():
            self._done.set_result(None)


def prepared(first: str, at_most: int) -> list[bytes]:
    """What is to be sent."""
    if not first.isdigit():
        return [one.encode("latin-1") for one in json.loads(Path(first).read_text())[:at_most]]
    verifier = Verifier.of(SECRET)
    return [request(number, verifier) for number in range(int(first), int(first) + at_most)]


async def main(port: int, connections: int, seconds: float, first: str, at_most: int, pace: float = 0) -> None:
    """Sends, and prints what came of it."""
    loop, waiting = asyncio.get_running_loop(), prepared(first, at_most)
    began = time.perf_counter()
    tally = Tally(waiting[::-1], began + seconds)
    if pace:
        tally.slots = [began + number / pace for number in range(len(waiting))][::-1]
    ends = [loop.create_future() for _ in range(connections)]
    for end in ends:
        await loop.create_connection(partial(Sender, tally, end), "127.0.0.1", port)
    await asyncio.wait(ends)
    took = time.perf_counter() - began
    print(json.dumps({"count": len(tally.took), "seconds": took, "took": sorted(tally.took), "others": tally.others}))


if __name__ == "__main__":
    port, connections, seconds, first, at_most, *pace = sys.argv[1:]
    uvloop.run(main(int(port), int(connections), float(seconds), first, int(at_most), *map(float, pace)))
