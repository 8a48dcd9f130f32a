"""Starts a platform step by step, and stops it again."""

from __future__ import annotations

import fcntl
import time
import xmlrpc.client
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stack import environment, jars, preflight, watchers
from stack.backup.marks import remember
from stack.backup.unfinished import refuse_unfinished
from stack.bootstrap import buckets, frontend, postgres, schemas, site, topics
from stack.config import ROOT, Platform
from stack.errors import StackError, StepFailed
from stack.health import Health, wait_healthy
from stack.java import find_java
from stack.progress import Progress
from stack.secrets import load_or_create
from stack.services import SERVICES, WATCHING, closure
from stack.services.base import Context, Service
from stack.supervisor import DOWN_STATES, Supervisor, write_config

SITE_PARTS = {"web", "worker", "beat", "tracker", "radar", "fleet"}
LAST = ("lake", "fleet")
"""Waited for last: Spark takes longest to start, and the fleet takes off meanwhile."""
STOP_ORDER = (
    ("fleet", *WATCHING),
    ("web", "worker", "beat", "tracker", "radar", "lake"),
    ("registry", "kafka", "seaweedfs", "valkey"),
    ("postgres",),
)


def prepare(platform: Platform, progress: Progress, watching: Collection[str] = ()) -> Context:
    """Secrets, Java, jars and the settings file, which tells programs of those services that watch; starts nothing."""
    for folder in (platform.home, platform.home / "logs", platform.home / "data"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with progress.step("Secrets"):
        secrets = load_or_create(platform)
    with progress.step("Java") as step:
        java = find_java(directory=cache(platform) / "java")
        step.detail = f"{java.version} from the {java.source}"
    with progress.step("Jars of Kafka, Spark and the registry") as step:
        folders = jars.ensure(cache(platform) / "jars", java.java, step.update)
        step.detail = "complete, checksums match"
    settings = environment.resolve(platform, secrets, str(java.path), str(folders.spark), watching)
    environment.save(platform, settings)
    return Context(platform, secrets, settings)


def cache(platform: Platform) -> Path:
    """Folder of downloads, shared by all platforms of one checkout."""
    return Path(platform.settings.get("STACK_CACHE", "") or ROOT / ".run" / "cache").resolve()


def up(platform: Platform, names: Sequence[str], progress: Progress) -> Context:
    """Bring up the named services and what they need; those that run are left alone.

    Raises:
        StackError: a sentence about what failed and what to do. Servers that this call started are stopped again.
    """
    platform.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(platform):
        refuse_unfinished(platform)
        supervisor = Supervisor(platform)
        running = supervisor.pid() is not None
        own_pids = supervisor.own_pids()
        services, left_out = watchers.choose(platform, closure(tuple(names)), own_pids)
        preflight.check_ports(platform, services, own_pids)
        for warning in (*preflight.warnings(platform), *left_out):
            progress.warn(warning)
        known = supervisor.states() if running else {}
        if running:
            # A supervisord that an older version started knows fewer programs.
            services = [service for service in services if service.name in known or service.name not in WATCHING]
        watching = {service.name for service in (*services, *watchers.asked(known))}
        context = prepare(platform, progress, watching)
        remember(platform.home / "data")
        if any(service.name == "web" for service in services):
            with progress.step("Radar page") as step:
                step.detail = "built" if frontend.ensure() else "unchanged"
        if not running:
            write_config(platform)
            supervisor.start_daemon()
        before = {name for name, info in supervisor.states().items() if info["statename"] not in DOWN_STATES}
        try:
            _bring_up(context, services, supervisor, progress)
        except BaseException as error:
            started = set(supervisor.states()) - before
            for tier in STOP_ORDER:
                supervisor.stop([name for name in tier if name in started])
            if not before:
                supervisor.shutdown()
            if isinstance(error, (StackError, KeyboardInterrupt)):
                raise
            raise StepFailed(f"The start failed: {type(error).__name__}: {error}", "See the log files.") from error
        return context


def _bring_up(context: Context, services: list[Service], supervisor: Supervisor, progress: Progress) -> None:
    watching = [service for service in services if service.name in WATCHING]
    services = [service for service in services if service.name not in WATCHING]
    names = {service.name for service in services}
    first = [service for service in services if not service.needs]
    _launch(context, first, supervisor, progress)
    steps: list[tuple[str, bool, Callable[[Context], None]]] = [
        ("Databases and roles", "postgres" in names, postgres.ensure),
        ("Buckets", "seaweedfs" in names, buckets.ensure),
        ("Topics", "kafka" in names, topics.ensure),
    ]
    for title, wanted, ensure in steps:
        if wanted:
            with progress.step(title):
                ensure(context)
    early = [service for service in services if service.name in ("registry", "lake")]
    _begin(context, early, supervisor)  # they come up while the tables are made
    if names & SITE_PARTS:
        with progress.step("Tables, users and static files"):
            site.ensure(context)
    rest = [service for service in services if service.needs and service.name not in LAST]
    _launch(context, rest, supervisor, progress)
    if "registry" in names:
        with progress.step("Contracts in the registry"):
            schemas.ensure(context)
    _launch(context, [service for service in services if service.name in LAST], supervisor, progress)
    _launch_watching(context, watching, supervisor, progress)


def _launch_watching(context: Context, services: list[Service], supervisor: Supervisor, progress: Progress) -> None:
    """What watches the platform must not be what keeps it from starting, nor one of them the others."""
    begun = []
    for service in services:
        try:
            _begin(context, [service], supervisor)
        except (StackError, OSError, xmlrpc.client.Error, ValueError) as error:
            said = f"{error.what} {error.remedy}" if isinstance(error, StackError) else str(error)
            progress.warn(f"{service.title} was not started: {said} The platform goes on without it.")
        else:
            begun.append(service)
    try:
        _wait(context, begun, supervisor, progress)
    except StackError as error:
        progress.warn(f"{error.what} {error.remedy} The platform goes on without it.")


def _begin(context: Context, services: list[Service], supervisor: Supervisor) -> None:
    for service in services:
        service.prepare(context)
        supervisor.start(service.name)


def _launch(context: Context, services: list[Service], supervisor: Supervisor, progress: Progress) -> None:
    _begin(context, services, supervisor)
    _wait(context, services, supervisor, progress)


def _wait(context: Context, services: list[Service], supervisor: Supervisor, progress: Progress) -> None:
    if not services:
        return

    def told(health: Health) -> None:
        progress.done(health.title, health.detail, health.seconds)

    with progress.waiting(", ".join(service.title for service in services)):
        wait_healthy(context, services, told, lambda name: str(supervisor.states()[name]["statename"]).lower())


def down(platform: Platform, progress: Progress) -> bool:
    """Stop all services, those that write first; returns False when nothing ran."""
    supervisor = Supervisor(platform)
    if supervisor.pid() is None:
        return False
    with alone(platform):
        for tier in STOP_ORDER:
            with progress.step("Stopping " + ", ".join(SERVICES[name].title for name in tier)):
                supervisor.stop(tier)
        supervisor.shutdown()
    return True


@contextmanager
def alone(platform: Platform, patience_s: float = 300) -> Iterator[None]:
    """Hold the platform's lock, so that starts, stops, backups and restores don't cross."""
    with open(platform.home / "lock", "w") as file:
        deadline = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StackError(
                        f"A start, stop, backup or restore of {platform.home} has gone on for {patience_s:.0f} s.",
                        "Wait for it, or stop it.",
                    ) from None
                time.sleep(0.2)
        yield
