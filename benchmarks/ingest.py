"""How fast reports come into the warehouse, beside a bare COPY and the original's way, and what an idle run costs."""

from __future__ import annotations

import json
import subprocess
from statistics import median
from typing import Any

from rich.console import Console

from benchmarks.bench_platform import running_once
from benchmarks.figures import Result
from stack.bootstrap import site
from stack.config import ROOT
from stack.services.base import Context, inherited, python
from stack.services.postgres import superuser_url

SERVERS = ("postgres", "valkey", "seaweedfs")


def measure_rows() -> list[Result]:
    """ingest_rows_ratio: rows a second of one report with a million ship states, over those of a bare binary COPY.

    The ingest's time is that of the whole run: download, checks, COPY into the temporary table, INSERT, ledger, log.
    The COPY writes the same rows, encoded before, into the same table with its key and checks. The table is empty
    before each, and PostgreSQL has just made a checkpoint. Both in turn, five times; the median of the ratios counts.
    """
    rounds = _measured("rows")
    ratios = [one["copy_s"] / one["ingest_s"] for one in rounds]
    for name in ("ingest", "copy"):
        rates = ", ".join(f"{one['rows'] / one[f'{name}_s']:,.0f}" for one in rounds)
        _tell(f"{name}: {rates} rows/s")
    return [Result("ingest_rows_ratio", round(median(ratios), 2))]


def measure_small() -> list[Result]:
    """ingest_small: reports of 20 items a second, over those of the original's way.

    The original listed the bucket, then fetched, read, copied and committed one manifest after the other. Both load
    400 reports from the same bucket into tables with the same keys, in turn, five times; the median of the ratios
    counts.
    """
    rounds = _measured("small")
    _tell(f"each report: {median(1000 * one['ingest_s'] / one['reports'] for one in rounds):.2f} ms")
    _tell(f"the original's way: {median(1000 * one['plain_s'] / one['reports'] for one in rounds):.2f} ms")
    return [Result("ingest_small", round(median(one["plain_s"] / one["ingest_s"] for one in rounds), 1))]


def measure_idle() -> list[Result]:
    """ingest_idle_growth: the time of a run with nothing new beside 200,000 loaded reports, over that beside 1,000.

    A run is the scan of open reports and the minute's look at what was overlooked; the median of 300 counts.
    """
    (found,) = _measured("idle")
    _tell(f"beside 1,000 reports {found['few_ms']:.2f} ms, beside 200,000 {found['many_ms']:.2f} ms")
    return [Result("ingest_idle_growth", round(found["many_ms"] / found["few_ms"], 2))]


def _measured(what: str) -> list[dict[str, Any]]:
    with running_once(SERVERS) as context:
        site.ensure(context)
        done = subprocess.run(
            python("-m", "benchmarks.ingest_run", what),
            cwd=ROOT,
            env=_environment(context),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"The measurement failed: {done.stderr.strip()[-1500:]}")
    found: list[dict[str, Any]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _environment(context: Context) -> dict[str, str]:
    return {
        **inherited(),
        **context.settings,
        "DJANGO_SETTINGS_MODULE": "hocotate_site.settings",
        "SUPERUSER_URL": superuser_url(context, "hocotate"),
    }


def _tell(sentence: str) -> None:
    Console(stderr=True).print(f"  {sentence}", highlight=False)
