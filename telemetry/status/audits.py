"""Keeps what the audits find."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from hocotate_site.settings.environment import BASE_DIR
from telemetry.audit.finding import Finding
from telemetry.models import AuditRun

KEPT: Final = 700
"""Audits; a week of them at one each 15 min."""
LONGEST_S: Final = 240.0


def audit_record(findings: Sequence[Finding], *, started_at: dt.datetime) -> AuditRun:
    """Keep one audit, and forget those beyond the newest KEPT."""
    run = AuditRun.objects.create(
        started_at=started_at,
        seconds=(timezone.now() - started_at).total_seconds(),
        ok=all(finding.ok is not False for finding in findings),
        rows=[finding.as_json() for finding in findings],
    )
    AuditRun.objects.filter(id__lte=run.pk - KEPT).delete()
    return run


def audit_run() -> int | None:
    """Run `manage.py audit` as it stands, without waiting for lake or ingest; its exit status, None when it was
    stopped after LONGEST_S.

    In a process of its own: what it reads of the lake takes up to a gigabyte, which a worker would not give back.
    """
    command = [sys.executable, str(BASE_DIR / "manage.py"), "audit", "--wait", "0", "--json"]
    try:
        return subprocess.run(
            command, cwd=BASE_DIR, stdout=subprocess.DEVNULL, timeout=LONGEST_S, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        return None
