"""Pages of the radar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def radar_page(request: HttpRequest) -> HttpResponse:
    """The live map, its fleet table, dock and events."""
    return render(request, "radar/radar.html")
