"""The manifest of a report: decoded by its contract, and its contents held against its key. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ships_client.contracts import InvalidMessage, Manifest, ManifestFile, decode_manifest, object_key
from ships_client.contracts.reports import DataKind, ReportKind

from .errors import Check, ReportRejected
from .limits import LARGEST_FILE, MOST_ROWS


@dataclass(frozen=True)
class ReportId:
    """Which report it is: mission, date (UTC) and number on that date (1..9999)."""

    mission_id: int
    date: dt.date
    report_no: int

    def key(self, kind: ReportKind | DataKind) -> str:
        """Key of the report's object of `kind` in the bucket of missions."""
        return object_key(self.mission_id, self.date, kind.value, self.report_no)


def manifest_read(raw: bytes, report: ReportId) -> Manifest:
    """Decode the manifest stored as `report`'s and hold it against the report it should be.

    Raises:
        ReportRejected: it breaks the contract, or says something else than its key.
    """
    key = report.key(ReportKind.MANIFEST)
    try:
        manifest = decode_manifest(raw)
    except InvalidMessage as error:
        where = f" at {error.field}" if error.field else ""
        raise ReportRejected(
            Check.MANIFEST, f"{key}: {error.reason.value.replace('_', ' ')}{where}: {error.detail}"
        ) from None
    _agree(key, "mission_id", manifest.mission_id, str(report.mission_id))
    _agree(key, "date", manifest.date, report.date)
    _agree(key, "report_no", manifest.report_no, report.report_no)
    kinds = [file.kind for file in manifest.files]
    if len(set(kinds)) < len(kinds):
        raise ReportRejected(Check.AGREEMENT, f"{key}: names two files of kind {kinds[0].value}.")
    for file in manifest.files:
        _agree(key, f"key of the {file.kind.value} file", file.key, report.key(file.kind))
        _at_most(key, file, "bytes", file.size, LARGEST_FILE)
        _at_most(key, file, "rows", file.rows, MOST_ROWS)
    return manifest


def file_of(manifest: Manifest, kind: DataKind) -> ManifestFile | None:
    """The manifest's file of `kind`, if it names one."""
    return next((file for file in manifest.files if file.kind is kind), None)


def _agree(key: str, field: str, said: object, expected: object) -> None:
    if said != expected:
        raise ReportRejected(
            Check.AGREEMENT, f"{key}: its {field} is {str(said)!r}, but this report's is {str(expected)!r}."
        )


def _at_most(key: str, file: ManifestFile, unit: str, said: int, limit: int) -> None:
    if said > limit:
        raise ReportRejected(
            Check.SIZE, f"{key}: {file.key} is said to have {said:,} {unit}; at most {limit:,} are taken."
        )
