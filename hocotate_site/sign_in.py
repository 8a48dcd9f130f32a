"""Signing in: after too many wrong passwords for a name or from an address the next one is not tried."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from limits import RateLimitItemPerMinute

from hocotate_site import metrics
from hocotate_site.callers import address_of
from hocotate_site.rates import rates
from missions import audit_log
from missions.models import Channel, Outcome

MINUTES: Final = 5
MANY: Final = 10
"""So many times more from one address, behind which may be several people, and for one name from everywhere, so that
nobody is locked out by a few wrong passwords of others."""


class SignInView(LoginView):
    """The page where people sign in."""

    template_name = "login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try name and password, unless too many were wrong."""
        wait = max(rates().wait(limit, *who) for limit, who in _limits(request))
        if wait:
            metrics.SIGN_INS_LIMITED.inc()
            return _refused(request, wait)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and forget wrong passwords of that name."""
        for limit, who in _limits(self.request)[:2]:
            rates().forget(limit, *who)
        response = super().form_valid(form)
        _note(self.request, Outcome.DONE)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Count a wrong password."""
        for limit, who in _limits(self.request):
            rates().take(limit, *who)
        _note(self.request, Outcome.REFUSED)
        return super().form_invalid(form)


def admin_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The admin's own page for it leads here, so that all people sign in by one door.

    Raises:
        PermissionDenied: somebody has signed in who is no staff.
    """
    leads_to = request.GET.get("next", "/admin/")
    if not request.user.is_authenticated:
        return redirect_to_login(leads_to)
    if request.user.is_active and request.user.is_staff:
        return redirect("admin:index")
    raise PermissionDenied(
        f"{request.user.get_username()} is not staff, so the admin is closed; an administrator can change that."
    )


def _limits(request: HttpRequest) -> tuple[tuple[RateLimitItemPerMinute, tuple[str, ...]], ...]:
    name = request.POST.get("username", "")[:150].casefold()
    address = address_of(request) or "nowhere"
    few = RateLimitItemPerMinute(settings.SIGN_IN_TRIES, MINUTES)
    many = RateLimitItemPerMinute(settings.SIGN_IN_TRIES * MANY, MINUTES)
    return ((few, ("sign-in", name, address)), (many, ("sign-in name", name)), (many, ("sign-in address", address)))


def _refused(request: HttpRequest, wait: int) -> HttpResponse:
    context = {
        "title": "Too many wrong passwords",
        "detail": f"So many came from here or for this name that no other is tried now. Try again in {wait} s.",
        "back": request.get_full_path(),
        "action": "Sign in",
    }
    response = render(request, "error.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait)
    return response


def _note(request: HttpRequest, outcome: Outcome) -> None:
    user = request.user if request.user.is_authenticated else None
    entry = audit_log.entry(
        channel=Channel.ADMIN,
        who=user.get_username() if user else "nobody",
        user_id=user.pk if user else None,
        address=address_of(request),
        action="sign in",
        subject=f"user {request.POST.get('username', '')}",
        outcome=outcome,
    )
    audit_log.record([entry])
