"""A mission's reports, their items and its summary: panels of the mission's page, and a page by themselves."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from missions import selectors as missions
from missions.exceptions import MissionNotFound
from telemetry.marts import mission as marts

from .selectors import FEW_ITEMS, MOST_ITEMS, TREASURES, Report, Reports, mission_reports, report_items

NUMBER = re.compile(r"(?:(\d{4}-\d{2}-\d{2})-)?(\d{4})", re.ASCII)


@never_cache
@require_safe
def reports_page(request: HttpRequest, mission_id: int) -> HttpResponse:
    """The reports of a mission; `?report=0001`, or with its date 2026-11-25-0001, chooses one, `?items=all` shows more.

    `?panel` leaves out the page around, for the mission's page to fetch.

    Raises:
        Http404: there is no such mission.
    """
    try:
        mission = missions.mission_get(mission_id)
    except MissionNotFound as error:
        raise Http404(str(error)) from None
    found = mission_reports(mission_id)
    chosen = _chosen(found, request.GET.get("report", ""))
    every = request.GET.get("items") == "all"
    panel = "panel" in request.GET
    context = {
        "mission": mission,
        "found": found,
        "older": found.total - len(found.reports),
        "chosen": chosen,
        "asked": request.GET.get("report", ""),
        "items": report_items(chosen.ledger, MOST_ITEMS if every else FEW_ITEMS) if chosen and chosen.ledger else None,
        "most": MOST_ITEMS,
        "every": every,
        "treasures": frozenset(TREASURES),
        "summary": marts.mission_summary(mission_id),
        "built": bool(marts.built(marts.MISSIONS)),
        # In the mission's page a report is a part of that page's address.
        "here": reverse("mission", args=[mission_id]) if panel else request.path,
    }
    return render(request, "telemetry/reports.html" if panel else "telemetry/reports_page.html", context)


def _chosen(found: Reports, asked: str) -> Report | None:
    """The report that is asked for, or the newest one that is loaded; None when there is none such."""
    if not asked:
        return next((report for report in reversed(found.reports) if report.ledger), None)
    match = NUMBER.fullmatch(asked)
    if match is None:
        return None
    day, number = match.groups()
    return next(
        (
            report
            for report in reversed(found.reports)
            if report.upload.report_no == int(number) and day in (None, f"{report.upload.date}")
        ),
        None,
    )
