"""The ships' package as its users get it: built, installed into an empty environment, and flown from there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stack.config import ROOT
from stack.testing import RunningPlatform
from tests.fleets import until

pytestmark = [pytest.mark.platform, pytest.mark.timeout(600)]

README = (ROOT / "ships_client" / "README.md").read_text()
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds nothing but the wheel that was built from the sdist, and what it asks for."""
    folder = tmp_path_factory.mktemp("alone")
    run([str(UV), "build", str(ROOT / "ships_client"), "--out-dir", str(folder / "dist")])
    (wheel,) = (folder / "dist").glob("*.whl")
    assert list((folder / "dist").glob("*.tar.gz"))
    run([str(UV), "venv", "--python", sys.executable, str(folder / "venv")])
    run([str(UV), "pip", "install", "--python", str(folder / "venv" / "bin" / "python"), str(wheel)])
    return folder / "venv" / "bin"


def run(argv: list[str], code: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program away from the checkout, so that nothing is imported from there."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        argv, cwd="/", env={**inherited, **env}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == code, f"{argv}: {done.stdout}{done.stderr}"
    return done


def test_a_ship_flies_from_an_empty_environment(platform: RunningPlatform, environment: Path, tmp_path: Path) -> None:
    plan = ["--ship", "ALONE", "--captain", "Louie", "--target", "PNF-404", "--speed", "50", "--failure-rate", "0"]
    ship = run([str(environment / "hocotate-ship"), *plan, "--state", str(tmp_path / "r")], **platform.ship_env())
    assert "1 mission flown, 1 home, 0 lost" in ship.stdout
    shares = ["--ships", "6", "--processes", "2", "--targets", "Nijo", "--speed", "50", "--failure-rate", "0"]
    fleet = run([str(environment / "hocotate-fleet"), *shares, "--state", str(tmp_path / "f")], **platform.ship_env())
    assert "6 missions flown, 6 home, 0 lost" in fleet.stdout


def test_exit_codes_are_those_of_the_readme(platform: RunningPlatform, environment: Path, tmp_path: Path) -> None:
    ship, env = str(environment / "hocotate-ship"), platform.ship_env()
    state = ["--state", str(tmp_path / "recorder")]
    plan = ["--ship", "CODES", "--captain", "Alph", "--target", "Nijo"]
    # A malfunction after every repair: one of them fails sooner or later.
    lost = run([ship, *plan, *state, "--speed", "100", "--failure-rate", "1", "--seed", "1"], code=3, **env)
    assert "0 home, 1 lost" in lost.stdout

    for stop in (signal.SIGINT, signal.SIGTERM):
        log = tmp_path / f"{stop.name}.log"
        again = [] if stop is signal.SIGINT else ["--resume"]
        argv = [ship, *(again or plan), *state, "--failure-rate", "0"]
        with log.open("wb") as out:
            flying = subprocess.Popen(argv, cwd="/", env=env, stdout=out, stderr=out)
        until("it flies", lambda log=log: b"acknowledged" in log.read_bytes(), 60)
        flying.send_signal(stop)
        assert flying.wait(15) == 130
        assert f"hocotate-ship --resume --state {tmp_path / 'recorder'}" in log.read_text()
    home = run([ship, "--resume", *state, "--speed", "100"], **env)
    assert "1 home, 0 lost" in home.stdout


def test_a_fleet_ends_after_its_duration_and_is_resumed(
    platform: RunningPlatform, environment: Path, tmp_path: Path
) -> None:
    fleet, state = str(environment / "hocotate-fleet"), ["--state", str(tmp_path / "recorder")]
    orders = ["--ships", "5", "--targets", "Nijo", "--failure-rate", "0", "--duration", "3"]
    first = run([fleet, *orders, *state], **platform.ship_env())
    assert "5 missions are left to resume" in first.stdout
    rest = run([fleet, "--resume", *state, "--speed", "100"], **platform.ship_env())
    assert "5 missions flown, 5 home, 0 lost" in rest.stdout


def test_the_readme_examples_run(platform: RunningPlatform, environment: Path, tmp_path: Path) -> None:
    examples = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert len(examples) == 2
    for number, code in enumerate(examples):
        (tmp_path / f"example{number}.py").write_text(code)
        env = {**platform.ship_env(), "XDG_STATE_HOME": str(tmp_path)}
        done = run([str(environment / "python"), str(tmp_path / f"example{number}.py")], **env)
        assert done.stdout.strip()
