"""The page of the lake."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from telemetry.lake_api import limits


@require_safe
@login_required
@never_cache
def lake_page(request: HttpRequest) -> HttpResponse:
    """SQL over the lake: tables, editor, result. `?q=` is a query to begin with; it is not run by itself."""
    bounds = limits()
    return render(request, "telemetry/lake.html", {"limits": bounds | {"rows_text": f"{bounds['rows']:,}"}})
