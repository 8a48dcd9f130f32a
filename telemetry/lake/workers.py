"""The site's queries run in processes apart, so that no query can take the web process' memory, time or life.

A process that has answered is kept for a while: a new one takes most of a second to load DuckDB's extensions. One that
has grown, that does not answer in time, or whose asker has gone, is killed.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from telemetry.lake import errors
from telemetry.lake.access import LakeAccess, Limits
from telemetry.lake.confine import GRACE_S

ROOT: Final = Path(__file__).resolve().parents[2]
IDLE_S: Final = 60.0
START_S: Final = 30.0
END_S: Final = 2.0
LONGEST_LINE: Final = 2**20


@dataclass(frozen=True)
class Job:
    """One query: over which tables, at most how many rows, and in which format (json, csv, parquet)."""

    sql: str
    locations: Mapping[str, str]
    rows: int
    format: str = "json"
    explain: str = ""


@dataclass(frozen=True)
class Answer:
    """The bytes in the format asked for, rows in them, whether the row limit cut them, and seconds it took."""

    data: bytes
    rows: int
    truncated: bool
    seconds: float


class Workers:
    """Processes of one event loop; those without work end after IDLE_S."""

    def __init__(self, access: LakeAccess, limits: Limits) -> None:
        # A query needs no catalog: its process is not told the way there.
        self._access = replace(access, catalog_url="")
        self._limits = limits
        self._idle: dict[Process, asyncio.TimerHandle] = {}

    async def run(self, job: Job) -> Answer:
        """Run a query in a process that nobody else uses meanwhile. Cancelling kills it.

        Raises:
            LakeQueryError: one of its kinds.
        """
        process = await self._take()
        try:
            header, data = await asyncio.wait_for(self._ask(process, job), START_S + self._limits.seconds + GRACE_S)
        except TimeoutError:
            await _kill(process)
            raise errors.QueryTooLarge(
                f"The query was stopped after {self._limits.seconds:g} s. Narrow event_time, or ask for less."
            ) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            # Its own end says why, where it comes to one.
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), END_S)
            await _kill(process)
            raise self._died(process) from None
        except BaseException:
            await _kill(process)
            raise
        if header.pop("stays"):
            self._keep(process)
        else:
            await _kill(process)
        if "error" in header:
            place = errors.Place(**header["place"]) if header["place"] else None
            raise getattr(errors, header["error"])(header["detail"], place)
        return Answer(data, header["rows"], header["truncated"], header["seconds"])

    async def prepare(self) -> None:
        """Have a process ready, so that the next query does not wait for one."""
        if not self._idle:
            self._keep(await self._start())

    async def close(self) -> None:
        """End those without work."""
        for process in list(self._idle):
            self._idle.pop(process).cancel()
            await _kill(process)

    async def _take(self) -> Process:
        while self._idle:
            process, timer = self._idle.popitem()
            timer.cancel()
            if process.returncode is None:
                return process
        return await self._start()

    async def _start(self) -> Process:
        environment = {"PATH": "", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "telemetry.lake.worker",
            stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE, cwd=ROOT, env=environment,
        )  # fmt: skip
        _send(process, {"access": asdict(self._access), "limits": asdict(self._limits)})
        return process

    async def _ask(self, process: Process, job: Job) -> tuple[dict[str, Any], bytes]:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        _send(process, asdict(job))
        line = await process.stdout.readuntil(b"\n")
        header: dict[str, Any] = json.loads(line)
        return header, await process.stdout.readexactly(header.pop("size"))

    def _keep(self, process: Process) -> None:
        self._idle[process] = asyncio.get_running_loop().call_later(IDLE_S, self._end, process)

    def _end(self, process: Process) -> None:
        del self._idle[process]
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        process.stdin.close()

    def _died(self, process: Process) -> errors.LakeQueryError:
        if process.returncode == -signal.SIGALRM:
            return errors.QueryTooLarge(
                f"The query was stopped after {self._limits.seconds:g} s. Narrow event_time, or ask for less."
            )
        if process.returncode is not None and process.returncode < 0:
            return errors.QueryTooLarge(
                f"The query needs more than {self._limits.memory_mb} MB. Narrow event_time, or ask for less."
            )
        return errors.LakeUnavailable("The query's process failed, and the fault is ours: `make logs S=web` tells it.")


def _send(process: Process, message: Mapping[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    process.stdin.write(json.dumps(message).encode() + b"\n")


async def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await asyncio.shield(process.wait())


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Workers] = WeakKeyDictionary()


def workers() -> Workers:
    """The processes of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _of_loop:
        _of_loop[loop] = Workers(LakeAccess.from_settings(), Limits.from_settings())
    return _of_loop[loop]
