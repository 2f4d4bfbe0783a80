"""Known vulnerabilities stop `make check`; a machine without a network is told that nobody looked, and goes on."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

AUDIT = Path(__file__).parent.parent / ".ci" / "audit"
LOCK = "aaa==1.0 \\\n    --hash=sha256:00\nbbb[extra]==2.1 ; python_version < '4' \\\n    --hash=sha256:11\n"


@contextmanager
def advisories(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives one answer to everything, and what it was asked."""
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # the parent's own name
            """Nothing is logged."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()
        thread.join()


def audit(folder: Path, address: str) -> "subprocess.CompletedProcess[str]":
    """The audit of a lock file of two packages."""
    (folder / "some.lock").write_text(LOCK, "utf-8")
    words = [sys.executable, str(AUDIT), "some.lock", address]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_a_known_vulnerability_is_named_and_fails(tmp_path: Path) -> None:
    with advisories(b'{"results": [{}, {"vulns": [{"id": "PYSEC-1"}]}]}') as (address, asked):
        done = audit(tmp_path, address)
    assert done.returncode == 1
    assert "bbb 2.1: PYSEC-1" in done.stdout
    queries = json.loads(asked[0])["queries"]
    assert [(one["package"]["name"], one["version"]) for one in queries] == [("aaa", "1.0"), ("bbb", "2.1")]


def test_no_known_vulnerability_is_said_with_the_number_of_packages(tmp_path: Path) -> None:
    with advisories(b'{"results": [{}, {}]}') as (address, _):
        done = audit(tmp_path, address)
    assert (done.returncode, done.stdout) == (0, "2 packages of some.lock: none with a known vulnerability.\n")


def test_without_the_data_one_line_says_so_and_nothing_fails(tmp_path: Path) -> None:
    skipped = "skipped: the advisories at api.osv.dev can't be had from here.\n"
    for answer in (b"<html>", b"[]", b'{"results": [{}]}', b'{"results": null}'):
        with advisories(answer) as (address, _):
            done = audit(tmp_path, address)
        assert (done.returncode, done.stdout, done.stderr) == (0, skipped, "")
    done = audit(tmp_path, "http://127.0.0.1:9/")
    assert (done.returncode, done.stdout, done.stderr) == (0, skipped, "")
