"""A mission's page: its waybill, and the places that other apps' panels fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from missions import selectors, told
from missions.banner import banner
from missions.exceptions import MissionNotFound
from missions.models import Mission
from missions.rows import rows
from ships_client.contracts import HOME, LIMITS, PLANETS, MissionStatus

MOST_FLIGHTS: Final = 10_000
"""Missions of a ship that are counted."""
LAST_FLIGHTS: Final = 100
"""Newest ended missions of a captain, of which the success rate is told."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came before.

    Attributes:
        nth: which mission of its ship it is; 0 when it is beyond MOST_FLIGHTS.
        ended: the captain's newest ended missions, at most LAST_FLIGHTS.
        success_pct: percent of these that succeeded; null when there are none.
    """

    nth: int
    ended: int
    success_pct: float | None


@never_cache
@require_safe
def mission_detail(request: HttpRequest, mission_id: int) -> HttpResponse:
    """A mission's waybill; `?report=0001` chooses a report.

    Raises:
        Http404: there is no such mission.
    """
    try:
        mission = selectors.mission_get(mission_id)
    except MissionNotFound as error:
        raise Http404(str(error)) from None
    now = timezone.now()
    facts = told.waybill(mission_id)
    row = rows([mission], now)[0]
    context = {
        "mission": mission,
        "row": row,
        "facts": facts,
        "banner": banner(row, facts),
        "record": record(mission),
        "home": HOME,
        "chosen": urlencode({"report": report}) if (report := request.GET.get("report")) else "",
        "replay_url": "/?" + urlencode({"ship": mission.ship_name, "at": f"{mission.started_at:%Y-%m-%dT%H:%M:%SZ}"}),
        "lake_url": "/lake/?" + urlencode({"q": _statement(mission)}),
        "limits": msgspec.json.encode(dict(LIMITS)).decode(),
        **_way(mission),
    }
    return render(request, "missions/detail.html", context)


def record(mission: Mission) -> Record:
    """What came before this mission; both counts are bounded."""
    earlier = Mission.objects.filter(ship_name=mission.ship_name, mission_id__lte=mission.mission_id).order_by()
    nth = earlier[: MOST_FLIGHTS + 1].count()
    outcomes = list(
        Mission.objects.filter(captain=mission.captain)
        .exclude(status=MissionStatus.RUNNING.value)
        .order_by("-captain", "-mission_id")
        .values_list("status", flat=True)[:LAST_FLIGHTS]
    )
    won = outcomes.count(MissionStatus.SUCCESS.value)
    return Record(
        nth=nth if nth <= MOST_FLIGHTS else 0,
        ended=len(outcomes),
        success_pct=100 * won / len(outcomes) if outcomes else None,
    )


def _statement(mission: Mission) -> str:
    return (
        "SELECT event_time, seq, phase, status, fuel_prc, motor_temp_c, normalized_health_total\n"
        f"FROM telemetry.raw\nWHERE mission_id = {mission.mission_id}\nORDER BY seq"
    )


def _way(mission: Mission) -> dict[str, object]:
    """Band of the target and its distance from Hocotate, in millions of km; empty for an unknown planet."""
    planet = PLANETS.get(mission.target)
    if planet is None:
        return {}
    return {"band": planet.band.value, "distance": (planet.x**2 + planet.y**2 + planet.z**2) ** 0.5 / 1e6}
