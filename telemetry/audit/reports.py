"""Invariant 2: every committed report's rows stand exactly once in ll."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pyarrow as pa
from django.db import connection
from django.db.models import QuerySet

from ships_client.contracts import ManifestFile
from ships_client.contracts.reports import LARGEST_MANIFEST, DataKind
from telemetry.demo.reports import PREFIX
from telemetry.ingest.errors import ReportRejected
from telemetry.ingest.fetch import object_read
from telemetry.ingest.files import STATE_COLUMNS
from telemetry.ingest.insert import ITEM_COLUMNS
from telemetry.ingest.manifest import ReportId, file_of, manifest_read
from telemetry.ingest.tables import bytes_verify, table_read
from telemetry.models import Manifest

from .finding import Finding, sentences

NAME: Final = "every committed report stands once in ll"

SAMPLE: Final = 50
"""Newest reports whose rows are compared one by one unless all are."""

LATE: Final = dt.timedelta(minutes=30)
"""A committed report that is open for longer is lost to the ingest: two scans have passed it by."""

_MISCOUNTED = """
SELECT m.manifest_path, m.rows_mission, coalesce(i.n, 0), m.rows_ship_state, coalesce(s.n, 0)
FROM ll.manifests m
LEFT JOIN (SELECT manifest_id, count(*) AS n FROM ll.mission_reports GROUP BY 1) i ON i.manifest_id = m.id
LEFT JOIN (SELECT source_file, count(*) AS n FROM ll.ship_state GROUP BY 1) s ON s.source_file = m.ship_state_file
WHERE coalesce(i.n, 0) <> m.rows_mission OR coalesce(s.n, 0) <> m.rows_ship_state
ORDER BY m.id
"""
_STRAY = """
SELECT source_file, count(*) FROM ll.mission_reports i
WHERE NOT EXISTS (SELECT FROM ll.manifests m WHERE m.id = i.manifest_id AND m.mission_file = i.source_file)
GROUP BY 1
UNION ALL
SELECT source_file, count(*) FROM ll.ship_state s
WHERE NOT EXISTS (SELECT FROM ll.manifests m WHERE m.ship_state_file = s.source_file) GROUP BY 1
"""
_WITHOUT_LEDGER = """
SELECT u.manifest_key FROM ll.report_uploads u
WHERE u.state = 'loaded' AND NOT EXISTS (SELECT FROM ll.manifests m WHERE m.manifest_path = u.manifest_key)
"""
_LATE = (
    "SELECT manifest_key, updated_at FROM ll.report_uploads WHERE state = 'committed' AND updated_at < %s ORDER BY id"
)
_FIGURES = """
SELECT (SELECT count(*) FROM ll.manifests), (SELECT count(*) FROM ll.mission_reports),
       (SELECT count(*) FROM ll.ship_state),
       count(*) FILTER (WHERE state = 'announced'), count(*) FILTER (WHERE state = 'committed'),
       count(*) FILTER (WHERE state = 'quarantined')
FROM ll.report_uploads
"""


def reports(*, now: dt.datetime, everything: bool = False) -> Finding:
    """Counts of all reports by the ledger, and values of the newest (of all with `everything`) by their files.

    Raises:
        StoreAway, OperationalError: store or database do not answer.
    """
    found = Finding(2, NAME)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES)
        names = ("reports", "items", "ship states", "announced", "waiting", "quarantined")
        found.figures = dict(zip(names, cursor.fetchone(), strict=True))
        cursor.execute(_MISCOUNTED)
        for key, items, items_in, states, states_in in cursor.fetchall():
            found.broken.append(
                f"{key}: {items_in:,} of {items:,} items and {states_in:,} of {states:,} ship states are in ll."
            )
        cursor.execute(_STRAY)
        found.broken += [f"{file}: {rows:,} rows in ll whose report is not in the ledger." for file, rows in cursor]
        cursor.execute(_WITHOUT_LEDGER)
        found.broken += [f"{key}: counts as loaded, but is not in the ledger." for (key,) in cursor]
        cursor.execute(_LATE, [now - LATE])
        found.broken += [
            f"{key}: stands since {since:%Y-%m-%d %H:%M:%S} UTC and is not loaded." for key, since in cursor
        ]
    chosen = _with_files().order_by("-id")[: None if everything else SAMPLE]
    found.figures["compared with their files"] = len(chosen)
    for ledger in chosen:
        found.broken += _differences(ledger)
    found.broken = sentences(found.broken)
    return found.judged()


def _with_files() -> QuerySet[Manifest]:
    """Reports that have files in the bucket; those of `manage.py demo_history` never had any."""
    return Manifest.objects.exclude(manifest_path__startswith=PREFIX)


def _differences(ledger: Manifest) -> list[str]:
    """What the files in the bucket say otherwise than ll; nothing when they agree."""
    report = ReportId(ledger.mission_id, ledger.mission_date, ledger.report_no)
    try:
        manifest = manifest_read(object_read(ledger.manifest_path, limit=LARGEST_MANIFEST), report)
        tables = {kind: _stored(file) for kind in DataKind if (file := file_of(manifest, kind)) is not None}
    except ReportRejected as rejected:
        return [f"Loaded, but no longer whole in the bucket: {rejected.reason}"]
    sentences = []
    for kind, table in tables.items():
        if _rows(kind, ledger) != table.to_pylist():
            sentences.append(f"{report.key(kind)}: its rows differ from those in ll.")
    return sentences


def _stored(file: ManifestFile) -> pa.Table:
    raw = object_read(file.key, limit=file.size)
    bytes_verify(raw, file)
    return table_read(raw, file)


def _rows(kind: DataKind, ledger: Manifest) -> list[dict[str, object]]:
    """The report's rows in ll, in the order and with the columns of its file."""
    if kind is DataKind.MISSION:
        statement = f"SELECT {ITEM_COLUMNS} FROM ll.mission_reports WHERE manifest_id = %s ORDER BY row_no"  # noqa: S608  (constants)
        arguments: list[int | str | None] = [ledger.pk]
    else:
        statement = f"SELECT {STATE_COLUMNS} FROM ll.ship_state WHERE mission_id = %s AND source_file = %s ORDER BY seq"  # noqa: S608  (constants)
        arguments = [ledger.mission_id, ledger.ship_state_file]
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
