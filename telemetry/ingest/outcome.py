"""What became of a report in one run."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Final

from django.db import InterfaceError, OperationalError

from telemetry.models import ReportUpload

from .errors import StoreAway

logger = logging.getLogger(__name__)

AWAY: Final = (StoreAway, OperationalError, InterfaceError)
"""What a run raises while the object store or the database is away: try again later."""


class Outcome(StrEnum):
    """What became of a report in one run."""

    LOADED = "loaded"
    QUARANTINED = "quarantined"
    WAITING = "waiting"
    CLOSED = "closed"
    BUSY = "busy"
    BROKEN = "broken off"


def broken(upload: ReportUpload, error: Exception) -> Outcome:
    """Log an error that nobody foresaw with its trace; the report stays open for the next run.

    Raises:
        StoreAway, OperationalError, InterfaceError: it was one of these, which concern all reports.
    """
    if isinstance(error, AWAY):
        raise error
    ids = {"mission": upload.mission_id}
    logger.error("The ingest of report %d (%s) broke off.", upload.pk, upload, exc_info=error, extra=ids)
    return Outcome.BROKEN
