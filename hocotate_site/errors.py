"""Pages that say what failed and what to do."""

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hocotate_site.problems import refuse_for


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: somebody has signed in, and may not do this."""
    detail = str(exception) or "You may not do this; an administrator can let you."
    if refuse := refuse_for(request.path):
        return refuse(HTTPStatus.FORBIDDEN, detail)
    context = {"title": "Not allowed", "detail": detail, "back": "/", "action": "To the radar"}
    return render(request, "error.html", context, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what the address asks for is not there; the view that raised it says why."""
    if refuse := refuse_for(request.path):
        words = f"There is no {request.path[:100]} here; /api/docs lists what there is."
        return refuse(HTTPStatus.NOT_FOUND, words)
    said = exception.args[0] if isinstance(exception, Http404) and exception.args else None
    detail = said if isinstance(said, str) else f"There is no page {request.path}."
    context = {"title": "Not found", "detail": detail, "back": "/missions/", "action": "All missions"}
    return render(request, "error.html", context, status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, 500 for a fault of ours; the log holds the rest."""
    away = isinstance(sys.exc_info()[1], OperationalError)
    if refuse := refuse_for(request.path):
        code = HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.INTERNAL_SERVER_ERROR
        words = "The database is away; try again in a few seconds." if away else "The fault is headquarters' own."
        return refuse(code, words)
    if away:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        title, detail = "The database is away", "Nothing is lost. This page answers again once it is back."
    else:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        title, detail = "This page failed", "The fault is ours and stands in the log: make logs S=web."
    context = {"title": title, "detail": detail, "back": request.path, "action": "Try again"}
    return render(request, "error.html", context, status=status)
