"""The door of the API and the admin: who asks too often waits, and every write is noted in the audit log.

Both are done before and behind the views, so that no view can forget them. A view that knows more about its write than
the request says tells it by `missions.audit_log.tell`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from limits import RateLimitItemPerMinute

from hocotate_site import metrics, problems
from hocotate_site.callers import caller_of
from hocotate_site.rates import rates
from missions import audit_log
from missions.models import Channel, Outcome

READS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
ADMIN: Final = "/admin/"
NO_WRITES: Final = frozenset({"/api/v1/lake/query", "/api/v1/warehouse/query"})
"""Questions that come as POST because they are long."""


@sync_and_async_middleware
def door(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """The middleware; where the server is asynchronous it leaves views so, which then learn that a browser has gone."""
    if iscoroutinefunction(get_response):

        async def pass_through(request: HttpRequest) -> HttpResponseBase:
            if not _watched(request):
                response: HttpResponseBase = await get_response(request)
                return response
            refused = await sync_to_async(_too_often)(request)
            response = refused or _worded(request, await get_response(request))
            if refused is None and _writes(request):
                await sync_to_async(_note)(request, response)
            return response

        return pass_through

    def pass_by(request: HttpRequest) -> HttpResponseBase:
        refused = _too_often(request) if _watched(request) else None
        response: HttpResponseBase = refused or _worded(request, get_response(request))
        if refused is None and _watched(request) and _writes(request):
            _note(request, response)
        return response

    return pass_by


def _watched(request: HttpRequest) -> bool:
    path = request.path
    return problems.refuse_for(path) is not None or (path.startswith(ADMIN) and request.method not in READS)


def _writes(request: HttpRequest) -> bool:
    return request.method not in READS and request.path not in NO_WRITES


def _too_often(request: HttpRequest) -> HttpResponse | None:
    """A refusal when the asker has had as many requests as are allowed."""
    refuse = problems.refuse_for(request.path)
    if refuse is None:
        return None
    caller = caller_of(request)
    most = {"token": settings.RATE_TOKEN, "user": settings.RATE_USER, "address": settings.RATE_ADDRESS}[caller.kind]
    wait = rates().take(RateLimitItemPerMinute(most), caller.kind, caller.key)
    if not wait and caller.kind == "address" and request.method not in READS:
        most = settings.RATE_ADDRESS_WRITES
        wait = rates().take(RateLimitItemPerMinute(most), "address writes", caller.key)
    if not wait:
        return None
    metrics.REQUESTS_LIMITED.labels(caller.kind).inc()
    said = f"There were more than {most:,} requests a minute of this {caller.kind}; ask again in {wait} s."
    return refuse(HTTPStatus.TOO_MANY_REQUESTS, said, kind="too-many-requests", retry_after_s=wait)


def _worded(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer; to a method that is not taken it is a problem like all refusals of the API."""
    if (
        response.status_code != HTTPStatus.METHOD_NOT_ALLOWED
        or problems.refuse_for(request.path) is not problems.problem
    ):
        return response
    allowed = response.headers.get("Allow", "")
    said = f"{request.method} is not taken here, but {allowed}."
    worded = problems.problem(HTTPStatus.METHOD_NOT_ALLOWED, said)
    worded["Allow"] = allowed
    return worded


def _note(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write the entries of a request that was answered."""
    caller = caller_of(request)
    channel = Channel.ADMIN if request.path.startswith(ADMIN) else Channel.API
    usual = _outcome(response.status_code)
    entries = [
        audit_log.entry(
            channel=channel,
            who=caller.name,
            token_id=caller.token.pk if caller.token else None,
            user_id=caller.user_id,
            address=caller.address,
            action=note.action or _action(request),
            subject=note.subject or _subject(request),
            outcome=note.outcome or usual,
            status=response.status_code,
            detail=note.detail or _said(response),
        )
        for note in audit_log.told(request)
    ]
    audit_log.record(entries)


def _outcome(status: int) -> Outcome:
    if status < HTTPStatus.BAD_REQUEST:
        return Outcome.DONE
    return Outcome.REFUSED if status < HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.FAILED


def _action(request: HttpRequest) -> str:
    """Method and route, such as `POST api/v1/missions/<mission_id>/complete`; in the admin with the action's name."""
    route = request.resolver_match.route if request.resolver_match else request.path
    chosen = ""
    if request.path.startswith(ADMIN):
        with suppress(RequestDataTooBig, UnreadablePostError):
            chosen = request.POST.get("action", "")
    return f"{request.method} {route}" + (f" {chosen}" if chosen else "")


def _subject(request: HttpRequest) -> str:
    values = request.resolver_match.kwargs if request.resolver_match else {}
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _said(response: HttpResponseBase) -> str:
    """The sentence of a refusal."""
    if response.status_code < HTTPStatus.BAD_REQUEST or not isinstance(response, HttpResponse):
        return ""
    try:
        return str(json.loads(response.content)["detail"])
    except (ValueError, KeyError, TypeError):
        return ""
