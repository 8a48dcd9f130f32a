"""A pass over the whole bucket of missions: what nobody announced, what was mended, what has changed since its load.

It goes on page by page and remembers the last key, so that a turn may end, or be killed, at any page. What it finds
it hands to the ingest, and loads nothing itself.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from ships_client.contracts.reports import ReportKind
from telemetry import services
from telemetry.models import Manifest, Reconcile, ReconcileState, ReportUpload

from .changes import COLUMNS, object_unchanged
from .compare import Finding, Known, Listed, compare, report_of
from .errors import ReportRejected
from .judge import Incoming
from .listing import PAGE, pages
from .locks import Run, run_held
from .manifest import ReportId
from .settle import quarantined

Objects = Mapping[ReportKind, Listed]


def reconcile(*, seconds: float | None = None, page: int = PAGE) -> Reconcile | None:
    """Go on with the pass that is running, or begin one; no page is begun after `seconds`.

    Gives the pass as it stands then; None while another process is at it.

    Raises:
        StoreAway, OperationalError, InterfaceError: store or database are away; the next turn goes on behind the
            last page that was worked off.
    """
    end = None if seconds is None else time.monotonic() + seconds
    with run_held(Run.RECONCILE) as mine:
        if not mine:
            return None
        this, _ = Reconcile.objects.get_or_create(state=ReconcileState.RUNNING, defaults={"started_at": timezone.now()})
        for listed in pages(after_key=this.after_key, page=page):
            _page(this, listed)
            if end is not None and time.monotonic() > end:
                return this
        this.state, this.finished_at = ReconcileState.DONE, timezone.now()
        this.save()
        return this


def _page(this: Reconcile, listed: Sequence[Listed]) -> None:
    reports: dict[ReportId, dict[ReportKind, Listed]] = defaultdict(dict)
    for one in listed:
        named = report_of(one)
        if named is None:
            this.strange += 1
        else:
            report, kind = named
            reports[report][kind] = one
    _compare(this, reports)
    this.pages += 1
    this.objects_seen += len(listed)
    this.after_key = listed[-1].key
    this.save()


def _compare(this: Reconcile, reports: Mapping[ReportId, Objects]) -> None:
    keys = [report.key(ReportKind.MANIFEST) for report in reports]
    uploads = {upload.manifest_key: upload for upload in ReportUpload.objects.filter(manifest_key__in=keys)}
    ledgers = {ledger.manifest_path: ledger for ledger in Manifest.objects.filter(manifest_path__in=keys)}
    found: list[ReportId] = []
    mended: list[int] = []
    for (report, objects), key in zip(reports.items(), keys, strict=True):
        upload, ledger = uploads.get(key), ledgers.get(key)
        known = _known(upload, ledger) if upload else None
        findings = {kind: compare(one, kind, known) for kind, one in objects.items()}
        if upload is None:
            found += [report] if Finding.FOUND in findings.values() else []
        elif Finding.MENDED in findings.values():
            mended.append(upload.pk)
        elif ledger is not None:
            suspects = [kind for kind, finding in findings.items() if finding is Finding.SUSPECT]
            incoming = Incoming(report, {kind.value: one.etag for kind, one in objects.items()})
            this.changed += _changed(upload, ledger, incoming, suspects)
    this.found += services.reports_found(found, now=timezone.now())
    this.mended += services.reports_reopen(mended)


def _known(upload: ReportUpload, ledger: Manifest | None) -> Known:
    etags = upload.etags
    if upload.state == "loaded" and ledger is not None:
        etags = {kind.value: getattr(ledger, etag) for kind, (_, _, etag) in COLUMNS.items()}
    return Known(upload.state, etags)


def _changed(upload: ReportUpload, ledger: Manifest, incoming: Incoming, suspects: Iterable[ReportKind]) -> bool:
    """Whether one of these objects is not what was loaded; the report is then quarantined."""
    for kind in suspects:
        try:
            object_unchanged(ledger, kind, incoming.etags[kind.value])
        except ReportRejected as rejected:
            quarantined(upload, rejected, incoming)
            return True
    return False
