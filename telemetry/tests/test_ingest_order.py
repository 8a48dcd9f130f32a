"""The ledger's numbers become visible in rising order, whatever loads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from missions.models import Mission
from telemetry.ingest.locks import LOAD
from telemetry.ingest.outcome import Outcome
from telemetry.ingest.run import report_ingest
from telemetry.models import Manifest, ReportUpload, ShipState

from .reports import nth
from .worker import eventually, other_connection

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket")

LOADERS = 4
REPORTS = 24
WAITING = (
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted"
)


def in_thread(work: Callable[[], object]) -> threading.Thread:
    """Do it in a thread, with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_load_draws_no_number_before_the_one_ahead_of_it_has_committed(mission: Mission, announce: Announce) -> None:
    first, second = (announce(nth(mission.mission_id, n).put()).pk for n in (1, 2))
    with other_connection() as other, other_connection() as watch:
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD])
        (last,) = other.execute("SELECT last_value FROM ll.manifests_id_seq").fetchone() or (0,)
        loads = [in_thread(lambda n=n: report_ingest(n)) for n in (first, second)]  # type: ignore[misc]  # mypy takes no default of a lambda
        eventually(lambda: watch.execute(WAITING).fetchone() == (2,), "both loads wait for their turn")
        assert watch.execute("SELECT last_value FROM ll.manifests_id_seq").fetchone() == (last,)
        assert not Manifest.objects.exists()
        other.execute("COMMIT")
    for load in loads:
        load.join()
    assert ShipState.objects.count() == 120


def test_who_reads_up_to_a_number_never_misses_a_lower_one(mission: Mission, announce: Announce) -> None:
    uploads = [announce(nth(mission.mission_id, n + 1).put()).pk for n in range(REPORTS)]
    seen: list[int] = []
    missed: list[int] = []
    outcomes: list[Outcome] = []
    ended = threading.Event()

    def read() -> None:
        known: set[int] = set()
        while True:
            last_round = ended.is_set()
            visible = set(Manifest.objects.values_list("pk", flat=True))
            new = visible - known
            missed.extend(pk for pk in new if known and pk < max(known))
            known |= visible
            seen.append(len(known))
            if last_round:
                return

    reader = in_thread(read)
    loaders = [
        in_thread(lambda mine=uploads[n::LOADERS]: outcomes.extend(report_ingest(one) for one in mine))  # type: ignore[misc]  # as above
        for n in range(LOADERS)
    ]
    for loader in loaders:
        loader.join()
    ended.set()
    reader.join()

    assert outcomes == [Outcome.LOADED] * REPORTS
    assert missed == []
    assert seen[-1] == REPORTS
    assert len(set(seen)) > 2, "the reader saw the ledger grow"
