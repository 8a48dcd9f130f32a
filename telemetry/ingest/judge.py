"""A report from the bucket, through every check, to tables that may be loaded; no database is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from hocotate_site.objects import StoredObject
from ships_client.contracts import Manifest, ManifestFile
from ships_client.contracts.reports import LARGEST_MANIFEST, DataKind, ReportKind

from . import validate
from .errors import ObjectMissing
from .fetch import object_fetch
from .files import FileRows
from .load import Report
from .manifest import ReportId, file_of, manifest_read
from .tables import bytes_verify, table_read


@dataclass
class Incoming:
    """A report on its way in, and what of it was seen so far.

    Attributes:
        etags: ETags of the objects that were seen, by kind.
        missing: kinds of the objects that were looked for in vain.
        stored: its manifest's bytes; None while there is none in the bucket.
        manifest: these, decoded and held against the report.
    """

    id: ReportId
    etags: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    stored: StoredObject | None = None
    manifest: Manifest | None = None

    @property
    def key(self) -> str:
        """Key of its manifest."""
        return self.id.key(ReportKind.MANIFEST)

    @property
    def checksum(self) -> str | None:
        """sha256 of its manifest in hex, once there is one."""
        return hashlib.sha256(self.stored.raw).hexdigest() if self.stored else None

    @property
    def rows(self) -> int:
        """Rows that the manifest names; 0 without one."""
        return sum(file.rows for file in self.manifest.files) if self.manifest else 0

    @property
    def size(self) -> int:
        """Bytes of the files that the manifest names; 0 without one."""
        return sum(file.size for file in self.manifest.files) if self.manifest else 0


def manifest_fetch(incoming: Incoming) -> None:
    """Read the report's manifest, where it is there (yet).

    Raises:
        ReportRejected: it is larger than a manifest may be, or no manifest of this report.
        StoreAway: the object store does not serve it now.
    """
    try:
        incoming.stored = _fetched(incoming, ReportKind.MANIFEST, incoming.key, LARGEST_MANIFEST)
    except ObjectMissing:
        return
    incoming.manifest = manifest_read(incoming.stored.raw, incoming.id)


def report_judge(incoming: Incoming) -> Report:
    """Fetch the files that the manifest names and put the report through every check.

    Raises:
        ReportRejected: it fails one.
        StoreAway: the object store does not serve it now.
    """
    manifest, checksum = incoming.manifest, incoming.checksum
    if manifest is None or checksum is None:
        raise ObjectMissing(incoming.key)
    items = _judged(incoming, manifest, DataKind.MISSION, validate.items_check)
    states = _judged(incoming, manifest, DataKind.SHIP_STATE, validate.states_check)
    return Report(
        id=incoming.id,
        manifest_key=incoming.key,
        checksum=checksum,
        etags=incoming.etags,
        manifest=manifest,
        items=items,
        states=states,
    )


def _fetched(incoming: Incoming, kind: ReportKind | DataKind, key: str, limit: int) -> StoredObject:
    try:
        stored = object_fetch(key, limit=limit)
    except ObjectMissing:
        incoming.missing.add(kind.value)
        raise
    incoming.etags[kind.value] = stored.etag
    return stored


def _judged(
    incoming: Incoming,
    manifest: Manifest,
    kind: DataKind,
    check: Callable[[object, ManifestFile, Manifest], None],
) -> FileRows | None:
    file = file_of(manifest, kind)
    if file is None:
        return None
    stored = _fetched(incoming, kind, file.key, file.size)
    bytes_verify(stored.raw, file)
    table = table_read(stored.raw, file)
    check(table, file, manifest)
    return FileRows(file, table)
