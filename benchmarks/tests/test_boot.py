"""Starts and memory are told part by part, natively and in containers."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import yaml
from rich.console import Console

from benchmarks import compose
from benchmarks.boot import Booted, Clocked, booted, clock
from stack.config import ROOT


def test_parts_stand_in_the_order_in_which_they_answered() -> None:
    parts = booted(100, {"radar": 140, "kafka": 109}, {"radar": 120, "kafka": 101, "lake": 130}, {"kafka": 400.0})
    assert parts == [Booted("kafka", 9, 8, 400), Booted("radar", 40, 20, 0)]


def test_what_answers_nobody_comes_last_and_what_was_started_anew_has_no_time_of_its_own() -> None:
    parts = booted(100, {"radar": 140}, {"radar": 150}, {"supervisord": 20.0, "radar": 90.0})
    assert parts == [Booted("radar", 40, None, 90), Booted("supervisord", None, None, 20)]


def test_a_start_is_noted_with_the_line_that_tells_of_it() -> None:
    progress = Clocked(Console(stderr=True, quiet=True))
    before = clock()
    progress.done("Kafka", "", 1.0)
    progress.done("Radar page", "", 1.0)
    assert list(progress.answered) == ["kafka"]
    assert before <= progress.answered["kafka"] <= clock()


def test_the_clock_is_that_of_the_beginnings_of_processes() -> None:
    before = clock()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as child:
        began = psutil.Process(child.pid).create_time() - psutil.boot_time()
        child.communicate("\n")
    # Linux notes beginnings in hundredths of a second.
    assert before - 0.02 <= began <= clock()


def test_memory_of_containers_is_read_from_dockers_own_words() -> None:
    told = (
        '{"Name":"hocotate-bench-web-1","MemUsage":"104.9MiB / 1GiB"}\n'
        '{"Name":"hocotate-bench-kafka-1","MemUsage":"1.5GiB / 2GiB"}\n'
        '{"Name":"hocotate-bench-door-1","MemUsage":"512KiB / 128MiB"}\n'
        '{"Name":"hocotate-bench-beat-1","MemUsage":"0B / 0B"}\n'
    )
    found = compose.memory(told)
    assert found["web"] == pytest.approx(110.0, abs=0.1)
    assert found["kafka"] == pytest.approx(1_610.6, abs=0.1)
    assert found["door"] == pytest.approx(0.52, abs=0.01)
    assert found["beat"] == 0


def test_the_benchs_containers_meet_no_others() -> None:
    example = (ROOT / "docker" / "env.example").read_text()
    known = {line.partition("=")[0] for line in example.splitlines() if "=" in line and not line.startswith("#")}
    ports = {name for name in known if name.endswith("_PORT")}
    assert set(compose.PORTS) == ports
    assert set(compose.settings_of("fleet,observability")) <= known
    assert "PROMETHEUS_INNER_URL" not in compose.settings_of("fleet")
    parts = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text())["services"]
    assert not [name for name, part in parts.items() if "container_name" in part]


def test_where_no_engine_answers_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        compose.NotMeasured, match=r"^No Docker engine answers, so that compose was not measured: docker"
    ):
        compose.answers()
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon.' >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(compose.NotMeasured, match=r"Cannot connect to the Docker daemon\.$"):
        compose.answers()


def test_a_program_that_fails_is_told_with_its_last_line() -> None:
    with pytest.raises(compose.NotMeasured, match=r"^the build failed: out of space$"):
        compose._run("the build", [sys.executable, "-c", "raise SystemExit('out of space')"], 30, dict(os.environ))
