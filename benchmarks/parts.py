"""What each part of a platform takes of the machine: processes grouped by the program that they belong to.

Grouping and judging are pure; `look` reads the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import psutil

FLEET: Final = "load: fleet"
VIEWER: Final = "load: viewer"
MEASURING: Final = "measuring"
"""What is no part of the platform, and takes of the same machine."""
PYTHON: Final = frozenset({"web", "worker", "beat", "tracker", "radar", FLEET, VIEWER, MEASURING})
"""Parts whose processes run Python's code on one core at a time, however many there are."""
FULL: Final = 0.9
"""A core, or the machine, of which more than this share is taken has nothing left to give."""


@dataclass(frozen=True)
class Process:
    """A process at a moment: processor time of its own, that of ended children which it has waited for, memory."""

    pid: int
    parent: int
    own_s: float
    waited_s: float
    mb: float


@dataclass(frozen=True)
class Part:
    """What the processes of a program took over a while: cores, those of the busiest process, MB at the end."""

    name: str
    cores: float
    busiest: float
    mb: float


def grouped(processes: Iterable[Process], roots: Mapping[str, int]) -> dict[str, list[Process]]:
    """Processes by program: each belongs to the nearest of `roots` (pids by name) among itself and its ancestors.

    Those under none of them are left out; a root that is gone has no processes.
    """
    by_pid = {process.pid: process for process in processes}
    names = {pid: name for name, pid in roots.items()}
    found: dict[str, list[Process]] = {name: [] for name in roots}
    for process in by_pid.values():
        above: Process | None = process
        passed: set[int] = set()
        # A pid that was given anew between two reads could make a circle.
        while above is not None and above.pid not in names and above.pid not in passed:
            passed.add(above.pid)
            above = by_pid.get(above.parent)
        if above is not None and above.pid in names:
            found[names[above.pid]].append(process)
    return found


def taken(before: Iterable[Process], after: Iterable[Process], roots: Mapping[str, int], seconds: float) -> list[Part]:
    """What each program took between two looks so far apart, the one that took most first.

    Children that ended meanwhile count with the parent that waited for them.
    """
    then, now = grouped(before, roots), grouped(after, roots)
    parts = []
    for name, processes in now.items():
        known = {process.pid: process.own_s for process in then[name]}
        used = sum(_all_s(process) for process in processes) - sum(_all_s(process) for process in then[name])
        busiest = max((process.own_s - known.get(process.pid, 0.0) for process in processes), default=0.0)
        mb = sum(process.mb for process in processes)
        # A program that was started anew has begun to count from nothing.
        parts.append(Part(name, max(0.0, used) / seconds, max(0.0, busiest) / seconds, mb))
    return sorted(parts, key=lambda part: -part.cores)


def at_limit(parts: Sequence[Part], cores: int, busy: float) -> str:
    """A sentence on what had no processor left, when `busy` of so many `cores` were taken by all programs together."""
    single = [part for part in parts if part.name in PYTHON and part.busiest > FULL]
    if single:
        most = max(single, key=lambda part: part.busiest)
        return f"{most.name} was at its limit: one of its processes took {most.busiest:.2f} of the one core it can use."
    if busy > FULL * cores and parts:
        most, *others = sorted(parts, key=lambda part: -part.cores)
        next_ones = "".join(f", then {part.name} ({part.cores:.2f})" for part in others[:2])
        return (
            f"The machine was at its limit: {busy:.2f} of {cores} cores were taken, "
            f"most by {most.name} ({most.cores:.2f}){next_ones}."
        )
    return f"No part was at the limit of its processor: {busy:.2f} of {cores} cores were taken."


def look() -> list[Process]:
    """All processes of this machine that can be read, without their memory."""
    found = []
    for process in psutil.process_iter():
        try:
            times, parent = process.cpu_times(), process.ppid()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        own, waited = times.user + times.system, times.children_user + times.children_system
        found.append(Process(process.pid, parent, own, waited, 0.0))
    return found


def weighed(processes: Iterable[Process], roots: Mapping[str, int]) -> list[Process]:
    """The same processes, those under `roots` with their memory: PSS in MB (10^6 bytes)."""
    ours = {process.pid for group in grouped(processes, roots).values() for process in group}
    return [
        Process(one.pid, one.parent, one.own_s, one.waited_s, pss_mb(one.pid)) if one.pid in ours else one
        for one in processes
    ]


def pss_mb(pid: int) -> float:
    """Resident memory of a process, pages that several share divided among them; 0 when it has ended."""
    try:
        return float(psutil.Process(pid).memory_full_info().pss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def _all_s(process: Process) -> float:
    return process.own_s + process.waited_s
