"""What happened on a mission, in order."""

from __future__ import annotations

import datetime as dt

from missions.models import Mission
from telemetry.completeness.events import MOST, Event, events, newest
from telemetry.completeness.lake import LakeHolds, Stretch
from telemetry.completeness.runs import Gap
from telemetry.completeness.selectors import Completeness
from telemetry.completeness.warehouse import WarehouseHolds
from telemetry.models import ReportUpload, UploadState

START = dt.datetime(2026, 11, 25, 7, 51, 38, tzinfo=dt.UTC)


def at(second: float) -> dt.datetime:
    """A moment of the flight."""
    return START + dt.timedelta(seconds=second)


def found(lake: LakeHolds | None, gaps: list[Gap]) -> Completeness:
    """A mission that ended well after 750 s."""
    mission = Mission(mission_id=1391, status="SUCCESS", started_at=START, finished_at=at(750))
    return Completeness(
        mission=mission,
        asked_at=at(800),
        sent=752,
        final=True,
        kafka=None,
        lake=lake,
        warehouse=WarehouseHolds(),
        gaps=gaps,
    )


def test_events_of_lake_ledger_and_registry_stand_in_one_order() -> None:
    lake = LakeHolds(
        phases=[
            Stretch("OUTBOUND", at(2), at(350)),
            Stretch("ON_PLANET", at(352), at(390)),
            Stretch("HOME", at(750), at(750)),
        ],
        repairs=[Stretch("engine_pressure_kpa", at(60), at(65))],
    )
    uploads = [
        ReportUpload(report_no=1, state=UploadState.LOADED, announced_at=at(355), updated_at=at(400)),
        ReportUpload(report_no=2, state=UploadState.QUARANTINED, announced_at=at(500), updated_at=at(505)),
    ]
    gaps = [
        Gap(first=402, last=409, since=at(402), until=at(410), arriving=False),
        Gap(first=700, last=752, since=at(700), until=at(752), arriving=True),
    ]

    told = [(event.kind, event.text) for event in events(found(lake, gaps), uploads)]

    assert told == [
        ("start", "Registered"),
        ("phase", "Departed"),
        ("repair", "Repair of engine pressure, mended in 5 s"),
        ("phase", "Landed"),
        ("report", "Report 0001 announced"),
        ("report", "Report 0001 loaded"),
        ("gap", "Messages missing, seq 402 to 409, for 8 s"),
        ("report", "Report 0002 announced"),
        ("refused", "Report 0002 quarantined"),
        ("success", "Home"),
    ]


def test_while_the_lake_is_away_the_rest_is_told() -> None:
    assert [event.text for event in events(found(None, []), [])] == ["Registered", "Home"]


def test_of_many_the_newest_are_shown_first() -> None:
    told = [Event(at(n), "report", str(n)) for n in range(MOST + 20)]

    assert [event.text for event in newest(told)][:2] == [str(MOST + 19), str(MOST + 18)]
    assert len(newest(told)) == MOST
