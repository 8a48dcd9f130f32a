"""The page /analytics/ and its files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from telemetry.marts.download import MARTS, NotBuilt, csv_bytes, mart_rows, parquet_bytes

from .asked import PERIODS, AskedAmiss, asked, period_of
from .kept import body

TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@require_safe
@login_required
@never_cache
def analytics_page(request: HttpRequest) -> HttpResponse:
    """The marts of `?period=`: `?band=` narrows the planets; `?planets=`, `?captains=` and `?ships=` sort the tables,
    with a minus from the highest; `?all=ships` shows all rows.

    Raises:
        Http404: the address asks for what there is not.
    """
    try:
        wanted = asked(request.GET.dict())
    except AskedAmiss as error:
        raise Http404(str(error)) from None
    return render(request, "telemetry/analytics.html", {"body": body(wanted)})


@require_safe
@login_required
def mart_file(request: HttpRequest, mart: str, form: str) -> HttpResponse:
    """A mart of `?period=` as CSV or Parquet.

    Raises:
        Http404: there is no such mart or period, or none is built yet.
    """
    if mart not in MARTS or form not in TYPES:
        raise Http404(f"There is no file {mart}.{form}; marts are {', '.join(MARTS)}, as csv or parquet.")
    try:
        period = period_of(request.GET.get("period", ""))
        found = mart_rows(mart, period=period, days=PERIODS[period][1])
    except (AskedAmiss, NotBuilt) as error:
        raise Http404(str(error)) from None
    response = HttpResponse(csv_bytes(found) if form == "csv" else parquet_bytes(found), content_type=TYPES[form])
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="{mart}_{period}.{form}"'
    return response
