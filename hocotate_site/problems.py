"""Refusals as HTTP answers: application/problem+json as in RFC 9457, and the original's plain form."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse, JsonResponse

CONTENT_TYPE: Final = "application/problem+json"
PREFIX: Final = "urn:hocotate:problem:"
"""Of a problem's `type`; what follows is one of those that docs/api.md lists."""


API: Final = "/api/"
ORIGINAL: Final = frozenset({"/register_mission", "/complete_mission"})
"""Paths of the original's two endpoints."""

Refuse = Callable[..., HttpResponse]


def refuse_for(path: str) -> Refuse | None:
    """How refusals of this path are worded; None for pages, which people read."""
    if path in ORIGINAL:
        return plain
    return problem if path.startswith(API) else None


def problem(code: int, detail: str, *, kind: str = "", retry_after_s: int | None = None, **more: Any) -> HttpResponse:
    """An error as all of the API gives it; `kind` tells programs what it is where the code alone does not."""
    status = HTTPStatus(code)
    body = {
        "type": f"{PREFIX}{kind}" if kind else "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        **more,
    }
    return _finished(JsonResponse(body, status=code, content_type=CONTENT_TYPE), retry_after_s)


def plain(code: int, detail: str, *, kind: str = "", retry_after_s: int | None = None, **more: Any) -> HttpResponse:
    """An error as the original's two endpoints give it."""
    if "mission_status" in more:
        more["status"] = more.pop("mission_status")
    return _finished(JsonResponse({"detail": detail, **more}, status=code), retry_after_s)


def kind_of(name: str) -> str:
    """The kind of an error's class: `MissionEnded` is `mission-ended`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def _finished(response: HttpResponse, retry_after_s: int | None) -> HttpResponse:
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="ships"'
    if retry_after_s is not None:
        response["Retry-After"] = str(retry_after_s)
    return response
