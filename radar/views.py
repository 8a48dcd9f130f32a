"""Pages of the radar."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def radar_page(request: HttpRequest) -> HttpResponse:
    """The live map, its fleet table, dock and events; for people who have signed in, unless RADAR_PUBLIC is set."""
    if not (settings.RADAR_PUBLIC or request.user.is_authenticated):
        return redirect_to_login(request.get_full_path())
    return render(request, "radar/radar.html")
