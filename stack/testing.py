"""Pytest plugin: tests get a platform of their own, made of real servers.

Fixtures:
    backing: PostgreSQL, Valkey, SeaweedFS, Kafka and the registry.
    platform: all parts but the demo fleet and what watches.
Both start on first use, are shared by the whole run and stop at its end. Started servers that a run finds are used
and left running, so that `python -m stack up` before a series of test runs makes each of them quick.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

import pytest
from rich.console import Console

from stack import start
from stack.config import ROOT, Platform
from stack.health import Health, ask, ask_all
from stack.progress import Progress
from stack.services import BACKING, CORE, SERVICES
from stack.services.base import Context, inherited
from stack.supervisor import Supervisor

TEST_DIR = ".run/test"
TEST_OFFSET = "100"


@dataclass(frozen=True)
class RunningPlatform:
    """A platform that tests fly on.

    Attributes:
        context: paths, ports and secrets.
        env: all settings, by name.
        site_url: where the pages are.
    """

    context: Context

    @property
    def env(self) -> Mapping[str, str]:
        """All settings of the platform."""
        return self.context.settings

    @property
    def site_url(self) -> str:
        """http://127.0.0.1:port"""
        return self.context.settings["SITE_URL"]

    @property
    def supervisor(self) -> Supervisor:
        """Its supervisord."""
        return Supervisor(self.context.platform)

    def pid(self, service: str) -> int:
        """The pid of a service's main process; 0 while it is down."""
        return int(self.supervisor.states()[service]["pid"])

    def health(self, service: str) -> Health:
        """Ask one part."""
        return ask(self.context, SERVICES[service])

    def unhealthy(self) -> list[Health]:
        """The parts, the demo fleet and what watches apart, that do not answer well."""
        parts = [SERVICES[name] for name in CORE if name != "fleet"]
        return [health for health in ask_all(self.context, parts) if not health.healthy]

    def manage(self, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a management command of the site against this platform."""
        argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
        env = {**inherited(), **self.env, "DJANGO_SETTINGS_MODULE": "hocotate_site.settings"}
        return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout, check=False)

    def audit(self, *arguments: str) -> dict[str, object]:
        """The audit's rows as JSON; fails when an invariant is broken."""
        done = self.manage("audit", "--json", *arguments, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr  # noqa: S101 - this is a test's assertion
        found: dict[str, object] = json.loads(done.stdout)
        return found

    def ship_env(self) -> dict[str, str]:
        """The environment of a ship: all it may know."""
        names = ("KAFKA_BOOTSTRAP", "MISSIONS_API", "HOCOTATE_TOKEN")
        return {**inherited(), **{name: self.env[name] for name in names}}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Choose the tests' own platform and hand its settings over before Django reads any.

    A wrapper, because pytest-django's own hook asks to be first, and reads the settings there.
    """
    os.environ.setdefault("STACK_DIR", TEST_DIR)
    os.environ.setdefault("STACK_PORT_OFFSET", TEST_OFFSET)
    platform = Platform.from_environment()
    os.environ["STACK_DIR"] = str(platform.home)
    if not platform.env_file.exists():
        start.prepare(platform, Progress(Console(stderr=True)))
    return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the whole platform come last: once it runs, its stream takes half a core from all that follows."""
    items.sort(key=lambda item: "platform" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def backing() -> Iterator[Context]:
    """The servers that keep state."""
    yield from _running(BACKING)


@pytest.fixture(scope="session")
def platform() -> Iterator[RunningPlatform]:
    """All parts but the demo fleet and what watches."""
    for context in _running(tuple(name for name in CORE if name != "fleet")):
        yield RunningPlatform(context)


def _running(names: tuple[str, ...]) -> Iterator[Context]:
    platform = Platform.from_environment()
    supervisor = Supervisor(platform)
    found = supervisor.pid() is not None
    before = {n for n, info in supervisor.states().items() if info["statename"] == "RUNNING"} if found else set()
    context = start.up(platform, names, Progress(Console(stderr=True)))
    yield context
    if not found:
        start.down(platform, Progress(Console(stderr=True)))
    else:
        supervisor.stop([name for name in names if name not in before])
