"""The audit: what it finds when all is well, and that it finds what is not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from hocotate_site import object_store
from missions.models import Mission
from ships_client.contracts import Phase
from ships_client.contracts.reports import DataKind
from telemetry.audit import access, registry, reports, stream
from telemetry.audit.flights import Flight
from telemetry.audit.stream import Lag
from telemetry.ingest.run import report_ingest
from telemetry.lake import MissionSequence, PartitionOffsets
from telemetry.models import MissionReport, ReportUpload, ShipState

from .reports import BUCKET, Handed, handed

Announce = Callable[..., ReportUpload]
CAUGHT_UP = Lag(behind=0, waited_s=0, asked_s=10)
BEHIND = Lag(behind=5, waited_s=0, asked_s=0)


def partition(committed: int, *, raw: int, dead: int = 0, distinct: int | None = None) -> PartitionOffsets:
    """What the lake holds of partition 0."""
    return PartitionOffsets(
        partition=0,
        committed=committed,
        raw_rows=raw,
        dead_rows=dead,
        distinct=raw + dead if distinct is None else distinct,
        lowest=0,
        highest=committed - 1,
    )


class TestOnce:
    """Invariant 1, by figures."""

    def test_every_offset_once_holds(self) -> None:
        found = stream.once([partition(100, raw=90, dead=10)], {0: 100}, CAUGHT_UP)

        assert (found.ok, found.figures["missing"], found.figures["doubled"]) == (True, 0, 0)

    def test_a_lake_that_is_only_behind_holds(self) -> None:
        assert stream.once([partition(95, raw=95)], {0: 100}, BEHIND).ok

    @pytest.mark.parametrize(
        ("held", "word"),
        [
            (partition(100, raw=99), "1 of the offsets below 100 are not in the lake"),
            (partition(100, raw=101, distinct=100), "1 rows stand in the lake beyond the first"),
            (partition(101, raw=101), "committed 101, but Kafka ends at 100"),
            (PartitionOffsets(0, 100, 0, 0, 0, None, None), "100 of the offsets below 100"),
        ],
    )
    def test_a_loss_or_a_double_breaks_it(self, held: PartitionOffsets, word: str) -> None:
        found = stream.once([held], {0: 100}, CAUGHT_UP)

        assert found.ok is False
        assert word in found.broken[0]

    def test_a_lake_that_does_not_catch_up_in_time_breaks_it(self) -> None:
        found = stream.once([partition(95, raw=95)], {0: 100}, Lag(behind=5, waited_s=30, asked_s=30))

        assert found.broken == ["The lake is 5 messages behind Kafka after 30 s."]


class TestGapless:
    """Invariant 3, by figures."""

    def ended(self, final_seq: int | None = 9) -> Mission:
        return Mission(mission_id=7, status="SUCCESS", final_seq=final_seq, last_seq=9)

    def test_sent_again_is_counted_once(self) -> None:
        found = stream.gapless([self.ended()], {7: MissionSequence(7, 12, 10, 0, 9)}, CAUGHT_UP)

        assert (found.ok, found.figures["whole"], found.figures["sent again"]) == (True, 1, 2)

    @pytest.mark.parametrize(
        "held",
        [
            MissionSequence(7, 9, 9, 0, 9),
            MissionSequence(7, 9, 9, 1, 9),
            MissionSequence(7, 9, 9, 0, 8),
            None,
        ],
    )
    def test_a_gap_or_a_missing_end_breaks_it_once_the_lake_has_caught_up(self, held: MissionSequence | None) -> None:
        sequences = {7: held} if held else {}

        assert "sent seq 0 to 9" in stream.gapless([self.ended()], sequences, CAUGHT_UP).broken[0]
        assert stream.gapless([self.ended()], sequences, BEHIND).figures["arriving"] == 1

    def test_a_mission_whose_ship_numbers_nothing_is_counted_apart(self) -> None:
        found = stream.gapless([self.ended(None)], {7: MissionSequence(7, 0, 0, None, None)}, CAUGHT_UP)

        assert (found.ok, found.figures["without seq"]) == (True, 1)


@pytest.mark.usefixtures("bucket")
class TestReports:
    """Invariant 2 on real tables and a real bucket."""

    @pytest.fixture
    def loaded(self, mission: Mission, announce: Announce) -> Handed:
        report = handed(mission.mission_id).put()
        report_ingest(announce(report).pk)
        return report

    def test_loaded_reports_hold(self, loaded: Handed) -> None:
        found = reports.reports(now=timezone.now())

        assert (found.ok, found.broken) == (True, [])
        assert found.figures == {
            "reports": 1,
            "items": 20,
            "ship states": 60,
            "announced": 0,
            "waiting": 0,
            "quarantined": 0,
            "compared with their files": 1,
        }

    def broken(self) -> list[str]:
        found = reports.reports(now=timezone.now())
        assert found.ok is False
        return found.broken

    def test_a_lost_row_is_found(self, loaded: Handed) -> None:
        ShipState.objects.filter(seq=7).delete()

        assert "59 of 60 ship states are in ll" in self.broken()[0]

    def test_a_changed_value_is_found(self, loaded: Handed) -> None:
        MissionReport.objects.filter(row_no=3).update(value=1)

        assert self.broken() == [f"{loaded.id.key(DataKind.MISSION)}: its rows differ from those in ll."]

    def test_rows_without_a_report_are_found(self, loaded: Handed) -> None:
        with connection.cursor() as cursor:
            # Foreign keys hold items to the ledger; ticks are held by the load alone.
            for table in ("treasure_reports", "mission_reports", "manifests"):
                cursor.execute(f"DELETE FROM ll.{table}")  # noqa: S608  (constants)

        assert any("60 rows in ll whose report is not in the ledger" in sentence for sentence in self.broken())
        assert any("counts as loaded, but is not in the ledger" in sentence for sentence in self.broken())

    def test_a_file_that_left_the_bucket_is_found(self, loaded: Handed) -> None:
        object_store.client().delete_object(Bucket=BUCKET, Key=loaded.id.key(DataKind.SHIP_STATE))

        assert "no longer whole in the bucket" in self.broken()[0]

    def test_a_committed_report_that_nobody_takes_in_is_found(self, mission: Mission, announce: Announce) -> None:
        upload = announce(handed(mission.mission_id).put())
        assert reports.reports(now=timezone.now()).ok

        ReportUpload.objects.update(updated_at=timezone.now() - reports.LATE * 2)
        assert self.broken()[0].startswith(upload.manifest_key)


class TestRegistry:
    """Invariant 5."""

    def judged(self, mission: Mission, flight: Flight | None = None) -> list[str]:
        return registry.registry([mission], {mission.mission_id: flight} if flight else {}).broken

    def mission(self, status: str, phase: str | None) -> Mission:
        now = timezone.now()
        ended = None if status == "RUNNING" else now
        return Mission(mission_id=7, status=status, phase=phase, started_at=now, finished_at=ended)

    @pytest.mark.parametrize(
        ("status", "phase"),
        [("RUNNING", None), ("RUNNING", "OUTBOUND"), ("SUCCESS", "HOME"), ("SUCCESS", None), ("FAILURE", "LOST")],
    )
    def test_what_the_rules_allow_holds(self, status: str, phase: str | None) -> None:
        assert self.judged(self.mission(status, phase)) == []

    def test_a_lost_ship_that_succeeded_is_found(self) -> None:
        assert self.judged(self.mission("SUCCESS", "LOST")) == ["Mission 7 (SUCCESS) shows phase LOST."]

    def test_an_outcome_other_than_its_ship_told_is_found(self) -> None:
        found = self.judged(self.mission("SUCCESS", "HOME"), Flight(outcomes={"FAILURE"}))

        assert found == ["Mission 7 (SUCCESS) told FAILURE in its telemetry."]

    def test_a_phase_that_came_back_is_found(self) -> None:
        flight = Flight(phases={Phase.OUTBOUND: (0, 40), Phase.ON_PLANET: (30, 45), Phase.RETURNING: (46, 90)})

        assert self.judged(self.mission("SUCCESS", "HOME"), flight) == [
            "Mission 7 (SUCCESS) told ON_PLANET at seq 30, and OUTBOUND at 40."
        ]

    def test_every_mission_is_looked_at(self, mission: Mission, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "PAGE", 1)
        Mission.objects.create(
            ship_name="GALAXIA", captain="Louie", target="Ooji", report_freq_min=1, registered_by=mission.registered_by
        )

        assert [found.ship_name for found in registry.missions()] == ["GALAXIA", "ONION?!"]


@pytest.fixture
def site(tables: None, bucket: None, settings: Settings, live_server: LiveServer) -> LiveServer:
    """The site, served for real."""
    settings.SITE_URL = live_server.url
    return live_server


def test_nobody_may_write(site: LiveServer) -> None:
    found = access.access()

    assert found.broken == []
    assert int(found.figures["operations asked"]) >= 6


class TakesAnything(BaseHTTPRequestHandler):
    """An object store whose keys nobody checks."""

    def do_PUT(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def test_a_store_that_takes_anything_is_found(site: LiveServer, settings: Settings, free_port: int) -> None:
    settings.S3_ENDPOINT_URL = f"http://127.0.0.1:{free_port}"
    with ThreadingHTTPServer(("127.0.0.1", free_port), TakesAnything) as store:
        threading.Thread(target=store.serve_forever).start()
        found = access.access()
        store.shutdown()

    assert len(found.broken) == 2
    assert "answers 200 to nobody" in found.broken[0]


def test_a_site_that_is_down_is_said_to_be(settings: Settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:1"

    assert "Is `make status` green?" in access.access().broken[0]


def audit(*arguments: str) -> tuple[int, str]:
    """Exit status and output of the command."""
    out = StringIO()
    try:
        call_command("audit", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as stopped:
        return int(str(stopped.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_prints_every_invariant_and_exits_1_when_one_is_broken(
    site: LiveServer, mission: Mission, announce: Announce, capsys: pytest.CaptureFixture[str]
) -> None:
    report_ingest(announce(handed(mission.mission_id).put()).pk)

    status, said = audit("--json", "--wait", "0")
    rows: list[dict[str, Any]] = json.loads(said)["rows"]
    assert (status, [row["invariant"] for row in rows]) == (0, [1, 2, 3, 4, 5, 6]), said
    assert [row["ok"] for row in rows] == [True, True, True, None, True, True]

    ShipState.objects.all().delete()
    status, said = audit("--json", "--wait", "0")
    assert (status, json.loads(said)["ok"]) == (1, False)
    assert audit("--wait", "0")[0] == 1
    assert "0 of 60 ship states are in ll" in " ".join(capsys.readouterr().out.split())
