"""The panel of a mission's page, a piece of HTML that the page fetches: a lake that is away never holds it up."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from missions.exceptions import MissionNotFound
from telemetry.models import ReportUpload

from .bar import picture, sentences
from .events import MOST as MOST_EVENTS
from .events import events, newest
from .schemas import completeness_out
from .selectors import mission_completeness

MOST = 20
"""Gaps that the panel lists; the API tells more."""


@never_cache
@require_safe
def completeness_panel(request: HttpRequest, mission_id: int) -> HttpResponse:
    """The panel of one mission.

    Raises:
        Http404: there is no such mission.
    """
    try:
        found = mission_completeness(mission_id)
    except MissionNotFound as error:
        raise Http404(str(error)) from None
    out = completeness_out(found)
    gaps = out.lake.gaps if out.lake else []
    told = events(found, ReportUpload.objects.filter(mission_id=mission_id).order_by("-announced_at")[:MOST_EVENTS])
    context = {
        "found": found,
        "out": out,
        "picture": picture(found),
        "sentences": sentences(found),
        "gaps": gaps[:MOST],
        "events": newest(told),
        "more_events": max(len(told) - MOST_EVENTS, 0),
        "more_gaps": max((out.lake.gaps_in_all if out.lake else 0) - MOST, 0),
    }
    return render(request, "telemetry/completeness.html", context)
