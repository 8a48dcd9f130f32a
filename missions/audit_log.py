"""The audit log: entries are written here, and leave after AUDIT_LOG_DAYS."""

from __future__ import annotations

import getpass
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.db.models import CharField
from django.http import HttpRequest
from django.utils import timezone

from missions.models import AuditEntry, Channel, Outcome

logger = logging.getLogger(__name__)

PART: Final = 10_000
"""Entries that one statement deletes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a view tells of its write; empty where the request itself says enough."""

    action: str = ""
    subject: str = ""
    detail: str = ""
    outcome: Outcome | None = None


def tell(request: HttpRequest, **note: Any) -> None:
    """Tell what a request changes; each call becomes an entry of its own in place of the usual one."""
    noted: list[Note] | None = getattr(request, "audit_notes", None)
    if noted is None:
        noted = request.audit_notes = []  # type: ignore[attr-defined]
    noted.append(Note(**note))


def told(request: HttpRequest) -> list[Note]:
    """What was told; one empty note when nothing was."""
    return getattr(request, "audit_notes", None) or [Note()]


def entry(*, channel: Channel, who: str, action: str, outcome: Outcome, **more: Any) -> AuditEntry:
    """An entry whose texts are cut to what the table holds, without characters that it can't."""
    made = AuditEntry(channel=channel, who=who, action=action, outcome=outcome, **more)
    for field in AuditEntry._meta.fields:
        if isinstance(field, CharField):
            setattr(made, field.name, _fitting(getattr(made, field.name), field.max_length or 0))
    return made


def record(entries: list[AuditEntry]) -> None:
    """Write entries. That they can't be written is logged, and takes nothing back that was done."""
    try:
        AuditEntry.objects.bulk_create(entries)
    except DatabaseError as error:
        logger.warning("The audit log took no entry (%s): %s", error, "; ".join(str(one) for one in entries))


def record_command(*, action: str, subject: str, detail: str = "") -> None:
    """Note what a command did, and which user of the machine ran it."""
    made = entry(
        channel=Channel.COMMAND,
        who=operator(),
        action=action,
        subject=subject,
        detail=detail,
        outcome=Outcome.DONE,
    )
    record([made])


def operator() -> str:
    """The user of the machine who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def prune() -> int:
    """Delete what is older than AUDIT_LOG_DAYS, in parts; how many entries went."""
    before = timezone.now() - timedelta(days=settings.AUDIT_LOG_DAYS)
    gone = 0
    while True:
        old = list(AuditEntry.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:PART])
        gone += AuditEntry.objects.filter(pk__in=old).delete()[0]
        if len(old) < PART:
            return gone


def _fitting(text: str, most: int) -> str:
    clean = "".join(c if c.isprintable() else " " for c in text.encode(errors="replace").decode())
    return clean if len(clean) <= most else clean[: most - 1] + "…"
