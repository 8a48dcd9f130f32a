"""Writes of alerts: what was told, and that what is old is forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db import transaction

from telemetry.models import Alert

from .schemas import AlertIn

PART: Final = 10_000
"""Alerts that one statement deletes."""
_WHICH: Final = ["fingerprint", "starts_at"]


def alerts_record(told: Iterable[AlertIn], *, now: dt.datetime) -> list[Alert]:
    """Keep what was told, in the order of fingerprints. Told again nothing changes but `told_at`; ended stays ended."""
    rows: dict[tuple[str, dt.datetime], Alert] = {}
    for one in told:
        which = (one.fingerprint, one.starts_at)
        if which not in rows or rows[which].ends_at is None:
            rows[which] = _row(one, now)
    # Always in one order, so that two calls about the same alerts wait for each other and do not meet crosswise.
    ordered = [row for _which, row in sorted(rows.items())]
    with transaction.atomic():
        _keep([row for row in ordered if row.ends_at is None], "told_at")
        _keep([row for row in ordered if row.ends_at is not None], "told_at", "ends_at")
    return ordered


def alerts_prune(*, now: dt.datetime) -> int:
    """Delete alerts that were last told of more than ALERTS_DAYS ago, in parts; how many went."""
    before, gone = now - dt.timedelta(days=settings.ALERTS_DAYS), 0
    while True:
        old = list(Alert.objects.filter(told_at__lt=before).order_by("told_at").values_list("pk", flat=True)[:PART])
        gone += Alert.objects.filter(pk__in=old).delete()[0]
        if len(old) < PART:
            return gone


def _keep(rows: list[Alert], *changing: str) -> None:
    Alert.objects.bulk_create(rows, update_conflicts=True, unique_fields=_WHICH, update_fields=list(changing))


def _row(told: AlertIn, now: dt.datetime) -> Alert:
    return Alert(
        fingerprint=told.fingerprint,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        told_at=now,
        name=told.labels["alertname"],
        severity=told.labels.get("severity", ""),
        part=told.labels.get("part", ""),
        summary=told.annotations.get("summary", ""),
        labels=told.labels,
        annotations=told.annotations,
    )
