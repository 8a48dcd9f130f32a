"""dbt in a process of its own, with an environment of its own: asked over a pipe, kept warm between builds."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from .errors import DbtFailed
from .project import BUILD_SCHEMA, environment

logger = logging.getLogger(__name__)

QUIET: Final = ("--no-use-colors", "--log-level", "none", "--log-level-file", "none")
BUILD: Final = ("build", "--exclude-resource-type", "unit_test", "--no-write-json", *QUIET)
"""Seeds, models and data tests in the order of their lineage; unit tests say nothing about data."""


def dbt_python() -> str:
    """The interpreter of dbt's environment.

    Raises:
        DbtFailed: dbt is not installed.
    """
    if not Path(settings.DBT_PYTHON).exists():
        raise DbtFailed(f"dbt is not installed: there is no {settings.DBT_PYTHON}; `make run` installs it.")
    return str(settings.DBT_PYTHON)


class Dbt:
    """A dbt that builds the marts; a context manager, which ends it."""

    def __init__(self) -> None:
        """Start it, and wait until it has parsed the project; what is wrong with either is told by the first build."""
        self._process: subprocess.Popen[str] | None = None
        self._unfit = ""
        work = settings.MARTS_WORK / BUILD_SCHEMA
        self._log = work / "dbt.log"
        try:
            work.mkdir(parents=True, exist_ok=True)
            with open(self._log, "wb") as log:
                self._process = subprocess.Popen(
                    [dbt_python(), str(settings.MARTS_PROJECT / "runner.py")],
                    cwd=settings.MARTS_PROJECT,
                    env=environment(BUILD_SCHEMA),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
            self._hear()
        except (DbtFailed, OSError) as error:
            self._unfit = str(error)

    def __enter__(self) -> Dbt:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether it can build; it ends by itself when it has long been idle."""
        return not self._unfit and self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process; 0 when it could not be started."""
        return self._process.pid if self._process else 0

    def build(self, variables: Mapping[str, Any]) -> None:
        """Build seeds and models and run their data tests.

        Raises:
            DbtFailed: dbt could not be started, ended, or a model or a test failed, with which and why.
        """
        if self._unfit:
            raise DbtFailed(self._unfit)
        request = {"args": [*BUILD, "--vars", json.dumps(dict(variables))]}
        try:
            self._say(request)
            self._hear()
        except DbtFailed:
            raise
        except BaseException:
            # Out of time, or told to stop: a dbt that builds on would meet the next build.
            self.close()
            raise

    def close(self) -> None:
        """End it, whatever it does."""
        self._unfit = self._unfit or "dbt was told to end."
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _say(self, request: dict[str, Any]) -> None:
        process = self._started()
        assert process.stdin is not None  # noqa: S101  (for the types: it was asked for)
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except OSError:
            raise DbtFailed(self._gone(process)) from None

    def _hear(self) -> None:
        """Wait for an answer; one that tells of failures becomes the sentence of DbtFailed."""
        process = self._started()
        assert process.stdout is not None  # noqa: S101  (for the types: it was asked for)
        line = process.stdout.readline()
        if not line:
            raise DbtFailed(self._gone(process))
        answer = json.loads(line)
        if not answer["ok"]:
            raise DbtFailed(_sentence(answer["failed"]))

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise DbtFailed(self._unfit)
        return self._process

    def _gone(self, process: subprocess.Popen[str]) -> str:
        self._unfit = f"dbt ended with {process.wait()} in the middle of its work; its last words: "
        self._unfit += self._log.read_text(errors="replace").strip()[-300:] or "none"
        return self._unfit


_kept: list[Dbt] = []


def dbt_kept() -> Dbt:
    """The dbt that this process keeps between builds, started anew when there is none or it has ended."""
    while _kept and not _kept[0].alive:
        _kept.pop().close()
    if not _kept:
        _kept.append(Dbt())
    return _kept[0]


def _sentence(failed: list[dict[str, str]]) -> str:
    first = failed[0]
    said = " ".join(first["message"].split())[:600].rstrip(".")
    others = f" {len(failed) - 1} more failed." if len(failed) > 1 else ""
    return f"{first['node']} failed: {said}.{others}"
