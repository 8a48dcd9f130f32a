"""The page of the lake."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from telemetry.lake_api import limits

SOURCES = {"lake": "Lake", "warehouse": "Warehouse"}
"""What the page of SQL can ask, by the word in its address."""


@require_safe
@login_required
@never_cache
def lake_page(request: HttpRequest) -> HttpResponse:
    """SQL: tables, editor, result. `?q=` is a query to begin with; it is not run by itself.

    `?source=warehouse` asks PostgreSQL about the warehouse, else DuckDB is asked about the lake.

    Raises:
        Http404: there is no such source.
    """
    bounds, source = limits(), request.GET.get("source", "lake")
    if source not in SOURCES:
        raise Http404(f"There is no source {source!r}; choose {' or '.join(SOURCES)}.")
    context = {"source": source, "sources": SOURCES, "limits": bounds | {"rows_text": f"{bounds['rows']:,}"}}
    return render(request, "telemetry/lake.html", context)
