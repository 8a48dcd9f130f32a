"""A group of reports: judged side by side, loaded in one transaction, or each by itself when that fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import F

from telemetry.models import ReportUpload
from telemetry.models.uploads import OPEN_STATES

from .admit import Candidate
from .errors import ReportRejected, StoreAway
from .judge import report_judge
from .load import Report, reports_load
from .outcome import AWAY, Outcome, broken
from .settle import loaded, quarantined
from .threads import each

Judged = tuple[Candidate, Report]


def group_work(group: Sequence[Candidate]) -> Iterator[tuple[int, Outcome]]:
    """The outcome of each report of the group, by the number of its upload.

    Raises:
        StoreAway, OperationalError, InterfaceError: store or database are away.
    """
    # Counted before the work and on its own, so that a report which kills its worker is found out.
    tries = ReportUpload.objects.filter(pk__in=[one.upload.pk for one in group], state__in=OPEN_STATES)
    tries.update(attempts=F("attempts") + 1)
    try:
        judged: list[Judged] = []
        verdicts = each(report_judge, [one.incoming for one in group])
        for candidate, verdict in zip(group, verdicts, strict=True):
            if isinstance(verdict, Exception):
                yield candidate.upload.pk, _refused(candidate, verdict)
            else:
                judged.append((candidate, verdict))
        if judged:
            yield from _load(judged)
    except StoreAway:
        tries.update(attempts=F("attempts") - 1)
        raise


def _load(judged: Sequence[Judged]) -> Iterator[tuple[int, Outcome]]:
    try:
        with transaction.atomic():
            ledgers = reports_load([report for _, report in judged])
            loaded([candidate.upload for candidate, _ in judged], ledgers)
    except AWAY:
        raise
    except Exception as error:
        if len(judged) > 1:
            for one in judged:
                yield from _load([one])
        else:
            candidate = judged[0][0]
            yield candidate.upload.pk, _refused(candidate, error)
        return
    for candidate, _ in judged:
        yield candidate.upload.pk, Outcome.LOADED


def _refused(candidate: Candidate, error: Exception) -> Outcome:
    if not isinstance(error, ReportRejected):
        return broken(candidate.upload, error)
    quarantined(candidate.upload, error, candidate.incoming)
    return Outcome.QUARANTINED
