"""Writes about ship tokens: make, accept, change what they allow, revoke; and who is behind one."""

import hashlib
import logging
import secrets
from collections.abc import Iterable

from django.utils import timezone

from missions import rules
from missions.exceptions import ScopeMissing, TokenRefused
from missions.models import ShipToken
from missions.scopes import SHIP_SCOPES, Scope, scopes_read

logger = logging.getLogger(__name__)

_REMEDY = "`manage.py create_ship_token NAME` makes a new one."


def token_create(
    *, name: str, scopes: Iterable[str] = SHIP_SCOPES, ship_name: str | None = None
) -> tuple[ShipToken, str]:
    """Make a token; the second value is the token itself, which is not kept. With `ship_name` only that ship may fly.

    Raises:
        InvalidMission: a name is empty, too long, or holds control characters.
        InvalidScope: there is no such scope.
    """
    rules.check_name("The token's name", name)
    if ship_name is not None:
        rules.check_name("ship_name", ship_name)
    secret = f"hf_{secrets.token_urlsafe(32)}"
    allowed = [scope.value for scope in scopes_read(scopes)]
    token = ShipToken.objects.create(name=name, sha256=digest(secret), scopes=allowed, ship_name=ship_name)
    return token, secret


def token_add(*, name: str, secret: str, scopes: Iterable[str] = SHIP_SCOPES) -> ShipToken:
    """Accept `secret` as a token from now on; one that is there stays as it is, revoked or not.

    Raises:
        InvalidScope: there is no such scope.
    """
    made = {"name": name, "scopes": [scope.value for scope in scopes_read(scopes)]}
    return ShipToken.objects.get_or_create(sha256=digest(secret), defaults=made)[0]


def token_scopes_set(*, token: ShipToken, scopes: Iterable[str]) -> None:
    """Let the token allow these scopes and no others, from now on.

    Raises:
        InvalidScope: there is no such scope, or none is named.
    """
    token.scopes = [scope.value for scope in scopes_read(scopes)]
    token.save(update_fields=["scopes"])
    logger.info("Ship token %s now allows %s.", token, ", ".join(token.scopes))


def token_revoke(*, token: ShipToken) -> None:
    """Refuse the token from now on."""
    ShipToken.objects.filter(token_id=token.token_id, revoked_at=None).update(revoked_at=timezone.now())
    logger.info("Ship token %s revoked.", token)


def token_authenticate(secret: str) -> ShipToken:
    """The token behind a ship's credential.

    Raises:
        TokenRefused: it is unknown or revoked.
    """
    token = ShipToken.objects.filter(sha256=digest(secret)).first()
    if token is None:
        raise TokenRefused(f"This ship token is unknown; {_REMEDY}")
    if token.revoked_at is not None:
        raise TokenRefused(f"Ship token {token.name!r} was revoked at {token.revoked_at:%Y-%m-%dT%H:%MZ}; {_REMEDY}")
    return token


def check_scope(token: ShipToken, scope: Scope) -> None:
    """Refuse a token that does not allow this.

    Raises:
        ScopeMissing: it does not.
    """
    if not token.allows(scope):
        raise ScopeMissing(
            f"Ship token {token.name!r} allows {', '.join(token.scopes)}, and this needs {scope.value}; "
            "an administrator can add it in the admin, or make a token that has it."
        )


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
