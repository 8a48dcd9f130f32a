"""Work off reports, each once, whatever fails on the way and whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from missions import selectors as missions
from telemetry.models import Manifest, ReportUpload

from .admit import Candidate, StillWaiting, admit
from .errors import ReportRejected
from .groups import Weighed, groups
from .judge import manifest_fetch
from .locks import reports_held
from .outcome import Outcome, broken
from .settle import loaded, quarantined
from .threads import each
from .work import group_work


def report_ingest(upload_id: int) -> Outcome:
    """Work off one report, as `reports_ingest` does.

    Raises:
        StoreAway: the object store does not answer; nothing changed.
        OperationalError: the database does not answer; nothing changed.
        ReportUpload.DoesNotExist: no report has this id.
    """
    outcomes = reports_ingest([upload_id])
    if upload_id not in outcomes:
        raise ReportUpload.DoesNotExist(f"There is no report {upload_id}.")
    return outcomes[upload_id]


def reports_ingest(ids: Sequence[int]) -> dict[int, Outcome]:
    """Load these reports, or quarantine them with their reasons, or leave them waiting for their manifests.

    A report that is loaded or quarantined already is left alone (CLOSED), and so is one that another run has in
    hand (BUSY); an unexpected error of one is logged with its trace, and the report stays open (BROKEN). Safe to
    repeat at any time. Ids that no report has are left out.

    Raises:
        StoreAway, OperationalError, InterfaceError: store or database do not answer. What was worked off stands.
    """
    outcomes: dict[int, Outcome] = {}
    with reports_held(ids) as mine:
        outcomes |= {upload: Outcome.BUSY for upload in ids if upload not in mine}
        # Read once they are held: no other run changes them now.
        uploads = list(ReportUpload.objects.filter(pk__in=mine).order_by("pk"))
        outcomes |= {upload.pk: Outcome.CLOSED for upload in uploads if not upload.is_open}
        for upload_id, outcome in _work_off([Candidate.of(upload) for upload in uploads if upload.is_open]):
            outcomes[upload_id] = outcome
    return outcomes


def _work_off(candidates: list[Candidate]) -> Iterator[tuple[int, Outcome]]:
    """The outcome of each, as it is known."""
    if not candidates:
        return
    admitted: list[Candidate] = []
    for candidate, outcome in _admitted(candidates):
        if outcome is None:
            admitted.append(candidate)
        else:
            yield candidate.upload.pk, outcome
    weighed = (Weighed(one, one.incoming.rows, one.incoming.size, alone=one.upload.attempts > 0) for one in admitted)
    for group in groups(weighed):
        yield from group_work(group)


def _admitted(candidates: list[Candidate]) -> Iterator[tuple[Candidate, Outcome | None]]:
    """Each with its outcome, or with None when its files have to be judged."""
    ledgers = {
        ledger.manifest_path: ledger
        for ledger in Manifest.objects.filter(manifest_path__in=[one.incoming.key for one in candidates])
    }
    known = missions.missions_by_ids({one.upload.mission_id for one in candidates})
    fetched = each(manifest_fetch, [one.incoming for one in candidates])
    for candidate, failed in zip(candidates, fetched, strict=True):
        yield candidate, _settled(candidate, failed, ledgers.get(candidate.incoming.key), set(known))


def _settled(
    candidate: Candidate, failed: Exception | None, ledger: Manifest | None, known: set[int]
) -> Outcome | None:
    upload = candidate.upload
    try:
        found = admit(candidate, failed=failed, ledger=ledger, missions=known, now=timezone.now())
    except StillWaiting:
        return Outcome.WAITING
    except ReportRejected as rejected:
        quarantined(upload, rejected, candidate.incoming)
        return Outcome.QUARANTINED
    except Exception as error:
        return broken(upload, error)
    if found is None:
        return None
    with transaction.atomic():
        loaded([upload], [found])
    return Outcome.LOADED
