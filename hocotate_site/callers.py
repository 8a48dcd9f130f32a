"""Who asks: a ship token, a signed-in user, or an address that nothing more is known of."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from missions.exceptions import TokenRefused
from missions.models import ShipToken
from missions.tokens import token_authenticate

_BEARER: Final = "bearer "


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `refused` says why a token that came along is not accepted.

    Attributes:
        kind: token, user or address.
        key: tells callers of a kind apart.
        name: for people.
    """

    kind: str
    key: str
    name: str
    address: str | None
    token: ShipToken | None = None
    user_id: int | None = None
    refused: TokenRefused | None = None


def caller_of(request: HttpRequest) -> Caller:
    """Who asks; looked up once a request."""
    known: Caller | None = getattr(request, "caller", None)
    if known is None:
        known = _caller(request)
        request.caller = known  # type: ignore[attr-defined]
    return known


def address_of(request: HttpRequest) -> str | None:
    """The address of the asker; behind a proxy of ours the one that the proxy saw, None where there is none."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        text = request.headers.get("X-Forwarded-For", text).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _caller(request: HttpRequest) -> Caller:
    address = address_of(request)
    header = request.headers.get("Authorization", "")
    if header[: len(_BEARER)].lower() == _BEARER:
        try:
            token = token_authenticate(header[len(_BEARER) :].strip())
        except TokenRefused as error:
            return Caller("address", address or "nowhere", "a token that is refused", address, refused=error)
        return Caller("token", str(token.pk), token.name, address, token=token)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return Caller("user", str(user.pk), user.get_username(), address, user_id=user.pk)
    return Caller("address", address or "nowhere", "nobody", address)
