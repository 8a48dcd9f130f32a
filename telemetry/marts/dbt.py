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
        """Start it and wait until it has been imported.

        Raises:
            DbtFailed: it can't be started.
        """
        work = settings.MARTS_WORK / BUILD_SCHEMA
        work.mkdir(parents=True, exist_ok=True)
        with open(work / "dbt.log", "wb") as log:
            self._process = subprocess.Popen(
                [dbt_python(), str(settings.MARTS_PROJECT / "runner.py")],
                cwd=settings.MARTS_PROJECT,
                env=environment(BUILD_SCHEMA),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._log = work / "dbt.log"
        self._answer()

    def __enter__(self) -> Dbt:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether it can be asked; it ends by itself when it has long been idle."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def build(self, variables: Mapping[str, Any]) -> None:
        """Build seeds and models and run their data tests.

        Raises:
            DbtFailed: a model or a test failed, with which and why; or dbt ended.
        """
        args = [*BUILD, "--vars", json.dumps(dict(variables))]
        try:
            self._pipe(self._process.stdin).write(json.dumps({"args": args, "kept": True}) + "\n")
            self._pipe(self._process.stdin).flush()
        except OSError:
            raise DbtFailed(self._gone()) from None
        try:
            answer = self._answer()
        except DbtFailed:
            raise
        except BaseException:
            # Out of time, or told to stop: a dbt that builds on would meet the next build.
            self.close()
            raise
        if not answer["ok"]:
            raise DbtFailed(_sentence(answer["failed"]))

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._pipe(self._process.stdin).close()
        self._pipe(self._process.stdout).close()

    def _answer(self) -> dict[str, Any]:
        line = self._pipe(self._process.stdout).readline()
        if not line:
            raise DbtFailed(self._gone())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _gone(self) -> str:
        last = self._log.read_text(errors="replace").strip()[-300:] or "it said nothing"
        return f"dbt ended with {self._process.wait()} in the middle of its work; its last words: {last}"

    @staticmethod
    def _pipe(stream: Any) -> Any:
        if stream is None:
            raise DbtFailed("dbt was started without pipes.")
        return stream


_kept: list[Dbt] = []


def dbt_kept() -> Dbt:
    """The dbt that this process keeps between builds, started anew when it is none or has ended.

    Raises:
        DbtFailed: it can't be started.
    """
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
