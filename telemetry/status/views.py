"""The page /status/, its inner part, which a page that is open fetches anew, and the site's metrics."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hocotate_site import exposition
from telemetry.alerts.board import board
from telemetry.alerts.selectors import alerts_told
from telemetry.models import PartState

from . import chart, exported, flow, table
from .parts import PARTS
from .selectors import status
from .verdict import verdict


@require_safe
@login_required
@never_cache
def status_page(request: HttpRequest) -> HttpResponse:
    """How the platform is: verdict, data flow, parts, audit and the lake's lag, as the newest samples tell."""
    return render(request, "telemetry/status.html", _context())


@require_safe
@login_required
@never_cache
def status_now(request: HttpRequest) -> HttpResponse:
    """The inner part of the page."""
    return render(request, "telemetry/status_now.html", _context())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics of this process, and what the samples tell of every part."""
    accept, encoding = request.headers.get("Accept", ""), request.headers.get("Accept-Encoding", "")
    body, headers = exposition.exposed(accept, encoding, [exported.text])
    return HttpResponse(body, headers=headers)


def _context() -> dict[str, object]:
    now = timezone.now()
    found = status(now)
    parts = [sample for name, sample in found.newest.items() if name in PARTS]
    started = [sample for sample in parts if sample.state != PartState.IDLE]
    kafka = found.newest.get("kafka")
    return {
        "found": found,
        "verdict": verdict(found, now),
        "healthy": sum(sample.state == PartState.HEALTHY for sample in started),
        "started": len(started),
        "idle": len(parts) - len(started),
        "known": len(PARTS),
        "boxes": flow.boxes(found),
        "ways": flow.ways(found),
        "flow": flow,
        "groups": table.groups(found, now),
        "alerts": board(alerts_told(now), now, settings.SITE_URL),
        "checks": table.checks(found.audit.rows) if found.audit else [],
        "chart": chart.chart(
            found.minutes,
            [minute.lag if minute else None for minute in found.hour["spark"]],
            kafka.facts.get("per_second") if kafka else None,
        ),
    }
