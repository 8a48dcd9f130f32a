"""The command line, as a person meets it before anything runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

from stack.config import ROOT


def stack(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "STACK_DIR": str(home), "STACK_PORT_OFFSET": "900", **settings}
    argv = [sys.executable, "-m", "stack", *arguments]
    return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_status_of_nothing_says_so_and_fails(tmp_path: Path) -> None:
    done = stack(tmp_path, "status")
    assert done.returncode == 1
    assert "make run" in done.stdout


def test_status_of_nothing_as_json_is_json(tmp_path: Path) -> None:
    done = stack(tmp_path, "status", FORMAT="json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"healthy": False, "parts": []}


def test_stopping_nothing_is_no_error(tmp_path: Path) -> None:
    done = stack(tmp_path, "down")
    assert done.returncode == 0
    assert "Nothing runs" in done.stdout


def test_a_log_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    done = stack(tmp_path, "logs", "kafka")
    assert done.returncode == 1
    assert "has written no log yet" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_setting_is_a_sentence(tmp_path: Path) -> None:
    done = stack(tmp_path, "status", STACK_PORT_OFFSET="-5")
    assert done.returncode == 1
    assert "STACK_PORT_OFFSET is '-5'" in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr
