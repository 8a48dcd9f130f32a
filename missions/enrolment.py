"""Enrolment: an invitation is made for one ship, and its one-time secret is exchanged for a token of its own."""

import logging
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from missions import rules
from missions.exceptions import EnrolmentRefused
from missions.models import Enrolment, ShipToken
from missions.scopes import SHIP_SCOPES, scopes_read
from missions.tokens import digest, token_create

logger = logging.getLogger(__name__)

LIFE: Final = timedelta(hours=24)
"""How long an invitation can be used where nothing else is asked for."""


def enrolment_create(
    *, ship_name: str, made_by: str, scopes: Iterable[str] = SHIP_SCOPES, life: timedelta = LIFE
) -> tuple[Enrolment, str]:
    """Invite a ship; the second value is the one-time secret, which is not kept.

    Raises:
        InvalidMission: no ship can have this name.
        InvalidScope: there is no such scope.
    """
    rules.check_name("ship_name", ship_name)
    secret = f"he_{secrets.token_urlsafe(32)}"
    enrolment = Enrolment.objects.create(
        ship_name=ship_name,
        sha256=digest(secret),
        scopes=[scope.value for scope in scopes_read(scopes)],
        made_by=made_by,
        expires_at=timezone.now() + life,
    )
    return enrolment, secret


def ship_enrol(*, secret: str) -> tuple[ShipToken, str]:
    """Exchange the one-time secret for a token of that ship; the second value is the token itself.

    Of several ships that come with one secret at once, one gets a token.

    Raises:
        EnrolmentRefused: the secret is unknown, was used, has expired or was revoked.
    """
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update().filter(sha256=digest(secret)).first()
        if enrolment is None:
            raise EnrolmentRefused(f"This one-time secret is unknown; {_remedy('NAME')}")
        _check_usable(enrolment)
        token, credential = token_create(
            name=enrolment.ship_name, scopes=enrolment.scopes, ship_name=enrolment.ship_name
        )
        enrolment.token, enrolment.used_at = token, timezone.now()
        enrolment.save(update_fields=["token", "used_at"])
    ship = {"ship": enrolment.ship_name}
    logger.info("Ship %s enrolled; its token is %s.", enrolment.ship_name, token, extra=ship)
    return token, credential


def enrolment_revoke(*, enrolment: Enrolment) -> None:
    """Refuse the one-time secret from now on; a token that it was exchanged for stays."""
    unused = Enrolment.objects.filter(pk=enrolment.pk, used_at=None, revoked_at=None)
    unused.update(revoked_at=timezone.now())
    logger.info("Enrolment %s revoked.", enrolment)


def _check_usable(enrolment: Enrolment) -> None:
    remedy = _remedy(enrolment.ship_name)
    if enrolment.used_at is not None:
        raise EnrolmentRefused(f"This one-time secret was used at {enrolment.used_at:%Y-%m-%dT%H:%MZ}; {remedy}")
    if enrolment.revoked_at is not None:
        raise EnrolmentRefused(f"This one-time secret was revoked at {enrolment.revoked_at:%Y-%m-%dT%H:%MZ}; {remedy}")
    if enrolment.expires_at <= timezone.now():
        raise EnrolmentRefused(f"This one-time secret expired at {enrolment.expires_at:%Y-%m-%dT%H:%MZ}; {remedy}")


def _remedy(ship_name: str) -> str:
    return f"`manage.py create_enrolment {ship_name}` makes a new one."
