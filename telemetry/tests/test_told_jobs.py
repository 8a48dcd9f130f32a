"""What the jobs push of their runs: what is in quarantine, what failed, and nothing of what was no run."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from celery.exceptions import Retry

from hocotate_site import outcomes
from hocotate_site.outcomes import Job, Outcome
from missions.models import Mission
from telemetry import tasks
from telemetry.ingest.errors import StoreAway
from telemetry.ingest.run import report_ingest
from telemetry.models import ReportUpload

from .reports import handed

Announce = Callable[..., ReportUpload]
pytestmark = pytest.mark.usefixtures("bucket", "queue", "tables")


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Job, Outcome]]:
    """What would be pushed."""
    kept: list[tuple[Job, Outcome]] = []
    monkeypatch.setattr(outcomes, "push", lambda job, outcome, *, seconds: kept.append((job, outcome)))
    return kept


def test_a_scan_tells_of_all_that_is_in_quarantine(
    mission: Mission, announce: Announce, pushed: list[tuple[Job, Outcome]]
) -> None:
    # Its files never came.
    report_ingest(announce(handed(mission.mission_id)).pk)

    tasks.ingest_announced()

    assert pushed == [(Job.INGEST, Outcome(failed_items=1))]


def test_a_scan_that_finds_the_store_away_is_told_as_failed(
    pushed: list[tuple[Job, Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: object, **_more: object) -> None:
        raise StoreAway("the object store is away")

    monkeypatch.setattr(tasks, "uploads_ingest", away)

    with pytest.raises(StoreAway):
        tasks.ingest_announced.run()

    assert pushed == [(Job.INGEST, Outcome(succeeded=False))]


def test_a_scan_that_finds_another_one_at_it_tells_nothing(
    pushed: list[tuple[Job, Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Held:
        def __enter__(self) -> bool:
            return False

        def __exit__(self, *_error: object) -> None:
            """Nothing is held."""

    monkeypatch.setattr(tasks, "run_held", lambda _run: Held())

    with pytest.raises(Retry):
        tasks.ingest_announced()

    assert pushed == []


def test_the_warehouse_s_upkeep_is_told(pushed: list[tuple[Job, Outcome]]) -> None:
    tasks.partitions_keep()

    assert pushed == [(Job.MAINTENANCE, Outcome(failed_items=0))]
