"""Many reports at once: grouped within bounds, loaded together, and each by itself when that fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from missions.models import Mission
from ships_client.contracts.reports import DataKind
from telemetry.ingest.groups import MOST_BYTES, MOST_REPORTS, MOST_ROWS, Weighed, groups
from telemetry.ingest.locks import REPORT
from telemetry.ingest.outcome import Outcome
from telemetry.ingest.run import reports_ingest
from telemetry.models import Manifest, MissionReport, ReportUpload, ShipState, UploadState

from .reports import BEGIN, handed, nth
from .worker import other_connection

Announce = Callable[..., ReportUpload]

weights = st.builds(Weighed, st.uuids(), st.integers(0, 2 * MOST_ROWS), st.integers(0, 2 * MOST_BYTES), st.booleans())


@given(st.lists(weights, max_size=60))
def test_every_report_is_in_one_group_and_no_group_is_too_large(weighed: list[Weighed[object]]) -> None:
    weight = {one.report: one for one in weighed}
    made = list(groups(weighed))

    assert sorted(map(str, (one for group in made for one in group))) == sorted(str(one.report) for one in weighed)
    for group in made:
        assert group
        if len(group) > 1:
            assert not any(weight[one].alone for one in group)
            assert sum(weight[one].rows for one in group) <= MOST_ROWS
            assert sum(weight[one].size for one in group) <= MOST_BYTES


def test_small_reports_fill_groups_of_the_most_reports() -> None:
    weighed = [Weighed(n, 20, 2000) for n in range(2 * MOST_REPORTS + 1)]

    assert [len(group) for group in groups(weighed)] == [MOST_REPORTS, MOST_REPORTS, 1]


@pytest.mark.usefixtures("bucket")
def test_many_reports_cost_as_many_queries_as_few(mission: Mission, announce: Announce) -> None:
    def queries(first: int, reports: int) -> int:
        uploads = [announce(nth(mission.mission_id, n, ticks=5).put()).pk for n in range(first, first + reports)]
        with CaptureQueriesContext(connection) as asked:
            assert set(reports_ingest(uploads).values()) == {Outcome.LOADED}
        return len(asked)

    queries(1, 1)
    few = queries(10, 2)
    assert queries(20, 12) == few
    assert (Manifest.objects.count(), MissionReport.objects.count(), ShipState.objects.count()) == (15, 300, 75)


@pytest.mark.usefixtures("bucket")
def test_a_report_whose_ticks_are_taken_does_not_keep_the_others_of_its_group_out(
    mission: Mission, announce: Announce
) -> None:
    good = [nth(mission.mission_id, n) for n in (1, 2, 3)]
    twin = handed(mission.mission_id, report_no=4, start=BEGIN)
    uploads = [announce(report.put()).pk for report in (*good, twin)]

    outcomes = reports_ingest(uploads)

    assert list(outcomes.values()) == [Outcome.LOADED] * 3 + [Outcome.QUARANTINED]
    refused = ReportUpload.objects.get(pk=uploads[3])
    assert (refused.failed_check, ShipState.objects.count()) == ("once", 180)
    assert good[0].id.key(DataKind.SHIP_STATE) in refused.reason


@pytest.mark.usefixtures("bucket")
def test_a_report_that_broke_a_run_off_is_tried_apart_from_the_others(mission: Mission, announce: Announce) -> None:
    uploads = [announce(nth(mission.mission_id, n).put()).pk for n in (1, 2, 3)]
    ReportUpload.objects.filter(pk=uploads[1]).update(attempts=2)

    assert set(reports_ingest(uploads).values()) == {Outcome.LOADED}
    assert list(ReportUpload.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 3, 1]


@pytest.mark.usefixtures("bucket")
def test_reports_that_another_run_has_in_hand_are_left_to_it(mission: Mission, announce: Announce) -> None:
    uploads = [announce(nth(mission.mission_id, n).put()).pk for n in (1, 2)]
    with other_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [REPORT, uploads[0] % 2**31])
        assert reports_ingest(uploads) == {uploads[0]: Outcome.BUSY, uploads[1]: Outcome.LOADED}
    assert ReportUpload.objects.get(pk=uploads[0]).state == UploadState.COMMITTED
    assert reports_ingest(uploads) == {uploads[0]: Outcome.LOADED, uploads[1]: Outcome.CLOSED}
