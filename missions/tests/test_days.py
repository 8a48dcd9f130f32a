"""Missions by day: the count that triggers keep, and the bars."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from missions import days, selectors, services
from missions.models import Mission, MissionDay, ShipToken
from missions.progress import Progress, missions_record_progress
from ships_client.contracts import MissionStatus, Phase

Register = Callable[..., Mission]
Many = Callable[..., list[Mission]]


def counted_anew() -> list[tuple[date, int, int, int]]:
    """The counts, from all missions."""
    rows = Mission.objects.order_by().annotate(day=TruncDate("started_at", tzinfo=UTC)).values("day")
    return sorted(
        rows.annotate(
            registered=Count("mission_id"),
            success=Count("mission_id", filter=Q(status="SUCCESS")),
            failure=Count("mission_id", filter=Q(status="FAILURE")),
        ).values_list("day", "registered", "success", "failure")
    )


def kept() -> list[tuple[date, int, int, int]]:
    """The counts that triggers keep; days on which all missions are gone again are left out."""
    rows = MissionDay.objects.exclude(registered=0)
    return sorted(rows.values_list("day", "registered", "success", "failure"))


def test_the_kept_counts_are_those_of_all_missions_whatever_happens(
    many: Many, register: Register, token: ShipToken
) -> None:
    many(2000)
    many(5, status=MissionStatus.FAILURE)
    won, lost, moved = register(), register(), register()
    services.mission_complete(mission_id=won.mission_id, outcome=MissionStatus.SUCCESS, token=token)
    services.mission_end_as_lost(mission_id=lost.mission_id)
    Mission.objects.filter(mission_id=moved.mission_id).update(started_at=datetime(2020, 2, 29, 12, tzinfo=UTC))
    Mission.objects.filter(ship_name="SS_MOTH").delete()
    with transaction.atomic():
        register()
        transaction.set_rollback(True)

    assert kept() == counted_anew()
    assert len(kept()) >= 2
    assert selectors.missions_count() == {
        status: Mission.objects.filter(status=status.value).count() for status in MissionStatus
    }


def test_progress_touches_no_count(register: Register) -> None:
    mission = register()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid FROM params.mission_days")
        before = cursor.fetchall()
        missions_record_progress([Progress(mission.mission_id, Phase.OUTBOUND, 7, timezone.now())])
        cursor.execute("SELECT ctid FROM params.mission_days")
        assert cursor.fetchall() == before


def test_emptying_the_registry_empties_the_counts(many: Many) -> None:
    many(3)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # What refers to missions goes with them.
        cursor.execute("TRUNCATE params.missions CASCADE")

    assert not MissionDay.objects.exists()


def test_the_last_30_days_are_there_with_or_without_missions(many: Many) -> None:
    many(3)
    many(1, status=MissionStatus.SUCCESS)
    many(1, status=MissionStatus.FAILURE)
    today = timezone.now().date()

    started = days.started(today)

    assert [bar.day for bar in started.bars] == [today - timedelta(days=n) for n in range(29, -1, -1)]
    assert (started.registered, started.success_pct) == (5, 50.0)
    assert [tick.day for tick in started.ticks] == [today - timedelta(days=n) for n in (29, 21, 14, 7, 0)]
    assert started.ticks[-1].x == "98.33%"


def test_bars_are_stacked_from_the_ground_and_stay_in_the_drawing() -> None:
    day = MissionDay(day=date(2026, 11, 25), registered=61, success=21, failure=3)
    small = MissionDay(day=date(2026, 11, 26), registered=1, success=0, failure=1)

    started = days.picture([day, small])

    failure, success, running = started.bars[0].parts
    assert [part.kind for part in started.bars[0].parts] == ["failure", "success", "running"]
    assert failure.y + failure.height == pytest.approx(days.HEIGHT)
    assert success.y + success.height == pytest.approx(failure.y, abs=0.02)
    assert running.y >= 0
    assert started.bars[0].title == "25 Nov 2026: 61 started, 37 running, 21 success, 3 failure"
    assert started.bars[1].parts[0].height >= days.FOOT
    assert [number for _, number in started.lines] == [20, 40, 60, 80]


def test_days_without_missions_have_no_bars_and_no_rate() -> None:
    started = days.picture([MissionDay(day=date(2026, 11, 25), registered=0, success=0, failure=0)])

    assert started.bars[0].parts == []
    assert started.success_pct is None
    assert started.bars[0].title.endswith("0 started, none")
