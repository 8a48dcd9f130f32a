"""Boot and memory of the platform in containers, where a Docker engine answers."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.bench_platform import own_platform
from stack.config import ROOT, Platform
from stack.services.base import python

PROJECT: Final = "hocotate-bench"
"""Containers, networks and volumes of its own, beside those of a platform that runs."""
PROFILES: Final = "fleet,observability"
"""As `make run` starts them; COMPOSE_PROFILES names others."""
PORTS: Final[Mapping[str, int]] = {
    "WEB_PORT": 8200,
    "KAFKA_PORT": 9292,
    "S3_PORT": 9200,
    "PROMETHEUS_PORT": 9290,
    "ALERTMANAGER_PORT": 9293,
    "GRAFANA_PORT": 3201,
    "METABASE_PORT": 3200,
    "ADMINER_PORT": 8280,
}
PATIENCE_S: Final = 600
BUILD_S: Final = 3_600
UNITS: Final[Mapping[str, float]] = {
    "B": 1e-6, "kB": 1e-3, "MB": 1, "GB": 1e3, "KiB": 2**10 / 1e6, "MiB": 2**20 / 1e6, "GiB": 2**30 / 1e6,
}  # fmt: skip
"""MB (10^6 bytes) in one of what `docker stats` tells memory in."""


class NotMeasured(RuntimeError):
    """The containers could not be measured; the message says why."""


@dataclass(frozen=True)
class Containers:
    """Seconds until `docker compose up --wait` came back, and MB by container."""

    boot_s: float
    mb: Mapping[str, float]


def measure(settle_s: float) -> Containers:
    """Start the containers once, so that images and data are there; the second start counts, and memory after a while.

    All but the images is removed at the end.

    Raises:
        NotMeasured: no engine answers, or a step failed.
    """
    answers()
    with _project() as compose:
        _tell("Building the images and starting the containers for the first time; this may take many minutes")
        compose("up", "--detach", "--build", "--wait", "--wait-timeout", str(PATIENCE_S), patience_s=BUILD_S)
        compose("down", "--timeout", "60")
        _tell("Starting them again")
        began = time.monotonic()
        compose("up", "--detach", "--wait", "--wait-timeout", str(PATIENCE_S))
        boot_s = time.monotonic() - began
        time.sleep(settle_s)
        running = compose("ps", "--quiet").split()
        told = _docker("stats", "--no-stream", "--format", "{{json .}}", *running)
    return Containers(boot_s, memory(told))


def answers() -> None:
    """Whether a Docker engine answers; raises NotMeasured."""
    try:
        _docker("info", "--format", "{{.ServerVersion}}", patience_s=30)
    except NotMeasured as error:
        raise NotMeasured(f"No Docker engine answers, so that compose was not measured: {error}") from None


def memory(told: str) -> dict[str, float]:
    """MB by service from what `docker stats` tells, a JSON object a line."""
    found = {}
    for line in told.splitlines():
        try:
            stat = json.loads(line)
            used, _, _limit = stat["MemUsage"].partition(" / ")
            number = used.rstrip("BkKMGi")
            # The project's name before it, the container's number behind it.
            service = stat["Name"].removeprefix(f"{PROJECT}-").rpartition("-")[0] or stat["Name"]
            found[service] = float(number) * UNITS[used.removeprefix(number)]
        except (ValueError, KeyError) as error:
            raise NotMeasured(f"What the engine tells of memory is not understood: {line[:200]}") from error
    return found


class _Compose:
    """Compose with the project's own settings."""

    def __init__(self, platform: Platform, settings: Path) -> None:
        plugin = Path(platform.venv_program("docker-compose"))
        self._argv = [str(plugin)] if plugin.exists() else ["docker", "compose"]
        self._argv += ["--project-name", PROJECT, "--env-file", str(settings)]
        self._argv += ["--file", str(ROOT / "docker" / "compose.yml")]
        self._env = {**os.environ, **settings_of(os.environ.get("COMPOSE_PROFILES", PROFILES))}

    def __call__(self, *arguments: str, patience_s: float = PATIENCE_S + 60) -> str:
        return _run(f"docker compose {arguments[0]}", [*self._argv, *arguments], patience_s, self._env)


def settings_of(profiles: str) -> dict[str, str]:
    """What is set beside docker/env.example: profiles, and ports of the benchmarks' own."""
    inner = {"PROMETHEUS": 9090, "PUSHGATEWAY": 9091, "GRAFANA": 3000} if "observability" in profiles.split(",") else {}
    return {
        "COMPOSE_PROFILES": profiles,
        "FLEET_SHIPS": "20",
        **{name: str(port) for name, port in PORTS.items()},
        "SITE_URL": f"http://localhost:{PORTS['WEB_PORT']}",
        "KAFKA_PUBLIC": f"localhost:{PORTS['KAFKA_PORT']}",
        "S3_PUBLIC_URL": f"http://localhost:{PORTS['S3_PORT']}",
        **{f"{name}_INNER_URL": f"http://{name.lower()}:{port}" for name, port in inner.items()},
    }


@contextmanager
def _project() -> Iterator[_Compose]:
    platform = own_platform()
    settings = platform.home / "compose.env"
    platform.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _run("docker/setup.py", python(str(ROOT / "docker" / "setup.py"), str(settings)), 30, dict(os.environ))
    compose = _Compose(platform, settings)
    try:
        yield compose
    finally:
        try:
            compose("down", "--volumes", "--remove-orphans", "--timeout", "30")
        finally:
            settings.unlink()


def _tell(sentence: str) -> None:
    Console(stderr=True).print(f"  {sentence}", highlight=False)


def _docker(*arguments: str, patience_s: float = 60) -> str:
    return _run(f"docker {arguments[0]}", ["docker", *arguments], patience_s, dict(os.environ))


def _run(what: str, argv: list[str], patience_s: float, env: dict[str, str]) -> str:
    try:
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=patience_s, check=False)
    except FileNotFoundError:
        raise NotMeasured(f"{argv[0]} is not on this machine.") from None
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"{what} did not end within {patience_s:.0f} s.") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotMeasured(f"{what} failed: {said[-1] if said else done.returncode}")
    return done.stdout
