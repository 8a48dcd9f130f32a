"""A report from the bucket, through every check, to tables that may be loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from missions import selectors as missions
from ships_client.contracts import Manifest, ManifestFile
from ships_client.contracts.reports import LARGEST_MANIFEST, DataKind, ReportKind

from . import validate
from .errors import Check, ReportRejected
from .fetch import object_read
from .load import FileRows, Report
from .manifest import ReportId, file_of, manifest_read
from .tables import bytes_verify, table_read


def manifest_fetch(report: ReportId) -> bytes:
    """The bytes of the report's manifest.

    Raises:
        ObjectMissing: it is not there (yet).
        ReportRejected: it is larger than a manifest may be.
        StoreAway: the object store does not serve it now.
    """
    return object_read(report.key(ReportKind.MANIFEST), limit=LARGEST_MANIFEST)


def report_judge(report: ReportId, raw: bytes) -> Report:
    """Fetch the files that the manifest `raw` names and put the report through every check.

    Raises:
        ReportRejected: it fails one.
        StoreAway: the object store does not serve it now.
    """
    manifest = manifest_read(raw, report)
    if report.mission_id not in missions.missions_by_ids([report.mission_id]):
        raise ReportRejected(
            Check.MISSION, f"{report.key(ReportKind.MANIFEST)}: there is no mission {report.mission_id}."
        )
    return Report(
        id=report,
        manifest_key=report.key(ReportKind.MANIFEST),
        checksum=hashlib.sha256(raw).hexdigest(),
        manifest=manifest,
        items=_judged(manifest, DataKind.MISSION, validate.items_check),
        states=_judged(manifest, DataKind.SHIP_STATE, validate.states_check),
    )


def _judged(
    manifest: Manifest, kind: DataKind, check: Callable[[object, ManifestFile, Manifest], None]
) -> FileRows | None:
    file = file_of(manifest, kind)
    if file is None:
        return None
    raw = object_read(file.key, limit=file.size)
    bytes_verify(raw, file)
    table = table_read(raw, file)
    check(table, file, manifest)
    return FileRows(file, table)
