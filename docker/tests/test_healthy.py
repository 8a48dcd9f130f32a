"""The healthchecks of our own images, against what they ask."""

from __future__ import annotations

import http.server
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parent.parent / "site" / "healthy.py"


def ask(*words: str, valkey: str = "") -> subprocess.CompletedProcess[str]:
    env = {"VALKEY_URL": valkey}
    return subprocess.run([sys.executable, str(PROGRAM), *words], env=env, capture_output=True, text=True, check=False)


class Pages(http.server.BaseHTTPRequestHandler):
    """/metrics with a loop that turned just now and one that stands still; everything else is 503."""

    def do_GET(self) -> None:
        now = time.time()
        body = f"# TYPE turned gauge\nturned {now}\nturned_once {now - 90}\n".encode()
        self.send_response(200 if self.path == "/metrics" else 503)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Valkey(socketserver.StreamRequestHandler):
    """Knows a password and when the last heartbeat was."""

    age = 0.0

    def handle(self) -> None:
        words = [self._word() for _ in range(int(self.rfile.readline()[1:]))]
        self.wfile.write(b"+OK\r\n" if words == ["AUTH", "right"] else b"-WRONGPASS\r\n")
        if words == ["AUTH", "right"]:
            value = str(time.time() - self.age).encode()
            self.wfile.write(b"$%d\r\n%s\r\n" % (len(value), value) if self.age >= 0 else b"$-1\r\n")

    def _word(self) -> str:
        return self.rfile.read(int(self.rfile.readline()[1:]) + 2).decode().strip()


def serving(server: socketserver.TCPServer) -> Iterator[int]:
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


@pytest.fixture
def pages() -> Iterator[int]:
    yield from serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages))


@pytest.fixture
def valkey() -> Iterator[int]:
    yield from serving(socketserver.TCPServer(("127.0.0.1", 0), Valkey))


def test_a_page_is_well_with_200_alone(pages: int) -> None:
    assert ask("http", f"http://127.0.0.1:{pages}/metrics").returncode == 0
    assert ask("http", f"http://127.0.0.1:{pages}/readyz").returncode == 1


def test_a_loop_is_well_while_it_turns(pages: int) -> None:
    assert ask("loop", str(pages), "turned", "30").returncode == 0
    stands = ask("loop", str(pages), "turned_once", "30")
    assert stands.returncode == 1
    assert "at most 30 are right" in stands.stderr
    assert ask("loop", str(pages), "never", "30").returncode == 1


def test_a_part_that_is_away_is_not_well() -> None:
    assert ask("loop", "1", "turned", "30").returncode == 1


@pytest.mark.parametrize(("age", "status"), [(1.0, 0), (90.0, 1), (-1.0, 1)])
def test_a_heartbeat_is_well_while_it_is_young(
    valkey: int, monkeypatch: pytest.MonkeyPatch, age: float, status: int
) -> None:
    monkeypatch.setattr(Valkey, "age", age)
    assert ask("heartbeat", "60", valkey=f"redis://:right@127.0.0.1:{valkey}/0").returncode == status


def test_a_wrong_password_of_valkey_is_not_well(valkey: int) -> None:
    refused = ask("heartbeat", "60", valkey=f"redis://:wrong@127.0.0.1:{valkey}/0")
    assert refused.returncode == 1
    assert "password" in refused.stderr
