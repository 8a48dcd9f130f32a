"""What a service of the platform is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stack.config import ROOT, Platform


@dataclass(frozen=True)
class Command:
    """A program to become: its arguments, and what is added to the environment."""

    argv: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = str(ROOT)


@dataclass(frozen=True)
class Context:
    """What a service needs to start or to be asked: the platform, its secrets and its resolved settings."""

    platform: Platform
    secrets: Mapping[str, str]
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Service:
    """One supervised process.

    Attributes:
        name: as in `make logs S=name`.
        title: as people read it.
        command: what to run.
        ask: asks the part itself; returns a short fact, raises any exception when it isn't well.
        needs: services that must answer first.
        prepare: makes data folders and configuration; safe to repeat.
        ready_seconds: how long a start may take before it counts as failed.
        stop_seconds: how long it may take to stop before it is killed.
        reads: names of settings that it gets; None for all that the site reads.
    """

    name: str
    title: str
    command: Callable[[Context], Command]
    ask: Callable[[Context], str]
    needs: tuple[str, ...] = ()
    prepare: Callable[[Context], None] = lambda context: None
    ready_seconds: int = 180
    stop_seconds: int = 15
    reads: tuple[str, ...] | None = ()


def python(*arguments: str) -> list[str]:
    """Run this environment's Python, output unbuffered so that logs are in order."""
    return [sys.executable, "-u", *arguments]


def inherited() -> dict[str, str]:
    """The part of the caller's environment that a server may see: paths, locale, certificates, no settings."""
    kept = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
    return {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith("OPENBLAS_") or name.endswith(("_CERT", "_CERTS", "_CA_BUNDLE", "CERT_FILE"))
    }
