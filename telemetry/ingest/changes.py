"""Whether the bucket still holds what was loaded: by ETag, and where that differs by content."""

from __future__ import annotations

import hashlib
from typing import Final

from ships_client.contracts.reports import ReportKind
from telemetry.models import Manifest

from .errors import Check, ObjectMissing, ReportRejected
from .fetch import object_etag, object_read
from .judge import Incoming
from .limits import LARGEST_FILE

COLUMNS: Final = {
    ReportKind.MANIFEST: ("manifest_path", "checksum_manifest", "etag"),
    ReportKind.MISSION: ("mission_file", "checksum_mission", "etag_mission"),
    ReportKind.SHIP_STATE: ("ship_state_file", "checksum_ship_state", "etag_ship_state"),
}
"""Where the ledger keeps an object's key, sha256 and ETag."""


def report_unchanged(ledger: Manifest) -> dict[str, str]:
    """The ETags of a loaded report's objects, by kind; one that is gone has none.

    Raises:
        ReportRejected: the bucket holds another object in the place of a loaded one.
        StoreAway: the object store does not serve it now.
    """
    etags: dict[str, str] = {}
    for kind, (key, _, _) in COLUMNS.items():
        name = getattr(ledger, key)
        etag = object_etag(name) if name else None
        if etag is not None:
            etags[kind.value] = etag
            object_unchanged(ledger, kind, etag)
    return etags


def etags_now(incoming: Incoming) -> dict[str, str]:
    """The ETags of the report's objects: those that were seen, and of the others as they are now.

    One that was looked for in vain has none, so that it counts as new when it comes.

    Raises:
        StoreAway: the object store does not serve it now.
    """
    etags = dict(incoming.etags)
    for kind in ReportKind:
        if kind.value not in etags and kind.value not in incoming.missing:
            etag = object_etag(incoming.id.key(kind))
            etags |= {kind.value: etag} if etag is not None else {}
    return etags


def object_unchanged(ledger: Manifest, kind: ReportKind, etag: str) -> None:
    """Hold an object that now has `etag` against the one that was loaded.

    An object of another ETag and the same content (written again, or another way) is the same one, and the ledger
    learns its new ETag.

    Raises:
        ReportRejected: its content is another.
        StoreAway: the object store does not serve it now.
    """
    key, checksum, known = (getattr(ledger, column) for column in COLUMNS[kind])
    if key is None or etag == known:
        return
    try:
        digest = hashlib.sha256(object_read(key, limit=LARGEST_FILE)).hexdigest()
    except ObjectMissing:
        return
    except ReportRejected as larger:
        raise _changed(ledger, key, checksum, larger.reason) from None
    if digest != checksum:
        raise _changed(ledger, key, checksum, f"the bucket now holds another object there, with sha256 {digest}.")
    Manifest.objects.filter(pk=ledger.pk).update(**{COLUMNS[kind][2]: etag})


def _changed(ledger: Manifest, key: str, checksum: str, what: str) -> ReportRejected:
    return ReportRejected(
        Check.CHANGED,
        f"{key}: loaded at {ledger.loaded_at:%Y-%m-%d %H:%M:%S} UTC with sha256 {checksum}; {what} The rows that were "
        "loaded stand. Put the loaded object back, or hand the correction in as a report of its own.",
    )
