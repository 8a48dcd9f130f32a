"""Looks over the machine and the platform on it, and says what is wrong and what to do."""

from __future__ import annotations

import json
import platform as machine
import resource
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from dotenv import dotenv_values

from stack import environment, preflight, watchers
from stack.config import ROOT, Platform
from stack.errors import StackError
from stack.execute import context
from stack.health import ask_all
from stack.java import find_java
from stack.ports import PORTS
from stack.services import CORE, SERVICES, WATCHING
from stack.services.base import inherited
from stack.settings_names import unknown_settings
from stack.start import cache
from stack.supervisor import Supervisor

FILES: Final = 1024
"""Open files that Kafka, PostgreSQL and a web process with a few hundred browsers need each."""
YOUNG_S: Final = 120
"""A part that has run for less, under an older supervisor, was started anew: it died, or was restarted by hand."""
PATIENCE_S: Final = 60

State = Literal["good", "warn", "bad"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it is, what was seen, and what to do when it is not good."""

    what: str
    state: State
    said: str
    remedy: str = ""


def examine(platform: Platform) -> Iterator[Finding]:
    """Each check's findings as they come: the machine, the settings, and the platform when one runs."""
    for what, check in (*_MACHINE, *(_RUNNING if Supervisor(platform).pid() else _STANDING)):
        try:
            yield from check(platform)
        except StackError as error:
            yield Finding(what, "bad", error.what, error.remedy)


def _system(_platform: Platform) -> Iterator[Finding]:
    said = f"{machine.system()} {machine.machine()}, Python {machine.python_version()}"
    fits = (machine.system(), machine.machine()) == ("Linux", "x86_64") and sys.version_info >= (3, 11)
    remedy = "" if fits else "The native servers are built for Linux on x86-64 with Python 3.11 or later."
    yield Finding("System", "good" if fits else "bad", said, remedy)


def _room(platform: Platform) -> Iterator[Finding]:
    found = preflight.warnings(platform)
    for sentence in found:
        yield Finding("Room", "warn", sentence, "Free some, or fly fewer ships (FLEET_SHIPS).")
    if not found:
        yield Finding("Room", "good", "disk and memory are enough")


def _files(_platform: Platform) -> Iterator[Finding]:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    few = limit != resource.RLIM_INFINITY and limit < FILES
    said = "unlimited" if limit == resource.RLIM_INFINITY else f"{limit:,} a process"
    yield Finding("Open files", "warn" if few else "good", said, f"Raise it: ulimit -Hn {FILES}." if few else "")


def _settings(platform: Platform) -> Iterator[Finding]:
    sentences = unknown_settings(name for name in dotenv_values(ROOT / ".env") if not name.startswith("DJANGO_"))
    for sentence in sentences:
        yield Finding("Settings", "warn", sentence, "`.env.example` names all of them.")
    for setting in PORTS:
        platform.port(setting)
    if not sentences:
        yield Finding("Settings", "good", "all names are known, and all ports are numbers")


def _secrets(platform: Platform) -> Iterator[Finding]:
    for path in (platform.secrets_file, platform.env_file):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding("Secrets", "bad", f"Others on this machine can read {path}.", f"chmod 600 {path}")
            return
    made = platform.secrets_file.exists()
    yield Finding("Secrets", "good", "only their owner can read them" if made else "made at the first start")


def _java(platform: Platform) -> Iterator[Finding]:
    java = find_java(directory=cache(platform) / "java")
    yield Finding("Java", "good", f"{java.version} from the {java.source}")


def _ports(platform: Platform) -> Iterator[Finding]:
    preflight.check_ports(platform, [SERVICES[name] for name in CORE], set())
    yield Finding("Ports", "good", "all are free")
    _chosen, left_out = watchers.choose(platform, [SERVICES[name] for name in WATCHING], set())
    for sentence in left_out:
        yield Finding("Watching", "warn", sentence)
    yield Finding("Platform", "good", f"none runs in {platform.home}; `make run` starts it")


def _parts(platform: Platform) -> Iterator[Finding]:
    parts = ask_all(context(platform), watchers.asked(Supervisor(platform).states()))
    for part in parts:
        if not part.healthy:
            yield Finding(part.title, "bad", part.detail, f"make logs S={part.name}")
    well = sum(part.healthy for part in parts)
    yield Finding("Parts", "good" if well == len(parts) else "bad", f"{well} of {len(parts)} are healthy")


def _restarts(platform: Platform) -> Iterator[Finding]:
    states = Supervisor(platform).states()
    ages = {name: info["now"] - info["start"] for name, info in states.items() if info["statename"] == "RUNNING"}
    oldest = max(ages.values(), default=0)
    young = [name for name, age in ages.items() if age < YOUNG_S < oldest / 5]
    for name in young:
        yield Finding("Restarts", "warn", f"{name} was started {ages[name]} s ago.", f"make logs S={name}")
    if not young:
        yield Finding("Restarts", "good", "no part was started anew of late")


def _troubles(platform: Platform) -> Iterator[Finding]:
    argv = [sys.executable, str(ROOT / "manage.py"), "troubles", "--json"]
    env = {**inherited(), **environment.load(platform)}
    try:
        done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        rows = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        yield Finding("Data", "bad", "The site can't say how the data flows.", "make logs S=web")
        return
    for row in rows:
        yield Finding("Data", row["tone"], row["fact"], row["remedy"])
    if not rows:
        yield Finding("Data", "good", "flows, and every invariant that was measured holds")


_Check = tuple[str, Callable[[Platform], Iterator[Finding]]]
_MACHINE: Final[tuple[_Check, ...]] = (
    ("System", _system),
    ("Room", _room),
    ("Open files", _files),
    ("Settings", _settings),
    ("Secrets", _secrets),
    ("Java", _java),
)
_STANDING: Final[tuple[_Check, ...]] = (("Ports", _ports),)
_RUNNING: Final[tuple[_Check, ...]] = (("Parts", _parts), ("Restarts", _restarts), ("Data", _troubles))
