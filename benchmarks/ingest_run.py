"""What `benchmarks.ingest` measures, within a process of the site.

`python -m benchmarks.ingest_run rows|small|idle` prints the rounds as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import django
import psycopg

django.setup()

from django.db import connection  # noqa: E402  (Django's models want it set up)
from django.utils import timezone  # noqa: E402

from benchmarks import plain_ingest, reports  # noqa: E402
from missions.services import mission_register, token_create  # noqa: E402
from telemetry.ingest.batch import open_ids, uploads_ingest  # noqa: E402
from telemetry.ingest.outcome import Outcome  # noqa: E402
from telemetry.models import ReportUpload, UploadState  # noqa: E402
from telemetry.tasks import ingest_overlooked  # noqa: E402

ROUNDS = 5
ROWS = 1_000_000
REPORTS = 400
LOOKS = 300


def rows() -> list[dict[str, float]]:
    """Seconds that the ingest of a report with ROWS ship states takes, and those of a bare COPY of them."""
    found = []
    for _ in range(ROUNDS + 1):
        mission = _mission()
        report = reports.large(mission, ROWS)
        raw = reports.copied(report, "ship_state")
        reports.store([report])
        _empty()
        ingest_s = _timed(lambda report=report: _ingest([report]))  # type: ignore[misc]  # mypy takes no default of a lambda
        _empty()
        copy_s = _timed(lambda raw=raw: reports.copy(raw, "ll.ship_state"))  # type: ignore[misc]  # as above
        found.append({"rows": ROWS, "ingest_s": ingest_s, "copy_s": copy_s})
    return found[1:]


def small() -> list[dict[str, float]]:
    """Seconds that the ingest of REPORTS reports of 20 items takes, and those of the original's way."""
    plain_ingest.prepare()
    found = []
    for _ in range(ROUNDS + 1):
        mission = _mission()
        made = [reports.small(mission, number + 1) for number in range(REPORTS)]
        reports.store(made)
        ingest_s = _timed(lambda made=made: _ingest(made))  # type: ignore[misc]  # as above
        plain_s = _timed(lambda mission=mission: plain_ingest.ingest(mission))  # type: ignore[misc]  # as above
        found.append({"reports": REPORTS, "ingest_s": ingest_s, "plain_s": plain_s})
    return found[1:]


def idle() -> list[dict[str, float]]:
    """Milliseconds of a run with nothing new, beside few and beside many loaded reports."""
    mission = _mission()
    reports.history(mission, 1, 1_000)
    few = _idle_ms()
    reports.history(mission, 1_001, 200_000)
    return [{"few_ms": few, "many_ms": _idle_ms()}]


def _idle_ms() -> float:
    def look() -> None:
        uploads_ingest(open_ids())
        ingest_overlooked()

    look()
    return 1000 * median(_timed(look) for _ in range(LOOKS))


def _mission() -> int:
    token, _ = token_create(name=f"bench {time.time_ns()}")
    mission = mission_register(token=token, ship_name="SS_DOLPHIN", captain="Olimar", target="Karut", report_freq_min=5)
    return mission.mission_id


def _ingest(made: list[reports.Made]) -> None:
    uploads = ReportUpload.objects.bulk_create(
        [
            ReportUpload(
                mission_id=one.id.mission_id,
                date=one.id.date,
                report_no=one.id.report_no,
                manifest_key=one.manifest_key,
                state=UploadState.COMMITTED,
                announced_at=timezone.now(),
            )
            for one in made
        ]
    )
    summary = uploads_ingest([upload.pk for upload in uploads])
    if summary.outcomes != {Outcome.LOADED: len(made)}:
        raise RuntimeError(f"Not all reports were loaded: {summary}.")


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE ll.ship_state")
    with psycopg.connect(os.environ["SUPERUSER_URL"], autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


MEASURES: dict[str, Callable[[], list[dict[str, Any]]]] = {"rows": rows, "small": small, "idle": idle}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]]()))
