"""manage.py run_radar as a process: it says that it turns, and ends when it is asked to."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def process(backing: object) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A radar of its own and the port of its metrics."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"FLEET_METRICS_PORT": str(port), "DJANGO_SETTINGS_MODULE": "hocotate_site.settings"}
    argv = [sys.executable, str(ROOT / "manage.py"), "run_radar"]
    radar = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    yield radar, port
    radar.kill()
    radar.wait()


def loop_turned(port: int) -> float:
    with httpx.Client(trust_env=False) as client:
        text = client.get(f"http://127.0.0.1:{port}/metrics").text
    lines = [line for line in text.splitlines() if line.startswith("radar_loop_timestamp_seconds ")]
    return float(lines[0].split()[1])


def test_it_turns_and_ends_within_ten_seconds_of_sigterm(process: tuple[subprocess.Popen[bytes], int]) -> None:
    radar, port = process
    deadline = time.monotonic() + 60
    while True:
        assert radar.poll() is None, f"run_radar ended with {radar.returncode}."
        assert time.monotonic() < deadline, "The radar's loop did not turn within 60 s."
        try:
            if time.time() - loop_turned(port) < 10:
                break
        except httpx.TransportError:
            time.sleep(0.1)

    radar.send_signal(signal.SIGTERM)

    assert radar.wait(10) == 0
